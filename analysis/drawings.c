// SPDX-License-Identifier: GPL-2.0
/* Files that gnuplot is to draw; see drawings.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "drawings.h"
#include "gnuplot.h"
#include "message.h"
#include "record.h"

struct drawings {
	FILE *commands;
	char **outs;
	size_t count;
};

bool plot_path(char path[PATH_MAX], const char *format, ...)
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

struct drawings *drawings_begin(void)
{
	struct drawings *drawings = calloc(1, sizeof(*drawings));

	if (drawings)
		drawings->commands = tmpfile();
	if (drawings && drawings->commands)
		return drawings;
	message("cannot plot: %s", strerror(errno));
	free(drawings);
	return NULL;
}

void drawings_free(struct drawings *drawings)
{
	size_t i;

	if (!drawings)
		return;
	for (i = 0; i < drawings->count; i++)
		free(drawings->outs[i]);
	free(drawings->outs);
	fclose(drawings->commands);
	free(drawings);
}

/* Where gnuplot writes what is to be `out`. */
static bool temporary_path(char path[PATH_MAX], const char *out)
{
	return plot_path(path, "%s.new", out);
}

static int add_out(struct drawings *drawings, const char *out)
{
	char **outs = reallocarray(drawings->outs, drawings->count + 1,
				   sizeof(*outs));

	if (!outs)
		return -ENOMEM;
	drawings->outs = outs;
	outs[drawings->count] = strdup(out);
	return outs[drawings->count++] ? 0 : -ENOMEM;
}

/*
 * Nothing of one plot is to be seen in the next. gnuplot's SVG terminal would
 * begin with the colour that the last plot ended with, if it was a picture
 * without a border; after an empty page it does not.
 */
static void write_reset(FILE *commands, const char *format)
{
	fputs("set output\nreset session\n", commands);
	if (!strcmp(format, "svg"))
		fputs("set terminal svg\nset output '/dev/null'\n"
		      "set multiplot\nunset multiplot\nset output\n",
		      commands);
}

int drawings_add(struct drawings *drawings, const struct plot *plot,
		 const struct cell *cell, const char *scripts, const char *data,
		 const char *out, const char *format)
{
	char path[PATH_MAX], temporary[PATH_MAX], title[1024];
	FILE *commands = drawings->commands;

	if (!plot_path(path, "%s/%s", scripts, plot->script) ||
	    !temporary_path(temporary, out))
		return STAT_USAGE;
	if (add_out(drawings, out)) {
		message("cannot plot %s: no memory", out);
		return STAT_FAILED;
	}
	if (plot->about)
		snprintf(title, sizeof(title), "%s", plot->about);
	else
		snprintf(title, sizeof(title), "%s, %s", cell->config,
			 cell->job);
	write_reset(commands, format);
	gnuplot_set(commands, "format", format);
	gnuplot_set(commands, "scripts", scripts);
	gnuplot_set(commands, "data", data);
	gnuplot_set(commands, "out", temporary);
	gnuplot_set(commands, "about", title);
	gnuplot_set(commands, "note",
		    strcmp(record_text(cell->header, "target"), "exact")
			    ? ""
			    : "emulated: time is instructions executed");
	fputs(plot->variables ? plot->variables : "", commands);
	gnuplot_set(commands, "script", path);
	fputs("\nload script\n", commands);
	return STAT_OK;
}

/* gnuplot does not say when the disk was full. */
static int check_drawn(const char *temporary, const char *out)
{
	struct stat written;

	if (!stat(temporary, &written) && written.st_size)
		return STAT_OK;
	message("cannot write %s: it is empty", out);
	return STAT_FAILED;
}

/* Does something with each file in its temporary place. */
static int for_each_file(const struct drawings *drawings,
			 int (*what)(const char *temporary, const char *out))
{
	char temporary[PATH_MAX];
	int status = STAT_OK;
	size_t i;

	for (i = 0; i < drawings->count && !status; i++) {
		if (drawings->outs[i] &&
		    temporary_path(temporary, drawings->outs[i]))
			status = what(temporary, drawings->outs[i]);
	}
	return status;
}

static int move(const char *temporary, const char *out)
{
	if (!rename(temporary, out))
		return STAT_OK;
	message("cannot write %s: %s", out, strerror(errno));
	return STAT_FAILED;
}

static int drop(const char *temporary, const char *out)
{
	(void)out;
	unlink(temporary);
	return STAT_OK;
}

int drawings_draw(struct drawings *drawings)
{
	int status;

	if (!drawings->count)
		return STAT_OK;
	fputs("set output\n", drawings->commands);
	status = gnuplot_run(drawings->commands);
	if (!status)
		status = for_each_file(drawings, check_drawn);
	if (!status)
		status = for_each_file(drawings, move);
	if (status)
		for_each_file(drawings, drop);
	return status;
}
