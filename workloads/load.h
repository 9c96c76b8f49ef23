/* SPDX-License-Identifier: GPL-2.0 */
/* What a workload works with while it runs. All times are nanoseconds. */
#ifndef PFD_LOAD_H
#define PFD_LOAD_H

#include <pthread.h>
#include "counters.h"
#include "hardware.h"
#include "vm.h"
#include "workload.h"
#include "../records/hist.h"

/* One kind of operation. */
struct load_op_stats {
	struct hist latency, instructions, cycles;
};

#define LOAD_MAX_COUNTS 8 /* walks.h has 7 */

/* Memory that the processes of a workload share. */
struct load_shared {
	pthread_mutex_t lock;
	pthread_barrier_t barrier;	  /* for the workload to use */
	uint64_t counter;		  /* likewise, under the lock */
	uint64_t time_ns;		  /* likewise */
	uint64_t counts[LOAD_MAX_COUNTS]; /* see load_count() */
	uint32_t command;		  /* of a crew; see crew.h */
	struct load_op_stats ops[LOAD_MAX_OPS];
	/*
	 * Of the whole measured part. Here, since every page of pfd-load's own
	 * would be copied by every fork that is measured.
	 */
	struct vm_snapshot vm_before, vm_after;
};

struct load {
	const struct workload *workload;
	uint64_t param[LOAD_MAX_PARAMS]; /* indexed as workload->params */
	uint64_t seed;
	bool counts_work;	   /* all instructions of all processes, too */
	const char *counts_named;  /* see hardware_names(); or NULL */
	struct hardware *hardware; /* where it does; or NULL */
	unsigned short random[3];
	struct load_shared *shared;
	char *area;		/* where memory.h maps */
	json_t *facts, *tables; /* of the truth record */
	const char *unclaimed;	/* likewise; or NULL */
	void *state;		/* the workload's own */
	/* The counters of the process that has this pid. */
	struct counters counters;
	pid_t counters_pid;
	struct counter_values bracket; /* what measuring nothing counts */
};

/* Prints "pfd-load: WORKLOAD: what: error text"; returns the (negative) error.
 */
int load_error(const struct load *load, const char *what, int error);

uint64_t load_now_ns(void);

/*
 * Measures one operation of the calling process: time, instructions, cycles.
 * kind is an index into workload->ops.
 */
struct load_op {
	uint64_t start_ns;
	struct counter_values start;
	bool counted;
};

/* For the two below. */
bool load_counters_read(struct load *load, struct counter_values *v);
void load_op_finish(struct load *load, unsigned int kind,
		    const struct load_op *op, uint64_t end_ns);

/* The clock is read innermost: no latency has the counters in it. */
static inline void load_op_begin(struct load *load, struct load_op *op)
{
	op->counted = load_counters_read(load, &op->start);
	op->start_ns = load_now_ns();
}

static inline void load_op_end(struct load *load, unsigned int kind,
			       const struct load_op *op)
{
	load_op_finish(load, kind, op, load_now_ns());
}

/*
 * Opens the counters of the calling process; they are opened anyway when first
 * needed, but that takes as long as a fork. A child has none but its parent's.
 */
void load_op_prepare(struct load *load);

/* The last that a process measures, if its exit is timed: closing counters is
 * not to be part of that. */
void load_op_leave(struct load *load);

/*
 * Records an operation that is not one process's, as an exit, which nobody
 * counts the instructions of. A kind is either always of this sort or never.
 */
void load_op_add(struct load *load, unsigned int kind, uint64_t ns);

/*
 * What a real run leaves to chance is drawn from the seed. Each process of a
 * workload first makes the sequence its own with load_random_fork().
 */
uint32_t load_random(struct load *load, uint32_t below);
void load_random_fork(struct load *load, uint32_t process);
void load_shuffle(struct load *load, uint32_t *order, uint32_t n);

/*
 * Sleeps until some point of the coming timer tick or two: where in a tick an
 * operation begins decides how long its callbacks wait.
 */
void load_random_pause(struct load *load);

void load_sleep_us(uint64_t us);

/* Adds to one of the sums that the workload's processes make together. */
void load_count(struct load *load, unsigned int which, uint64_t n);

/* Truth: something the workload did, `name` with its unit as the suffix. */
int load_fact(struct load *load, const char *name, uint64_t value);

/* Truth: exactly so many tables of a path and level were unlinked. */
int load_claim(struct load *load, const char *path, const char *level,
	       uint64_t unlinked);

/*
 * Whether this kernel has pte_free_defer(): since 6.6 it frees the tables that
 * a collapse takes away.
 */
bool load_defers(void);
bool load_release_defers(const char *release); /* of uname() */

/*
 * The same of PTE tables, for the three paths that every workload can say. If
 * some are deferred and this kernel defers none: that nothing can be claimed.
 */
int load_claim_tables(struct load *load, uint64_t deferred, uint64_t unmapped,
		      uint64_t exited);

/* Truth: why nothing can be claimed; the text has to stay. */
void load_unclaimed(struct load *load, const char *why);

#endif
