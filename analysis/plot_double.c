// SPDX-License-Identifier: GPL-2.0
/* Data for the plot of pages that waited twice; see plot.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "plot.h"

/* One variant's pages of the TLB path, over all its seeds. */
struct doubles {
	double single, twice; /* pages */
	double first_ns, second_ns;
	double first_count, second_count;
	bool seen;
};

static int add_waits(const json_t *record, const char *member, double *sum_ns,
		     double *count)
{
	struct hist hist;

	if (hist_from_json(json_object_get(record, member), &hist))
		return -EINVAL;
	*sum_ns += hist.sum;
	*count += hist.count;
	return 0;
}

static double number_of(const json_t *record, const char *member)
{
	return json_integer_value(json_object_get(record, member));
}

static int collect(const struct cell *cell, const json_t *records,
		   void *context)
{
	struct doubles *doubles = context;
	int result = 0;
	size_t i;

	(void)cell;
	for (i = 0; i < json_array_size(records) && !result; i++) {
		const json_t *record = json_array_get(records, i);

		if (strcmp(json_string_value(json_object_get(record, "type")),
			   "double_rcu"))
			continue;
		doubles->seen = true;
		doubles->single += number_of(record, "single_count");
		doubles->twice += number_of(record, "double_count");
		result = add_waits(record, "first_wait_ns", &doubles->first_ns,
				   &doubles->first_count);
		if (!result)
			result = add_waits(record, "second_wait_ns",
					   &doubles->second_ns,
					   &doubles->second_count);
	}
	return result;
}

static double mean_ms(double sum_ns, double count)
{
	return count > 0 ? sum_ns / count / 1e6 : 0;
}

/* One line for each variant that has the record; returns whether any waited. */
static bool write_bars(const struct run *run, size_t begin, size_t end,
		       const struct doubles *doubles, FILE *file)
{
	bool any = false;
	int place = 0;
	size_t i;

	fprintf(file, "# place, mean first and second wait (ms) of the pages "
		      "that waited twice, their number, number of all pages "
		      "of the TLB path, variant's number, variant\n");
	for (i = begin; i < end; i++) {
		const struct doubles *of = &doubles[i - begin];
		const char *variant = run->cells[i].variant;

		if (!of->seen)
			continue;
		any |= of->twice > 0;
		fprintf(file, "%d\t%.6f\t%.6f\t%.0f\t%.0f\t%d\t%s\n", place++,
			mean_ms(of->first_ns, of->first_count),
			mean_ms(of->second_ns, of->second_count), of->twice,
			of->single + of->twice,
			plot_variant_number(run, variant), variant);
	}
	return any;
}

int plot_double(const struct run *run, size_t begin, size_t end,
		struct plot *plot)
{
	/* One for each cell; those of a variant's first cell are in use. */
	struct doubles *doubles = calloc(end - begin, sizeof(*doubles));
	size_t first = begin;
	bool any = false;
	int result = 0;
	size_t i, size;
	FILE *file;

	plot->script = "double.gp";
	if (!doubles)
		return -ENOMEM;
	for (i = begin; i < end && !result; i++) {
		if (plot_first_of_variant(run, begin, i))
			first = i;
		if (!strcmp(run->cells[i].arm, "probed"))
			result = plot_read_again(run, &run->cells[i], collect,
						 &doubles[first - begin]);
	}
	if (result)
		goto free;
	file = open_memstream(&plot->data, &size);
	if (file)
		any = write_bars(run, begin, end, doubles, file);
	result = file ? plot_close_text(file, &plot->data, any) : -ENOMEM;
free:
	free(doubles);
	return result;
}
