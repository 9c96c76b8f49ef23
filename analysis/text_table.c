// SPDX-License-Identifier: GPL-2.0
/* A table of text; see text_table.h. */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "text.h"
#include "text_table.h"

#define GAP 2 /* columns between columns */

void text_table_cell(struct text_table *table, const char *format, ...)
{
	struct text_table_cell *cells;
	va_list args;
	char *text;
	int size;

	if (table->error)
		return;
	va_start(args, format);
	size = vasprintf(&text, format, args);
	va_end(args);
	if (size < 0) {
		table->error = -ENOMEM;
		return;
	}
	cells = reallocarray(table->cells, table->count + 1, sizeof(*cells));
	if (!cells) {
		free(text);
		table->error = -ENOMEM;
		return;
	}
	table->cells = cells;
	cells[table->count++] =
		(struct text_table_cell){.text = text, .number = NAN};
}

void text_table_value(struct text_table *table, enum unit unit, double value)
{
	char text[64];

	unit_format(text, sizeof(text), unit, value);
	text_table_cell(table, "%s", text);
	if (!table->error)
		table->cells[table->count - 1].number = value;
}

void text_table_percent(struct text_table *table, double percent)
{
	if (isnan(percent))
		text_table_cell(table, "-");
	else
		text_table_cell(table, "%.*f %%",
				percent == 0 || percent >= 99.95 ? 0 : 1,
				percent);
	if (!table->error)
		table->cells[table->count - 1].number = percent;
}

void text_table_from(struct text_table *table, size_t index)
{
	if (!table->error && table->count)
		table->cells[table->count - 1].from = index + 1;
}

void text_table_row(struct text_table *table)
{
	if (!table->columns)
		table->columns = table->count;
	while (!table->error && table->columns && table->count % table->columns)
		text_table_cell(table, "%s", "");
}

static const char *cell_at(const struct text_table *table, size_t row,
			   size_t column)
{
	return table->cells[row * table->columns + column].text;
}

static int width_of(const struct text_table *table, size_t column)
{
	size_t rows = table->count / table->columns;
	int width = 0;
	size_t i;

	for (i = 0; i < rows; i++) {
		int size = strlen(cell_at(table, i, column));

		width = size > width ? size : width;
	}
	return width;
}

/* How a table is printed: which columns, and how the first key is. */
struct layout {
	size_t first_key, first, last;
	bool fold; /* the first key has lines of its own */
};

static bool repeats(const struct text_table *table, size_t row)
{
	return row &&
	       !strcmp(cell_at(table, row, 0), cell_at(table, row - 1, 0));
}

/* No blanks at a line's end: *pending of them are kept until text follows. */
static void print_cell(const struct text_table *table, size_t row,
		       size_t column, int *pending, FILE *file)
{
	const char *text = cell_at(table, row, column);
	int width = width_of(table, column);

	if (table->merge && !column && repeats(table, row))
		text = "";
	if (!*text) {
		*pending += GAP + width;
	} else if (column < table->keys) {
		fprintf(file, "%*s%s", *pending, "", text);
		*pending = GAP + width - (int)strlen(text);
	} else {
		fprintf(file, "%*s%*s", *pending, "", width, text);
		*pending = GAP;
	}
}

static void print_block(const struct text_table *table,
			const struct layout *layout, FILE *file)
{
	size_t rows = table->count / table->columns;
	size_t i, j;

	for (i = 0; i < rows; i++) {
		int pending = layout->fold ? GAP : 0;

		if (layout->fold && i && !repeats(table, i))
			fprintf(file, "%s\n", cell_at(table, i, 0));
		for (j = layout->first_key; j < table->keys; j++)
			print_cell(table, i, j, &pending, file);
		for (j = layout->first; j < layout->last; j++)
			print_cell(table, i, j, &pending, file);
		fputc('\n', file);
	}
}

/* The width of columns first..last - 1, each with a gap before it. */
static int width_of_range(const struct text_table *table, size_t first,
			  size_t last)
{
	int width = 0;

	for (; first < last; first++)
		width += GAP + width_of(table, first);
	return width;
}

size_t text_table_columns(const struct text_table *table)
{
	size_t columns = table->columns;

	/* Remarks that nobody made need no room. */
	while (columns > table->keys && !width_of(table, columns - 1))
		columns--;
	return columns;
}

void text_table_write(const struct text_table *table, FILE *file)
{
	struct layout layout = {.first = table->keys};
	size_t columns = text_table_columns(table);
	int keys;

	layout.fold = table->merge &&
		      width_of_range(table, 0, columns) > TEXT_COLUMNS + GAP;
	layout.first_key = layout.fold;
	/* Folded, the indentation is the first gap. */
	keys = width_of_range(table, layout.first_key, table->keys) -
	       (layout.fold ? 0 : GAP);
	for (; layout.first < columns; layout.first = layout.last) {
		layout.last = layout.first + 1;
		while (layout.last < columns &&
		       keys + width_of_range(table, layout.first,
					     layout.last + 1) <=
			       TEXT_COLUMNS)
			layout.last++;
		print_block(table, &layout, file);
	}
}

void text_table_free(struct text_table *table)
{
	size_t i;

	for (i = 0; i < table->count; i++)
		free(table->cells[i].text);
	free(table->cells);
	memset(table, 0, sizeof(*table));
}

int text_table_print(struct text_table *table, FILE *file)
{
	int result = table->error;

	if (!result && table->count)
		text_table_write(table, file);
	text_table_free(table);
	return result;
}
