// SPDX-License-Identifier: GPL-2.0
/* What several plots need; see plot.h. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "plot.h"

int plot_variant_number(const struct run *run, const char *variant)
{
	size_t i = 0;

	while (i < run->variant_count && strcmp(run->variants[i], variant) < 0)
		i++;
	return (int)i + 1;
}

bool plot_first_of_variant(const struct run *run, size_t begin, size_t i)
{
	return i == begin ||
	       strcmp(run->cells[i - 1].variant, run->cells[i].variant);
}

int plot_close_text(FILE *file, char **text, bool keep)
{
	int result = fclose(file) ? -ENOMEM : 0;

	if (result || !keep) {
		free(*text);
		*text = NULL;
	}
	return result;
}

int plot_read_again(const struct run *run, const struct cell *cell,
		    cell_visit_fn *visit, void *context)
{
	struct cell again = {};
	char dir[PATH_MAX];
	int result;

	if (snprintf(dir, sizeof(dir), "%s/cells", run->dir) >= PATH_MAX)
		return -ENAMETOOLONG;
	result = cell_load(&again, dir, cell->name, visit, context);
	cell_free(&again);
	return result;
}

bool plot_op_kind(const char *metric, char kind[METRIC_NAME_SIZE])
{
	static const char start[] = "op.", ending[] = ".mean_ns";
	const char *dot = strrchr(metric, '.');

	if (strncmp(metric, start, strlen(start)) || strcmp(dot, ending))
		return false;
	metric += strlen(start);
	snprintf(kind, METRIC_NAME_SIZE, "%.*s", (int)(dot - metric), metric);
	return true;
}
