/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pages whose end a kprobe on __free_pages() misses, because the RCU callback
 * that frees them interrupted another kprobe's program. Part of pfd.bpf.c.
 */
#ifndef PFD_UNSEEN_BPF_H
#define PFD_UNSEEN_BPF_H

/* Pages that the callback under way may free without being seen doing it. */
struct unseen {
	__u64 page[BATCH_MAX];
	__u32 count;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct unseen);
	__uint(max_entries, 1);
} unseen SEC(".maps");

/* 1 as soon as a callback interrupted a kprobe's program, on any CPU. */
__u32 unseen_used;

/* Programs of kprobes under way on a CPU, kernel/bpf/syscall.c. */
extern const int bpf_prog_active __ksym;

static __always_inline struct unseen *unseen_here(void)
{
	__u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&unseen, &cpu);
}

static long remember_table(__u32 i, __u64 *head)
{
	struct unseen *pages = unseen_here();
	__u64 table = 0, tables;
	__u32 at;

	if (!pages || i >= KERNEL(struct mmu_table_batch, *head, nr))
		return 1;
	tables = *head + bpf_core_field_offset(struct mmu_table_batch, tables);
	bpf_probe_read_kernel(&table, sizeof(table),
			      (void *)(tables + i * sizeof(table)));
	at = pages->count;
	if (at >= BATCH_MAX)
		return 1;
	pages->page[at] = page_of(table & ~0xfull);
	pages->count = at + 1;
	return 0;
}

static long recheck_page(__u32 i, void *context)
{
	struct unseen *pages = unseen_here();
	__u64 page;

	if (!pages || i >= pages->count || i >= BATCH_MAX)
		return 1;
	page = pages->page[i];
	/* Several tables of a page: the replay takes the first. */
	if (!KERNEL(struct page, page, _refcount.counter))
		record_page_freed(page, EVENT_RECHECKED);
	return 0;
}

/*
 * A callback that interrupted a kprobe's program frees pages without
 * __free_pages() being seen. So its pages are remembered, and when it is over,
 * that is at the next callback or at the end of all, those that have no
 * reference any more are reported: nobody on this CPU can have taken them
 * again in the same interrupt.
 */
static __always_inline void recheck(void)
{
	struct unseen *pages;

	if (!unseen_used)
		return;
	pages = unseen_here();
	if (!pages || !pages->count)
		return;
	bpf_loop(BATCH_MAX, recheck_page, NULL, 0);
	pages->count = 0;
}

static __always_inline void remember(__u64 head, __u64 func)
{
	const int *active = bpf_this_cpu_ptr(&bpf_prog_active);
	struct unseen *pages;
	__u64 page;

	if (!*active)
		return;
	unseen_used = 1;
	if (func == table_batch_callback) {
		bpf_loop(BATCH_MAX, remember_table, &head, 0);
		return;
	}
	/* Should this be no page: what has no reference is free anyway. */
	page = page_of_head(head);
	pages = unseen_here();
	if (pages && page) {
		pages->page[0] = page;
		pages->count = 1;
	}
}

#endif
