/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What only the contract (contract.h) needs to know: whence events came, which
 * tables are handed out, how a task waited that freed one itself, which mms are
 * gone, and which pages are page tables. Part of pfd.bpf.c.
 */
#ifndef PFD_CONTRACT_BPF_H
#define PFD_CONTRACT_BPF_H

/* Set by pfd-probe before loading, as is how many stacks there may be. */
const volatile bool contract = false;

/* For look_at_page(). */
__u64 page_address;
__u32 page_is_table;

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, STACK_DEPTH * sizeof(__u64));
	__uint(max_entries, 1);
} stacks SEC(".maps");

static __always_inline void add_stack(void *ctx, struct event *e)
{
#ifndef PFD_BY_TRAMPOLINE /* whose programs cannot ask for one */
	long id;

	if (!contract || !e)
		return;
	id = bpf_get_stackid(ctx, &stacks, 0);
	if (id >= 0) /* else another stack has its place */
		e->stack = id + 1;
#endif
}

static __always_inline bool is_table(__u64 page)
{
	/* A kernel before 6.12 says it in another way: believe the best. */
	if (!bpf_core_enum_value_exists(enum pagetype, PGTY_table))
		return true;
	return KERNEL(struct page, page, page_type) >> 24 ==
	       bpf_core_enum_value(enum pagetype, PGTY_table);
}

static __always_inline __u32 no_table(__u64 head)
{
	__u64 page = page_of_head(head);

	return page && !is_table(page) ? EVENT_NO_TABLE : 0;
}

ENTRY
int BPF_KPROBE(fragment_asked, __u64 mm)
{
	record_task(EVENT_ASKED, mm, 0);
	return 0;
}

RETURN
int BPF_KRETPROBE(fragment_handed, __u64 table)
{
	struct event *e = record(EVENT_HANDED, table, 0);

	if (e) {
		e->seq = gp_seq_ended();
		e->task = bpf_get_current_task();
	}
	add_stack(ctx, e);
	return 0;
}

ENTRY
int BPF_KPROBE(mm_exits, __u64 mm)
{
	record(EVENT_MM_EXITS, mm, 0);
	return 0;
}

static __always_inline void record_unlink(enum event_kind kind, __u64 table)
{
	struct event *e = record(kind, table, 0);

	if (e) {
		e->seq = gp_seq_now();
		e->task = bpf_get_current_task();
	}
}

/* Every table of the TLB path comes by here; those of index 2 are of PUDs. */
ENTRY
int BPF_KPROBE(table_removed, void *tlb, __u64 table, int index)
{
	if (index < 2 && is_ours())
		record_unlink(EVENT_REMOVED, table);
	return 0;
}

ENTRY
int BPF_KPROBE(pmd_table_freed, __u64 table)
{
	if (is_ours())
		record_unlink(EVENT_PMD_FREED, table);
	return 0;
}

/*
 * tlb_remove_table_sync_one() waits for IPIs so; it may be inlined where it is
 * called.
 */
ENTRY
int BPF_KPROBE(table_synced, __u64 function, void *info, int wait)
{
	if (wait && is_ours())
		record_task(EVENT_SYNCED, function, 0);
	return 0;
}

SEC("syscall")
int look_at_page(void *ctx)
{
	page_is_table = is_table(page_address);
	return 0;
}

#endif
