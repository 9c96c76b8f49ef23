// SPDX-License-Identifier: GPL-2.0
/* Data for the plot of wait distributions; see plot.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "kept.h"
#include "plot.h"

/* One variant's waits, over all its seeds; a panel each. */
struct waits {
	struct hist panels[KEPT_WAITS];
};

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
			struct waits *const *waits, FILE *data, FILE *variables)
{
	static const char *const names[KEPT_WAITS] = {"page", "tlb", "own",
						      "second"};
	struct hist all = {};
	int curves = 0;
	int panel;
	size_t i;

	fprintf(data, "# a variant; wait (ms), share of waits up to it. First "
		      "page waits, then those of " TLB_CALLBACK ", then those "
		      "of the variant's own callbacks, then second waits\n");
	for (panel = 0; panel < KEPT_WAITS; panel++) {
		/* Which line each curve of the panel is drawn with. */
		fprintf(variables, "%s='", names[panel]);
		for (i = begin; i < end; i++) {
			const struct cell *cell = &run->cells[i];
			const struct hist *hist;

			if (!waits[i - begin])
				continue;
			hist = &waits[i - begin]->panels[panel];
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

/* Merges the seeds of each variant, into the place of its first cell. */
static int merge_waits(const struct run *run, size_t begin, size_t end,
		       struct waits **waits)
{
	size_t first = begin;
	size_t i, panel;

	for (i = begin; i < end; i++) {
		const struct kept *kept = run->cells[i].kept;

		if (plot_first_of_variant(run, begin, i))
			first = i;
		if (!kept)
			continue;
		if (!waits[first - begin])
			waits[first - begin] = calloc(1, sizeof(**waits));
		if (!waits[first - begin])
			return -ENOMEM;
		for (panel = 0; panel < KEPT_WAITS; panel++)
			kept_merge(&waits[first - begin]->panels[panel],
				   &kept->waits[panel]);
	}
	return 0;
}

int plot_waits(const struct run *run, size_t begin, size_t end,
	       struct plot *plot)
{
	struct waits **waits = calloc(end - begin, sizeof(struct waits *));
	FILE *data = NULL, *variables = NULL;
	size_t data_size, variables_size;
	int curves = 0;
	int result;
	size_t i;

	plot->script = "waits.gp";
	if (!waits)
		return -ENOMEM;
	result = merge_waits(run, begin, end, waits);
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
	for (i = begin; i < end; i++)
		free(waits[i - begin]);
	free(waits);
	return result;
}
