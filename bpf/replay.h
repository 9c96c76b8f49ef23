/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Makes records (docs/records.md) of what the BPF programs logged:
 *
 *	replay_init
 *	replay_logs	once; goes through all events in the order of time
 *	replay_write	once
 *	replay_free
 *
 * Plain C, which knows nothing of BPF: tests/unit/test_replay.c feeds it logs.
 * Each instrument (a file of its own: callbacks.c, pages.c, ...) has a state
 * here, takes the events it is about, and writes its records.
 */
#ifndef PFD_REPLAY_H
#define PFD_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "../records/hist.h"
#include "log.h"

/* The path on which a table is unlinked; docs/records.md. */
enum table_path {
	PATH_MUNMAP,
	PATH_EXIT,
	PATH_DEFER,
	PATH_DIRECT,
	PATH_FALLBACK,
	PATH_KERNEL,
	PATHS
};

/* As enum pgtable_index, arch/powerpc/include/asm/book3s/64/pgtable.h. */
enum table_level { LEVEL_PTE, LEVEL_PMD, LEVEL_PUD, LEVELS };

#define NAME_SIZE 64

/* What has to be known of the machine that wrote the log. */
struct machine {
	uint32_t cpus;
	uint32_t page_shift;
	uint32_t fragments; /* PTE tables in a page */
	uint64_t vmemmap_address, page_struct_bytes;
	uint64_t table_batch_callback; /* tlb_remove_table_rcu() */
	bool offloaded;		       /* callbacks run in kthreads */
	/* Only some callbacks are seen, by their functions: EVENT_ENTERED. */
	bool by_functions;
	/* A table is its struct page, and EVENT_PTE_TABLE tells its level. */
	bool tables_are_pages;
	uint64_t begin_ns, end_ns; /* of the workload's measured part */
	uint64_t detach_ns;	   /* from then on events are missed */
	bool contract;		   /* check it: contract.h */
	/* Puts a function's name into name[NAME_SIZE]. */
	void (*name_function)(void *context, uint64_t address, char *name);
	/* Only for the contract: the same with the offset, */
	void (*name_address)(void *context, uint64_t address, char *name);
	/* addresses[STACK_DEPTH] of a stack, innermost first, 0: none, */
	bool (*read_stack)(void *context, uint32_t id, uint64_t *addresses);
	/* and whether a struct page is one of page tables at present. */
	bool (*is_table)(void *context, uint64_t page);
	void *context;
};

/* The records that the programs which could be attached can give. */
struct available {
	bool callback, grace_period, table, page, softirq, contract;
};

/* An RCU callback that a CPU is executing. */
struct running {
	bool active;
	bool extra;  /* a page's own, queued by a batch's callback */
	bool unseen; /* known by what it freed only */
	uint64_t head, start_ns, task;
	struct function *function;
};

/* An RCU callback function. */
struct function {
	uint64_t address;
	char name[NAME_SIZE];
	struct function *same; /* an earlier one of the same name */
	uint64_t queued, invoked, earlier, outstanding;
	struct hist wait, run;
};

struct callbacks {
	struct function **functions;
	size_t count;
	void *pending; /* tree of struct pending, by rcu_head */
};

struct table_stats {
	uint64_t unlinked, put, with_page, in_flight;
	struct hist wait;
};

struct tables {
	struct table_stats *stats[PATHS][LEVELS];
	uint64_t *deferred; /* by CPU: the table of its last deferral, or 0 */
	void *put_batches;  /* tree of struct put_batch, by batch */
	void *told;	    /* tree of struct told, by table */
	uint64_t unknown_levels;
};

/* Full grace periods and callbacks counted one by one; 3: or more. */
#define WAITS 4

enum page_end { END_BATCH, END_OWN, END_AT_ONCE, END_DESTROY, ENDS };

struct pages {
	void *tracked_tree; /* of struct page_state, by struct page */
	uint64_t tracked, freed, not_owed, rechecked;
	uint64_t periods[WAITS], callbacks[WAITS], ends[ENDS];
	struct hist wait, last_wait;
	/* Of those last unlinked on the TLB path. */
	uint64_t single, twice, extra_callbacks;
	struct hist first_wait, second_wait, extra_run;
	uint64_t held_byte_ns, second_held_byte_ns;
};

/* A change in what is unlinked but not free. */
struct change {
	uint64_t time_ns;
	int64_t table_bytes, page_bytes;
};

struct pinned {
	struct change *changes;
	size_t count, room;
	uint64_t last_end_ns; /* of a page */
};

struct grace_periods {
	uint64_t started, completed, forced, expedited, start_ns;
	struct hist duration;
};

/* A run of rcu_do_batch() under way. */
struct batch_run {
	uint64_t task, start_ns, queued;
};

struct softirq {
	uint64_t *start_ns; /* by CPU, 0: not in RCU_SOFTIRQ */
	bool *in_ksoftirqd;
	struct batch_run *runs; /* by CPU */
	struct hist core, ksoftirqd_core;
	struct hist batch_ns, batch_callbacks, batch_queued;
};

struct replay {
	struct machine machine;
	struct running *running; /* by CPU */
	uint64_t queued_twice;
	uint64_t logs_cut; /* that have an event without a time in them */
	int error;	   /* negative errno: out of memory */
	struct callbacks callbacks;
	struct tables tables;
	struct pages *pages;
	struct pinned pinned;
	struct grace_periods *grace_periods;
	struct softirq *softirq;
	struct contract *contract; /* NULL: not asked for */
};

/* Each returns 0 or a negative errno value. */
int replay_init(struct replay *r, const struct machine *machine);
int replay_logs(struct replay *r, const struct cpu_log *const *logs,
		uint64_t log_bytes);
int replay_write(struct replay *r, const struct available *available,
		 FILE *out);
void replay_free(struct replay *r);

/* RCU callbacks of the logs so far that were not invoked yet. */
int64_t replay_pending(const struct machine *machine,
		       const struct cpu_log *const *logs, uint64_t log_bytes);

#endif
