/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cells of a run: RUNDIR/cells/CELL/records.jsonl, as `pfd-stat check`
 * wrote them. They are read one after the other and only their metrics kept,
 * so that memory does not grow with what they recorded.
 */
#ifndef PFD_RUN_H
#define PFD_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>
#include "evidence.h"
#include "metric.h"
#include "model.h"
#include "verified.h"

struct cell {
	char *name;	/* of its directory */
	json_t *header; /* NULL: it has none that is valid */
	/* "64k radix power9 smp2 rcu-default"; the target, unless exact */
	char *config;
	char *job;	     /* "thp-collapse passes=3 processes=17" */
	const char *variant; /* in header; "" without one, as arm */
	char *label;	     /* the variant and the gate's mark: for people */
	enum verified_state gate;
	const char *arm;
	long long seed;
	enum evidence evidence;
	char *invalid;	 /* why it must not be used ("CODE: text"), or NULL */
	bool model_only; /* not valid, but for no reason but its model */
	struct metrics metrics;
	struct model_facts facts; /* of a cell that is whole */
	json_t *unavailable;	  /* the probe's list, or NULL */
	json_t *uncounted;	  /* the PMU's, or NULL */
	char *unclaimed;   /* why the workload claims no tables, or NULL */
	char *unchecked;   /* "PATH LEVEL, ...": claims not held, or NULL */
	struct kept *kept; /* for plots (kept_take()), or NULL */
};

/*
 * Called with the records of a cell that says of itself that it is valid;
 * returns 0 or a negative errno value. It may fill cell->kept, and have another
 * verdict (cell_judge()).
 */
typedef int cell_visit_fn(struct cell *cell, const json_t *records,
			  void *context);

/*
 * Cells in the order: valid ones first; configuration, job, variant, arm,
 * seed, name.
 */
struct run {
	char *dir;
	struct cell *cells;
	size_t count;
	size_t valid_count;
	struct verified verified; /* of its kernels */
	const char **variants;	  /* of its cells, each once, sorted */
	size_t variant_count;
	bool tried; /* by run_try_timed() */
};

/*
 * Reads a run. Returns STAT_OK, or after one message STAT_USAGE (there is no
 * such run) or STAT_FAILED. run_free() in any case.
 */
int run_load(struct run *run, const char *dir);

/*
 * The same, and visits each cell that says of itself that it is valid, in no
 * particular order. What visit() returns, if it is not 0, ends it: STAT_FAILED.
 */
int run_visit(struct run *run, const char *dir, cell_visit_fn *visit,
	      void *context);

void run_free(struct run *run);

/*
 * From here on, judges what is no evidence at all as if it were timed: to try
 * the method on an emulated machine. Whoever prints anything of such a run says
 * RUN_TRIED first.
 */
void run_try_timed(struct run *run);

#define RUN_TRIED                                                              \
	"NO FIGURES: target tcg, judged as if its time were time "             \
	"(--try-timed)."

/* Whether both did the same job in the same configuration. */
bool cell_same_group(const struct cell *a, const struct cell *b);

/*
 * The valid cell of that variant, arm and seed within begin..end - 1, all of
 * one group; NULL when there is none.
 */
const struct cell *run_find(const struct run *run, size_t begin, size_t end,
			    const char *variant, const char *arm,
			    long long seed);

/* What time in a valid cell is; the same in all of its group. */
enum evidence cell_evidence(const struct cell *cell);

/* Whether all cells of its run are of one boot (target host), not of their own.
 */
bool cell_of_one_boot(const struct cell *cell);

/* Whether a valid cell of the run is such evidence. */
bool run_has_evidence(const struct run *run, enum evidence evidence);

/* What figures of the run are medians over: "seeds", or "boots". */
const char *run_samples(const struct run *run);

/* The index after the last valid cell of the group that starts at begin. */
size_t run_group_end(const struct run *run, size_t begin);

/*
 * The spread of a metric over the seeds of one variant and arm, within the
 * cells begin..end - 1; all NaN where no cell has it. Returns 0 or -ENOMEM.
 */
int run_spread(const struct run *run, size_t begin, size_t end,
	       const char *variant, const char *arm, const char *metric,
	       struct spread *spread);

/*
 * The median of that; NaN when there is none. A negative errno value goes to
 * *error, which is left alone otherwise.
 */
double run_median(const struct run *run, size_t begin, size_t end,
		  const char *variant, const char *arm, const char *metric,
		  int *error);

/*
 * The first cell of an arm in begin..end - 1, all of one group, of the variant
 * that begin is of; begin where there is none.
 */
size_t run_find_arm(const struct run *run, size_t begin, size_t end,
		    const char *arm);

/* The index after the last cell of the variant that begin is of. */
size_t run_variant_end(const struct run *run, size_t begin, size_t end);

/* The index after the last valid cell of the configuration of begin. */
size_t run_config_end(const struct run *run, size_t begin);

#endif
