/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files that gnuplot is to draw, all of them by one process: a process for each
 * would spend most of its time on starting.
 *
 *	drawings_begin
 *	drawings_add	for each file
 *	drawings_draw	once
 *	drawings_free
 *
 * What fails says so in one message.
 */
#ifndef PFD_DRAWINGS_H
#define PFD_DRAWINGS_H

#include <limits.h>
#include <stdbool.h>
#include "plot.h"

struct drawings;

/* NULL: it cannot be done. */
struct drawings *drawings_begin(void);

/*
 * The plot of a group of cells, of which `cell` is one, by its script in the
 * directory `scripts`, from the file `data` into the file `out`; `format`:
 * "png" or "svg". Returns STAT_OK, STAT_USAGE or STAT_FAILED.
 */
int drawings_add(struct drawings *drawings, const struct plot *plot,
		 const struct cell *cell, const char *scripts, const char *data,
		 const char *out, const char *format);

/* Returns STAT_OK or STAT_FAILED. Files get their names when all are drawn. */
int drawings_draw(struct drawings *drawings);

/* NULL: nothing. */
void drawings_free(struct drawings *drawings);

/* A path that fits, or false after a message. */
bool plot_path(char path[PATH_MAX], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
