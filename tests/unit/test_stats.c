// SPDX-License-Identifier: GPL-2.0
/* Statistics and how they are printed: what people read and believe. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "metric.h"
#include "near.h"
#include "stats.h"
#include "units.h"

#define NEAR 1e-9

static void spread_of_odd_and_even(void **state)
{
	double odd[] = {3, 1, 2}, even[] = {4, 1, 3, 2};
	struct spread spread;

	(void)state;
	spread = stats_spread(odd, 3);
	assert_near(spread.median, 2, NEAR);
	assert_near(spread.min, 1, NEAR);
	assert_near(spread.max, 3, NEAR);
	spread = stats_spread(even, 4);
	assert_near(spread.median, 2.5, NEAR);
	assert_true(isnan(stats_spread(even, 0).median));
}

static struct change change_of(const double *a, const double *b, size_t count)
{
	struct change change;

	assert_int_equal(stats_change(a, b, count, &change), 0);
	return change;
}

/*
 * Seed by seed: B is 10 % above A for every seed, although the seeds differ
 * from each other by much more than that.
 */
static void changes_are_paired(void **state)
{
	const double a[] = {100, 10, 1000}, b[] = {110, 11, 1100};
	struct change change = change_of(a, b, 3);

	(void)state;
	assert_int_equal(change.kind, CHANGE_VALUE);
	assert_near(change.percent.median, 10, NEAR);
	assert_near(change.percent.min, 10, NEAR);
	assert_near(change.percent.max, 10, NEAR);
}

/* Memory that was given back: less given back is more. */
static void negative_values_keep_their_direction(void **state)
{
	const double a[] = {-100}, b[] = {-50}, none[] = {0};
	struct change change = change_of(a, b, 1);

	(void)state;
	assert_int_equal(change.kind, CHANGE_VALUE);
	assert_near(change.percent.median, 50, NEAR);
	assert_int_equal(change_of(none, a, 1).kind, CHANGE_NEW);
}

static void kinds_of_change(void **state)
{
	const double a[] = {10, 10}, more[] = {10, 12}, mixed[] = {9, 11};
	const double zeros[] = {0, 0};
	const double tens[] = {10, 10, 10}, one[] = {10, 10, 12};
	struct change change;

	(void)state;
	assert_int_equal(change_of(a, a, 2).kind, CHANGE_EQUAL);
	assert_int_equal(change_of(zeros, zeros, 2).kind, CHANGE_EQUAL);
	assert_int_equal(change_of(a, more, 2).kind, CHANGE_VALUE);
	assert_int_equal(change_of(a, mixed, 2).kind, CHANGE_MIXED);
	/* One seed of three: as a rule there is no change. */
	change = change_of(tens, one, 3);
	assert_int_equal(change.kind, CHANGE_MIXED);
	assert_int_equal(change.agree, 1);
	assert_int_equal(change.pairs, 3);
	assert_int_equal(change_of(a, more, 2).agree, 1);
	assert_int_equal(change_of(a, a, 2).agree, 2);
	assert_int_equal(change_of(a, a, 0).kind, CHANGE_NONE);
	/* There is no percentage of zero. */
	change = change_of(zeros, a, 2);
	assert_int_equal(change.kind, CHANGE_NEW);
	assert_true(isinf(change.percent.median) > 0);
	change = change_of(a, zeros, 2);
	assert_int_equal(change.kind, CHANGE_VALUE);
	assert_near(change.percent.median, -100, NEAR);
}

/* One seed that begins at zero does not speak for the others. */
static void some_seeds_from_zero(void **state)
{
	const double some[] = {0, 10, 10}, twice[] = {4, 20, 20};
	const double down[] = {4, 5, 5}, most[] = {0, 0, 10};
	const double bytes[] = {0, 100, 100};
	struct change change = change_of(some, twice, 3);
	char text[64];

	(void)state;
	assert_int_equal(change.kind, CHANGE_VALUE);
	assert_near(change.percent.median, 100, NEAR);
	unit_format_range(text, sizeof(text), &change);
	assert_string_equal(text, "[+100.0 +inf]");
	assert_int_equal(change_of(some, down, 3).kind, CHANGE_MIXED);
	assert_int_equal(change_of(most, twice, 3).kind, CHANGE_NEW);
	/* As a rule nothing changes. */
	assert_int_equal(
		change_of(bytes, (const double[]){4, 100, 100}, 3).kind,
		CHANGE_MIXED);
	/* Less than nothing is new, and no increase. */
	change = change_of((const double[]){0}, (const double[]){-5}, 1);
	assert_int_equal(change.kind, CHANGE_NEW);
	assert_true(change.percent.median < 0);
}

static void quantiles(void **state)
{
	struct hist hist = {};
	__u64 value;

	(void)state;
	assert_true(isnan(stats_hist_quantile(&hist, 0.5)));
	assert_true(isnan(stats_hist_mean(&hist)));
	for (value = 1; value <= 1000; value++)
		hist_add(&hist, value, 1);
	assert_near(stats_hist_mean(&hist), 500.5, NEAR);
	assert_near(stats_hist_quantile(&hist, 0), 1, NEAR);
	assert_near(stats_hist_quantile(&hist, 1), 1000, NEAR);
	assert_near(stats_hist_quantile(&hist, 0.02), 20, NEAR);
	assert_near(stats_hist_quantile(&hist, 0.5), 500, 500 / 32.0);
	assert_near(stats_hist_quantile(&hist, 0.99), 990, 990 / 32.0);
}

/* The lowest bucket's bound must not pass for a value that never was. */
static void quantile_is_not_below_min(void **state)
{
	struct hist hist = {};

	(void)state;
	hist_add(&hist, 1023, 3);
	assert_near(stats_hist_quantile(&hist, 0.5), 1023, NEAR);
}

static void check_format(enum unit unit, double value, const char *expected)
{
	char text[64];

	unit_format(text, sizeof(text), unit, value);
	assert_string_equal(text, expected);
}

static void numbers_are_readable(void **state)
{
	(void)state;
	check_format(UNIT_NS, NAN, "-");
	check_format(UNIT_NS, 412, "412 ns");
	check_format(UNIT_NS, 0, "0 ns");
	check_format(UNIT_NS, 3.25, "3.25 ns");
	check_format(UNIT_NS, 999.97, "1.00 us");
	check_format(UNIT_NS, 3420, "3.42 us");
	check_format(UNIT_NS, 14.2e6, "14.2 ms");
	check_format(UNIT_NS, 999.96e6, "1.00 s ");
	check_format(UNIT_NS, 36 * 60e9, "2160 s ");
	check_format(UNIT_COUNT, 816, "816");
	check_format(UNIT_COUNT, 816.5, "816.5");
	check_format(UNIT_RATIO, 1, "1.000");
}

static void changes_are_readable(void **state)
{
	struct change change = {.kind = CHANGE_VALUE,
				.percent = {1.25, 1.25, 1.25}};
	char text[64];

	(void)state;
	unit_format_change(text, sizeof(text), &change);
	assert_string_equal(text, "+1.25 %");
	unit_format_range(text, sizeof(text), &change);
	assert_string_equal(text, "");
	change.percent = (struct spread){-12345, -20000, -0.5};
	unit_format_change(text, sizeof(text), &change);
	assert_string_equal(text, "-12345 %");
	unit_format_range(text, sizeof(text), &change);
	assert_string_equal(text, "[-20000 -0.50]");
	change.kind = CHANGE_MIXED;
	unit_format_change(text, sizeof(text), &change);
	assert_string_equal(text, "~");
	change.kind = CHANGE_EQUAL;
	unit_format_change(text, sizeof(text), &change);
	assert_string_equal(text, "=");
	unit_format_range(text, sizeof(text), &change);
	assert_string_equal(text, "");
}

/* A limit on a metric that does not exist would never be reached. */
static void metric_names(void **state)
{
	(void)state;
	assert_true(metric_is_known("callback.enqueued_count"));
	assert_true(metric_is_known("callback.pte_free_now.enqueued_count"));
	assert_true(metric_is_known("callback.f.isra.0.wait_mean_ns"));
	assert_true(metric_is_known("table.defer.pte.unlinked_count"));
	assert_true(metric_is_known("op.fault-in.mean_ns"));
	assert_false(metric_is_known(""));
	assert_false(metric_is_known("op"));
	assert_false(metric_is_known("op..mean_ns"));
	assert_false(metric_is_known("op.fork.mean_n"));
	assert_false(metric_is_known("op.fork.mean_nss"));
	assert_false(metric_is_known("callback.enqueued_counts"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spread_of_odd_and_even),
		cmocka_unit_test(changes_are_paired),
		cmocka_unit_test(negative_values_keep_their_direction),
		cmocka_unit_test(kinds_of_change),
		cmocka_unit_test(some_seeds_from_zero),
		cmocka_unit_test(quantiles),
		cmocka_unit_test(quantile_is_not_below_min),
		cmocka_unit_test(numbers_are_readable),
		cmocka_unit_test(changes_are_readable),
		cmocka_unit_test(metric_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
