// SPDX-License-Identifier: GPL-2.0
/* Compares two variants; see diff.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "diff.h"
#include "diff_build.h"
#include "pairs.h"

static size_t count_cells(const struct diff_side *side, size_t begin,
			  size_t end, const char *arm)
{
	size_t count = 0;
	size_t i;

	for (i = begin; i < end; i++)
		count += diff_is_of(&side->run->cells[i], side, arm);
	return count;
}

static size_t count_pairs(const struct diff *diff,
			  const struct diff_group *group, const char *arm)
{
	size_t pairs = 0;
	size_t i;

	if (!group->paired) {
		size_t a = count_cells(&diff->a, group->begin_a, group->end_a,
				       arm);
		size_t b = count_cells(&diff->b, group->begin_b, group->end_b,
				       arm);

		return a < b ? a : b;
	}
	for (i = group->begin_a; i < group->end_a; i++) {
		const struct cell *cell = &diff->a.run->cells[i];

		pairs += diff_is_of(cell, &diff->a, arm) &&
			 run_find(diff->b.run, group->begin_b, group->end_b,
				  diff->b.variant, arm, cell->seed);
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

static int fill_looking(const struct diff_side *side, size_t begin, size_t end,
			double *percent)
{
	struct change change;
	int result =
		pairs_looking(side->run, begin, end, side->variant, &change);

	*percent = change.kind == CHANGE_EQUAL ? 0 : change.percent.median;
	return result;
}

static int fill_group(struct diff *diff, struct diff_group *group)
{
	const struct cell *first = &diff->a.run->cells[group->begin_a];
	int result;
	size_t i;

	group->evidence = cell_evidence(first);
	/* A seed of an exact run is the same anywhere; a block is one run's. */
	group->paired =
		group->evidence == EVIDENCE_EXACT || diff->a.run == diff->b.run;
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
	if (!result)
		result = fill_looking(&diff->a, group->begin_a, group->end_a,
				      &group->looking_a);
	if (!result)
		result = fill_looking(&diff->b, group->begin_b, group->end_b,
				      &group->looking_b);
	if (result || !group->count)
		return result;
	qsort(group->rows, group->count, sizeof(*group->rows), compare_rows);
	for (i = 0; i < group->count && !result; i++) {
		group->rows[i].of_tables =
			is_of_tables(diff, group, group->rows[i].metric);
		result = diff_fill_row(diff, group, &group->rows[i]);
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

const struct cell *diff_cell(const struct diff_side *side, size_t begin,
			     size_t end)
{
	while (begin < end - 1 &&
	       strcmp(side->run->cells[begin].variant, side->variant))
		begin++;
	return &side->run->cells[begin];
}

size_t diff_invalid(const struct diff_side *side, const struct cell **first)
{
	size_t count = 0;
	size_t i;

	*first = NULL;
	for (i = side->run->valid_count; i < side->run->count; i++) {
		const struct cell *cell = &side->run->cells[i];

		if (cell->header && strcmp(cell->variant, side->variant))
			continue;
		if (!count++)
			*first = cell;
	}
	return count;
}

const struct diff_row *diff_find_row(const struct diff_group *group,
				     const char *metric)
{
	size_t i;

	for (i = 0; i < group->count; i++) {
		if (!strcmp(group->rows[i].metric->name, metric))
			return &group->rows[i];
	}
	return NULL;
}

const struct diff_group *diff_find_group(const struct diff *diff,
					 const struct cell *like)
{
	size_t i;

	for (i = 0; i < diff->count; i++) {
		const struct diff_group *group = &diff->groups[i];

		if (group->count &&
		    cell_same_group(like, &diff->a.run->cells[group->begin_a]))
			return group;
	}
	return NULL;
}
