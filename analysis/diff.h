/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What variant B costs compared to variant A: every metric, in every group
 * (configuration and job) that both ran, over pairs of cells with the same
 * seed and arm.
 */
#ifndef PFD_DIFF_H
#define PFD_DIFF_H

#include <stdbool.h>
#include <stdio.h>
#include "run.h"

struct diff_side {
	const struct run *run;
	const char *variant;
};

/* One metric. Cells of one seed are a pair: seeds[i] has a[i] and b[i]. */
struct diff_row {
	const struct metric *metric; /* name and definition, not the value */
	const char *arm;
	long long *seeds;
	double *a, *b;
	size_t pairs;
	struct spread spread_a, spread_b; /* over pairs, or all without any */
	struct change change;
	bool of_tables; /* false: callbacks that no variant is about */
};

struct diff_group {
	size_t begin_a, end_a; /* cells of the group, all variants */
	size_t begin_b, end_b;
	const char *op_arm; /* the arm that `op` metrics come from */
	size_t bare_pairs, probed_pairs; /* of seeds */
	struct diff_row *rows;
	size_t count;
};

struct diff {
	struct diff_side a, b;
	struct diff_group *groups;
	size_t count;
	size_t pairs; /* of cells, all groups; 0: nothing was compared */
};

/*
 * Compares. The runs stay the caller's and must outlive *diff. Returns 0 or
 * -ENOMEM; diff_free() in any case.
 */
int diff_build(struct diff *diff, struct diff_side a, struct diff_side b);

void diff_free(struct diff *diff);

/* The cells of a group, variant and arm; NULL: no (further) one. */
const struct cell *diff_find(const struct diff_side *side, size_t begin,
			     size_t end, const char *arm, long long seed);

/* 80 columns, to be mailed. `all`: also what has nothing to do with tables. */
void diff_print_text(const struct diff *diff, bool all, FILE *file);

/* Everything, as one JSON object. Returns 0 or a negative errno value. */
int diff_print_json(const struct diff *diff, FILE *file);

#endif
