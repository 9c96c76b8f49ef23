// SPDX-License-Identifier: GPL-2.0
/*
 * How often the statistics of timed evidence claim what is not there: a table
 * of nothing but noise may have a claim in it once in twenty times at most, on
 * a machine that drifts as well, and where values are few and tied. Dropping
 * one of the conditions, or Holm's correction, breaks this; so does whatever
 * makes the test claim nothing at all. The noise is made up here, and only
 * here.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include "evidence.h"
#include "holm.h"
#include "rank_test.h"

#define TABLES 1000
#define FEWER  (TABLES / 4)
#define ROWS   6
/* 2 / 2^10 x 6 is below 0.05: rows can be claimed. */
#define BLOCKS 10
/* A block's boots: the baseline, the baseline again, the variant. */
#define BOOTS 3

enum noise {
	NOISE_NORMAL,
	NOISE_OUTLIERS, /* one boot in ten takes up to ten times as long */
	NOISE_TIES,	/* small counts */
	NOISE_DRIFT,	/* each boot is slower than the one before */
};

static double draw(const gsl_rng *rng, enum noise noise, int boot)
{
	double value = 1000 + gsl_ran_gaussian(rng, 20);

	switch (noise) {
	case NOISE_OUTLIERS:
		return gsl_rng_uniform(rng) < 0.1
			       ? value * (1 + 9 * gsl_rng_uniform(rng))
			       : value;
	case NOISE_TIES:
		return (double)gsl_rng_uniform_int(rng, 4);
	case NOISE_DRIFT:
		return value + 30 * boot;
	default:
		return value;
	}
}

struct table {
	double a[ROWS][BLOCKS], again[ROWS][BLOCKS], b[ROWS][BLOCKS];
};

/* Boots of a block in random order, as plans/blocks.c has them, or in one. */
static void fill(struct table *table, const gsl_rng *rng, enum noise noise,
		 bool shuffled, double slower)
{
	int block, row, boot = 0;

	for (block = 0; block < BLOCKS; block++) {
		int order[BOOTS] = {0, 1, 2};
		int i;

		if (shuffled)
			gsl_ran_shuffle(rng, order, BOOTS, sizeof(*order));
		for (i = 0; i < BOOTS; i++, boot++) {
			for (row = 0; row < ROWS; row++) {
				double value = draw(rng, noise, boot);

				if (order[i] == 0)
					table->a[row][block] = value;
				else if (order[i] == 1)
					table->again[row][block] = value;
				else
					table->b[row][block] = value + slower;
			}
		}
	}
}

struct found {
	int claimed;	 /* tables in which something was, */
	int rows;	 /* and how many rows of them */
	int uncorrected; /* tables in which a p alone is small enough, */
	int corrected;	 /* and in which it is after Holm's correction */
};

/*
 * What diff_set_build() does to a group of one comparison. Intervals take their
 * time, and are made for rows only that may be claimed as far as p goes.
 */
static void judge(const struct table *table, struct found *found)
{
	double p[ROWS], adjusted[ROWS];
	int claims = 0, small = 0, sure = 0, row;

	for (row = 0; row < ROWS; row++) {
		struct rank_test test;

		assert_int_equal(rank_wilcoxon(table->a[row], table->b[row],
					       BLOCKS, &test),
				 0);
		p[row] = test.p;
		small += p[row] <= EVIDENCE_ALPHA;
	}
	assert_int_equal(holm_adjust(p, ROWS, adjusted), 0);
	for (row = 0; row < ROWS; row++) {
		struct timed timed;

		if (adjusted[row] > EVIDENCE_ALPHA)
			continue;
		sure++;
		assert_int_equal(timed_compare(&timed, table->a[row], BLOCKS,
					       table->b[row], BLOCKS, true),
				 0);
		assert_true(timed.p >= p[row] && timed.p <= p[row]);
		timed.adjusted = adjusted[row];
		assert_int_equal(timed_floor(table->a[row], table->again[row],
					     BLOCKS, &timed.floor),
				 0);
		claims += timed_is_claimed(&timed);
	}
	found->claimed += claims > 0;
	found->rows += claims;
	found->uncorrected += small > 0;
	found->corrected += sure > 0;
}

static struct found judge_tables(int tables, enum noise noise, bool shuffled,
				 double slower)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct found found = {};
	struct table table;
	int i;

	assert_non_null(rng);
	gsl_rng_set(rng, 1);
	for (i = 0; i < tables; i++) {
		fill(&table, rng, noise, shuffled, slower);
		judge(&table, &found);
	}
	gsl_rng_free(rng);
	return found;
}

static void noise_is_rarely_claimed(void **state)
{
	struct found found = judge_tables(TABLES, NOISE_NORMAL, true, 0);

	(void)state;
	assert_true(found.claimed <= TABLES * EVIDENCE_ALPHA);
	/* 1 - 0.95^6 of the tables, less as p takes steps: noise it is. */
	assert_true(found.uncorrected > TABLES * 0.18);
	assert_true(found.uncorrected < TABLES * 0.32);
	assert_true(found.corrected <= TABLES * EVIDENCE_ALPHA);
	/* The floor is of use as well: half of these are within it. */
	assert_true(found.corrected > 0);
	assert_true(found.claimed <= found.corrected / 2);
}

static void outliers_are_rarely_claimed(void **state)
{
	struct found found = judge_tables(FEWER, NOISE_OUTLIERS, true, 0);

	(void)state;
	assert_true(found.claimed <= FEWER * EVIDENCE_ALPHA);
}

static void ties_are_rarely_claimed(void **state)
{
	struct found found = judge_tables(FEWER, NOISE_TIES, true, 0);

	(void)state;
	assert_true(found.claimed <= FEWER * EVIDENCE_ALPHA);
}

/* Why a block's order is random: with a fixed one, the last is slower. */
static void drift_is_rarely_claimed(void **state)
{
	struct found found = judge_tables(FEWER, NOISE_DRIFT, true, 0);

	(void)state;
	assert_true(found.claimed <= FEWER * EVIDENCE_ALPHA);
	found = judge_tables(FEWER, NOISE_DRIFT, false, 0);
	assert_true(found.uncorrected > FEWER * 0.9);
}

/* 10 % slower on a machine that repeats within 2 %. */
static void what_is_there_is_found(void **state)
{
	struct found found = judge_tables(FEWER, NOISE_NORMAL, true, 100);

	(void)state;
	assert_true(found.rows > FEWER * ROWS * 0.95);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(noise_is_rarely_claimed),
		cmocka_unit_test(outliers_are_rarely_claimed),
		cmocka_unit_test(ties_are_rarely_claimed),
		cmocka_unit_test(drift_is_rarely_claimed),
		cmocka_unit_test(what_is_there_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
