// SPDX-License-Identifier: GPL-2.0
/* Data for the plot of what a second wait adds; see plot.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "kept.h"
#include "plot.h"

/* One variant's pages of the TLB path, over all its seeds. */
struct doubles {
	double pages, twice;
	double wait_ns, second_ns; /* of all pages together */
};

static void add_cell(struct doubles *doubles, const struct kept *kept)
{
	doubles->pages += kept->tlb_pages;
	doubles->twice += kept->twice;
	doubles->wait_ns += kept->wait_ns;
	doubles->second_ns += kept->second_ns;
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
	size_t i, size;
	int result;
	FILE *file;

	plot->script = "double.gp";
	if (!doubles)
		return -ENOMEM;
	for (i = begin; i < end; i++) {
		if (plot_first_of_variant(run, begin, i))
			first = i;
		if (run->cells[i].kept)
			add_cell(&doubles[first - begin], run->cells[i].kept);
	}
	file = open_memstream(&plot->data, &size);
	if (file)
		any = write_bars(run, begin, end, doubles, file);
	result = file ? plot_close_text(file, &plot->data, any) : -ENOMEM;
	free(doubles);
	return result;
}
