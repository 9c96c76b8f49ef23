// SPDX-License-Identifier: GPL-2.0
/* What a run found; see summary.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "summary.h"
#include "text.h"

#define NAME_WIDTH 16 /* at least */
#define MIN_WIDTH  9
#define MAX_OPS	   16

struct column {
	const char *title;
	const char *metric;
	const char *arm;
	enum unit unit;
};

struct table {
	const struct run *run;
	size_t begin, end;
	int name_width;
	struct column columns[3 + MAX_OPS];
	size_t count;
};

/* "op.collapse.mean_ns" to "collapse"; false: it is another metric. */
static bool op_kind(const char *metric, char *kind, size_t size)
{
	const char *end = strstr(metric, ".mean_ns");

	if (strncmp(metric, "op.", 3) || !end)
		return false;
	snprintf(kind, size, "%.*s", (int)(end - metric - 3), metric + 3);
	return true;
}

static bool has_arm(const struct table *table, const char *arm)
{
	size_t i;

	for (i = table->begin; i < table->end; i++) {
		if (!strcmp(table->run->cells[i].arm, arm))
			return true;
	}
	return false;
}

static void add_column(struct table *table, const struct column *column)
{
	size_t i;

	for (i = 0; i < table->count; i++) {
		if (!strcmp(table->columns[i].metric, column->metric))
			return;
	}
	if (table->count < sizeof(table->columns) / sizeof(*table->columns))
		table->columns[table->count++] = *column;
}

static void add_columns(struct table *table)
{
	static const struct column fixed[] = {
		{"rcu/page", "callback.per_freed_page", "probed", UNIT_RATIO},
		{"page wait", "page.last_wait_mean_ns", "probed", UNIT_NS},
		{"no GP", "page.waited_none_count", "probed", UNIT_COUNT},
	};
	const char *arm = has_arm(table, "bare") ? "bare" : "probed";
	char kind[METRIC_NAME_SIZE];
	size_t i, j;

	for (i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		add_column(table, &fixed[i]);
	for (i = table->begin; i < table->end; i++) {
		const struct metrics *metrics = &table->run->cells[i].metrics;

		for (j = 0; j < metrics->count; j++) {
			const char *name = metrics->list[j].name;
			struct column column = {NULL, name, arm, UNIT_NS};

			if (op_kind(name, kind, sizeof(kind)))
				add_column(table, &column);
		}
	}
}

/* The title, which for an operation is its kind, and the column's width. */
static int column_title(const struct column *column, char *title, size_t size)
{
	int width;

	if (column->title)
		snprintf(title, size, "%s", column->title);
	else
		op_kind(column->metric, title, size);
	width = strlen(title) + 1;
	return width < MIN_WIDTH ? MIN_WIDTH : width;
}

static int print_cells(const struct table *table, const char *variant,
		       size_t first, size_t last, FILE *file)
{
	char title[METRIC_NAME_SIZE];
	char text[64];
	size_t i;

	fprintf(file, "%-*s", table->name_width, variant);
	for (i = first; i < last; i++) {
		const struct column *column = &table->columns[i];
		int width = column_title(column, title, sizeof(title));
		struct spread spread;

		if (run_spread(table->run, table->begin, table->end, variant,
			       column->arm, column->metric, &spread))
			return -ENOMEM;
		unit_format(text, sizeof(text), column->unit, spread.median);
		fprintf(file, "%*s", width, text);
	}
	fputc('\n', file);
	return 0;
}

/* Prints columns from `first` as far as a line goes; *next comes after. */
static int print_block(const struct table *table, size_t first, size_t *next,
		       FILE *file)
{
	char title[METRIC_NAME_SIZE];
	const char *before = "";
	int used = table->name_width;
	int result = 0;
	size_t i;

	fprintf(file, "%-*s", table->name_width, "variant");
	for (*next = first; *next < table->count; ++*next) {
		const struct column *column = &table->columns[*next];
		int width = column_title(column, title, sizeof(title));

		if (used + width > TEXT_COLUMNS && *next > first)
			break;
		used += width;
		fprintf(file, "%*s", width, title);
	}
	fputc('\n', file);
	for (i = table->begin; i < table->end && !result; i++) {
		const char *variant = table->run->cells[i].variant;

		if (strcmp(variant, before))
			result =
				print_cells(table, variant, first, *next, file);
		before = variant;
	}
	return result;
}

static size_t count_seeds(const struct table *table, const char *arm)
{
	size_t most = 0, count = 0;
	size_t i;

	for (i = table->begin; i < table->end; i++) {
		const struct cell *cell = &table->run->cells[i];

		if (i > table->begin && strcmp(cell[-1].variant, cell->variant))
			count = 0;
		count += !strcmp(cell->arm, arm);
		most = count > most ? count : most;
	}
	return most;
}

static int print_group(const struct run *run, size_t begin, size_t end,
		       FILE *file)
{
	struct table table = {.run = run, .begin = begin, .end = end};
	size_t first = 0, next;
	int result = 0;
	size_t i;

	table.name_width = NAME_WIDTH;
	for (i = begin; i < end; i++) {
		int width = strlen(run->cells[i].variant) + 1;

		if (width > table.name_width)
			table.name_width = width;
	}
	add_columns(&table);
	fputc('\n', file);
	text_group(file, &run->cells[begin]);
	text_wrapf(file, "   ", "median over seeds: up to %zu bare, %zu probed",
		   count_seeds(&table, "bare"), count_seeds(&table, "probed"));
	while (first < table.count && !result) {
		result = print_block(&table, first, &next, file);
		first = next;
	}
	return result;
}

/* One line each, however long: to be searched for. */
static void print_invalid(const struct run *run, FILE *file)
{
	size_t i;

	for (i = run->valid_count; i < run->count; i++)
		fprintf(file, "  %s: %s\n", run->cells[i].name,
			run->cells[i].invalid);
}

int summary_print(const struct run *run, FILE *file)
{
	size_t begin, end;
	int result = 0;

	fprintf(file, "%zu cells: %zu valid, %zu not valid\n", run->count,
		run->valid_count, run->count - run->valid_count);
	print_invalid(run, file);
	for (begin = 0; begin < run->valid_count && !result; begin = end) {
		end = run_group_end(run, begin);
		result = print_group(run, begin, end, file);
	}
	if (run->valid_count) {
		fputc('\n', file);
		text_wrap(file, "",
			  "rcu/page: call_rcu() calls for page tables per "
			  "page-table page freed. page wait: mean, from the "
			  "last unlink of a table to the page's real end. no "
			  "GP: pages freed with no full grace period between "
			  "the two. The rest: mean of each operation, in the "
			  "arm bare where there is one. Emulated: time is "
			  "instructions executed.");
	}
	return result;
}
