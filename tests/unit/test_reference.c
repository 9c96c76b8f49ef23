// SPDX-License-Identifier: GPL-2.0
/*
 * The statistics of timed evidence against R on random samples, with and
 * without ties, small and large: reference.R. Skipped where there is no R.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "bootstrap.h"
#include "cells.h"
#include "holm.h"
#include "near.h"
#include "rank_test.h"

#define SCRIPT "Rscript --vanilla " PFD_SOURCE_DIR "/tests/unit/reference.R"
#define CASES  120
#define MOST   60
#define SKIP   77

struct sample {
	const char *what;
	double a[MOST], b[MOST];
	size_t count_a, count_b;
};

static double draw(int steps)
{
	double value = drand48();

	/* Few steps make ties. */
	return steps ? floor(value * steps) / 4 : value;
}

/* Small enough for all permutations where there are ties; else up to MOST. */
static void make_sample(struct sample *sample, size_t number)
{
	static const char *const kinds[] = {"mann-whitney", "wilcoxon",
					    "median", "holm"};
	int steps = number / 4 % 3 ? 0 : 6;
	size_t most = steps ? 8 : 24, i;

	if (number >= CASES - 16)
		most = MOST;
	sample->what = kinds[number % 4];
	sample->count_a = 1 + (size_t)(drand48() * (double)(most - 1));
	sample->count_b = 1 + (size_t)(drand48() * (double)(most - 1));
	if (most == MOST)
		sample->count_a = sample->count_b = MOST;
	if (!strcmp(sample->what, "median"))
		sample->count_a = sample->count_a % 15 * 2 + 1;
	if (!strcmp(sample->what, "wilcoxon"))
		sample->count_b = sample->count_a;
	for (i = 0; i < sample->count_a; i++)
		sample->a[i] = draw(strcmp(sample->what, "holm") ? steps : 0);
	for (i = 0; i < sample->count_b; i++)
		sample->b[i] = draw(steps) + (steps ? 0.25 : 0.2);
}

static void write_numbers(FILE *file, const double *values, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		fprintf(file, " %.17g", values[i]);
}

static void write_samples(const struct sample *samples)
{
	FILE *file = fopen("samples", "we");
	size_t i;

	assert_non_null(file);
	for (i = 0; i < CASES; i++) {
		fputs(samples[i].what, file);
		write_numbers(file, samples[i].a, samples[i].count_a);
		if (!strcmp(samples[i].what, "mann-whitney") ||
		    !strcmp(samples[i].what, "wilcoxon")) {
			fputs(" |", file);
			write_numbers(file, samples[i].b, samples[i].count_b);
		}
		fputc('\n', file);
	}
	assert_int_equal(fclose(file), 0);
}

/* Ours, in the order in which R prints them; returns how many. */
static size_t compute(const struct sample *sample, double *values)
{
	struct rank_test test;
	struct interval interval;

	if (!strcmp(sample->what, "mann-whitney")) {
		assert_int_equal(rank_mann_whitney(sample->a, sample->count_a,
						   sample->b, sample->count_b,
						   &test),
				 0);
		values[0] = test.p;
		return 1;
	}
	if (!strcmp(sample->what, "wilcoxon")) {
		assert_int_equal(rank_wilcoxon(sample->a, sample->b,
					       sample->count_a, &test),
				 0);
		values[0] = test.p;
		return 1;
	}
	if (!strcmp(sample->what, "median")) {
		assert_int_equal(
			bootstrap_median(sample->a, sample->count_a, &interval),
			0);
		values[0] = interval.low;
		values[1] = interval.high;
		return 2;
	}
	assert_int_equal(holm_adjust(sample->a, sample->count_a, values), 0);
	return sample->count_a;
}

/*
 * Resamples are drawn: where the chance of an order statistic is within the
 * noise of 2.5 %, its neighbour is as good.
 */
static bool is_neighbour(const struct sample *sample, double value,
			 double expected)
{
	size_t between = 0, i;

	for (i = 0; i < sample->count_a; i++)
		between += (sample->a[i] > value && sample->a[i] < expected) ||
			   (sample->a[i] < value && sample->a[i] > expected);
	return !between;
}

static void check_line(const struct sample *sample, char *line)
{
	double values[MOST];
	size_t count = compute(sample, values);
	size_t i;

	for (i = 0; i < count; i++) {
		double expected = strtod(line, &line);

		if (fabs(values[i] - expected) <= 1e-9 ||
		    (!strcmp(sample->what, "median") &&
		     is_neighbour(sample, values[i], expected)))
			continue;
		fail_msg("%s of %zu and %zu values: %.12g, R says %.12g",
			 sample->what, sample->count_a, sample->count_b,
			 values[i], expected);
	}
}

static void same_as_r(void **state)
{
	static struct sample samples[CASES];
	char *line = NULL;
	size_t size = 0, i;
	FILE *r;

	(void)state;
	cell_enter();
	srand48(6);
	for (i = 0; i < CASES; i++)
		make_sample(&samples[i], i);
	write_samples(samples);
	/* The test's own file, by the script that lies beside this one. */
	r = popen(SCRIPT " <samples", "re"); /* NOLINT(cert-env33-c) */
	assert_non_null(r);
	for (i = 0; i < CASES; i++) {
		assert_true(getline(&line, &size, r) > 0);
		check_line(&samples[i], line);
	}
	assert_int_equal(pclose(r), 0);
	free(line);
	cell_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(same_as_r)};

	if (system("Rscript --version >/dev/null 2>&1")) {
		printf("skipped: Rscript is not installed (package "
		       "r-base-core)\n");
		return SKIP;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
