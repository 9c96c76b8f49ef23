/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How sure a median difference is: percentile bootstrap, BOOTSTRAP_SAMPLES
 * resamples. The generator is seeded with a constant, so the same values give
 * the same interval, whatever else was computed before.
 */
#ifndef PFD_BOOTSTRAP_H
#define PFD_BOOTSTRAP_H

#include <stddef.h>

#define BOOTSTRAP_SAMPLES 2000
#define BOOTSTRAP_LEVEL	  0.95

struct interval {
	double estimate, low, high;
};

/*
 * The median of values (of paired differences, as a rule), at least one.
 * Returns 0 or -ENOMEM.
 */
int bootstrap_median(const double *values, size_t count,
		     struct interval *interval);

/*
 * median(b) - median(a) of independent samples, neither of them empty.
 * Returns 0 or -ENOMEM.
 */
int bootstrap_difference(const double *a, size_t count_a, const double *b,
			 size_t count_b, struct interval *interval);

#endif
