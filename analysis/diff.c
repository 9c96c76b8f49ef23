// SPDX-License-Identifier: GPL-2.0
/* Compares two variants; see diff.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "diff.h"

static bool is_of(const struct cell *cell, const struct diff_side *side,
		  const char *arm)
{
	return !strcmp(cell->variant, side->variant) && !strcmp(cell->arm, arm);
}

const struct cell *diff_find(const struct diff_side *side, size_t begin,
			     size_t end, const char *arm, long long seed)
{
	return run_find(side->run, begin, end, side->variant, arm, seed);
}

static size_t count_pairs(const struct diff *diff,
			  const struct diff_group *group, const char *arm)
{
	size_t pairs = 0;
	size_t i;

	for (i = group->begin_a; i < group->end_a; i++) {
		const struct cell *cell = &diff->a.run->cells[i];

		pairs += is_of(cell, &diff->a, arm) &&
			 diff_find(&diff->b, group->begin_b, group->end_b, arm,
				   cell->seed);
	}
	return pairs;
}

/* Whether a metric of a cell is the one to compare: from the right arm. */
static bool is_wanted(const struct diff_group *group, const struct cell *cell,
		      const struct metric *metric)
{
	return !strcmp(cell->arm, metric->def->arm == METRIC_BARE
					  ? group->op_arm
					  : "probed");
}

static int add_row(struct diff_group *group, const struct metric *metric)
{
	struct diff_row *rows;
	size_t i;

	for (i = 0; i < group->count; i++) {
		if (!strcmp(group->rows[i].metric->name, metric->name))
			return 0;
	}
	rows = reallocarray(group->rows, group->count + 1, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	group->rows = rows;
	memset(&rows[group->count], 0, sizeof(*rows));
	rows[group->count].metric = metric;
	rows[group->count].arm =
		metric->def->arm == METRIC_BARE ? group->op_arm : "probed";
	group->count++;
	return 0;
}

static int add_rows(struct diff_group *group, const struct diff_side *side,
		    size_t begin, size_t end)
{
	int result = 0;
	size_t i, j;

	for (i = begin; i < end; i++) {
		const struct cell *cell = &side->run->cells[i];

		if (strcmp(cell->variant, side->variant))
			continue;
		for (j = 0; j < cell->metrics.count && !result; j++) {
			if (is_wanted(group, cell, &cell->metrics.list[j]))
				result = add_row(group, &cell->metrics.list[j]);
		}
	}
	return result;
}

static int compare_rows(const void *left, const void *right)
{
	const struct diff_row *a = left, *b = right;

	return metric_compare(a->metric, b->metric);
}

static int fill_pairs(const struct diff *diff, const struct diff_group *group,
		      struct diff_row *row)
{
	size_t room = group->end_a - group->begin_a;
	size_t i;

	row->seeds = calloc(room, sizeof(*row->seeds));
	row->a = calloc(room, sizeof(*row->a));
	row->b = calloc(room, sizeof(*row->b));
	if (!row->seeds || !row->a || !row->b)
		return -ENOMEM;
	for (i = group->begin_a; i < group->end_a; i++) {
		const struct cell *a = &diff->a.run->cells[i];
		const struct cell *b;
		double value_a, value_b;

		if (!is_of(a, &diff->a, row->arm))
			continue;
		b = diff_find(&diff->b, group->begin_b, group->end_b, row->arm,
			      a->seed);
		if (!b)
			continue;
		value_a = metrics_value(&a->metrics, row->metric->name);
		value_b = metrics_value(&b->metrics, row->metric->name);
		if (isnan(value_a) || isnan(value_b))
			continue;
		row->seeds[row->pairs] = a->seed;
		row->a[row->pairs] = value_a;
		row->b[row->pairs] = value_b;
		row->pairs++;
	}
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

static int fill_row(const struct diff *diff, const struct diff_group *group,
		    struct diff_row *row)
{
	int result = fill_pairs(diff, group, row);

	if (!result)
		result = stats_change(row->a, row->b, row->pairs, &row->change);
	if (!result && row->pairs) {
		result = spread_of(row->a, row->pairs, &row->spread_a);
		if (!result)
			result = spread_of(row->b, row->pairs, &row->spread_b);
	} else if (!result) {
		result = run_spread(diff->a.run, group->begin_a, group->end_a,
				    diff->a.variant, row->arm,
				    row->metric->name, &row->spread_a);
		if (!result)
			result = run_spread(diff->b.run, group->begin_b,
					    group->end_b, diff->b.variant,
					    row->arm, row->metric->name,
					    &row->spread_b);
	}
	return result;
}

static bool queues_tables(const struct diff_side *side, size_t begin,
			  size_t end, const char *function)
{
	size_t i;

	for (i = begin; i < end; i++) {
		const struct cell *cell = &side->run->cells[i];

		if (!strcmp(cell->variant, side->variant) &&
		    metric_is_table_callback(cell->header, function))
			return true;
	}
	return false;
}

/* False: "callback.<function>.x" of a function that neither is about. */
static bool is_of_tables(const struct diff *diff,
			 const struct diff_group *group,
			 const struct metric *metric)
{
	const char *function = metric->name + strlen("callback.");
	char name[METRIC_NAME_SIZE];

	if (!metric->def->type || strcmp(metric->def->type, "callback"))
		return true;
	snprintf(name, sizeof(name), "%.*s",
		 (int)(strrchr(function, '.') - function), function);
	return queues_tables(&diff->a, group->begin_a, group->end_a, name) ||
	       queues_tables(&diff->b, group->begin_b, group->end_b, name);
}

static int fill_group(struct diff *diff, struct diff_group *group)
{
	int result;
	size_t i;

	group->bare_pairs = count_pairs(diff, group, "bare");
	group->probed_pairs = count_pairs(diff, group, "probed");
	group->op_arm = group->bare_pairs ? "bare" : "probed";
	if (!group->bare_pairs && !group->probed_pairs)
		return 0;
	diff->pairs += group->bare_pairs + group->probed_pairs;
	result = add_rows(group, &diff->a, group->begin_a, group->end_a);
	if (!result)
		result =
			add_rows(group, &diff->b, group->begin_b, group->end_b);
	if (result || !group->count)
		return result;
	qsort(group->rows, group->count, sizeof(*group->rows), compare_rows);
	for (i = 0; i < group->count && !result; i++) {
		group->rows[i].of_tables =
			is_of_tables(diff, group, group->rows[i].metric);
		result = fill_row(diff, group, &group->rows[i]);
	}
	return result;
}

static bool has_variant(const struct diff_side *side, size_t begin, size_t end)
{
	size_t i;

	for (i = begin; i < end; i++) {
		if (!strcmp(side->run->cells[i].variant, side->variant))
			return true;
	}
	return false;
}

/* Finds the group of B that is like the one of A; false: there is none. */
static bool find_group(const struct diff *diff, struct diff_group *group)
{
	const struct run *run = diff->b.run;
	const struct cell *like = &diff->a.run->cells[group->begin_a];
	size_t begin, end;

	for (begin = 0; begin < run->valid_count; begin = end) {
		end = run_group_end(run, begin);
		if (!cell_same_group(like, &run->cells[begin]))
			continue;
		group->begin_b = begin;
		group->end_b = end;
		return has_variant(&diff->b, begin, end);
	}
	return false;
}

int diff_build(struct diff *diff, struct diff_side a, struct diff_side b)
{
	struct diff_group *groups;
	size_t begin, end;
	int result = 0;

	memset(diff, 0, sizeof(*diff));
	diff->a = a;
	diff->b = b;
	for (begin = 0; begin < a.run->valid_count && !result; begin = end) {
		struct diff_group group = {.begin_a = begin};

		end = group.end_a = run_group_end(a.run, begin);
		if (!has_variant(&a, begin, end) || !find_group(diff, &group))
			continue;
		groups = reallocarray(diff->groups, diff->count + 1,
				      sizeof(*groups));
		if (!groups)
			return -ENOMEM;
		diff->groups = groups;
		groups[diff->count] = group;
		result = fill_group(diff, &groups[diff->count++]);
	}
	return result;
}

void diff_free(struct diff *diff)
{
	size_t i, j;

	for (i = 0; i < diff->count; i++) {
		for (j = 0; j < diff->groups[i].count; j++) {
			free(diff->groups[i].rows[j].seeds);
			free(diff->groups[i].rows[j].a);
			free(diff->groups[i].rows[j].b);
		}
		free(diff->groups[i].rows);
	}
	free(diff->groups);
	memset(diff, 0, sizeof(*diff));
}
