/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pages of PTE tables: from the first table unlinked to their real end, and
 * the deferred tables that are put with them.
 */
#ifndef PFD_PAGES_BPF_H
#define PFD_PAGES_BPF_H

#include "common.bpf.h"

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

/* One of its tables is unlinked on a path that owes it a grace period. */
static __always_inline struct tracked_page *page_unlinked(__u64 page, __u64 now)
{
	struct tracked_page *tracked = track_page(page, now);

	if (tracked) {
		tracked->last_ns = now;
		tracked->last_seq = gp_seq_now();
	}
	return tracked;
}

static __always_inline void count_waited(struct page_stats *stats,
					 const struct tracked_page *tracked,
					 __u64 now)
{
	__u64 waited;

	stats->freed++;
	hist_add(&stats->wait, now - tracked->unlinked_ns, 1);
	if (!tracked->last_ns) {
		stats->not_owed++;
		return;
	}
	waited = full_grace_periods(tracked->last_seq, gp_seq_ended());
	stats->waited[waited < WAITED_MOST ? waited : WAITED_MOST]++;
	hist_add(&stats->last_wait, now - tracked->last_ns, 1);
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

static __always_inline int page_freed(__u64 page, __u32 watcher)
{
	struct tracked_page *tracked = bpf_map_lookup_elem(&pages, &page);
	struct page_stats *stats;
	__u64 now;

	if (!tracked)
		return 0;
	now = bpf_ktime_get_ns();
	stats = bpf_map_lookup_elem(&page_stats, &watcher);
	if (stats)
		count_waited(stats, tracked, now);
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

#endif
