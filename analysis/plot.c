// SPDX-License-Identifier: GPL-2.0
/* Makes the plots of a run; see plot.h. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "drawings.h"
#include "kept.h"
#include "message.h"
#include "plot.h"

const struct plot_kind plot_kinds[] = {
	{"heat", plot_heat, "what each variant changes", false},
	{"callbacks", plot_callbacks,
	 "call_rcu() per page-table page freed, by callback", false},
	{"double", plot_double, "what a second wait adds", false},
	{"waits", plot_waits,
	 "how long pages and callbacks wait, second waits apart", false},
	{"pinned", plot_pinned, "memory that waits to be free, over time",
	 false},
	{"ops", plot_ops, "what each operation costs", false},
	{"sweep", plot_sweep, "cost against size", true},
	{},
};

/* Plots of one run in the making. */
struct plotter {
	const struct plot_request *request;
	struct plot_names names;
	struct drawings *drawings;
};

static int write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");
	int result = 0;

	if (!file)
		return -errno;
	if (fputs(text, file) == EOF)
		result = -errno;
	if (fclose(file) && !result)
		result = -errno;
	return result;
}

/* A gnuplot path must not start with '|', '<' or '~': these mean something. */
static const char *safe_prefix(const char *path)
{
	return *path == '/' ? "" : "./";
}

/* Writes the data, and has it drawn by and by. */
static int take_all(const struct plotter *plotter, const struct plot *plot,
		    const struct cell *cell, const char *name)
{
	static const char *const formats[] = {"png", "svg"};
	const struct plot_request *request = plotter->request;
	const char *prefix = safe_prefix(request->out_dir);
	char data[PATH_MAX], out[PATH_MAX];
	int status = STAT_OK;
	int result;
	size_t i;

	if (!plot_path(data, "%s%s/%s.tsv", prefix, request->out_dir, name))
		return STAT_USAGE;
	result = write_file(data, plot->data);
	if (result) {
		message("cannot write %s: %s", data, strerror(-result));
		return STAT_FAILED;
	}
	for (i = 0; i < 2 && !status; i++) {
		if (!plot_path(out, "%s%s/%s.%s", prefix, request->out_dir,
			       name, formats[i]))
			return STAT_USAGE;
		status = drawings_add(plotter->drawings, plot, cell,
				      request->scripts, data, out, formats[i]);
	}
	return status;
}

static int plot_one(const struct plotter *plotter, size_t begin, size_t end,
		    const struct plot_kind *kind)
{
	const struct run *run = plotter->names.run;
	char *name = plot_name(&plotter->names, begin, kind);
	struct plot plot = {};
	int status = STAT_OK;
	int result;

	result = name ? kind->fill(run, begin, end, &plot) : -ENOMEM;
	if (result) {
		message("cannot plot %s: %s", name ? name : kind->name,
			strerror(-result));
		status = STAT_FAILED;
	} else if (plot.data) {
		status = take_all(plotter, &plot, &run->cells[begin], name);
	}
	free(plot.data);
	free(plot.variables);
	free(plot.about);
	free(name);
	return status;
}

int plot_loaded(const struct plot_request *request, const struct run *run)
{
	struct plotter plotter = {.request = request};
	const struct plot_kind *kind;
	int status = STAT_OK;
	size_t begin, end;

	/* Numbers and sorting in gnuplot must not follow the user's locale. */
	if (setenv("LC_ALL", "C", 1)) {
		message("cannot plot: %s", strerror(errno));
		return STAT_FAILED;
	}
	if (mkdir(request->out_dir, 0777) && errno != EEXIST) {
		message("cannot make %s: %s", request->out_dir,
			strerror(errno));
		return STAT_FAILED;
	}
	plotter.drawings = drawings_begin();
	if (!plotter.drawings)
		return STAT_FAILED;
	plot_names_init(&plotter.names, run);
	for (begin = 0; begin < run->valid_count && !status; begin = end) {
		end = run_group_end(run, begin);
		for (kind = plot_kinds; kind->name && !status; kind++)
			status = plot_one(&plotter, begin, end, kind);
	}
	if (!status)
		status = drawings_draw(plotter.drawings);
	drawings_free(plotter.drawings);
	return status;
}

int plot_run(const struct plot_request *request)
{
	struct run run = {};
	int status;

	status = run_visit(&run, request->run_dir, kept_take, NULL);
	if (!status)
		status = plot_loaded(request, &run);
	run_free(&run);
	return status;
}
