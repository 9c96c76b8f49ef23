// SPDX-License-Identifier: GPL-2.0
/* Data for the plot of what a second wait adds; see plot.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "plot.h"

/* One variant's pages of the TLB path, over all its seeds. */
struct doubles {
	double pages, twice;
	double wait_ns, second_ns; /* of all pages together */
};

static double number_of(const json_t *record, const char *member)
{
	return json_integer_value(json_object_get(record, member));
}

static int collect(const struct cell *cell, const json_t *records,
		   void *context)
{
	const char *pages =
		json_string_value(json_object_get(cell->header, "pages"));
	double page_bytes = strcmp(pages, "64k") ? 4096 : 65536;
	struct doubles *doubles = context;
	double twice;
	size_t i;

	for (i = 0; i < json_array_size(records); i++) {
		const json_t *record = json_array_get(records, i);

		if (strcmp(json_string_value(json_object_get(record, "type")),
			   "double_rcu"))
			continue;
		twice = number_of(record, "double_count");
		doubles->pages += number_of(record, "single_count") + twice;
		doubles->twice += twice;
		doubles->wait_ns +=
			number_of(record, "held_byte_ns") / page_bytes;
		doubles->second_ns +=
			number_of(record, "second_held_byte_ns") / page_bytes;
	}
	return 0;
}

/* One line for each variant with such pages; returns whether there is any. */
static bool write_bars(const struct run *run, size_t begin, size_t end,
		       const struct doubles *doubles, FILE *file)
{
	int place = 0;
	size_t i;

	fprintf(file, "# place, mean wait (ms) but for the second one, mean "
		      "second wait, pages that waited twice, all pages of "
		      "the TLB path, variant's number, variant\n");
	for (i = begin; i < end; i++) {
		const struct doubles *of = &doubles[i - begin];
		const struct cell *cell = &run->cells[i];

		if (of->pages <= 0)
			continue;
		fprintf(file, "%d\t%.6f\t%.6f\t%.0f\t%.0f\t%d\t%s\n", place++,
			(of->wait_ns - of->second_ns) / of->pages / 1e6,
			of->second_ns / of->pages / 1e6, of->twice, of->pages,
			plot_variant_number(run, cell->variant), cell->label);
	}
	return place > 0;
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
