// SPDX-License-Identifier: GPL-2.0
/* Statistics over seeds and histograms; see stats.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include "stats.h"

struct spread stats_spread(double *values, size_t count)
{
	struct spread spread = {NAN, NAN, NAN};

	if (!count)
		return spread;
	gsl_sort(values, 1, count);
	spread.median = gsl_stats_median_from_sorted_data(values, 1, count);
	spread.min = values[0];
	spread.max = values[count - 1];
	return spread;
}

const char *change_name(enum change_kind kind)
{
	static const char *const names[] = {
		[CHANGE_NONE] = "none",	  [CHANGE_EQUAL] = "equal",
		[CHANGE_MIXED] = "mixed", [CHANGE_VALUE] = "value",
		[CHANGE_NEW] = "new",
	};

	return names[kind];
}

/* Of pairs that all go one way or are equal. */
static enum change_kind kind_of(const struct change *change)
{
	double median = change->percent.median;

	/* Half of the pairs or more are equal. */
	if (!(median > 0 || median < 0))
		return CHANGE_MIXED;
	return isinf(median) ? CHANGE_NEW : CHANGE_VALUE;
}

int stats_change(const double *a, const double *b, size_t count,
		 struct change *change)
{
	size_t more = 0, less = 0;
	double *percents;
	size_t i;

	*change = (struct change){.percent = {NAN, NAN, NAN}, .pairs = count};
	if (!count)
		return 0;
	percents = calloc(count, sizeof(*percents));
	if (!percents)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		more += b[i] > a[i];
		less += b[i] < a[i];
		/*
		 * Of what a is apart from its sign: more is more. Of zero it
		 * is infinite.
		 */
		percents[i] = b[i] > a[i] || b[i] < a[i]
				      ? (b[i] - a[i]) / fabs(a[i]) * 100
				      : 0;
	}
	change->agree = more > less ? more : less ? less : count;
	change->percent = stats_spread(percents, count);
	change->kind = !more && !less ? CHANGE_EQUAL
		       : more && less ? CHANGE_MIXED
				      : kind_of(change);
	free(percents);
	return 0;
}

double stats_hist_mean(const struct hist *hist)
{
	if (!hist->count)
		return NAN;
	return (double)hist->sum / (double)hist->count;
}

double stats_hist_quantile(const struct hist *hist, double q)
{
	__u64 rank, seen = 0;
	double value;
	__u32 i;

	if (!hist->count)
		return NAN;
	if (q <= 0)
		return hist->min;
	rank = ceil(q * (double)hist->count);
	if (rank >= hist->count)
		return hist->max;
	for (i = 0; i < HIST_BUCKETS - 1; i++) {
		seen += hist->bucket[i];
		if (seen >= rank)
			break;
	}
	value = hist_lower(i);
	return value < hist->min ? hist->min : value;
}
