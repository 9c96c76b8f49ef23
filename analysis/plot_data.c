// SPDX-License-Identifier: GPL-2.0
/* Data for the plots of callbacks and of operations; see plot.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "plot.h"

/*
 * The functions that some variant of the group queues page tables with, each
 * once, the TLB path's first. Not sorted: in the order of the variants.
 */
static json_t *list_functions(const struct run *run, size_t begin, size_t end)
{
	json_t *functions = json_array();
	json_t *seen = json_object();
	int error = json_array_append_new(functions, json_string(TLB_CALLBACK));
	size_t i, j;

	for (i = begin; i < end; i++) {
		const json_t *own =
			json_object_get(run->cells[i].header, "callbacks");

		for (j = 0; j < json_array_size(own); j++) {
			json_t *name = json_array_get(own, j);
			const char *text = json_string_value(name);

			if (!strcmp(text, TLB_CALLBACK) ||
			    json_object_get(seen, text))
				continue;
			error |= json_object_set_new(seen, text, json_true());
			error |= json_array_append(functions, name);
		}
	}
	json_decref(seen);
	if (error) {
		json_decref(functions);
		return NULL;
	}
	return functions;
}

static int median_of(const struct run *run, size_t begin, size_t end,
		     const char *variant, const char *metric, double *median)
{
	struct spread spread;
	int result =
		run_spread(run, begin, end, variant, "probed", metric, &spread);

	*median = spread.median;
	return result;
}

/* call_rcu() with that function for each page freed; 0 when it has none. */
static int function_share(const struct run *run, size_t begin, size_t end,
			  const struct cell *cell, const char *function,
			  double *share)
{
	char metric[METRIC_NAME_SIZE];
	double enqueued, freed;
	int result;

	*share = 0;
	if (!metric_is_table_callback(cell->header, function))
		return 0;
	snprintf(metric, sizeof(metric), "callback.%s.enqueued_count",
		 function);
	result = median_of(run, begin, end, cell->variant, metric, &enqueued);
	if (!result)
		result = median_of(run, begin, end, cell->variant,
				   "page.freed_count", &freed);
	if (!result && enqueued > 0 && freed > 0)
		*share = enqueued / freed;
	return result;
}

/* One block of bars: where each starts and ends, on what lies below it. */
static int write_function(const struct run *run, size_t begin, size_t end,
			  const char *function, double *tops, FILE *file)
{
	double total, share;
	int place = 0;
	int result;
	size_t i;

	fprintf(file, "%s\n", function);
	for (i = begin; i < end; i++) {
		const struct cell *cell = &run->cells[i];

		if (!plot_first_of_variant(run, begin, i))
			continue;
		result = median_of(run, begin, end, cell->variant,
				   "callback.per_freed_page", &total);
		if (!result)
			result = function_share(run, begin, end, cell, function,
						&share);
		if (result)
			return result;
		if (isnan(total))
			continue;
		fprintf(file, "%d\t%.6f\t%.6f\t%d\t%s\n", place, tops[place],
			tops[place] + share,
			plot_variant_number(run, cell->variant), cell->label);
		tops[place++] += share;
	}
	fputs("\n\n", file);
	return place ? 0 : -ENODATA;
}

/* The blocks' names, for the legend. None of them holds a quote or a space. */
static int name_functions(const json_t *functions, struct plot *plot)
{
	size_t size;
	FILE *file = open_memstream(&plot->variables, &size);
	size_t i;

	if (!file)
		return -ENOMEM;
	fputs("names='", file);
	for (i = 0; i < json_array_size(functions); i++)
		fprintf(file, "%s ",
			json_string_value(json_array_get(functions, i)));
	fputs("';", file);
	return fclose(file) ? -ENOMEM : 0;
}

int plot_callbacks(const struct run *run, size_t begin, size_t end,
		   struct plot *plot)
{
	json_t *functions = list_functions(run, begin, end);
	double *tops = calloc(end - begin, sizeof(*tops));
	FILE *file;
	size_t size;
	int result = -ENOMEM;
	int closed;
	size_t i;

	plot->script = "callbacks.gp";
	file = open_memstream(&plot->data, &size);
	if (!functions || !tops || !file)
		goto close;
	fprintf(file, "# a function; place, from, to (call_rcu() per freed "
		      "page), variant's number, variant\n");
	result = 0;
	for (i = 0; i < json_array_size(functions) && !result; i++)
		result = write_function(
			run, begin, end,
			json_string_value(json_array_get(functions, i)), tops,
			file);
	if (!result)
		result = name_functions(functions, plot);
close:
	if (file) {
		closed = plot_close_text(file, &plot->data, !result);
		result = result ? result : closed;
	}
	json_decref(functions);
	free(tops);
	return result == -ENODATA ? 0 : result;
}

/* One block: every variant's mean of one kind of operation. */
static int write_op(const struct run *run, size_t begin, size_t end,
		    const char *metric, int *bars, FILE *file)
{
	struct spread spread;
	int place = 0;
	size_t i;

	for (i = begin; i < end; i++) {
		const char *variant = run->cells[i].variant;

		if (!plot_first_of_variant(run, begin, i))
			continue;
		if (run_spread(run, begin, end, variant, "bare", metric,
			       &spread))
			return -ENOMEM;
		if (isnan(spread.median))
			continue;
		fprintf(file, "%d\t%.6f\t%.6f\t%.6f\t%d\t%s\n", place++,
			spread.median / 1000, spread.min / 1000,
			spread.max / 1000, plot_variant_number(run, variant),
			run->cells[i].label);
	}
	fputs("\n\n", file);
	if (place > *bars)
		*bars = place;
	return 0;
}

int plot_ops(const struct run *run, size_t begin, size_t end, struct plot *plot)
{
	const struct metrics *metrics = NULL;
	FILE *data = NULL, *variables = NULL;
	size_t data_size, variables_size;
	size_t kinds = 0;
	int result = -ENOMEM;
	int bars = 0;
	size_t i;

	plot->script = "ops.gp";
	/* All cells of a group ran one workload: the first has all kinds. */
	for (i = begin; i < end && !metrics; i++) {
		if (!strcmp(run->cells[i].arm, "bare"))
			metrics = &run->cells[i].metrics;
	}
	if (!metrics)
		return 0;
	data = open_memstream(&plot->data, &data_size);
	variables = open_memstream(&plot->variables, &variables_size);
	if (!data || !variables)
		goto close;
	fprintf(data, "# an operation; place, mean, min, max (us, over seeds), "
		      "variant's number, variant\n");
	fputs("kinds='", variables);
	result = 0;
	for (i = 0; i < metrics->count && !result; i++) {
		const char *name = metrics->list[i].name;
		char kind[METRIC_NAME_SIZE];

		if (!plot_op_kind(name, kind))
			continue;
		kinds++;
		fprintf(data, "%s\n", kind);
		result = write_op(run, begin, end, name, &bars, data);
		fprintf(variables, "%s ", kind);
	}
	fprintf(variables, "';bars=%d;", bars);
close:
	if (variables && fclose(variables))
		result = -ENOMEM;
	if (data && plot_close_text(data, &plot->data, !result && kinds))
		result = -ENOMEM;
	return result;
}
