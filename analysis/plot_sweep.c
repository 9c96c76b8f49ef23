// SPDX-License-Identifier: GPL-2.0
/* Data for the plots of cost against size; see plot.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "gnuplot.h"
#include "plot.h"

struct sweep {
	const struct run *run;
	struct plot_size *sizes; /* smallest first */
	size_t count;
	int panels;
	FILE *data, *variables;
};

static const char *text_of(const struct cell *cell, const char *name)
{
	return json_string_value(json_object_get(cell->header, name));
}

/* Whether each size is about twice the one before, or more. */
static bool doubles(const struct sweep *sweep)
{
	size_t i;

	if (!sweep->sizes[0].value)
		return false;
	for (i = 1; i < sweep->count; i++) {
		if (sweep->sizes[i].value < sweep->sizes[i - 1].value * 1.5)
			return false;
	}
	return true;
}

/* Whether cell i is the run's first of its variant. */
static bool first_in_run(const struct run *run, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++) {
		if (!strcmp(run->cells[j].variant, run->cells[i].variant))
			return false;
	}
	return true;
}

/* One line, in its own block; *points: how many values it has. */
static int write_variant(const struct sweep *sweep, const struct cell *of,
			 const char *arm, const char *metric,
			 struct spread *range, int *points)
{
	struct spread spread;
	size_t i;

	*points = 0;
	for (i = 0; i < sweep->count; i++) {
		const struct plot_size *size = &sweep->sizes[i];

		if (run_spread(sweep->run, size->begin, size->end, of->variant,
			       arm, metric, &spread))
			return -ENOMEM;
		if (isnan(spread.median))
			continue;
		if (!(*points)++)
			fprintf(sweep->data, "%s\n", of->label);
		fprintf(sweep->data, "%llu\t%.6f\t%.6f\t%.6f\n", size->value,
			spread.median, spread.min, spread.max);
		range->min = fmin(range->min, spread.min);
		range->max = fmax(range->max, spread.max);
	}
	if (*points)
		fputs("\n\n", sweep->data);
	return 0;
}

/* A panel: a metric of all variants. Without any value there is none. */
static int write_panel(struct sweep *sweep, const char *title,
		       const char *metric, const char *arm)
{
	const struct run *run = sweep->run;
	struct spread range = {NAN, NAN, NAN};
	char lines[512] = "";
	size_t used = 0;
	size_t i;
	int points;

	for (i = 0; i < run->valid_count; i++) {
		const char *variant = run->cells[i].variant;

		if (!first_in_run(run, i))
			continue;
		if (write_variant(sweep, &run->cells[i], arm, metric, &range,
				  &points))
			return -ENOMEM;
		if (points && used < sizeof(lines))
			used += snprintf(lines + used, sizeof(lines) - used,
					 "%d ",
					 plot_variant_number(run, variant));
	}
	if (!used)
		return 0;
	sweep->panels++;
	fprintf(sweep->variables,
		"title_%d='%s';arm_%d='%s';lines_%d='%s';time_%d=%d;"
		"least_%d=%.6f;most_%d=%.6f;",
		sweep->panels, title, sweep->panels, arm, sweep->panels, lines,
		sweep->panels, strstr(metric, "_ns") != NULL, sweep->panels,
		range.min, sweep->panels, range.max);
	return 0;
}

/* The operations of the job: those of the first cell that has any. */
static int write_operations(struct sweep *sweep)
{
	const struct cell *cells = sweep->run->cells;
	const struct metrics *metrics;
	char kind[METRIC_NAME_SIZE];
	size_t cell = sweep->sizes[0].begin;
	int result = 0;
	size_t i;

	while (strcmp(cells[cell].arm, "bare") &&
	       cell + 1 < sweep->sizes[0].end)
		cell++;
	metrics = &cells[cell].metrics;
	for (i = 0; i < metrics->count && !result; i++) {
		if (plot_op_kind(metrics->list[i].name, kind))
			result = write_panel(sweep, kind, metrics->list[i].name,
					     "bare");
	}
	return result;
}

static int write_sweep(struct sweep *sweep, const struct cell *cell)
{
	const char *swept = plot_swept(cell);
	int result;
	size_t i;

	fprintf(sweep->data,
		"# a variant; %s, median, min and max over seeds (counts and "
		"ns). One block for each panel and variant\n",
		swept);
	gnuplot_set(sweep->variables, "swept",
		    strcmp(swept, "smp") ? swept : "emulated CPUs");
	fprintf(sweep->variables, "doubles=%d;sizes='", doubles(sweep));
	for (i = 0; i < sweep->count; i++)
		fprintf(sweep->variables, "%llu ", sweep->sizes[i].value);
	fputs("';", sweep->variables);
	result = write_panel(sweep, "call_rcu() per page freed",
			     "callback.per_freed_page", "probed");
	if (!result)
		result = write_panel(sweep, "page wait: last unlink to end",
				     "page.last_wait_mean_ns", "probed");
	if (!result)
		result = write_operations(sweep);
	fprintf(sweep->variables, "panels=%d;", sweep->panels);
	return result;
}

/* The group, with the sizes in the place of its own. */
static char *describe(const struct sweep *sweep, const struct cell *cell)
{
	const char *swept = plot_swept(cell);
	bool smp = !strcmp(swept, "smp");
	const char *value = NULL;
	char *about = NULL;
	size_t size, i;
	FILE *file = open_memstream(&about, &size);

	if (!file)
		return NULL;
	fprintf(file, "%s %s %s ", text_of(cell, "pages"), text_of(cell, "mmu"),
		text_of(cell, "cpu"));
	if (!smp) {
		value = plot_find_value(cell->job, swept);
		fprintf(file, "smp%" JSON_INTEGER_FORMAT " ",
			json_integer_value(
				json_object_get(cell->header, "smp")));
	}
	fprintf(file, "rcu-%s, ", text_of(cell, "rcu"));
	if (value)
		fprintf(file, "%.*s", (int)(value - cell->job), cell->job);
	else
		fprintf(file, "%s smp=", cell->job);
	for (i = 0; i < sweep->count; i++)
		fprintf(file, "%s%llu", i ? "," : "", sweep->sizes[i].value);
	if (value)
		fputs(value + strspn(value, "0123456789"), file);
	if (fclose(file)) {
		free(about);
		return NULL;
	}
	return about;
}

int plot_sweep(const struct run *run, size_t begin, size_t end,
	       struct plot *plot)
{
	const struct cell *cell = &run->cells[begin];
	struct sweep sweep = {.run = run};
	size_t data_size, variables_size;
	int result;

	(void)end;
	plot->script = "sweep.gp";
	if (!plot_swept(cell))
		return 0;
	result = plot_find_sizes(run, begin, &sweep.sizes, &sweep.count);
	if (result || sweep.count < 2)
		goto free;
	sweep.data = open_memstream(&plot->data, &data_size);
	sweep.variables = open_memstream(&plot->variables, &variables_size);
	plot->about = describe(&sweep, cell);
	result = -ENOMEM;
	if (sweep.data && sweep.variables && plot->about)
		result = write_sweep(&sweep, cell);
	if (sweep.variables && fclose(sweep.variables))
		result = -ENOMEM;
	if (sweep.data &&
	    plot_close_text(sweep.data, &plot->data, !result && sweep.panels))
		result = -ENOMEM;
free:
	free(sweep.sizes);
	return result;
}
