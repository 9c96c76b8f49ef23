/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two-sided rank tests: is there a difference between two samples at all? Ties
 * share their mean rank. Up to RANK_EXACT_MAX values the p-value is that of all
 * permutations of the ranks as they are, ties included; beyond it the normal
 * distribution's, corrected for ties and continuity. The two-sided p-value is
 * twice the smaller tail, at most 1 (as in R's wilcox.test()).
 */
#ifndef PFD_RANK_TEST_H
#define PFD_RANK_TEST_H

#include <stdbool.h>
#include <stddef.h>

#define RANK_EXACT_MAX 50

struct rank_test {
	double statistic; /* U of a, or the sum of ranks where a > b */
	double p;	  /* 1 when every value is equal to every other */
	bool exact;
};

/*
 * Mann-Whitney: independent samples, none of them empty. Returns 0, -EINVAL
 * for an empty one or a value that is not a number, or -ENOMEM.
 */
int rank_mann_whitney(const double *a, size_t count_a, const double *b,
		      size_t count_b, struct rank_test *test);

/*
 * Wilcoxon's signed-rank test: a[i] and b[i] are a pair. Pairs that are equal
 * are left out. Returns 0, -EINVAL without a pair, or -ENOMEM.
 */
int rank_wilcoxon(const double *a, const double *b, size_t count,
		  struct rank_test *test);

#endif
