// SPDX-License-Identifier: GPL-2.0
/* Data for the plot of wait distributions; see plot.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "plot.h"

/* What waits: one panel each. */
enum panel { PANEL_PAGE, PANEL_TLB, PANEL_OWN, PANEL_SECOND, PANELS };

/* One variant's waits, over all its seeds. */
struct waits {
	struct hist panels[PANELS];
};

static int add_waits(struct waits *waits, enum panel panel,
		     const json_t *record, const char *member)
{
	struct hist hist;

	if (hist_from_json(json_object_get(record, member), &hist))
		return -EINVAL;
	hist_merge(&waits->panels[panel], &hist);
	return 0;
}

static int collect(const struct cell *cell, const json_t *records,
		   void *context)
{
	int result = 0;
	size_t i;

	for (i = 0; i < json_array_size(records) && !result; i++) {
		const json_t *record = json_array_get(records, i);
		const char *type =
			json_string_value(json_object_get(record, "type"));
		const char *function =
			json_string_value(json_object_get(record, "function"));

		if (!strcmp(type, "page"))
			result = add_waits(context, PANEL_PAGE, record,
					   "last_wait_ns");
		else if (!strcmp(type, "callback") &&
			 !strcmp(function, TLB_CALLBACK))
			result = add_waits(context, PANEL_TLB, record,
					   "wait_ns");
		else if (!strcmp(type, "callback") &&
			 metric_is_table_callback(cell->header, function))
			result = add_waits(context, PANEL_OWN, record,
					   "wait_ns");
		else if (!strcmp(type, "double_rcu"))
			result = add_waits(context, PANEL_SECOND, record,
					   "second_wait_ns");
	}
	return result;
}

/* In milliseconds; the axis is logarithmic and has no zero. */
static double to_ms(__u64 ns)
{
	return (ns ? ns : 1) / 1e6;
}

/* One curve: the share of all waits that are at most so long. */
static void write_curve(const char *variant, const struct hist *hist,
			FILE *file)
{
	double seen = 0;
	__u32 i;

	fprintf(file, "%s\n%.6f\t0\n", variant, to_ms(hist->min));
	for (i = 0; i < HIST_BUCKETS; i++) {
		__u64 value = hist_lower(i);

		if (!hist->bucket[i])
			continue;
		value = value < hist->min ? hist->min : value;
		seen += hist->bucket[i];
		fprintf(file, "%.6f\t%.6f\n", to_ms(value), seen / hist->count);
	}
	fprintf(file, "%.6f\t1\n\n\n", to_ms(hist->max));
}

static int write_curves(const struct run *run, size_t begin, size_t end,
			const struct waits *waits, FILE *data, FILE *variables)
{
	static const char *const names[PANELS] = {"page", "tlb", "own",
						  "second"};
	struct hist all = {};
	int curves = 0;
	int panel;
	size_t i;

	fprintf(data, "# a variant; wait (ms), share of waits up to it. First "
		      "page waits, then those of " TLB_CALLBACK ", then those "
		      "of the variant's own callbacks, then second waits\n");
	for (panel = 0; panel < PANELS; panel++) {
		/* Which line each curve of the panel is drawn with. */
		fprintf(variables, "%s='", names[panel]);
		for (i = begin; i < end; i++) {
			const struct hist *hist =
				&waits[i - begin].panels[panel];
			const struct cell *cell = &run->cells[i];

			if (!hist->count)
				continue;
			write_curve(cell->label, hist, data);
			hist_merge(&all, hist);
			fprintf(variables, "%d ",
				plot_variant_number(run, cell->variant));
			curves++;
		}
		fprintf(variables, "';");
	}
	fprintf(variables, "shortest=%.6f;longest=%.6f;", to_ms(all.min),
		to_ms(all.max));
	return curves;
}

int plot_waits(const struct run *run, size_t begin, size_t end,
	       struct plot *plot)
{
	/* One for each cell; those of a variant's first cell are in use. */
	struct waits *waits = calloc(end - begin, sizeof(*waits));
	FILE *data = NULL, *variables = NULL;
	size_t data_size, variables_size;
	size_t first = begin;
	int curves = 0;
	int result = 0;
	size_t i;

	plot->script = "waits.gp";
	if (!waits)
		return -ENOMEM;
	for (i = begin; i < end && !result; i++) {
		if (plot_first_of_variant(run, begin, i))
			first = i;
		if (!strcmp(run->cells[i].arm, "probed"))
			result = plot_read_again(run, &run->cells[i], collect,
						 &waits[first - begin]);
	}
	if (result)
		goto free;
	data = open_memstream(&plot->data, &data_size);
	variables = open_memstream(&plot->variables, &variables_size);
	if (data && variables)
		curves = write_curves(run, begin, end, waits, data, variables);
	else
		result = -ENOMEM;
	if (data && fclose(data))
		result = -ENOMEM;
	if (variables && fclose(variables))
		result = -ENOMEM;
	if (result || !curves) {
		free(plot->data);
		plot->data = NULL;
	}
free:
	free(waits);
	return result;
}
