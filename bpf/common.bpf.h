/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What all parts of the BPF object share: what pfd-probe tells it, the maps
 * (pfd.h has their layout), and where things are in the kernel.
 */
#ifndef PFD_COMMON_BPF_H
#define PFD_COMMON_BPF_H

/* Set by pfd-probe before loading. */
const volatile __u32 page_shift = 16;
const volatile __u32 fragments = 1;
const volatile bool offloaded; /* callbacks run in kthreads */

/* Found by find_symbols(). */
__u64 vmemmap_address;
__u64 table_batch_callback;
__u64 rcu_state_address;

__u32 functions_used;
__u64 lost[LOSTS];
__u64 pages_tracked;
struct grace_period_stats grace_period;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2 * MAX_FUNCTIONS);
	__type(key, __u64); /* the function's address */
	__type(value, __u32);
} slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_FUNCTIONS);
	__type(key, __u32);
	__type(value, struct function);
} functions SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MAX_FUNCTIONS);
	__type(key, __u32);
	__type(value, struct callback_stats);
} callbacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PATHS *LEVELS);
	__type(key, __u32);
	__type(value, struct table_stats);
} tables SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PUTTERS);
	__type(key, __u32);
	__type(value, struct table_stats);
} deferred_puts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, WATCHERS);
	__type(key, __u32);
	__type(value, struct page_stats);
} page_stats SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct running);
} running SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct pending);
} pending SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct deferred);
} deferred SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct tracked_page);
} pages SEC(".maps");

static __always_inline void lose(enum lost what)
{
	__sync_fetch_and_add(&lost[what], 1);
}

SEC("syscall")
int find_symbols(void *ctx)
{
	const char vmemmap[] = "vmemmap", batch[] = "tlb_remove_table_rcu";
	const char rcu[] = "rcu_state";
	__u64 address = 0;

	if (!bpf_kallsyms_lookup_name(vmemmap, sizeof(vmemmap), 0, &address))
		bpf_probe_read_kernel(&vmemmap_address, sizeof(vmemmap_address),
				      (void *)address);
	bpf_kallsyms_lookup_name(batch, sizeof(batch), 0,
				 &table_batch_callback);
	bpf_kallsyms_lookup_name(rcu, sizeof(rcu), 0, &rcu_state_address);
	return 0;
}

/*
 * RCU's grace-period number: its low two bits say whether one is under way. A
 * full grace period has passed since `then` once gp_seq >= (then + 7) & ~3
 * (rcu_seq_snap(), kernel/rcu/rcu.h).
 */
static __always_inline __u64 gp_seq_now(void)
{
	struct rcu_state *rcu = (void *)rcu_state_address;

	return BPF_CORE_READ(rcu, gp_seq);
}

/*
 * The same at the end of a wait. The root node is told of a grace period's end
 * before any callback is invoked, rcu_state after it (rcu_gp_cleanup()).
 */
static __always_inline __u64 gp_seq_ended(void)
{
	struct rcu_state *rcu = (void *)rcu_state_address;

	return BPF_CORE_READ(rcu, node[0].gp_seq);
}

/* Full grace periods between two moments, by their numbers. */
static __always_inline __u64 full_grace_periods(__u64 then, __u64 now)
{
	__u64 first = (then + 7) & ~3ull, done = now & ~3ull;

	return done < first ? 0 : (done - first) / 4 + 1;
}

static __always_inline __u64 page_of(__u64 table)
{
	__u64 pfn = (table & 0x0fffffffffffffffull) >> page_shift;

	return vmemmap_address + pfn * bpf_core_type_size(struct page);
}

static __always_inline __u64 address_of(__u64 page)
{
	__u64 pfn = (page - vmemmap_address) / bpf_core_type_size(struct page);

	return 0xc000000000000000ull | pfn << page_shift;
}

static __always_inline struct running *running_callback(void)
{
	__u32 zero = 0;
	struct running *r = bpf_map_lookup_elem(&running, &zero);

	if (!r || !r->start_ns)
		return NULL;
	/* A kthread may have been preempted between two callbacks. */
	if (offloaded && r->task != bpf_get_current_task())
		return NULL;
	return r;
}

#endif
