// SPDX-License-Identifier: GPL-2.0
/* Rank tests; see rank_test.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include "rank_test.h"

/* Twice the rank, so that the mean rank of a tie is a whole number. */
struct ranks {
	size_t *order;
	unsigned long *doubled; /* of each value, in the values' order */
	double ties;		/* sum of t^3 - t over groups of t equal ones */
};

static void free_ranks(struct ranks *ranks)
{
	free(ranks->order);
	free(ranks->doubled);
}

static int make_ranks(const double *values, size_t count, struct ranks *ranks)
{
	size_t begin, end, i;

	*ranks = (struct ranks){
		.order = calloc(count, sizeof(*ranks->order)),
		.doubled = calloc(count, sizeof(*ranks->doubled)),
	};
	if (!ranks->order || !ranks->doubled)
		return -ENOMEM;
	gsl_sort_index(ranks->order, values, 1, count);
	for (begin = 0; begin < count; begin = end) {
		double first = values[ranks->order[begin]];
		double size;

		for (end = begin + 1; end < count; end++) {
			if (values[ranks->order[end]] > first)
				break;
		}
		/* The mean of begin + 1 .. end, twice. */
		for (i = begin; i < end; i++)
			ranks->doubled[ranks->order[i]] = begin + 1 + end;
		size = end - begin;
		ranks->ties += size * size * size - size;
	}
	return 0;
}

static bool are_numbers(const double *values, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (!isfinite(values[i]))
			return false;
	}
	return true;
}

/* chances[s] of a sum s; sum is what was seen. */
static double two_sided(const double *chances, size_t size, unsigned long sum)
{
	double below = 0, above = 0, total = 0, p;
	size_t i;

	for (i = 0; i < size; i++) {
		total += chances[i];
		below += i <= sum ? chances[i] : 0;
		above += i >= sum ? chances[i] : 0;
	}
	p = 2 * (below < above ? below : above) / total;
	return p < 1 ? p : 1;
}

/* How far off its mean a sum is, in standard deviations; half a rank less. */
static double normal_p(double off, double variance)
{
	double distance = fabs(off) - 0.5;
	double p;

	if (!(variance > 0))
		return 1;
	p = 2 *
	    gsl_cdf_ugaussian_Q((distance > 0 ? distance : 0) / sqrt(variance));
	return p < 1 ? p : 1;
}

static unsigned long sum_of(const unsigned long *values, size_t count)
{
	unsigned long sum = 0;
	size_t i;

	for (i = 0; i < count; i++)
		sum += values[i];
	return sum;
}

/*
 * Ways to take `chosen` of the ranks that add up to each sum, by ranks taken
 * so far and sum: ways[taken * size + sum]. At most 50 over 25 of them, which
 * a double holds exactly.
 */
static int exact_mann_whitney(const unsigned long *ranks, size_t count,
			      size_t chosen, unsigned long sum, double *p)
{
	size_t size = sum_of(ranks, count) + 1;
	double *ways = calloc((chosen + 1) * size, sizeof(*ways));
	size_t i, taken, s;

	if (!ways)
		return -ENOMEM;
	ways[0] = 1;
	for (i = 0; i < count; i++) {
		for (taken = chosen; taken > 0; taken--) {
			const double *from = &ways[(taken - 1) * size];

			for (s = ranks[i]; s < size; s++)
				ways[taken * size + s] += from[s - ranks[i]];
		}
	}
	*p = two_sided(&ways[chosen * size], size, sum);
	free(ways);
	return 0;
}

int rank_mann_whitney(const double *a, size_t count_a, const double *b,
		      size_t count_b, struct rank_test *test)
{
	double n = count_a, m = count_b, all = n + m, variance;
	size_t count = count_a + count_b;
	struct ranks ranks = {};
	unsigned long sum;
	double *values;
	int result;
	size_t i;

	if (!count_a || !count_b || !are_numbers(a, count_a) ||
	    !are_numbers(b, count_b))
		return -EINVAL;
	values = calloc(count, sizeof(*values));
	if (!values)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		values[i] = i < count_a ? a[i] : b[i - count_a];
	result = make_ranks(values, count, &ranks);
	free(values);
	if (result)
		goto free;
	sum = sum_of(ranks.doubled, count_a);
	test->statistic = (double)sum / 2 - n * (n + 1) / 2;
	test->exact = count <= RANK_EXACT_MAX;
	if (test->exact) {
		result = exact_mann_whitney(ranks.doubled, count, count_a, sum,
					    &test->p);
	} else {
		variance =
			n * m / 12 * (all + 1 - ranks.ties / (all * (all - 1)));
		test->p = normal_p(test->statistic - n * m / 2, variance);
	}
free:
	free_ranks(&ranks);
	return result;
}

/* Chances that ranks, each there or not with even odds, add up to each sum. */
static int exact_wilcoxon(const unsigned long *ranks, size_t count,
			  unsigned long sum, double *p)
{
	size_t size = sum_of(ranks, count) + 1;
	double *ways = calloc(size, sizeof(*ways));
	size_t i, s;

	if (!ways)
		return -ENOMEM;
	ways[0] = 1;
	for (i = 0; i < count; i++) {
		for (s = size - 1; s >= ranks[i]; s--)
			ways[s] += ways[s - ranks[i]];
	}
	*p = two_sided(ways, size, sum);
	free(ways);
	return 0;
}

/* |a - b| of the pairs that differ, and which of them are more in a. */
static size_t take_differences(const double *a, const double *b, size_t count,
			       double *sizes, bool *more)
{
	size_t differ = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		if (!(a[i] > b[i] || a[i] < b[i]))
			continue;
		sizes[differ] = fabs(a[i] - b[i]);
		more[differ++] = a[i] > b[i];
	}
	return differ;
}

int rank_wilcoxon(const double *a, const double *b, size_t count,
		  struct rank_test *test)
{
	double *sizes = calloc(count + 1, sizeof(*sizes));
	bool *more = calloc(count + 1, sizeof(*more));
	struct ranks ranks = {};
	unsigned long sum = 0;
	double n, variance;
	int result = 0;
	size_t i;

	*test = (struct rank_test){.p = 1, .exact = true};
	if (!sizes || !more)
		result = -ENOMEM;
	else if (!count || !are_numbers(a, count) || !are_numbers(b, count))
		result = -EINVAL;
	if (result)
		goto free;
	count = take_differences(a, b, count, sizes, more);
	if (!count)
		goto free;
	result = make_ranks(sizes, count, &ranks);
	if (result)
		goto free;
	for (i = 0; i < count; i++)
		sum += more[i] ? ranks.doubled[i] : 0;
	n = count;
	test->statistic = (double)sum / 2;
	test->exact = count <= RANK_EXACT_MAX;
	if (test->exact) {
		result = exact_wilcoxon(ranks.doubled, count, sum, &test->p);
	} else {
		variance = n * (n + 1) * (2 * n + 1) / 24 - ranks.ties / 48;
		test->p = normal_p(test->statistic - n * (n + 1) / 4, variance);
	}
free:
	free_ranks(&ranks);
	free(more);
	free(sizes);
	return result;
}
