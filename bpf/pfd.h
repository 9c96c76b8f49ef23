/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the BPF programs (pfd.bpf.c) and their collector (pfd-probe) share:
 * the layout of the maps. All times are nanoseconds of CLOCK_MONOTONIC.
 */
#ifndef PFD_BPF_H
#define PFD_BPF_H

#include "../records/hist.h"

/* RCU callback functions told apart; a workload sees some 20. */
#define MAX_FUNCTIONS 48
#define NAME_SIZE     48

/* mmu_gather batches with 64K pages hold 8189 tables, tables[] of one page. */
#define BATCH_CHUNK  32
#define BATCH_CHUNKS (8192 / BATCH_CHUNK)

/* Fragments in a page: 256 with 64K radix, 16 with 64K hash, 1 with 4K. */
#define MAX_FRAGMENTS 256

/* The path on which a table is unlinked; docs/records.md. */
enum table_path { PATH_MUNMAP, PATH_EXIT, PATH_DEFER, PATH_DIRECT, PATHS };

/* As enum pgtable_index, arch/powerpc/include/asm/book3s/64/pgtable.h. */
enum table_level { LEVEL_PTE, LEVEL_PMD, LEVEL_PUD, LEVELS };

/*
 * The end of a page is watched by two programs (pfd.bpf.c says why), each of
 * which counts for itself.
 */
enum watcher { WATCHER_FIRST, WATCHER_SECOND, WATCHERS };

/* Who may put a deferred table; they interrupt each other, so likewise. */
enum putter {
	PUTTER_FIRST = WATCHER_FIRST,
	PUTTER_SECOND = WATCHER_SECOND,
	PUTTER_TASK,
	PUTTERS
};

/* Everything that could go missing; any of them makes the cell invalid. */
enum lost {
	LOST_FUNCTION,	   /* more than MAX_FUNCTIONS callback functions */
	LOST_PENDING,	   /* map `pending` is full */
	LOST_TABLE,	   /* map `deferred` is full */
	LOST_PAGE,	   /* map `pages` is full */
	LOST_LEVEL,	   /* a table of a level that is not known */
	LOST_BATCH,	   /* a batch that could not be read */
	LOST_QUEUED_TWICE, /* an rcu_head was queued while it was queued */
	LOSTS
};

struct function {
	char name[NAME_SIZE];
};

struct callback_stats {
	__u64 enqueued, invoked, earlier;
	struct hist wait, run;
};

/* A path's tables of one level; of path defer, only what is unlinked. */
struct table_stats {
	__u64 unlinked, put, put_with_page;
	struct hist wait;
};

/* Full grace periods from a page's last unlink to its end; 3: or more. */
#define WAITED_MOST 3

struct page_stats {
	__u64 freed;
	__u64 waited[WAITED_MOST + 1];
	__u64 not_owed; /* pages that need not wait: only path direct */
	struct hist wait, last_wait;
};

struct grace_period_stats {
	__u64 started, completed, forced, expedited;
	__u64 start_ns; /* of the grace period under way, or 0 */
	struct hist duration;
};

/* A queued RCU callback, by its rcu_head's address. */
struct pending {
	__u64 queued_ns;
	__u32 slot; /* of its function */
	__u32 path; /* of the tables it will put, if it is a batch */
	__u32 tables[LEVELS];
};

/* A table that was handed to pte_free_defer(), by its address. */
struct deferred {
	__u64 unlinked_ns;
};

/* A page of PTE tables of which one was unlinked, by its struct page. */
struct tracked_page {
	__u64 unlinked_ns; /* of the first */
	__u64 last_ns;	   /* of the last that RCU has to cover, or 0 */
	__u64 last_seq;	   /* rcu_state.gp_seq then */
	__u32 deferred;	   /* tables in map `deferred` */
};

/* The RCU callback that a CPU is executing. */
struct running {
	__u64 start_ns; /* 0: none */
	__u64 task;	/* that executes it, or whose CPU softirq borrows */
	__u32 slot;
};

#endif
