/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Plots of a run. For each group of cells (configuration and job) some files of
 * data (tab separated, for gnuplot and for people), and from each a PNG and an
 * SVG; one for each sweep. The same records give the same bytes.
 */
#ifndef PFD_PLOT_H
#define PFD_PLOT_H

#include <stdio.h>
#include "cell.h"

/* One plot; plot_NAME.c and plot_data.c fill it, drawings.c draws it. */
struct plot {
	const char *script; /* "callbacks.gp" */
	char *data;	    /* what goes into the data file; NULL: nothing */
	/* Further variables of the script, as gnuplot code; may be NULL. */
	char *variables;
	/* What it is of, where that is more than the group; NULL: the group. */
	char *about;
};

/* One kind of plot, of a group of cells or of the sweep that it begins. */
struct plot_kind {
	const char *name;
	int (*fill)(const struct run *run, size_t begin, size_t end,
		    struct plot *plot);
	const char *shows;
	bool sweep;
};

/* All kinds, in the order to look at them; ends with a NULL name. */
extern const struct plot_kind plot_kinds[];

/* What tells a run's configurations apart in names of files. */
struct plot_names {
	const struct run *run;
	bool cpu, smp, rcu; /* whether they differ between its cells */
};

/* The run must outlive *names. */
void plot_names_init(struct plot_names *names, const struct run *run);

/*
 * "callbacks.64k-radix.exit": the files of a plot of the group at begin,
 * without .tsv, .png, .svg; to be freed. NULL: no memory.
 */
char *plot_name(const struct plot_names *names, size_t begin,
		const struct plot_kind *kind);

struct plot_request {
	const char *run_dir;
	const char *out_dir; /* is made when missing */
	const char *scripts; /* directory of *.gp */
};

/*
 * Makes all plots of a run that was read with kept_take(): first all files of
 * data, then one gnuplot draws. Returns as plot_run() does.
 */
int plot_loaded(const struct plot_request *request, const struct run *run);

/*
 * Reads a run and makes all plots. Returns STAT_OK, also when there is nothing
 * to plot, or, after one message, STAT_USAGE or STAT_FAILED.
 */
int plot_run(const struct plot_request *request);

/*
 * What the plots are made of; the group is begin..end - 1. A variant's
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
int plot_double(const struct run *run, size_t begin, size_t end,
		struct plot *plot);
int plot_pinned(const struct run *run, size_t begin, size_t end,
		struct plot *plot);
/* Nothing for one variant alone, where a parameter is swept, or of time. */
int plot_heat(const struct run *run, size_t begin, size_t end,
	      struct plot *plot);
/* Nothing but for the first group of a sweep: then of all its groups. */
int plot_sweep(const struct run *run, size_t begin, size_t end,
	       struct plot *plot);

/* The parameter that the plan swept, or "smp"; NULL: none. */
const char *plot_swept(const struct cell *cell);

/* The value that it has in a cell that is of a sweep. */
unsigned long long plot_swept_value(const struct cell *cell);

/* Where a cell's job says " NAME=": its value; NULL: nowhere. */
const char *plot_find_value(const char *job, const char *name);

/* One size of a sweep: a group of cells. */
struct plot_size {
	unsigned long long value;
	size_t begin, end;
};

/*
 * The groups that differ from the one at begin in nothing but what was swept,
 * itself among them, smallest first; none if one of them comes before it. sizes
 * is to be freed. Returns 0 or -ENOMEM.
 */
int plot_find_sizes(const struct run *run, size_t begin,
		    struct plot_size **sizes, size_t *count);

/* 1 for the first of the run's variants in alphabetical order, and so on. */
int plot_variant_number(const struct run *run, const char *variant);

/* Whether cell i is the first of its variant in a group starting at begin. */
bool plot_first_of_variant(const struct run *run, size_t begin, size_t i);

/*
 * A run keeps only the metrics of its cells, and kept_take() what all seeds
 * have a part in: reads the records of one cell once more.
 * Returns 0 or a negative errno value.
 */
int plot_read_again(const struct run *run, const struct cell *cell,
		    cell_visit_fn *visit, void *context);

/* Closes a text, and keeps it if it is complete and wanted; 0 or -ENOMEM. */
int plot_close_text(FILE *file, char **text, bool keep);

/* Whether the metric is "op.KIND.mean_ns"; fills kind. */
bool plot_op_kind(const char *metric, char kind[METRIC_NAME_SIZE]);

#endif
