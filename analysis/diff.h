/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What variants cost compared to a baseline: every metric, in every group
 * (configuration and job) that both ran. Exact evidence is compared over pairs
 * of cells with the same seed and arm; timed evidence too, where a seed is a
 * block of one run, and else over independent samples (evidence.h).
 */
#ifndef PFD_DIFF_H
#define PFD_DIFF_H

#include <stdbool.h>
#include <stdio.h>
#include "evidence.h"
#include "run.h"

struct diff_side {
	const struct run *run;
	const char *variant;
};

/*
 * One metric. Cells of one seed are a pair: seeds[i] has a[i] and b[i], and
 * count_a is count_b. Not so in a group that is not paired.
 */
struct diff_row {
	const struct metric *metric; /* name and definition, not the value */
	const char *arm;
	long long *seeds; /* of a[] and b[]; of a[] alone when not paired */
	double *a, *b;
	size_t count_a, count_b;
	struct spread spread_a, spread_b; /* over these, or all without any */
	struct timed timed;		  /* of timed evidence */
	struct change change;
	bool of_tables; /* false: callbacks that no variant is about */
};

struct diff_group {
	size_t begin_a, end_a; /* cells of the group, all variants */
	size_t begin_b, end_b;
	enum evidence evidence;
	bool paired;
	const char *op_arm; /* the arm that `op` metrics come from */
	/* Of seeds; of cells on the side that has fewer, when not paired. */
	size_t bare_pairs, probed_pairs;
	/* What looking costs (pairs_looking()), in percent; or NaN. */
	double looking_a, looking_b;
	struct diff_row *rows;
	size_t count;
};

struct diff {
	struct diff_side a, b;
	struct diff_group *groups;
	size_t count;
	size_t pairs; /* of cells, all groups; 0: nothing was compared */
};

/* Several variants against one: all list[i].a are the same. */
struct diff_set {
	struct diff *list;
	size_t count;
	/* Comparisons that Holm's correction is over: those with a floor. */
	size_t tests;
};

/*
 * Compares. The runs stay the caller's and must outlive *set. Returns 0 or
 * -ENOMEM; diff_set_free() in any case.
 */
int diff_set_build(struct diff_set *set, struct diff_side base,
		   const struct diff_side *others, size_t count);

void diff_set_free(struct diff_set *set);

/* One comparison of a set, whose timed rows are not judged yet. 0, -ENOMEM. */
int diff_build(struct diff *diff, struct diff_side a, struct diff_side b);

void diff_free(struct diff *diff);

/* A cell of the side's within its group, which has one. */
const struct cell *diff_cell(const struct diff_side *side, size_t begin,
			     size_t end);

/*
 * How many of the side's cells are not valid, with those that cannot tell which
 * variant they are of; *first is the first, or NULL.
 */
size_t diff_invalid(const struct diff_side *side, const struct cell **first);

/* What the metric changes by, or NULL where it was not compared. */
const struct diff_row *diff_find_row(const struct diff_group *group,
				     const char *metric);

/* The group that is like the cell, or NULL. */
const struct diff_group *diff_find_group(const struct diff *diff,
					 const struct cell *like);

#endif
