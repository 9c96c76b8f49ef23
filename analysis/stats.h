/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Statistics over seeds. Evidence from an emulated machine is exact: two runs
 * of one seed give the same numbers, so what is described here is the spread
 * over seeds, and nothing is tested for significance. Timed evidence is:
 * evidence.h.
 */
#ifndef PFD_STATS_H
#define PFD_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include "hist_json.h"

struct spread {
	double median, min, max;
};

/* Sorts values[] in place. With count 0 everything is NaN. */
struct spread stats_spread(double *values, size_t count);

enum change_kind {
	CHANGE_NONE,  /* no pair to compare */
	CHANGE_EQUAL, /* every pair is exactly equal */
	CHANGE_MIXED, /* pairs do not agree: on the sign, or half are equal */
	CHANGE_VALUE, /* most differ, and all that do in one direction */
	CHANGE_NEW,   /* so, and half of them or more from zero */
};

/* "none", "equal", "mixed", "value" or "new". */
const char *change_name(enum change_kind kind);

/* What b differs from a, in percent of a, over pairs of the same seed. */
struct change {
	enum change_kind kind;
	/*
	 * NaN with CHANGE_NONE. Of a pair whose a is zero, plus or minus
	 * infinity, which is the median of CHANGE_NEW.
	 */
	struct spread percent;
	size_t pairs;
	/* Pairs that go the way of most; with CHANGE_EQUAL, all of them. */
	size_t agree;
};

/*
 * a[i] and b[i] are one seed's values. A pair of two zeros is an equal one.
 * Returns 0, or -ENOMEM.
 */
int stats_change(const double *a, const double *b, size_t count,
		 struct change *change);

/* Mean; NaN when the histogram is empty. */
double stats_hist_mean(const struct hist *hist);

/*
 * The value that a share q (0..1) of all values does not exceed, with the
 * histogram's resolution; min for q 0, max for q 1, NaN when it is empty.
 */
double stats_hist_quantile(const struct hist *hist, double q);

#endif
