/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A table of text whose columns are as wide as what is in them:
 *
 *	struct text_table table = {.keys = 2};
 *	text_table_cell	for each cell of a row, or text_table_value;
 *			text_table_from after it if there is more to say
 *	text_table_row	at a row's end
 *	text_table_print	once; frees it as well
 *
 * The first row is the heading. When the table is too wide for TEXT_COLUMNS,
 * the first of several keys goes into lines of its own (with `merge`); columns
 * that do not fit even so go into further blocks, each with the other keys.
 */
#ifndef PFD_TEXT_TABLE_H
#define PFD_TEXT_TABLE_H

#include <stdbool.h>
#include <stdio.h>
#include "units.h"

struct text_table_cell {
	char *text;
	double number; /* what text stands for, to sort by; NaN: nothing */
	size_t from;   /* the first of the run's cells it is of, + 1, or 0 */
};

struct text_table {
	size_t keys; /* leading columns, left-aligned; the others are not */
	bool merge;  /* the first key is left out where it repeats */
	struct text_table_cell *cells;
	size_t count;
	size_t columns; /* of the first row; the others have as many */
	int error;	/* negative errno, from any call so far */
};

void text_table_cell(struct text_table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A number in its unit. */
void text_table_value(struct text_table *table, enum unit unit, double value);

/* "12.3 %"; "-" for NaN. */
void text_table_percent(struct text_table *table, double percent);

/* Says that the last cell is of what run->cells[index] and its like found. */
void text_table_from(struct text_table *table, size_t index);

/* Fills the row up with empty cells. */
void text_table_row(struct text_table *table);

/* How many columns to show: not the last ones in which nobody wrote. */
size_t text_table_columns(const struct text_table *table);

/* For a table without an error that has a row. */
void text_table_write(const struct text_table *table, FILE *file);

void text_table_free(struct text_table *table);

/*
 * Writes and frees it. Returns 0, or the negative errno value of the first call
 * that failed.
 */
int text_table_print(struct text_table *table, FILE *file);

#endif
