/* SPDX-License-Identifier: GPL-2.0 */
/* Cells of one group that differ in variant or arm, paired by their seed. */
#ifndef PFD_PAIRS_H
#define PFD_PAIRS_H

#include "run.h"

struct pairs_side {
	const char *variant, *arm;
};

/*
 * How the metric changes from a to b, seed by seed, within the cells
 * begin..end - 1; percent is NaN when no pair has it. Of timed evidence,
 * percent has the interval. Returns 0 or -ENOMEM.
 */
int pairs_change(const struct run *run, size_t begin, size_t end,
		 const struct pairs_side *a, const struct pairs_side *b,
		 const char *metric, struct change *change);

/*
 * What looking costs the variant: by how many percent the arm probed executes
 * more instructions than bare, in the whole workload, or in all operations that
 * count them; where none does, how much longer the longest operation takes. As
 * pairs_change() of that.
 */
int pairs_looking(const struct run *run, size_t begin, size_t end,
		  const char *variant, struct change *change);

/*
 * What the variants of a group are held against: the base kernel's, or else
 * the first.
 */
const char *pairs_baseline(const struct run *run, size_t begin, size_t end);

#endif
