// SPDX-License-Identifier: GPL-2.0
/* Pairs of cells; see pairs.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "pairs.h"

/* All others are patches on top of it (kernels/bases). */
#define BASE_VARIANT "landed-fixed"

static bool is_of(const struct cell *cell, const struct pairs_side *side)
{
	return !strcmp(cell->variant, side->variant) &&
	       !strcmp(cell->arm, side->arm);
}

/*
 * Of timed evidence, the interval as well. Nothing is claimed, so there is
 * nothing to test.
 */
static int timed_interval(double *a, const double *b, size_t count,
			  struct change *change)
{
	struct timed timed;
	int result = timed_compare(&timed, a, count, b, count, true);

	/* Sorts, which breaks the pairs: last. */
	if (!result)
		*change = timed_change(&timed, stats_spread(a, count).median);
	return result;
}

int pairs_change(const struct run *run, size_t begin, size_t end,
		 const struct pairs_side *a, const struct pairs_side *b,
		 const char *metric, struct change *change)
{
	double *of_a = calloc(end - begin, sizeof(*of_a));
	double *of_b = calloc(end - begin, sizeof(*of_b));
	int result = of_a && of_b ? 0 : -ENOMEM;
	enum evidence evidence;
	size_t count = 0, i;

	for (i = begin; i < end && !result; i++) {
		const struct cell *cell = &run->cells[i];
		const struct cell *pair;

		if (!is_of(cell, a))
			continue;
		pair = run_find(run, begin, end, b->variant, b->arm,
				cell->seed);
		if (!pair)
			continue;
		of_a[count] = metrics_value(&cell->metrics, metric);
		of_b[count] = metrics_value(&pair->metrics, metric);
		count += !isnan(of_a[count]) && !isnan(of_b[count]);
	}
	evidence = cell_evidence(&run->cells[begin]);
	if (evidence == EVIDENCE_NONE)
		count = 0;
	if (!result && evidence == EVIDENCE_TIMED && count)
		result = timed_interval(of_a, of_b, count, change);
	else if (!result)
		result = stats_change(of_a, of_b, count, change);
	free(of_b);
	free(of_a);
	return result;
}

/* The operation that takes longest: its ".mean_ns", or NULL. */
static const char *longest_op(const struct metrics *metrics)
{
	const char *name = NULL;
	double longest = 0;
	size_t i;

	for (i = 0; i < metrics->count; i++) {
		const struct metric *metric = &metrics->list[i];
		const char *last = strrchr(metric->name, '.');

		if (strncmp(metric->name, "op.", 3) || !last ||
		    strcmp(last, ".mean_ns") || !(metric->value > longest))
			continue;
		longest = metric->value;
		name = metric->name;
	}
	return name;
}

int pairs_looking(const struct run *run, size_t begin, size_t end,
		  const char *variant, struct change *change)
{
	const struct pairs_side bare = {variant, "bare"};
	const struct pairs_side probed = {variant, "probed"};
	int result = pairs_change(run, begin, end, &bare, &probed,
				  "work.instructions_count", change);

	if (!result && !isfinite(change->percent.median))
		result = pairs_change(run, begin, end, &bare, &probed,
				      "ops.instructions_count", change);
	if (!result && !isfinite(change->percent.median)) {
		const char *longest = longest_op(&run->cells[begin].metrics);

		if (longest)
			result = pairs_change(run, begin, end, &bare, &probed,
					      longest, change);
	}
	return result;
}

const char *pairs_baseline(const struct run *run, size_t begin, size_t end)
{
	size_t i;

	for (i = begin; i < end; i++) {
		if (!strcmp(run->cells[i].variant, BASE_VARIANT))
			return BASE_VARIANT;
	}
	return run->cells[begin].variant;
}
