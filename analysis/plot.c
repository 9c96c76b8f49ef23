// SPDX-License-Identifier: GPL-2.0
/* Makes the plots of a run; see plot.h. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "gnuplot.h"
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

static const char *text_of(const struct cell *cell, const char *name)
{
	return json_string_value(json_object_get(cell->header, name));
}

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

/* A path that fits, or false after a message. */
static bool make_path(char path[PATH_MAX], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool make_path(char path[PATH_MAX], const char *format, ...)
{
	va_list args;
	int size;

	va_start(args, format);
	size = vsnprintf(path, PATH_MAX, format, args);
	va_end(args);
	if (size >= 0 && size < PATH_MAX)
		return true;
	message("%.64s...: the name is too long", path);
	return false;
}

/* A gnuplot path must not start with '|', '<' or '~': these mean something. */
static const char *safe_prefix(const char *path)
{
	return *path == '/' ? "" : "./";
}

/*
 * Draws one file. gnuplot does not say when the disk was full: what it wrote
 * gets its name only when there is something in it.
 */
static int draw(const struct plot *plot, const struct cell *cell,
		const char *scripts, const char *data, const char *out,
		const char *format)
{
	char path[PATH_MAX], temporary[PATH_MAX], title[1024];
	struct stat written;
	char *code = NULL;
	int status = STAT_FAILED;
	size_t size;
	FILE *file;

	if (!make_path(path, "%s/%s", scripts, plot->script) ||
	    !make_path(temporary, "%s.new", out))
		return STAT_USAGE;
	if (plot->about)
		snprintf(title, sizeof(title), "%s", plot->about);
	else
		snprintf(title, sizeof(title), "%s, %s", cell->config,
			 cell->job);
	file = open_memstream(&code, &size);
	if (!file) {
		message("cannot plot %s: no memory", out);
		return STAT_FAILED;
	}
	gnuplot_set(file, "format", format);
	gnuplot_set(file, "scripts", scripts);
	gnuplot_set(file, "data", data);
	gnuplot_set(file, "out", temporary);
	gnuplot_set(file, "about", title);
	gnuplot_set(file, "note",
		    strcmp(text_of(cell, "target"), "exact")
			    ? ""
			    : "emulated: time is instructions executed");
	fputs(plot->variables ? plot->variables : "", file);
	if (fclose(file))
		message("cannot plot %s: no memory", out);
	else
		status = gnuplot_run(code, path);
	if (!status && (stat(temporary, &written) || !written.st_size ||
			rename(temporary, out))) {
		message("cannot write %s: %s", out,
			errno ? strerror(errno) : "it is empty");
		status = STAT_FAILED;
	}
	if (status)
		unlink(temporary);
	free(code);
	return status;
}

static int draw_all(const struct plot_request *request, const struct plot *plot,
		    const struct cell *cell, const char *name)
{
	static const char *const formats[] = {"png", "svg"};
	const char *prefix = safe_prefix(request->out_dir);
	char data[PATH_MAX], out[PATH_MAX];
	int status = STAT_OK;
	int result;
	size_t i;

	if (!make_path(data, "%s%s/%s.tsv", prefix, request->out_dir, name))
		return STAT_USAGE;
	result = write_file(data, plot->data);
	if (result) {
		message("cannot write %s: %s", data, strerror(-result));
		return STAT_FAILED;
	}
	for (i = 0; i < 2 && !status; i++) {
		if (!make_path(out, "%s%s/%s.%s", prefix, request->out_dir,
			       name, formats[i]))
			return STAT_USAGE;
		status = draw(plot, cell, request->scripts, data, out,
			      formats[i]);
	}
	return status;
}

static int plot_one(const struct plot_request *request,
		    const struct plot_names *names, size_t begin, size_t end,
		    const struct plot_kind *kind)
{
	const struct run *run = names->run;
	char *name = plot_name(names, begin, kind);
	struct plot plot = {};
	int status = STAT_OK;
	int result;

	result = name ? kind->fill(run, begin, end, &plot) : -ENOMEM;
	if (result) {
		message("cannot plot %s: %s", name ? name : kind->name,
			strerror(-result));
		status = STAT_FAILED;
	} else if (plot.data) {
		status = draw_all(request, &plot, &run->cells[begin], name);
	}
	free(plot.data);
	free(plot.variables);
	free(plot.about);
	free(name);
	return status;
}

int plot_run(const struct plot_request *request)
{
	const struct plot_kind *kind;
	struct plot_names names;
	struct run run = {};
	size_t begin, end;
	int status;

	/* Numbers and sorting in gnuplot must not follow the user's locale. */
	if (setenv("LC_ALL", "C", 1)) {
		message("cannot plot: %s", strerror(errno));
		return STAT_FAILED;
	}
	status = run_load(&run, request->run_dir);
	if (!status && mkdir(request->out_dir, 0777) && errno != EEXIST) {
		message("cannot make %s: %s", request->out_dir,
			strerror(errno));
		status = STAT_FAILED;
	}
	plot_names_init(&names, &run);
	for (begin = 0; begin < run.valid_count && !status; begin = end) {
		end = run_group_end(&run, begin);
		for (kind = plot_kinds; kind->name && !status; kind++)
			status = plot_one(request, &names, begin, end, kind);
	}
	run_free(&run);
	return status;
}
