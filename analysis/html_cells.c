// SPDX-License-Identifier: GPL-2.0
/* The list of all cells; see html_parts.h. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "html_parts.h"
#include "html_text.h"

bool html_has_file(const struct run *run, const struct cell *cell,
		   const char *name)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%s/cells/%s/%s", run->dir,
			cell->name, name) < PATH_MAX &&
	       !access(path, F_OK);
}

static void write_file(const struct run *run, const struct cell *cell,
		       const char *name, FILE *file)
{
	char path[PATH_MAX];

	if (!html_has_file(run, cell, name))
		return;
	snprintf(path, sizeof(path), "cells/%s/%s", cell->name, name);
	fputs("<a href=\"", file);
	html_path(file, path);
	fprintf(file, "\">%s</a>", name);
}

static void write_cell(const struct run *run, const struct cell *cell,
		       FILE *file)
{
	fputs("<tr><td>", file);
	html_text(file, cell->label);
	fputs("</td><td>", file);
	html_text(file, cell->arm);
	fprintf(file, "</td><td class=\"n\">%lld</td><td>", cell->seed);
	html_text(file, cell->invalid ? cell->invalid : "valid");
	fputs("</td><td class=\"files\">", file);
	write_file(run, cell, "records.jsonl", file);
	write_file(run, cell, "console.log", file);
	write_file(run, cell, "command", file);
	fputs("</td></tr>\n", file);
}

static bool same_list(const struct cell *a, const struct cell *b)
{
	return cell_same_group(a, b) && !a->invalid == !b->invalid;
}

/* The cells of one variant and arm: what a figure is the median of. */
static size_t write_body(const struct run *run, size_t begin, FILE *file)
{
	const struct cell *first = &run->cells[begin];
	size_t i = begin;

	fprintf(file, "<tbody id=\"c%zu\">", begin);
	while (i < run->count && same_list(first, &run->cells[i]) &&
	       !strcmp(run->cells[i].variant, first->variant) &&
	       !strcmp(run->cells[i].arm, first->arm))
		write_cell(run, &run->cells[i++], file);
	fputs("</tbody>\n", file);
	return i;
}

int html_cells(const struct run *run, FILE *file)
{
	size_t i = 0;

	while (i < run->count) {
		const struct cell *first = &run->cells[i];

		fputs("<details><summary>", file);
		if (first->invalid)
			fputs("not valid: ", file);
		html_textf(file, "%s, %s",
			   *first->config ? first->config : "no header",
			   *first->job ? first->job : "no job");
		fputs("</summary>\n<div class=\"scroll\"><table><thead><tr>"
		      "<th scope=\"col\">variant</th>"
		      "<th scope=\"col\">arm</th>"
		      "<th scope=\"col\" class=\"n\">seed</th>"
		      "<th scope=\"col\">verdict</th>"
		      "<th scope=\"col\">files</th></tr></thead>\n",
		      file);
		while (i < run->count && same_list(first, &run->cells[i]))
			i = write_body(run, i, file);
		fputs("</table></div></details>\n", file);
	}
	return 0;
}
