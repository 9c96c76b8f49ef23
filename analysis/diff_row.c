// SPDX-License-Identifier: GPL-2.0
/* One metric's values on both sides; see diff_build.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "diff_build.h"

bool diff_is_of(const struct cell *cell, const struct diff_side *side,
		const char *arm)
{
	return !strcmp(cell->variant, side->variant) && !strcmp(cell->arm, arm);
}

static int fill_pairs(const struct diff *diff, const struct diff_group *group,
		      struct diff_row *row)
{
	size_t i;

	for (i = group->begin_a; i < group->end_a; i++) {
		const struct cell *a = &diff->a.run->cells[i];
		const struct cell *b;
		double value_a, value_b;

		if (!diff_is_of(a, &diff->a, row->arm))
			continue;
		b = run_find(diff->b.run, group->begin_b, group->end_b,
			     diff->b.variant, row->arm, a->seed);
		if (!b)
			continue;
		value_a = metrics_value(&a->metrics, row->metric->name);
		value_b = metrics_value(&b->metrics, row->metric->name);
		if (isnan(value_a) || isnan(value_b))
			continue;
		row->seeds[row->count_a] = a->seed;
		row->a[row->count_a++] = value_a;
		row->b[row->count_b++] = value_b;
	}
	return 0;
}

/* Every value of one side; `seeds` may be NULL. Returns how many. */
static size_t fill_side(const struct diff_side *side, size_t begin, size_t end,
			const struct diff_row *row, double *values,
			long long *seeds)
{
	size_t count = 0;
	size_t i;

	for (i = begin; i < end; i++) {
		const struct cell *cell = &side->run->cells[i];

		if (!diff_is_of(cell, side, row->arm))
			continue;
		values[count] =
			metrics_value(&cell->metrics, row->metric->name);
		if (isnan(values[count]))
			continue;
		if (seeds)
			seeds[count] = cell->seed;
		count++;
	}
	return count;
}

static int fill_values(const struct diff *diff, const struct diff_group *group,
		       struct diff_row *row)
{
	size_t room_a = group->end_a - group->begin_a;
	size_t room_b = group->end_b - group->begin_b;

	/* A pair takes a place on both sides. */
	if (room_b < room_a)
		room_b = room_a;
	row->seeds = calloc(room_a, sizeof(*row->seeds));
	row->a = calloc(room_a, sizeof(*row->a));
	row->b = calloc(room_b, sizeof(*row->b));
	if (!row->seeds || !row->a || !row->b)
		return -ENOMEM;
	if (group->paired)
		return fill_pairs(diff, group, row);
	row->count_a = fill_side(&diff->a, group->begin_a, group->end_a, row,
				 row->a, row->seeds);
	row->count_b = fill_side(&diff->b, group->begin_b, group->end_b, row,
				 row->b, NULL);
	return 0;
}

/* stats_spread() sorts, and the pairs must stay pairs. */
static int spread_of(const double *values, size_t count, struct spread *spread)
{
	double *copy = calloc(count, sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	memcpy(copy, values, count * sizeof(*copy));
	*spread = stats_spread(copy, count);
	free(copy);
	return 0;
}

/* A metric that only one side has: there is something to see all the same. */
static int fill_alone(const struct diff *diff, const struct diff_group *group,
		      struct diff_row *row)
{
	int result;

	result = run_spread(diff->a.run, group->begin_a, group->end_a,
			    diff->a.variant, row->arm, row->metric->name,
			    &row->spread_a);
	if (!result)
		result = run_spread(diff->b.run, group->begin_b, group->end_b,
				    diff->b.variant, row->arm,
				    row->metric->name, &row->spread_b);
	return result;
}

int diff_fill_row(const struct diff *diff, const struct diff_group *group,
		  struct diff_row *row)
{
	int result = fill_values(diff, group, row);

	row->timed.p = row->timed.floor = row->timed.adjusted = NAN;
	if (!result)
		result = stats_change(row->a, row->b, 0, &row->change);
	if (result)
		return result;
	if (!row->count_a || !row->count_b)
		return fill_alone(diff, group, row);
	result = spread_of(row->a, row->count_a, &row->spread_a);
	if (!result)
		result = spread_of(row->b, row->count_b, &row->spread_b);
	if (!result && group->evidence == EVIDENCE_EXACT)
		result = stats_change(row->a, row->b, row->count_a,
				      &row->change);
	else if (!result)
		result = diff_fill_timed(diff, group, row);
	return result;
}
