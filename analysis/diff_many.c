// SPDX-License-Identifier: GPL-2.0
/* Several variants against one, a column each; see diff_print.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "diff_print.h"
#include "text.h"
#include "text_table.h"

/* One group in each comparison of the set, NULL where that has none. */
struct column {
	const struct diff *diff;
	const struct diff_group *group;
};

/* Every metric of any comparison once, in their order. */
struct names {
	const struct metric **list;
	size_t count;
};

static int compare(const void *left, const void *right)
{
	const struct metric *const *a = left, *const *b = right;

	return metric_compare(*a, *b);
}

static int add_names(struct names *names, const struct diff_view *view,
		     const struct diff_group *group)
{
	const struct metric **list;
	size_t i, j;

	list = reallocarray(names->list, names->count + group->count,
			    sizeof(const struct metric *));
	if (!list)
		return -ENOMEM;
	names->list = list;
	for (i = 0; i < group->count; i++) {
		const struct diff_row *row = &group->rows[i];

		if (!diff_is_shown(view, row))
			continue;
		for (j = 0; j < names->count; j++) {
			if (!strcmp(list[j]->name, row->metric->name))
				break;
		}
		if (j == names->count)
			list[names->count++] = row->metric;
	}
	return 0;
}

/* The baseline's median over all its cells: pairs may differ by column. */
static int base_value(const struct column *columns, size_t count,
		      const struct metric *metric, char *text, size_t size)
{
	double value = NAN;
	int error = 0;
	size_t i;

	for (i = 0; i < count && isnan(value); i++) {
		const struct diff_group *group = columns[i].group;
		const struct diff_row *row =
			group ? diff_find_row(group, metric->name) : NULL;

		if (row)
			value = run_median(columns[i].diff->a.run,
					   group->begin_a, group->end_a,
					   columns[i].diff->a.variant, row->arm,
					   metric->name, &error);
	}
	unit_format(text, size, metric->def->unit, value);
	return error;
}

/*
 * The change, and after it how many seeds agree where not all do. What only
 * the variant has is its value.
 */
static void add_change(struct text_table *table, const struct column *column,
		       const struct metric *metric)
{
	const struct diff_group *group = column->group;
	const struct diff_row *row =
		group ? diff_find_row(group, metric->name) : NULL;
	char text[64], certainty[64];

	if (!row) {
		text_table_cell(table, "%s", "");
		return;
	}
	unit_format_change(text, sizeof(text), &row->change);
	if (isnan(row->spread_a.median) || row->change.kind == CHANGE_NEW)
		unit_format(text, sizeof(text), metric->def->unit,
			    row->spread_b.median);
	diff_certainty(certainty, sizeof(certainty), group, row);
	if (row->change.kind == CHANGE_VALUE &&
	    row->change.agree < row->change.pairs)
		text_table_cell(table, "%s (%s)", text, certainty);
	else
		text_table_cell(table, "%s", text);
}

/* Long names are split: what they share gets a row of its own. */
static void add_name(const struct diff_view *view, struct text_table *table,
		     const char *name, const char *before)
{
	size_t heading = diff_heading_size(view, name);

	if (!heading) {
		text_table_cell(table, "%s", name);
		return;
	}
	if (!before || diff_heading_size(view, before) != heading ||
	    strncmp(name, before, heading)) {
		text_table_cell(table, "%.*s", (int)heading, name);
		text_table_row(table);
	}
	text_table_cell(table, "  %s", name + heading);
}

static int print_table(const struct diff_view *view,
		       const struct column *columns, size_t count,
		       const struct names *names, FILE *file)
{
	struct text_table table = {.keys = 1};
	const char *base = NULL;
	int error = 0;
	size_t i, j;

	for (i = 0; i < count && !base; i++) {
		const struct diff_group *group = columns[i].group;

		if (group)
			base = diff_label(diff_cell(&columns[i].diff->a,
						    group->begin_a,
						    group->end_a));
	}
	text_table_cell(&table, "metric");
	text_table_cell(&table, "%s", base ? base : "");
	for (i = 0; i < count; i++) {
		const struct diff *diff = columns[i].diff;
		const struct diff_group *group = columns[i].group;

		text_table_cell(
			&table, "%s",
			group ? diff_label(diff_cell(&diff->b, group->begin_b,
						     group->end_b))
			      : diff->b.variant);
	}
	text_table_row(&table);
	for (j = 0; j < names->count; j++) {
		char text[64];

		error |= base_value(columns, count, names->list[j], text,
				    sizeof(text));
		add_name(view, &table, names->list[j]->name,
			 j ? names->list[j - 1]->name : NULL);
		text_table_cell(&table, "%s", text);
		for (i = 0; i < count; i++)
			add_change(&table, &columns[i], names->list[j]);
		text_table_row(&table);
	}
	if (error)
		table.error = -ENOMEM;
	return text_table_print(&table, file);
}

/* The least and the most seeds that a column is of. */
static void print_seeds(const struct column *columns, size_t count, FILE *file)
{
	size_t least = (size_t)-1, most = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		const struct diff_group *group = columns[i].group;
		size_t pairs = group ? group->probed_pairs : 0;

		if (!group)
			continue;
		pairs = pairs > group->bare_pairs ? pairs : group->bare_pairs;
		least = pairs < least ? pairs : least;
		most = pairs > most ? pairs : most;
	}
	if (least < most)
		text_wrapf(file, "   ", "%zu to %zu seeds", least, most);
	else
		text_wrapf(file, "   ", "%zu seed%s", most,
			   most == 1 ? "" : "s");
}

static int print_group(const struct diff_view *view, const struct cell *like,
		       struct column *columns, FILE *file)
{
	size_t count = view->set->count;
	struct names names = {};
	int result = 0;
	size_t i;

	for (i = 0; i < count && !result; i++) {
		columns[i].diff = &view->set->list[i];
		columns[i].group = diff_find_group(columns[i].diff, like);
		if (columns[i].group)
			result = add_names(&names, view, columns[i].group);
	}
	if (!result && names.count) {
		qsort(names.list, names.count, sizeof(const struct metric *),
		      compare);
		fputc('\n', file);
		text_group(file, like);
		print_seeds(columns, count, file);
		result = print_table(view, columns, count, &names, file);
	}
	free(names.list);
	return result;
}

int diff_print_many(const struct diff_view *view, FILE *file)
{
	const struct run *run = view->set->list[0].a.run;
	struct column *columns = calloc(view->set->count, sizeof(*columns));
	size_t begin, end;
	int result = columns ? 0 : -ENOMEM;

	for (begin = 0; begin < run->valid_count && !result; begin = end) {
		end = run_group_end(run, begin);
		result = print_group(view, &run->cells[begin], columns, file);
	}
	free(columns);
	return result;
}
