// SPDX-License-Identifier: GPL-2.0
/* Timed evidence in a comparison; see diff_build.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "diff_build.h"
#include "holm.h"

/* Blocks in which the same kernel ran in the arm and in its A/A arm. */
struct again {
	double *first, *second;
	size_t count;
};

static void add_again(const struct run *run, size_t begin, size_t end,
		      const char *variant, const struct diff_row *row,
		      struct again *again)
{
	size_t i, j;

	for (i = begin; i < end; i++) {
		const struct cell *a = &run->cells[i];
		double first = metrics_value(&a->metrics, row->metric->name);

		if (strcmp(a->variant, variant) || strcmp(a->arm, row->arm) ||
		    isnan(first))
			continue;
		for (j = begin; j < end; j++) {
			const struct cell *b = &run->cells[j];
			double second;

			if (strcmp(b->variant, variant) || b->seed != a->seed ||
			    !evidence_is_again(b->arm) ||
			    strncmp(b->arm, a->arm, strlen(a->arm)))
				continue;
			second = metrics_value(&b->metrics, row->metric->name);
			if (isnan(second))
				continue;
			again->first[again->count] = first;
			again->second[again->count++] = second;
		}
	}
}

/* Raises *floor by the A/A of each variant of the group that has one. */
static int raise_floor(const struct run *run, size_t begin, size_t end,
		       const struct diff_row *row, double *floor)
{
	struct again again = {
		.first = calloc(end - begin, sizeof(*again.first)),
		.second = calloc(end - begin, sizeof(*again.second)),
	};
	int result = again.first && again.second ? 0 : -ENOMEM;
	size_t i;

	for (i = begin; i < end && !result; i = run_variant_end(run, i, end)) {
		double one = NAN;

		again.count = 0;
		add_again(run, begin, end, run->cells[i].variant, row, &again);
		if (again.count)
			result = timed_floor(again.first, again.second,
					     again.count, &one);
		*floor = fmax(*floor, one); /* the other, if one is NaN */
	}
	free(again.first);
	free(again.second);
	return result;
}

int diff_fill_timed(const struct diff *diff, const struct diff_group *group,
		    struct diff_row *row)
{
	int result;

	result = timed_compare(&row->timed, row->a, row->count_a, row->b,
			       row->count_b, group->paired);
	if (result)
		return result;
	if (group->evidence == EVIDENCE_NONE) {
		row->change = timed_change(&row->timed, NAN);
		row->timed.p = NAN;
		return 0;
	}
	/* One boot against another: what lies between the two is not known. */
	if (!group->paired &&
	    cell_of_one_boot(&diff->a.run->cells[group->begin_a])) {
		row->change = timed_change(&row->timed, row->spread_a.median);
		return 0;
	}
	result = raise_floor(diff->a.run, group->begin_a, group->end_a, row,
			     &row->timed.floor);
	if (!result && diff->a.run != diff->b.run)
		result = raise_floor(diff->b.run, group->begin_b, group->end_b,
				     row, &row->timed.floor);
	row->change = timed_change(&row->timed, row->spread_a.median);
	return result;
}

/*
 * Calls for each row that was tested and has a floor: of others nothing can be
 * claimed, whatever p they have, so that they need no correction and cost the
 * others nothing. `index` is its place among them.
 */
static size_t each_tested(struct diff_set *set, double *p,
			  const double *adjusted)
{
	size_t index = 0;
	size_t i, j, k;

	for (i = 0; i < set->count; i++) {
		for (j = 0; j < set->list[i].count; j++) {
			struct diff_group *group = &set->list[i].groups[j];

			for (k = 0; k < group->count; k++) {
				struct diff_row *row = &group->rows[k];

				if (isnan(row->timed.p) ||
				    isnan(row->timed.floor))
					continue;
				if (p)
					p[index] = row->timed.p;
				if (adjusted) {
					row->timed.adjusted = adjusted[index];
					row->change = timed_change(
						&row->timed,
						row->spread_a.median);
				}
				index++;
			}
		}
	}
	return index;
}

int diff_judge_timed(struct diff_set *set)
{
	double *p, *adjusted;
	int result = -ENOMEM;

	set->tests = each_tested(set, NULL, NULL);
	if (!set->tests)
		return 0;
	p = calloc(set->tests, sizeof(*p));
	adjusted = calloc(set->tests, sizeof(*adjusted));
	if (p && adjusted) {
		each_tested(set, p, NULL);
		result = holm_adjust(p, set->tests, adjusted);
	}
	if (!result)
		each_tested(set, NULL, adjusted);
	free(p);
	free(adjusted);
	return result;
}
