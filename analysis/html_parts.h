/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parts of the page, one file each; all return 0 or a negative errno
 * value. Ids: `c12` is the list of the cells of one variant and arm, of which
 * run->cells[12] is the first; `answer-CONFIG` is a table.
 */
#ifndef PFD_HTML_PARTS_H
#define PFD_HTML_PARTS_H

#include <stdbool.h>
#include <stdio.h>
#include <jansson.h>
#include "html.h"
#include "plot.h"
#include "run.h"
#include "view.h"

/* What is said goes into a page. */
struct html_view {
	struct view view;
	const char *part; /* ids of configurations begin with it */
	bool titles;	  /* titles are written, too: the page has none */
};

void html_view_init(struct html_view *view, const char *part, FILE *file);

/* Which variant costs what on which path: one table, and in words. */
int html_answer(const struct run *run, FILE *file);

/* What the variants are, from RUNDIR/variants. */
int html_variants(const struct run *run, FILE *file);

/* All plots of one group, or (sweep) those of the sweep it begins. */
int html_plots(const struct html_request *request,
	       const struct plot_names *names, size_t begin, bool sweep,
	       FILE *file);

/* How many cells there are and are valid, by configuration; what is not. */
int html_ledger(const struct run *run, const json_t *manifest, FILE *file);

/* What the run was made from; manifest may be NULL. */
int html_provenance(const json_t *manifest, FILE *file);

/* The commands that do it again. */
int html_repeat(const struct run *run, const json_t *manifest, FILE *file);

/* Whether the cell came with that file: a packed run has not all of them. */
bool html_has_file(const struct run *run, const struct cell *cell,
		   const char *name);

/* Every cell, with its files. */
int html_cells(const struct run *run, FILE *file);

#endif
