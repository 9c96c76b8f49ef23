// SPDX-License-Identifier: GPL-2.0
/* Data for the plot of memory that waits to be free; see plot.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "plot.h"

/* What is being written, and what the axes must hold. */
struct pinned {
	const struct run *run;
	const struct cell
		*cell; /* whose line it is; read again, it has no label */
	FILE *data, *ends, *lines;
	double longest_ms, most_bytes;
};

static double number_of(const json_t *record, const char *member)
{
	return json_integer_value(json_object_get(record, member));
}

static double number_at(const json_t *list, size_t i)
{
	return json_integer_value(json_array_get(list, i));
}

/*
 * The series ends with the last change. Where something was left when the
 * workload ended and all of it came, that change is the end of the draining.
 */
static void write_end(struct pinned *pinned, const struct cell *cell,
		      const json_t *record, double longest_ns)
{
	double drain_ns = number_of(record, "drain_ns");
	double end_ns = longest_ns - drain_ns;
	size_t i;

	/* 0, also for null: not known */
	if (drain_ns <= 0 || end_ns < 0)
		return;
	/* The last point before; point i is at (i + 1) intervals. */
	i = end_ns / number_of(record, "interval_ns");
	i -= i > 0;
	fprintf(pinned->ends, "%.6f\t%.0f\t%.0f\t%d\n", end_ns / 1e6,
		number_at(json_object_get(record, "table_series_bytes"), i),
		number_at(json_object_get(record, "page_series_bytes"), i),
		plot_variant_number(pinned->run, cell->variant));
}

static void write_line(struct pinned *pinned, const struct cell *cell,
		       const json_t *record)
{
	const json_t *tables = json_object_get(record, "table_series_bytes");
	const json_t *pages = json_object_get(record, "page_series_bytes");
	double interval_ns = number_of(record, "interval_ns");
	size_t count = json_array_size(tables);
	size_t i;

	if (!count || json_array_size(pages) != count || interval_ns <= 0)
		return;
	fprintf(pinned->data, "%s\n", pinned->cell->label);
	for (i = 0; i < count; i++) {
		double table = number_at(tables, i), page = number_at(pages, i);

		fprintf(pinned->data, "%.6f\t%.0f\t%.0f\n",
			(i + 1) * interval_ns / 1e6, table, page);
		if (table > pinned->most_bytes)
			pinned->most_bytes = table;
		if (page > pinned->most_bytes)
			pinned->most_bytes = page;
	}
	fputs("\n\n", pinned->data);
	fprintf(pinned->lines, "%d ",
		plot_variant_number(pinned->run, cell->variant));
	if (count * interval_ns / 1e6 > pinned->longest_ms)
		pinned->longest_ms = count * interval_ns / 1e6;
	write_end(pinned, cell, record, count * interval_ns);
}

static int collect(struct cell *cell, const json_t *records, void *context)
{
	size_t i;

	for (i = 0; i < json_array_size(records); i++) {
		const json_t *record = json_array_get(records, i);

		if (!strcmp(json_string_value(json_object_get(record, "type")),
			    "pinned"))
			write_line(context, cell, record);
	}
	return 0;
}

/* The first probed cell of each variant: its first seed. */
static int write_lines(struct pinned *pinned, size_t begin, size_t end)
{
	const struct run *run = pinned->run;
	const char *done = "";
	int result = 0;
	size_t i;

	fprintf(pinned->data,
		"# a variant; time since the start (ms), bytes of tables that "
		"are unlinked and not free, of pages that nothing but RCU "
		"holds. Last: end of the workload (ms), the two there, "
		"variant's number\n");
	for (i = begin; i < end && !result; i++) {
		const struct cell *cell = &run->cells[i];

		if (strcmp(cell->arm, "probed") || !strcmp(done, cell->variant))
			continue;
		done = cell->variant;
		pinned->cell = cell;
		result = plot_read_again(run, cell, collect, pinned);
	}
	return result;
}

int plot_pinned(const struct run *run, size_t begin, size_t end,
		struct plot *plot)
{
	struct pinned pinned = {.run = run};
	char *ends = NULL, *lines = NULL;
	size_t data_size, ends_size, lines_size;
	int result = -ENOMEM;

	plot->script = "pinned.gp";
	pinned.data = open_memstream(&plot->data, &data_size);
	pinned.ends = open_memstream(&ends, &ends_size);
	pinned.lines = open_memstream(&lines, &lines_size);
	if (pinned.data && pinned.ends && pinned.lines)
		result = write_lines(&pinned, begin, end);
	if (pinned.ends && fclose(pinned.ends))
		result = -ENOMEM;
	if (pinned.lines && fclose(pinned.lines))
		result = -ENOMEM;
	if (!result && pinned.most_bytes > 0) {
		fputs(ends, pinned.data);
		if (asprintf(&plot->variables,
			     "lines='%s';ends=%d;longest=%.6f;most=%.0f;",
			     lines, *ends != '\0', pinned.longest_ms,
			     pinned.most_bytes) < 0) {
			plot->variables = NULL;
			result = -ENOMEM;
		}
	}
	if (pinned.data && plot_close_text(pinned.data, &plot->data,
					   !result && pinned.most_bytes > 0))
		result = -ENOMEM;
	free(ends);
	free(lines);
	return result;
}
