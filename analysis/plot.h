/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Plots of a run. For each group of cells (configuration and job) up to three
 * files of data (tab separated, for gnuplot and for people), and from each a
 * PNG and an SVG. The same records give the same bytes.
 */
#ifndef PFD_PLOT_H
#define PFD_PLOT_H

#include <stdio.h>
#include "run.h"

/* One plot; plot_data.c and plot_waits.c fill it, gnuplot.c draws it. */
struct plot {
	const char *script; /* "callbacks.gp" */
	char *data;	    /* what goes into the data file; NULL: nothing */
	/* Further variables of the script, as gnuplot code; may be NULL. */
	char *variables;
};

struct plot_request {
	const char *run_dir;
	const char *out_dir; /* is made when missing */
	const char *scripts; /* directory of *.gp */
};

/*
 * Makes all plots. Returns STAT_OK, also when there is nothing to plot, or,
 * after one message, STAT_USAGE or STAT_FAILED.
 */
int plot_run(const struct plot_request *request);

/*
 * What the three plots are made of; the group is begin..end - 1. A variant's
 * number, which stands for its colour and line, is its place among all
 * variants of the run. Each returns 0 or a negative errno value and leaves
 * plot->data NULL when the group has nothing of the kind.
 */
int plot_callbacks(const struct run *run, size_t begin, size_t end,
		   struct plot *plot);
int plot_ops(const struct run *run, size_t begin, size_t end,
	     struct plot *plot);
int plot_waits(const struct run *run, size_t begin, size_t end,
	       struct plot *plot);

/* 1 for the first of the run's variants in alphabetical order, and so on. */
int plot_variant_number(const struct run *run, const char *variant);

/* Whether cell i is the first of its variant in a group starting at begin. */
bool plot_first_of_variant(const struct run *run, size_t begin, size_t i);

#endif
