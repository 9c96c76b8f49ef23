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

/* How many groups before this one would get the same name otherwise. */
static size_t count_namesakes(const struct run *run, size_t begin)
{
	const struct cell *cell = &run->cells[begin];
	size_t count = 0;
	size_t i;

	for (i = 0; i < begin; i = run_group_end(run, i)) {
		const struct cell *other = &run->cells[i];

		count += !strcmp(other->config, cell->config) &&
			 !strcmp(text_of(other, "workload"),
				 text_of(cell, "workload"));
	}
	return count;
}

/* "64k-radix.thp-collapse", and more where that would not be unique. */
static char *group_name(const struct run *run, size_t begin)
{
	const struct cell *cell = &run->cells[begin];
	size_t namesakes = count_namesakes(run, begin);
	char *name = NULL;
	size_t size;
	FILE *file = open_memstream(&name, &size);

	if (!file)
		return NULL;
	fprintf(file, "%s-%s", text_of(cell, "pages"), text_of(cell, "mmu"));
	if (varies(run, "cpu"))
		fprintf(file, "-%s", text_of(cell, "cpu"));
	if (varies(run, "smp"))
		fprintf(file, "-smp%" JSON_INTEGER_FORMAT,
			json_integer_value(
				json_object_get(cell->header, "smp")));
	if (varies(run, "rcu"))
		fprintf(file, "-%s", text_of(cell, "rcu"));
	fprintf(file, ".%s", text_of(cell, "workload"));
	if (namesakes)
		fprintf(file, ".%zu", namesakes + 1);
	if (fclose(file)) {
		free(name);
		return NULL;
	}
	return name;
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
	snprintf(title, sizeof(title), "%s, %s", cell->config, cell->job);
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
	char *group = group_name(run, begin);
	int status = group ? STAT_OK : STAT_FAILED;
	char name[NAME_MAX];
	size_t i;

	if (!group)
		message("cannot plot %s: no memory", request->run_dir);
	for (i = 0; i < sizeof(plots) / sizeof(plots[0]) && !status; i++) {
		struct plot plot = {};
		int result;

		snprintf(name, sizeof(name), "%s.%s", plots[i].name, group);
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
	}
	free(group);
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
