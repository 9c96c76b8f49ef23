// SPDX-License-Identifier: GPL-2.0
/* Bootstrap intervals; see bootstrap.h. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include "bootstrap.h"

/* Any number does. */
#define SEED 20230615

struct resampler {
	gsl_rng *rng;
	double *sample; /* room for one resample */
	double *medians;
};

static void close_resampler(struct resampler *resampler)
{
	if (resampler->rng)
		gsl_rng_free(resampler->rng);
	free(resampler->sample);
	free(resampler->medians);
}

static int open_resampler(struct resampler *resampler, size_t most)
{
	/* gsl_rng_alloc() without memory would end the program. */
	gsl_error_handler_t *handler = gsl_set_error_handler_off();

	resampler->rng = gsl_rng_alloc(gsl_rng_mt19937);
	gsl_set_error_handler(handler);
	resampler->sample = calloc(most, sizeof(*resampler->sample));
	resampler->medians =
		calloc(BOOTSTRAP_SAMPLES, sizeof(*resampler->medians));
	if (!resampler->rng || !resampler->sample || !resampler->medians)
		return -ENOMEM;
	gsl_rng_set(resampler->rng, SEED);
	return 0;
}

static double resampled_median(struct resampler *resampler,
			       const double *values, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		resampler->sample[i] =
			values[gsl_rng_uniform_int(resampler->rng, count)];
	return gsl_stats_median(resampler->sample, 1, count);
}

static double median_of(struct resampler *resampler, const double *values,
			size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		resampler->sample[i] = values[i];
	return gsl_stats_median(resampler->sample, 1, count);
}

static void take_interval(struct resampler *resampler,
			  struct interval *interval)
{
	const double tail = (1 - BOOTSTRAP_LEVEL) / 2;

	gsl_sort(resampler->medians, 1, BOOTSTRAP_SAMPLES);
	interval->low = gsl_stats_quantile_from_sorted_data(
		resampler->medians, 1, BOOTSTRAP_SAMPLES, tail);
	interval->high = gsl_stats_quantile_from_sorted_data(
		resampler->medians, 1, BOOTSTRAP_SAMPLES, 1 - tail);
}

/* Counts often are; there is nothing to draw then. */
static bool all_equal(const double *values, size_t count)
{
	size_t i;

	for (i = 1; i < count; i++) {
		if (values[i] > values[0] || values[i] < values[0])
			return false;
	}
	return true;
}

int bootstrap_median(const double *values, size_t count,
		     struct interval *interval)
{
	struct resampler resampler = {};
	int result;
	size_t i;

	if (all_equal(values, count)) {
		*interval = (struct interval){values[0], values[0], values[0]};
		return 0;
	}
	result = open_resampler(&resampler, count);
	if (!result) {
		interval->estimate = median_of(&resampler, values, count);
		for (i = 0; i < BOOTSTRAP_SAMPLES; i++)
			resampler.medians[i] =
				resampled_median(&resampler, values, count);
		take_interval(&resampler, interval);
	}
	close_resampler(&resampler);
	return result;
}

int bootstrap_difference(const double *a, size_t count_a, const double *b,
			 size_t count_b, struct interval *interval)
{
	struct resampler resampler = {};
	int result = open_resampler(&resampler,
				    count_a > count_b ? count_a : count_b);
	size_t i;

	if (!result) {
		interval->estimate = median_of(&resampler, b, count_b) -
				     median_of(&resampler, a, count_a);
		for (i = 0; i < BOOTSTRAP_SAMPLES; i++) {
			double median =
				resampled_median(&resampler, a, count_a);

			resampler.medians[i] =
				resampled_median(&resampler, b, count_b) -
				median;
		}
		take_interval(&resampler, interval);
	}
	close_resampler(&resampler);
	return result;
}
