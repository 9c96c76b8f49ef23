/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A table of text whose columns are as wide as what is in them:
 *
 *	struct text_table table = {.keys = 2};
 *	text_table_cell	for each cell of a row
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

struct text_table {
	size_t keys; /* leading columns, left-aligned; the others are not */
	bool merge;  /* the first key is left out where it repeats */
	char **cells;
	size_t count;
	size_t columns; /* of the first row; the others have as many */
	int error;	/* negative errno, from any call so far */
};

void text_table_cell(struct text_table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Fills the row up with empty cells. */
void text_table_row(struct text_table *table);

/* Returns 0, or the negative errno value of the first call that failed. */
int text_table_print(struct text_table *table, FILE *file);

#endif
