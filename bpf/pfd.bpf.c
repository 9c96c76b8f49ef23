// SPDX-License-Identifier: GPL-2.0
/*
 * Writes down what happens to RCU callbacks and page tables, and nothing else:
 * pfd-probe makes sense of it afterwards (replay.h). An event is a call into
 * the program, the time, and some 20 instructions to store it.
 *
 * Almost all of it comes from trace events. A kprobe costs twice as much, and
 * its program is not run at all if it interrupts another kprobe's program on
 * the same CPU (bpf_prog_active, kernel/trace/bpf_trace.c), which happens as
 * RCU callbacks run from an interrupt; a trace event's program only excludes
 * itself. The functions that are probed:
 *
 *	pte_free_defer(), pte_frag_destroy(): in a task's context only, where
 *	they interrupt nothing.
 *
 *	__free_pages(), which every page of tables ends in. (The trace event
 *	mm_page_free would see all pages: munmap() frees many, and each costs
 *	some 200 instructions.) Callbacks call it too, so it may be missed; see
 *	recheck().
 *
 *	pte_fragment_free(), if it is asked for.
 *
 *	call_rcu(), if callbacks are offloaded.
 *
 *	arch_tlb_put_tables() and arch_tlb_put_table(), where a variant has
 *	them: in a task's context only, and once a batch.
 *
 *	pte_fragment_alloc(), pmd_fragment_alloc(), pgtable_free_tlb(),
 *	smp_call_function() and exit_mmap(), for the contract: in a task's
 *	context only; and pmd_fragment_free().
 *
 * Otherwise the TLB path needs no probe: the tables that munmap() and exit()
 * unlink travel in a struct mmu_table_batch, which is queued with call_rcu()
 * as a whole. They count as unlinked then, and as put when its callback
 * tlb_remove_table_rcu() is invoked.
 *
 * That is so on a kernel of ours, which does nothing else. For any other, and
 * where others use the machine, there are objects of this source with
 * PFD_SHARED: see shared.bpf.h.
 */
#ifdef __TARGET_ARCH_x86
#define __KERNEL__ /* its registers have the names of the kernel's BTF then */
#endif
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "log.h"
#include "functions.bpf.h"

/* Set by pfd-probe before loading. */
const volatile __u64 log_bytes = 4096; /* for each CPU's events */
const volatile __u32 page_shift = 16;

/* Found by find_symbols(). */
__u64 vmemmap_address, page_struct_bytes;
__u64 table_batch_callback;
__u64 rcu_state_address, gp_seq_address;
__u64 defer_address; /* pte_free_defer(), or 0: older than 6.6 */

/* For name_function() and name_address(). */
__u64 function_address;
char function_name[64];

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(key_size, sizeof(__u32));
	/* pfd-probe sets both. */
	__uint(value_size, sizeof(struct cpu_log) + 4096 + EVENT_MAX_BYTES);
	__uint(max_entries, 1);
} logs SEC(".maps");

/*
 * A member of an object of the kernel's; what faults reads as 0. There are two
 * objects of this source: where the kernel makes a pointer of an address, that
 * takes one instruction; PFD_READ_BY_HELPER is for Linux 6.1, whose compiler on
 * powerpc refuses a program that has such a call at all.
 */
#ifdef PFD_READ_BY_HELPER
#define KERNEL(type, address, member)                                          \
	({                                                                     \
		typeof(((type *)0)->member) value_ = 0;                        \
		bpf_core_read(&value_, sizeof(value_),                         \
			      &((type *)(address))->member);                   \
		value_;                                                        \
	})
#else
extern void *bpf_rdonly_cast(const void *object, __u32 btf_id) __ksym;

#define KERNEL(type, address, member)                                          \
	(((type *)bpf_rdonly_cast((void *)(address),                           \
				  bpf_core_type_id_kernel(type)))              \
		 ->member)
#endif

static __always_inline struct event *take_room(__u32 bytes)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct cpu_log *log = bpf_map_lookup_elem(&logs, &cpu);
	__u64 at;

	if (!log)
		return NULL;
	at = __sync_fetch_and_add(&log->used_bytes, bytes);
	if (at >= log_bytes) {
		__sync_fetch_and_add(&log->lost_count, 1);
		return NULL;
	}
	return (void *)log + sizeof(*log) + at;
}

static __always_inline struct event *record(enum event_kind kind, __u64 object,
					    __u64 detail)
{
	__u64 now = bpf_ktime_get_ns();
	struct event *e = take_room(sizeof(*e));

	if (e) {
		e->time_ns = now;
		e->object = object;
		e->detail = detail;
		e->kind = kind;
	}
	return e;
}

static __always_inline void record_task(enum event_kind kind, __u64 object,
					__u64 detail)
{
	struct event *e = record(kind, object, detail);

	if (e)
		e->task = bpf_get_current_task();
}

/* RCU's grace-period number; log.h says which of the two is for what. */
static __always_inline __u64 gp_seq_now(void)
{
	return KERNEL(struct rcu_data, gp_seq_address, gp_seq);
}

static __always_inline __u64 gp_seq_ended(void)
{
	return KERNEL(struct rcu_state, rcu_state_address, node[0].gp_seq);
}

static __always_inline __u64 function_of(__u64 head)
{
	return (__u64)KERNEL(struct callback_head, head, func);
}

/* What may be the struct page that a head outside of any belongs to: log.h. */
static __always_inline __u64 word_behind(__u64 head)
{
	head += sizeof(struct callback_head);
	return (__u64)KERNEL(struct callback_head, head, next);
}

/* The struct page that a head is in or belongs to, or 0. */
static __always_inline __u64 page_of_head(__u64 head)
{
	__u64 at = head;

	if (at < vmemmap_address)
		bpf_probe_read_kernel(
			&at, sizeof(at),
			(void *)(head + sizeof(struct callback_head)));
	if (at < vmemmap_address || !page_struct_bytes)
		return 0;
	return at - (at - vmemmap_address) % page_struct_bytes;
}

static __always_inline __u64 page_of(__u64 table)
{
#ifdef TABLES_ARE_PAGES
	return table;
#else
	__u64 pfn = (table & 0x0fffffffffffffffull) >> page_shift;

	return vmemmap_address + pfn * page_struct_bytes;
#endif
}

static __always_inline struct event *record_page_freed(__u64 page, __u32 flags)
{
	struct event *e = record(EVENT_PAGE_FREED, page, 0);

	if (e) {
		e->seq = gp_seq_ended();
		e->task = bpf_get_current_task();
		e->flags = flags;
	}
	return e;
}

#include "shared.bpf.h"
#include "contract.bpf.h"
#include "unseen.bpf.h"
#include "grace_periods.bpf.h"

/* With the tables that are in the batch. */
static __always_inline void record_batch(enum event_kind kind, __u64 head)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 count = KERNEL(struct mmu_table_batch, head, nr), bytes;
	struct event *e;

	if (count > BATCH_MAX)
		count = BATCH_MAX;
	bytes = count * sizeof(__u64);
	e = take_room(sizeof(*e) + bytes);
	if (!e)
		return;
	e->time_ns = now;
	e->object = head;
	e->detail = table_batch_callback;
	e->seq = gp_seq_now();
	e->kind = kind;
	if (bpf_get_current_task_btf()->flags & PF_EXITING)
		e->flags = EVENT_EXITING;
	e->count = count;
	bpf_probe_read_kernel(
		e + 1, bytes,
		(void *)(head + bpf_core_field_offset(struct mmu_table_batch,
						      tables)));
}

static __always_inline void queued(void *ctx, __u64 head, __u64 func)
{
	struct event *e;

	if (func == table_batch_callback) {
		if (is_ours())
			record_batch(EVENT_QUEUED, head);
		return;
	}
	if (!is_watched(func))
		return;
	e = record(EVENT_QUEUED, head, func);
	if (!e)
		return;
	e->task = bpf_get_current_task();
	e->behind = word_behind(head);
	if (contract) {
		e->seq = gp_seq_ended();
		e->flags = no_table(head);
		add_stack(ctx, e);
	}
}

/* Fires with interrupts off; not for callbacks that go through a bypass. */
SEC("raw_tp/rcu_callback")
int callback_queued(struct bpf_raw_tracepoint_args *ctx)
{
	queued(ctx, ctx->args[1], function_of(ctx->args[1]));
	return 0;
}

/* Used instead with offloaded callbacks: sees the bypass too. */
ENTRY
int BPF_KPROBE(callback_passed, __u64 head, __u64 func)
{
	queued(ctx, head, func);
	return 0;
}

#ifdef PFD_SHARED
/* For call_rcu_hurry(), where a program has only one function. */
ENTRY
int BPF_KPROBE(callback_hurried, __u64 head, __u64 func)
{
	queued(ctx, head, func);
	return 0;
}
#endif

SEC("raw_tp/rcu_invoke_callback")
int callback_invoked(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 head = ctx->args[1], func = function_of(head);
	struct event *e;

	recheck();
	remember(head, func);
	e = record(EVENT_INVOKED, head, func);
	if (e) {
		e->task = bpf_get_current_task();
		if (contract) {
			e->seq = gp_seq_ended();
			e->flags = no_table(head);
			add_stack(ctx, e);
		}
	}
	return 0;
}

SEC("raw_tp/rcu_batch_start")
int batch_started(struct bpf_raw_tracepoint_args *ctx)
{
	record_task(EVENT_BATCH_STARTED, 0, ctx->args[1]);
	return 0;
}

SEC("raw_tp/rcu_batch_end")
int batch_ended(struct bpf_raw_tracepoint_args *ctx)
{
	recheck();
	record_task(EVENT_BATCH_ENDED, 0, (__u32)ctx->args[1]);
	return 0;
}

ENTRY
int BPF_KPROBE(table_deferred, void *mm, __u64 table)
{
	struct event *e;

	/* khugepaged does it for others. */
	if (!is_ours() && !is_kernel_thread())
		return 0;
	e = record(EVENT_DEFERRED, table, (__u64)mm);
	if (e)
		e->seq = gp_seq_now();
	add_stack(ctx, e);
	return 0;
}

ENTRY
int BPF_KPROBE(tables_put, __u64 batch)
{
	if (is_ours())
		record_batch(EVENT_TABLES_PUT, batch);
	return 0;
}

ENTRY
int BPF_KPROBE(table_put, __u64 table)
{
	struct event *e;

	/* Of PTEs: else the caller frees it. */
	if (table & 0xf || !is_ours())
		return 0;
	e = record(EVENT_FREED, table, 0);
	if (e) {
		e->seq = gp_seq_now();
		e->task = bpf_get_current_task();
		e->flags = EVENT_FALLBACK;
	}
	return 0;
}

ENTRY
int BPF_KPROBE(fragments_destroyed, __u64 table)
{
	record(EVENT_DESTROYED, table, 0);
	return 0;
}

ENTRY
int BPF_KPROBE(page_freed, __u64 page, __u32 order)
{
	if (!order)
		add_stack(ctx, record_page_freed(page, 0));
	return 0;
}

/* The same from the trace event, for a kernel where that does not do. */
SEC("raw_tp/mm_page_free")
int page_freed_event(struct bpf_raw_tracepoint_args *ctx)
{
	/* Anonymous pages still have a mapping here. */
	if (!ctx->args[1] && !KERNEL(struct page, ctx->args[0], mapping))
		add_stack(ctx, record_page_freed(ctx->args[0], 0));
	return 0;
}

ENTRY
int BPF_KPROBE(table_freed, __u64 table, int kernel)
{
	struct event *e;

	/* The kernel's own tables are anybody's to free. */
	if (!kernel && !is_ours())
		return 0;
	e = record(EVENT_FREED, table, CALLER(ctx));
	if (e) {
		e->seq = gp_seq_now();
		e->task = bpf_get_current_task();
		e->flags = kernel ? EVENT_KERNEL : 0;
	}
	return 0;
}

/* Run once by pfd-probe. Parsing /proc/kallsyms instead takes long. */
SEC("syscall")
int find_symbols(void *ctx)
{
	const char vmemmap[] = "vmemmap", batch[] = "tlb_remove_table_rcu";
	const char rcu[] = "rcu_state", defer[] = "pte_free_defer";
	__u64 address = 0;

	page_struct_bytes = bpf_core_type_size(struct page);
	if (!bpf_kallsyms_lookup_name(vmemmap, sizeof(vmemmap), 0, &address))
		bpf_probe_read_kernel(&vmemmap_address, sizeof(vmemmap_address),
				      (void *)address);
	bpf_kallsyms_lookup_name(batch, sizeof(batch), 0,
				 &table_batch_callback);
	bpf_kallsyms_lookup_name(rcu, sizeof(rcu), 0, &rcu_state_address);
	/*
	 * It comes after a node for every 16 possible CPUs, and with 2048 of
	 * them is too far off for one instruction to reach. So it is read as
	 * the first member of something.
	 */
	gp_seq_address = rcu_state_address +
			 bpf_core_field_offset(struct rcu_state, gp_seq);
	bpf_kallsyms_lookup_name(defer, sizeof(defer), 0, &defer_address);
	find_shared();
	return 0;
}

/* The name of the function at function_address, without an offset. */
SEC("syscall")
int name_function(void *ctx)
{
	static const char format[] = "%ps";
	__u64 address = function_address;

	bpf_snprintf(function_name, sizeof(function_name), format, &address,
		     sizeof(address));
	return 0;
}

/* The same with the offset, as in the kernel's own stack traces. */
SEC("syscall")
int name_address(void *ctx)
{
	static const char format[] = "%pS";
	__u64 address = function_address;

	bpf_snprintf(function_name, sizeof(function_name), format, &address,
		     sizeof(address));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
