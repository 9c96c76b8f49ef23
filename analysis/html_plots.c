// SPDX-License-Identifier: GPL-2.0
/* Plots into the page; see html_parts.h. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "html_parts.h"
#include "html_text.h"
#include "message.h"
#include "plot.h"

/* The whole file; NULL: there is none, or it cannot be read. */
static char *read_file(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	if (!file)
		return NULL;
	if (getdelim(&text, &size, '\0', file) < 0) {
		free(text);
		text = NULL;
	}
	fclose(file);
	return text;
}

/*
 * In one page all ids must differ, which gnuplot's do not: every id, and every
 * reference to one, begins with the plot's name.
 */
static void write_named(const char *svg, const char *name, FILE *file)
{
	static const char *const before[] = {" id='", " id=\"", "url(#",
					     "href='#", "href=\"#"};

	while (*svg) {
		size_t i, size = 0;

		for (i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
			size_t length = strlen(before[i]);

			if (!strncmp(svg, before[i], length))
				size = length;
		}
		fwrite(svg, 1, size ? size : 1, file);
		if (size) {
			html_id(file, name);
			fputc('-', file);
		}
		svg += size ? size : 1;
	}
}

/* What browsers show when the mouse rests on it: "Gnuplot". */
static void drop_title(char *svg)
{
	char *start = strstr(svg, "<title>");
	char *end = start ? strstr(start, "</title>") : NULL;

	if (end) {
		end += strlen("</title>");
		memmove(start, end, strlen(end) + 1);
	}
}

/* Whether there is nothing in it that a browser would run. */
static bool is_picture(const char *svg)
{
	const char *event = svg;

	while ((event = strcasestr(event, " on"))) {
		event += 3 + strspn(event + 3, "abcdefghijklmnopqrstuvwxyz"
					       "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
		if (event[strspn(event, " \t\n")] == '=')
			return false;
	}
	return !strcasestr(svg, "<script") && !strcasestr(svg, "javascript:") &&
	       !strcasestr(svg, "<foreignobject");
}

/*
 * The SVG from its first element on; false: it is not one of gnuplot's, but
 * somebody else's that lies in its place.
 */
static bool write_svg(char *svg, const char *name, const char *shows,
		      FILE *file)
{
	char *start = strstr(svg, "<svg");
	double width = 0;
	const char *box;

	if (!start || !is_picture(start))
		return false;
	drop_title(start);
	box = strstr(start, "viewBox=\"0 0 ");
	if (box)
		width = strtod(box + strlen("viewBox=\"0 0 "), NULL);
	fputs("<svg role=\"img\" aria-label=\"", file);
	html_text(file, shows);
	fprintf(file, "\" style=\"max-width:%.0fpx\"", width > 0 ? width : 900);
	write_named(start + strlen("<svg"), name, file);
	return true;
}

static void write_links(const char *name, FILE *file)
{
	static const char *const types[] = {"svg", "png", "tsv"};
	char path[NAME_MAX + 16];
	size_t i;

	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "plots/%s.%s", name, types[i]);
		fputs(" <a href=\"", file);
		html_path(file, path);
		fprintf(file, "\">%s</a>", types[i]);
	}
}

static int write_plot(const struct html_request *request, const char *name,
		      const char *shows, FILE *file)
{
	char path[PATH_MAX];
	char *svg;

	if (snprintf(path, sizeof(path), "%s/%s.svg", request->plot_dir,
		     name) >= PATH_MAX)
		return -ENAMETOOLONG;
	svg = read_file(path);
	if (!svg)
		return 0; /* a kind of which there was nothing to plot */
	fputs("<figure><div class=\"scroll\">", file);
	if (!write_svg(svg, name, shows, file))
		message("%s is not a plot: it is left out", path);
	fputs("</div><figcaption>", file);
	html_text(file, shows);
	fputs("<span class=\"links\">:", file);
	write_links(name, file);
	fputs("</span></figcaption></figure>\n", file);
	free(svg);
	return 0;
}

int html_plots(const struct html_request *request,
	       const struct plot_names *names, size_t begin, bool sweep,
	       FILE *file)
{
	const struct plot_kind *kind;
	int result = 0;

	for (kind = plot_kinds; kind->name && !result; kind++) {
		char *name;

		if (kind->sweep != sweep)
			continue;
		name = plot_name(names, begin, kind);
		result = name ? write_plot(request, name, kind->shows, file)
			      : -ENOMEM;
		free(name);
	}
	return result;
}
