// SPDX-License-Identifier: GPL-2.0
/* Several variants against one, a column each; see diff_print.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "diff_print.h"
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

/* A/A of the first comparison that has one: it is the group's. */
static void add_floor(struct text_table *table, const struct column *columns,
		      size_t count, const struct metric *metric)
{
	char text[64] = "-";
	size_t i;

	for (i = 0; i < count && !strcmp(text, "-"); i++) {
		const struct diff_group *group = columns[i].group;
		const struct diff_row *row =
			group ? diff_find_row(group, metric->name) : NULL;

		if (row)
			diff_floor(text, sizeof(text), row);
	}
	text_table_cell(table, "%s", text);
}

/*
 * The change, and after it how many seeds agree where not all do, or the
 * interval. What only the variant has is its value.
 */
static void add_change(struct text_table *table, const struct column *column,
		       const struct metric *metric)
{
	const struct diff_group *group = column->group;
	const struct diff_row *row =
		group ? diff_find_row(group, metric->name) : NULL;
	char text[64], more[64];

	if (!row) {
		text_table_cell(table, "%s", "");
		return;
	}
	unit_format_change(text, sizeof(text), &row->change);
	if (isnan(row->spread_a.median) || row->change.kind == CHANGE_NEW)
		unit_format(text, sizeof(text), metric->def->unit,
			    row->spread_b.median);
	more[0] = '\0';
	if (group->evidence == EVIDENCE_TIMED)
		unit_format_range(more, sizeof(more), &row->change);
	else if (row->change.kind == CHANGE_VALUE &&
		 row->change.agree < row->change.pairs)
		snprintf(more, sizeof(more), "(%zu/%zu)", row->change.agree,
			 row->change.pairs);
	text_table_cell(table, "%s%s%s", text, *more ? " " : "", more);
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

static void add_heading(struct text_table *table, const struct column *columns,
			size_t count, bool timed)
{
	const char *base = NULL;
	size_t i;

	for (i = 0; i < count && !base; i++) {
		const struct diff_group *group = columns[i].group;

		if (group)
			base = diff_label(diff_cell(&columns[i].diff->a,
						    group->begin_a,
						    group->end_a));
	}
	text_table_cell(table, "metric");
	text_table_cell(table, "%s", base ? base : "");
	if (timed)
		text_table_cell(table, "A/A");
	for (i = 0; i < count; i++) {
		const struct diff *diff = columns[i].diff;
		const struct diff_group *group = columns[i].group;

		text_table_cell(
			table, "%s",
			group ? diff_label(diff_cell(&diff->b, group->begin_b,
						     group->end_b))
			      : diff->b.variant);
	}
	text_table_row(table);
}

static int fill_table(const struct diff_view *view,
		      const struct column *columns, size_t count, bool timed,
		      const struct names *names, struct text_table *table)
{
	int error = 0;
	size_t i, j;

	add_heading(table, columns, count, timed);
	for (j = 0; j < names->count; j++) {
		char text[64];

		error |= base_value(columns, count, names->list[j], text,
				    sizeof(text));
		add_name(view, table, names->list[j]->name,
			 j ? names->list[j - 1]->name : NULL);
		text_table_cell(table, "%s", text);
		if (timed)
			add_floor(table, columns, count, names->list[j]);
		for (i = 0; i < count; i++)
			add_change(table, &columns[i], names->list[j]);
		text_table_row(table);
	}
	return error ? -ENOMEM : 0;
}

/* What pairs are made of; of timed evidence they need not be pairs. */
static const char *samples_name(const struct column *columns, size_t count)
{
	bool timed = false, paired = true;
	size_t i;

	for (i = 0; i < count; i++) {
		const struct diff_group *group = columns[i].group;

		timed |= group && group->evidence == EVIDENCE_TIMED;
		paired &= !group || group->paired;
	}
	return !timed ? "seed" : paired ? "block" : "boot";
}

/*
 * The least and the most samples that a column is of, and what the probe costs
 * any of them.
 */
static void show_samples(const struct column *columns, size_t count,
			 struct view *out)
{
	const char *name = samples_name(columns, count);
	struct diff_looking span = {INFINITY, -INFINITY};
	char looking[64];
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
		diff_looking_add(&span, group);
	}
	diff_looking_text(looking, sizeof(looking), &span);
	if (least < most)
		view_remarkf(out, "%zu to %zu %ss%s", least, most, name,
			     looking);
	else
		view_remarkf(out, "%zu %s%s%s", most, name,
			     most == 1 ? "" : "s", looking);
}

static int show_group(const struct diff_view *view, const struct cell *like,
		      struct column *columns, struct view *out)
{
	bool timed = cell_evidence(like) == EVIDENCE_TIMED;
	size_t count = view->set->count;
	struct text_table table = {.keys = 1};
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
		out->ops->group(out, like);
		show_samples(columns, count, out);
		result =
			fill_table(view, columns, count, timed, &names, &table);
		if (result)
			table.error = result;
		result = view_table(out, &table);
	}
	free(names.list);
	return result;
}

int diff_show_many(const struct diff_view *view, struct view *out)
{
	const struct run *run = view->set->list[0].a.run;
	struct column *columns = calloc(view->set->count, sizeof(*columns));
	size_t begin, end;
	int result = columns ? 0 : -ENOMEM;

	for (begin = 0; begin < run->valid_count && !result; begin = end) {
		end = run_group_end(run, begin);
		result = show_group(view, &run->cells[begin], columns, out);
	}
	free(columns);
	return result;
}

int diff_print_many(const struct diff_view *view, FILE *file)
{
	struct view out = {&text_view, file};

	return diff_show_many(view, &out);
}
