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

typedef int plot_fill_fn(const struct run *run, size_t begin, size_t end,
			 struct plot *plot);

static const struct {
	const char *name;
	plot_fill_fn *fill;
} plots[] = {
	{"callbacks", plot_callbacks},
	{"waits", plot_waits},
	{"ops", plot_ops},
	{"double", plot_double},
	{"pinned", plot_pinned},
	{"heat", plot_heat},
	{"sweep", plot_sweep},
};

static const char *text_of(const struct cell *cell, const char *name)
{
	return json_string_value(json_object_get(cell->header, name));
}

/* Whether cells of the run differ in that member of their header. */
static bool varies(const struct run *run, const char *member)
{
	size_t i;

	for (i = 1; i < run->valid_count; i++) {
		if (!json_equal(json_object_get(run->cells[0].header, member),
				json_object_get(run->cells[i].header, member)))
			return true;
	}
	return false;
}

/*
 * "64k-radix.thp-collapse" and more where the run has others of the kind. One
 * size of a sweep is "64k-radix.thp-collapse-processes8", the sweep the same
 * without the 8.
 */
static char *plain_name(const struct run *run, size_t begin, bool sweep)
{
	const struct cell *cell = &run->cells[begin];
	const char *swept = plot_swept(cell);
	/* The number of CPUs is in the name of the machine. */
	bool smp = swept && !strcmp(swept, "smp");
	char *name = NULL;
	size_t size;
	FILE *file = open_memstream(&name, &size);

	if (!file)
		return NULL;
	fprintf(file, "%s-%s", text_of(cell, "pages"), text_of(cell, "mmu"));
	if (varies(run, "cpu"))
		fprintf(file, "-%s", text_of(cell, "cpu"));
	if (varies(run, "smp") && !(sweep && smp))
		fprintf(file, "-smp%" JSON_INTEGER_FORMAT,
			json_integer_value(
				json_object_get(cell->header, "smp")));
	if (varies(run, "rcu"))
		fprintf(file, "-%s", text_of(cell, "rcu"));
	fprintf(file, ".%s", text_of(cell, "workload"));
	if (swept && (sweep || !smp))
		fprintf(file, "-%s", swept);
	if (swept && !sweep && !smp)
		fprintf(file, "%llu", plot_swept_value(cell));
	if (fclose(file)) {
		free(name);
		return NULL;
	}
	return name;
}

/* A name that no other group has: the second of one name gets a number. */
static char *group_name(const struct run *run, size_t begin)
{
	char *name = plain_name(run, begin, false);
	char *numbered = NULL;
	size_t namesakes = 0;
	size_t i;

	for (i = 0; i < begin && name; i = run_group_end(run, i)) {
		char *other = plain_name(run, i, false);

		namesakes += other && !strcmp(other, name);
		free(other);
	}
	if (!name || !namesakes)
		return name;
	if (asprintf(&numbered, "%s.%zu", name, namesakes + 1) < 0)
		numbered = NULL;
	free(name);
	return numbered;
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

static int plot_group(const struct plot_request *request, const struct run *run,
		      size_t begin, size_t end)
{
	char *names[2] = {group_name(run, begin), plain_name(run, begin, true)};
	int status = names[0] && names[1] ? STAT_OK : STAT_FAILED;
	char name[NAME_MAX];
	size_t i;

	if (status)
		message("cannot plot %s: no memory", request->run_dir);
	for (i = 0; i < sizeof(plots) / sizeof(plots[0]) && !status; i++) {
		struct plot plot = {};
		int result;

		snprintf(name, sizeof(name), "%s.%s", plots[i].name,
			 names[plots[i].fill == plot_sweep]);
		result = plots[i].fill(run, begin, end, &plot);
		if (result) {
			message("cannot plot %s: %s", name, strerror(-result));
			status = STAT_FAILED;
		} else if (plot.data) {
			status = draw_all(request, &plot, &run->cells[begin],
					  name);
		}
		free(plot.data);
		free(plot.variables);
		free(plot.about);
	}
	free(names[0]);
	free(names[1]);
	return status;
}

int plot_run(const struct plot_request *request)
{
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
	for (begin = 0; begin < run.valid_count && !status; begin = end) {
		end = run_group_end(&run, begin);
		status = plot_group(request, &run, begin, end);
	}
	run_free(&run);
	return status;
}
