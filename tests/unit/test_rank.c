// SPDX-License-Identifier: GPL-2.0
/*
 * The statistics of timed evidence against published examples: a wrong p-value
 * would make people believe in differences that are none. test_reference.c
 * holds them against R on random samples.
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "bootstrap.h"
#include "holm.h"
#include "near.h"
#include "rank_test.h"

#define NEAR	    1e-12
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/*
 * Hollander & Wolfe, Nonparametric Statistical Methods (1973), page 69:
 * permeability of the human chorioamnion. W = 35, one-sided p 0.1272; it is
 * also the example of R's ?wilcox.test.
 */
static void hollander_wolfe_69(void **state)
{
	const double term[] = {0.80, 0.83, 1.89, 1.04, 1.45,
			       1.38, 1.91, 1.64, 0.73, 1.46};
	const double early[] = {1.15, 0.88, 0.90, 0.74, 1.21};
	struct rank_test test;

	(void)state;
	assert_int_equal(rank_mann_whitney(term, 10, early, 5, &test), 0);
	assert_near(test.statistic, 35, 0);
	assert_true(test.exact);
	assert_near(test.p, 2 * 0.1272, 1e-4);
	/* It does not matter which comes first. */
	assert_int_equal(rank_mann_whitney(early, 5, term, 10, &test), 0);
	assert_near(test.statistic, 15, 0);
	assert_near(test.p, 2 * 0.1272, 1e-4);
}

/*
 * The same, page 29: depression scale before and after a therapy. V = 40,
 * one-sided p 0.01953, which is 10 of 2^9 signs.
 */
static void hollander_wolfe_29(void **state)
{
	const double before[] = {1.83, 0.50, 1.62, 2.48, 1.68,
				 1.88, 1.55, 3.06, 1.30};
	const double after[] = {0.878, 0.647, 0.598, 2.05, 1.06,
				1.29,  1.06,  3.14,  1.29};
	struct rank_test test;

	(void)state;
	assert_int_equal(rank_wilcoxon(before, after, 9, &test), 0);
	assert_near(test.statistic, 40, 0);
	assert_near(test.p, 20 / 512.0, NEAR);
}

/*
 * The least that small samples can say: 2 of all ways to split them. With
 * fewer than six pairs nothing can be below 0.05.
 */
static void smallest_p(void **state)
{
	const double low[] = {1, 2, 3, 4, 5}, high[] = {7, 9, 11, 13, 15};
	struct rank_test test;

	(void)state;
	assert_int_equal(rank_mann_whitney(low, 5, high, 5, &test), 0);
	assert_near(test.p, 2 / 252.0, NEAR);
	assert_int_equal(rank_mann_whitney(low, 1, high, 1, &test), 0);
	assert_near(test.p, 1, NEAR);
	assert_int_equal(rank_wilcoxon(low, high, 5, &test), 0);
	assert_near(test.statistic, 0, 0);
	assert_near(test.p, 2 / 32.0, NEAR);
}

/*
 * Ties by hand: of {1 2 2 | 2 3}, mean ranks 1 3 3 | 3 5, two of five taken
 * for b: sums 4 4 4 6 6 6 6 8 8 8, and 8 was seen.
 */
static void ties_are_exact(void **state)
{
	const double a[] = {1, 2, 2}, b[] = {2, 3};
	const double before[] = {0, 0, 0, 0, 7}, after[] = {1, 1, 1, -1, 7};
	struct rank_test test;

	(void)state;
	assert_int_equal(rank_mann_whitney(a, 3, b, 2, &test), 0);
	assert_near(test.statistic, 1, 0);
	assert_near(test.p, 2 * 3 / 10.0, NEAR);
	/* The pair of sevens says nothing; of four equal sizes one is down. */
	assert_int_equal(rank_wilcoxon(before, after, 5, &test), 0);
	assert_near(test.statistic, 2.5, 0);
	assert_near(test.p, 2 * 5 / 16.0, NEAR);
	/* All the same: no difference, and no division by zero. */
	assert_int_equal(rank_wilcoxon(a, a, 3, &test), 0);
	assert_near(test.p, 1, 0);
	assert_int_equal(rank_mann_whitney(&a[1], 2, b, 1, &test), 0);
	assert_near(test.p, 1, 0);
}

static void large_samples_are_normal(void **state)
{
	double a[RANK_EXACT_MAX], b[RANK_EXACT_MAX + 1];
	struct rank_test test;
	size_t i;

	(void)state;
	for (i = 0; i < RANK_EXACT_MAX; i++)
		a[i] = b[i] = 5;
	b[RANK_EXACT_MAX] = 5;
	assert_int_equal(rank_mann_whitney(a, COUNT(a), b, COUNT(b), &test), 0);
	assert_false(test.exact);
	assert_near(test.p, 1, 0);
	for (i = 0; i < RANK_EXACT_MAX; i++)
		a[i] = i;
	for (i = 0; i < COUNT(b); i++)
		b[i] = 100 + (double)i;
	assert_int_equal(rank_mann_whitney(a, COUNT(a), b, COUNT(b), &test), 0);
	assert_near(test.statistic, 0, 0);
	assert_true(test.p > 0 && test.p < 1e-16);
}

static void what_is_no_sample(void **state)
{
	const double one[] = {1}, none[] = {NAN};
	struct rank_test test;

	(void)state;
	assert_int_equal(rank_mann_whitney(one, 1, one, 0, &test), -EINVAL);
	assert_int_equal(rank_mann_whitney(none, 1, one, 1, &test), -EINVAL);
	assert_int_equal(rank_wilcoxon(one, one, 0, &test), -EINVAL);
	assert_int_equal(rank_wilcoxon(one, none, 1, &test), -EINVAL);
}

/*
 * Efron & Tibshirani, An Introduction to the Bootstrap (1993), the mouse data
 * (table 2.1), treated: survival times whose median is 94. A resample's median
 * is the i-th of the seven with chance .010 .098 .239 .306 .239 .098 .010, so
 * the middle 95 % go from the second to the sixth.
 */
static void efron_tibshirani_mice(void **state)
{
	const double treated[] = {94, 197, 16, 38, 99, 141, 23};
	const double control[] = {52, 104, 146, 10, 51, 30, 40, 27, 46};
	struct interval interval, again;

	(void)state;
	assert_int_equal(bootstrap_median(treated, 7, &interval), 0);
	assert_near(interval.estimate, 94, 0);
	assert_near(interval.low, 23, 0);
	assert_near(interval.high, 141, 0);
	/* The same bytes, whatever was drawn in between. */
	assert_int_equal(bootstrap_difference(control, 9, treated, 7, &again),
			 0);
	assert_near(again.estimate, 94 - 46, 0);
	assert_true(again.low < 48 && again.high > 48);
	assert_int_equal(bootstrap_median(treated, 7, &again), 0);
	assert_memory_equal(&interval, &again, sizeof(again));
}

static void one_value_is_its_interval(void **state)
{
	const double one[] = {3}, equal[] = {7, 7, 7};
	struct interval interval;

	(void)state;
	assert_int_equal(bootstrap_median(one, 1, &interval), 0);
	assert_near(interval.low, 3, 0);
	assert_near(interval.high, 3, 0);
	assert_int_equal(bootstrap_difference(one, 1, equal, 3, &interval), 0);
	assert_near(interval.low, 4, 0);
	assert_near(interval.high, 4, 0);
}

/*
 * Holm's own rule (Scandinavian Journal of Statistics 6 (1979), 65-70) by
 * hand: the least of m is held to alpha / m, the next to alpha / (m - 1).
 */
static void holm_by_hand(void **state)
{
	const double p[] = {0.01, 0.04, 0.03, 0.005};
	const double expected[] = {0.03, 0.06, 0.06, 0.02};
	const double large[] = {0.9, 0.6, 0.6};
	double adjusted[4];
	size_t i;

	(void)state;
	assert_int_equal(holm_adjust(p, 4, adjusted), 0);
	for (i = 0; i < 4; i++)
		assert_near(adjusted[i], expected[i], NEAR);
	assert_int_equal(holm_adjust(large, 3, adjusted), 0);
	for (i = 0; i < 3; i++)
		assert_near(adjusted[i], 1, 0);
	assert_int_equal(holm_adjust(p, 0, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hollander_wolfe_69),
		cmocka_unit_test(hollander_wolfe_29),
		cmocka_unit_test(smallest_p),
		cmocka_unit_test(ties_are_exact),
		cmocka_unit_test(large_samples_are_normal),
		cmocka_unit_test(what_is_no_sample),
		cmocka_unit_test(efron_tibshirani_mice),
		cmocka_unit_test(one_value_is_its_interval),
		cmocka_unit_test(holm_by_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
