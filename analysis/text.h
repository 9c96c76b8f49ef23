/* SPDX-License-Identifier: GPL-2.0 */
/* Text of at most 80 columns, so that it can be pasted into a mail. */
#ifndef PFD_TEXT_H
#define PFD_TEXT_H

#include <stdio.h>
#include "run.h"

#define TEXT_COLUMNS 80

/*
 * Prints text, broken at spaces; the first line starts with `first` and the
 * others with as many spaces. A word that is longer than a line stays whole.
 */
void text_wrap(FILE *file, const char *first, const char *text);

/* The same, with a format. */
void text_wrapf(FILE *file, const char *first, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The heading of a group of cells: configuration and job. */
void text_group(FILE *file, const struct cell *cell);

/* What tells the group's job from others in few words: "exit processes=8". */
void text_job(char *text, size_t size, const struct cell *cell);

#endif
