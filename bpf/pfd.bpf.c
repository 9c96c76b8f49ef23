// SPDX-License-Identifier: GPL-2.0
/*
 * Where page tables and RCU callbacks are at any time.
 *
 * Almost all of it is read off trace events, for two reasons. They cost a
 * quarter of a kprobe. And a kprobe's program is not run at all if it
 * interrupts another kprobe's program on the same CPU (bpf_prog_active,
 * kernel/trace/bpf_trace.c), which happens whenever RCU callbacks run from an
 * interrupt; a trace event's program only excludes itself. The two functions
 * that have no trace event are probed in task context only, where they
 * cannot interrupt anything.
 *
 * The TLB path needs no probe at all: the tables that munmap() and exit()
 * unlink travel in a struct mmu_table_batch, which is queued with call_rcu()
 * as a whole. They count as unlinked when their batch is queued, and as put
 * when its callback tlb_remove_table_rcu() is invoked.
 */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "pfd.h"

char LICENSE[] SEC("license") = "GPL";

/* Set by pfd-probe before loading. */
const volatile __u32 page_shift = 16;
const volatile __u32 fragments = 1;
const volatile bool offloaded; /* callbacks run in kthreads */

/* Found by find_symbols(). */
__u64 vmemmap_address;
__u64 table_batch_callback;

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

/* --- symbols ---------------------------------------------------------------*/

SEC("syscall")
int find_symbols(void *ctx)
{
	const char vmemmap[] = "vmemmap", batch[] = "tlb_remove_table_rcu";
	__u64 address = 0;

	if (!bpf_kallsyms_lookup_name(vmemmap, sizeof(vmemmap), 0, &address))
		bpf_probe_read_kernel(&vmemmap_address, sizeof(vmemmap_address),
				      (void *)address);
	bpf_kallsyms_lookup_name(batch, sizeof(batch), 0,
				 &table_batch_callback);
	return 0;
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

/* --- pages of PTE tables ---------------------------------------------------*/

static __always_inline struct tracked_page *track_page(__u64 page, __u64 now)
{
	struct tracked_page new = {.unlinked_ns = now};
	struct tracked_page *tracked = bpf_map_lookup_elem(&pages, &page);

	if (tracked)
		return tracked;
	if (bpf_map_update_elem(&pages, &page, &new, BPF_NOEXIST)) {
		lose(LOST_PAGE);
		return NULL;
	}
	__sync_fetch_and_add(&pages_tracked, 1);
	return bpf_map_lookup_elem(&pages, &page);
}

static __always_inline struct table_stats *
table_stats_of(enum table_path path, enum table_level level)
{
	__u32 key = path * LEVELS + level;

	return bpf_map_lookup_elem(&tables, &key);
}

/* Forgets a deferred table that was put; with its page, or on its own. */
static __always_inline bool put_deferred(__u64 table, __u64 now, __u32 putter)
{
	struct deferred *d = bpf_map_lookup_elem(&deferred, &table);
	struct table_stats *stats;

	if (!d)
		return false;
	stats = bpf_map_lookup_elem(&deferred_puts, &putter);
	if (stats) {
		stats->put++;
		stats->put_with_page += putter != PUTTER_TASK;
		hist_add(&stats->wait, now - d->unlinked_ns, 1);
	}
	bpf_map_delete_elem(&deferred, &table);
	return true;
}

struct put_fragments {
	__u64 base, size, now;
	__u32 left, putter;
};

static long put_fragment(__u32 i, struct put_fragments *p)
{
	if (put_deferred(p->base + i * p->size, p->now, p->putter))
		p->left--;
	return p->left == 0;
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

static __always_inline int page_freed(__u64 page, __u32 watcher)
{
	struct tracked_page *tracked = bpf_map_lookup_elem(&pages, &page);
	struct page_stats *stats;
	__u64 now;

	if (!tracked)
		return 0;
	now = bpf_ktime_get_ns();
	stats = bpf_map_lookup_elem(&page_stats, &watcher);
	if (stats) {
		stats->freed++;
		hist_add(&stats->wait, now - tracked->unlinked_ns, 1);
	}
	if (tracked->deferred) {
		struct put_fragments p = {
			.base = address_of(page),
			.size = (1ull << page_shift) / fragments,
			.now = now,
			.left = tracked->deferred,
			.putter = watcher,
		};

		bpf_loop(fragments, put_fragment, &p, 0);
	}
	bpf_map_delete_elem(&pages, &page);
	return 0;
}

/*
 * Two programs, the same but for what they count in. A program is not run
 * for an event that interrupts it, and that does happen: RCU callbacks free
 * pages in softirq while a task frees pages. Only one of the two can be
 * interrupted at a time, so the other sees the event; where both see it, the
 * second finds that the page is not tracked any more.
 */
SEC("raw_tp/mm_page_free")
int page_freed_first(struct bpf_raw_tracepoint_args *ctx)
{
	return page_freed(ctx->args[0], WATCHER_FIRST);
}

SEC("raw_tp/mm_page_free")
int page_freed_second(struct bpf_raw_tracepoint_args *ctx)
{
	return page_freed(ctx->args[0], WATCHER_SECOND);
}

/* --- tables ----------------------------------------------------------------*/

struct batch {
	struct pending *pending;
	__u64 tables; /* address of tables[] */
	__u64 now, last_page;
	__u32 nr;
};

static long count_chunk(__u32 chunk, struct batch *b)
{
	__u64 table[BATCH_CHUNK];
	__u32 first = chunk * BATCH_CHUNK, count, i;

	if (first >= b->nr)
		return 1;
	count = b->nr - first;
	if (count > BATCH_CHUNK)
		count = BATCH_CHUNK;
	if (bpf_probe_read_kernel(table, count * sizeof(table[0]),
				  (void *)(b->tables + first * 8))) {
		lose(LOST_BATCH);
		return 1;
	}
	for (i = 0; i < BATCH_CHUNK && i < count; i++) {
		/* __tlb_remove_table(): the level is in the low bits. */
		__u32 level = table[i] & 0xf;
		__u64 page;

		if (level >= LEVELS) {
			lose(LOST_LEVEL);
			continue;
		}
		b->pending->tables[level]++;
		page = page_of(table[i] & ~0xfull);
		if (level == LEVEL_PTE && page != b->last_page) {
			track_page(page, b->now);
			b->last_page = page;
		}
	}
	return 0;
}

/* An mmu_gather batch is queued: its tables are unlinked. */
static __always_inline void batch_queued(struct callback_head *head,
					 struct pending *p)
{
	struct mmu_table_batch *batch = (void *)head;
	struct task_struct *task = (void *)bpf_get_current_task();
	struct batch b = {.pending = p, .now = p->queued_ns};
	__u32 level;

	b.tables = (__u64)head +
		   bpf_core_field_offset(struct mmu_table_batch, tables);
	b.nr = BPF_CORE_READ(batch, nr);
	p->path = BPF_CORE_READ(task, flags) & PF_EXITING ? PATH_EXIT
							  : PATH_MUNMAP;
	bpf_loop(BATCH_CHUNKS, count_chunk, &b, 0);
	for (level = 0; level < LEVELS; level++) {
		struct table_stats *stats = table_stats_of(p->path, level);

		if (stats && p->tables[level])
			stats->unlinked += p->tables[level];
	}
}

static __always_inline void batch_invoked(struct pending *p, __u64 wait_ns)
{
	__u32 level;

	for (level = 0; level < LEVELS; level++) {
		struct table_stats *stats;

		if (!p->tables[level])
			continue;
		stats = table_stats_of(p->path, level);
		if (stats) {
			stats->put += p->tables[level];
			hist_add(&stats->wait, wait_ns, p->tables[level]);
		}
	}
}

SEC("kprobe.multi")
int BPF_KPROBE(table_deferred, void *mm, __u64 table)
{
	struct table_stats *stats = table_stats_of(PATH_DEFER, LEVEL_PTE);
	struct deferred d = {.unlinked_ns = bpf_ktime_get_ns()};
	struct tracked_page *page = track_page(page_of(table), d.unlinked_ns);

	if (stats)
		stats->unlinked++;
	if (!page)
		return 0;
	if (bpf_map_update_elem(&deferred, &table, &d, BPF_NOEXIST))
		lose(LOST_TABLE);
	else
		__sync_fetch_and_add(&page->deferred, 1);
	return 0;
}

/* Callbacks that free batches or deferred tables come here too: not counted. */
SEC("kprobe.multi")
int BPF_KPROBE(table_freed, __u64 table, int kernel)
{
	struct tracked_page *page;
	struct table_stats *stats;
	__u64 now, page_address;

	if (kernel || running_callback())
		return 0;
	now = bpf_ktime_get_ns();
	page_address = page_of(table);
	if (put_deferred(table, now, PUTTER_TASK)) {
		page = bpf_map_lookup_elem(&pages, &page_address);
		if (page)
			__sync_fetch_and_add(&page->deferred, -1);
		return 0;
	}
	stats = table_stats_of(PATH_DIRECT, LEVEL_PTE);
	if (stats) {
		stats->unlinked++;
		stats->put++;
		hist_add(&stats->wait, 0, 1);
	}
	track_page(page_address, now);
	return 0;
}

/* --- callbacks -------------------------------------------------------------*/

/* The slot of a callback function, or MAX_FUNCTIONS. */
static __always_inline __u32 slot_of(__u64 func)
{
	static const char format[] = "%ps";
	struct function *function;
	__u32 *known, slot;

	known = bpf_map_lookup_elem(&slots, &func);
	if (known)
		return *known;
	slot = __sync_fetch_and_add(&functions_used, 1);
	/* Another CPU may be here too: whoever comes first has its slot used.
	 */
	if (bpf_map_update_elem(&slots, &func, &slot, BPF_NOEXIST)) {
		known = bpf_map_lookup_elem(&slots, &func);
		if (known)
			return *known;
	}
	function = bpf_map_lookup_elem(&functions, &slot);
	if (!function) {
		lose(LOST_FUNCTION);
		return MAX_FUNCTIONS;
	}
	bpf_snprintf(function->name, sizeof(function->name), format, &func,
		     sizeof(func));
	return slot;
}

static __always_inline void enqueued(struct callback_head *head, __u64 func)
{
	struct pending p = {.queued_ns = bpf_ktime_get_ns()};
	struct callback_stats *stats;
	__u64 key = (__u64)head;
	long error;

	p.slot = slot_of(func);
	stats = bpf_map_lookup_elem(&callbacks, &p.slot);
	if (!stats)
		return;
	if (func == table_batch_callback)
		batch_queued(head, &p);
	stats->enqueued++;
	error = bpf_map_update_elem(&pending, &key, &p, BPF_NOEXIST);
	if (error)
		lose(error == -EEXIST ? LOST_QUEUED_TWICE : LOST_PENDING);
}

/* Fires with interrupts off; not for callbacks that go through a bypass. */
SEC("tp_btf/rcu_callback")
int BPF_PROG(callback_queued, const char *rcu, struct callback_head *head)
{
	enqueued(head, (__u64)head->func);
	return 0;
}

/* Used instead with offloaded callbacks: sees the bypass too. */
SEC("kprobe.multi")
int BPF_KPROBE(callback_passed, struct callback_head *head, __u64 func)
{
	enqueued(head, func);
	return 0;
}

/* The callback before this one on this CPU is over. */
static __always_inline void finish_run(struct running *r, __u64 now)
{
	struct callback_stats *stats;

	if (!offloaded && r->start_ns) {
		stats = bpf_map_lookup_elem(&callbacks, &r->slot);
		if (stats)
			hist_add(&stats->run, now - r->start_ns, 1);
	}
	r->start_ns = 0;
}

SEC("tp_btf/rcu_invoke_callback")
int BPF_PROG(callback_invoked, const char *rcu, struct callback_head *head)
{
	struct running *r;
	__u64 key = (__u64)head, now = bpf_ktime_get_ns();
	struct callback_stats *stats;
	__u32 zero = 0, slot;
	struct pending *p;

	r = bpf_map_lookup_elem(&running, &zero);
	if (!r)
		return 0;
	finish_run(r, now);
	p = bpf_map_lookup_elem(&pending, &key);
	slot = p ? p->slot : slot_of((__u64)head->func);
	stats = bpf_map_lookup_elem(&callbacks, &slot);
	if (!stats)
		return 0;
	if (p) {
		stats->invoked++;
		hist_add(&stats->wait, now - p->queued_ns, 1);
		if (head->func == (void *)table_batch_callback)
			batch_invoked(p, now - p->queued_ns);
		bpf_map_delete_elem(&pending, &key);
	} else {
		stats->earlier++;
	}
	r->slot = slot;
	r->task = bpf_get_current_task();
	r->start_ns = bpf_ktime_get_ns();
	return 0;
}

SEC("raw_tp/rcu_batch_end")
int callbacks_done(void *ctx)
{
	__u32 zero = 0;
	struct running *r = bpf_map_lookup_elem(&running, &zero);

	if (r)
		finish_run(r, bpf_ktime_get_ns());
	return 0;
}

/* --- grace periods ---------------------------------------------------------*/

/* The first four characters of an event's name, as they lie in memory. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define EVENT(a, b, c, d) ((a) | (b) << 8 | (c) << 16 | (__u32)(d) << 24)
#else
#define EVENT(a, b, c, d) ((d) | (c) << 8 | (b) << 16 | (__u32)(a) << 24)
#endif

static __always_inline __u32 event_of(__u64 name)
{
	__u32 event = 0;

	bpf_probe_read_kernel(&event, sizeof(event), (void *)name);
	return event;
}

/*
 * Only the grace-period kthread reports the events counted here, so that
 * they never interrupt this program; the many others that do are not counted.
 */
SEC("raw_tp/rcu_grace_period")
int grace_period_event(struct bpf_raw_tracepoint_args *ctx)
{
	struct grace_period_stats *gp = &grace_period;
	__u32 event = event_of(ctx->args[2]);

	if (event == EVENT('s', 't', 'a', 'r')) {
		gp->started++;
		gp->start_ns = bpf_ktime_get_ns();
	} else if (event == EVENT('e', 'n', 'd', 0) && gp->start_ns) {
		gp->completed++;
		hist_add(&gp->duration, bpf_ktime_get_ns() - gp->start_ns, 1);
		gp->start_ns = 0;
	} else if (event == EVENT('f', 'q', 's', 's')) {
		gp->forced++;
	}
	return 0;
}

SEC("raw_tp/rcu_exp_grace_period")
int expedited_event(struct bpf_raw_tracepoint_args *ctx)
{
	if (event_of(ctx->args[2]) == EVENT('e', 'n', 'd', 0))
		__sync_fetch_and_add(&grace_period.expedited, 1);
	return 0;
}
