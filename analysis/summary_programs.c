// SPDX-License-Identifier: GPL-2.0
/* BPF programs' run times, from the arm stats; see summary_sections.h. */
#include <math.h>
#include <string.h>
#include "summary_sections.h"

/* A record's names are shorter. */
#define NAME_SIZE 160

/* Sums over all cells of the arm stats. */
static double sum_of(const struct run *run, const char *metric)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < run->valid_count; i++) {
		const struct cell *cell = &run->cells[i];
		double value;

		if (strcmp(cell->arm, "stats"))
			continue;
		value = metrics_value(&cell->metrics, metric);
		sum += isnan(value) ? 0 : value;
	}
	return sum;
}

static void add_program(const struct run *run, struct text_table *table,
			const char *name, size_t cells, double all_ns)
{
	char metric[METRIC_NAME_SIZE];
	double runs, ns;

	snprintf(metric, sizeof(metric), "program.%s.runs_count", name);
	runs = sum_of(run, metric);
	snprintf(metric, sizeof(metric), "program.%s.run_ns", name);
	ns = sum_of(run, metric);
	text_table_cell(table, "%s", name);
	text_table_value(table, UNIT_COUNT, runs / cells);
	text_table_value(table, UNIT_NS, runs > 0 ? ns / runs : NAN);
	text_table_cell(table, "%.1f %%", all_ns > 0 ? ns / all_ns * 100 : 0);
	text_table_row(table);
}

static bool program_of(const char *metric, char *name, size_t size)
{
	const char *start = metric + strlen("program.");
	const char *end = strrchr(metric, '.');

	if (strncmp(metric, "program.", 8) || strcmp(end, ".run_ns"))
		return false;
	snprintf(name, size, "%.*s", (int)(end - start), start);
	return true;
}

/* The first cell of the arm stats names the programs; all have the same. */
int summary_programs(const struct run *run, struct view *view)
{
	struct text_table table = {.keys = 1};
	const struct cell *first = NULL;
	char name[NAME_SIZE];
	double all_ns = 0;
	size_t cells = 0, i;

	for (i = 0; i < run->valid_count; i++) {
		if (strcmp(run->cells[i].arm, "stats"))
			continue;
		cells++;
		if (!first ||
		    run->cells[i].metrics.count > first->metrics.count)
			first = &run->cells[i];
	}
	if (!first)
		return 0;
	for (i = 0; i < first->metrics.count; i++) {
		if (program_of(first->metrics.list[i].name, name, sizeof(name)))
			all_ns += sum_of(run, first->metrics.list[i].name);
	}
	view_explainf(
		view,
		"BPF programs, by the kernel's own statistics in a pass of "
		"their own (%zu cells of the arm stats): runs a cell, mean "
		"time of a run, share of the time of all.",
		cells);
	text_table_cell(&table, "program");
	text_table_cell(&table, "runs");
	text_table_cell(&table, "mean run");
	text_table_cell(&table, "share");
	text_table_row(&table);
	for (i = 0; i < first->metrics.count; i++) {
		if (program_of(first->metrics.list[i].name, name, sizeof(name)))
			add_program(run, &table, name, cells, all_ns);
	}
	return view_table(view, &table);
}
