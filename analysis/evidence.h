/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a difference between cells is worth. An emulated machine that counts
 * instructions gives exact evidence: equal is equal, and the spread is over
 * seeds. Time on real hardware is noise as well: a difference is claimed only
 * with an interval that leaves zero out, a rank test, Holm's correction over
 * all that was compared, and an effect beyond what the same kernel differs
 * from itself (docs/statistics.md).
 */
#ifndef PFD_EVIDENCE_H
#define PFD_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include "bootstrap.h"
#include "stats.h"

#define EVIDENCE_ALPHA 0.05

enum evidence {
	EVIDENCE_EXACT,
	EVIDENCE_TIMED,
	EVIDENCE_NONE, /* threads of an emulator that race: no time at all */
};

/* By the target of a cell's header. */
enum evidence evidence_of_target(const char *target);

/* "exact", "timed" or "none". */
const char *evidence_name(enum evidence evidence);

/*
 * The same kernel in the same block once more (A/A): "bare-again" for "bare".
 * Its cells are in no figure but the floor.
 */
#define EVIDENCE_AGAIN "-again"
bool evidence_is_again(const char *arm);

/* One comparison of timed samples, in the order in which it is filled. */
struct timed {
	struct interval effect; /* B - A, in the metric's unit */
	double p;		/* NaN: all values are equal, nothing to test */
	double floor;	 /* most that A/A can be off; NaN: there is no A/A */
	double adjusted; /* p, after Holm's correction */
};

/*
 * effect and p; floor and adjusted become NaN. Paired: a[i] and b[i] are of one
 * block, and count_a is count_b. Both have values. Returns 0 or -ENOMEM.
 */
int timed_compare(struct timed *timed, const double *a, size_t count_a,
		  const double *b, size_t count_b, bool paired);

/* The floor from pairs of the same kernel, at least one. 0 or -ENOMEM. */
int timed_floor(const double *a, const double *again, size_t count,
		double *floor);

/* Whether there is a difference that may be claimed. */
bool timed_is_claimed(const struct timed *timed);

/*
 * The same as a change, for tables: its percentages are of `base`, A's median;
 * CHANGE_MIXED is what may not be claimed.
 */
struct change timed_change(const struct timed *timed, double base);

#endif
