/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Page tables: unlinked and put, by path and level.
 */
#ifndef PFD_TABLES_BPF_H
#define PFD_TABLES_BPF_H

#include "pages.bpf.h"

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
			page_unlinked(page, b->now);
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
	struct tracked_page *page =
		page_unlinked(page_of(table), d.unlinked_ns);

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

#endif
