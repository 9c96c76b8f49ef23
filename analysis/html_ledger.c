// SPDX-License-Identifier: GPL-2.0
/* How many cells are valid, and what is wrong with others; html_parts.h. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "html_parts.h"
#include "html_text.h"
#include "summary_sections.h"

/* Cells that are not valid come last in a run, whatever they are of. */
static bool is_first_of_config(const struct run *run, size_t i)
{
	size_t j = 0;

	if (i && !strcmp(run->cells[i - 1].config, run->cells[i].config))
		return false;
	while (strcmp(run->cells[j].config, run->cells[i].config))
		j++;
	return j == i;
}

static void write_config(const struct run *run, size_t first, FILE *file)
{
	const char *config = run->cells[first].config;
	size_t all = 0, valid = 0, i;

	for (i = first; i < run->count; i++) {
		if (strcmp(run->cells[i].config, config))
			continue;
		all++;
		valid += !run->cells[i].invalid;
	}
	fputs("<tr><th scope=\"row\">", file);
	html_text(file, *config ? config : "no header");
	fprintf(file,
		"</th><td class=\"n\" data-v=\"%zu\">%zu</td>"
		"<td class=\"n\" data-v=\"%zu\">%zu</td>"
		"<td class=\"n\" data-v=\"%zu\">%zu</td></tr>\n",
		all, all, valid, valid, all - valid, all - valid);
}

static void write_invalid(const struct run *run, FILE *file)
{
	char path[PATH_MAX];
	size_t i;

	if (run->valid_count == run->count)
		return;
	fputs("<h3>Not valid, and in no figure</h3>\n"
	      "<div class=\"scroll\"><table class=\"sorts\"><thead><tr>"
	      "<th scope=\"col\">cell</th><th scope=\"col\">why</th></tr>"
	      "</thead>\n<tbody>",
	      file);
	for (i = run->valid_count; i < run->count; i++) {
		fputs("<tr><th scope=\"row\"><a href=\"", file);
		snprintf(path, sizeof(path), "cells/%s", run->cells[i].name);
		html_path(file, path);
		fputs("\">", file);
		html_text(file, run->cells[i].name);
		fputs("</a></th><td>", file);
		html_text(file, run->cells[i].invalid);
		fputs("</td></tr>\n", file);
	}
	fputs("</tbody></table></div>\n", file);
}

int html_ledger(const struct run *run, const json_t *manifest, FILE *file)
{
	json_int_t planned =
		json_integer_value(json_object_get(manifest, "cells_count"));
	struct html_view view;
	size_t i;

	html_view_init(&view, "ledger", file);
	fputs("<p>A cell is one boot. It counts only if its books balance: "
	      "every callback that was queued was invoked or is still queued, "
	      "every table unlinked was put or is in flight; the probe saw "
	      "exactly the tables that the workload says it unlinked, and no "
	      "more callbacks than the variant's model allows; nothing was "
	      "lost; the kernel had nothing to complain about.</p>\n"
	      "<div class=\"scroll\"><table class=\"sorts\"><thead><tr>"
	      "<th scope=\"col\">configuration</th>"
	      "<th scope=\"col\" class=\"n\">cells</th>"
	      "<th scope=\"col\" class=\"n\">valid</th>"
	      "<th scope=\"col\" class=\"n\">not valid</th></tr></thead>\n"
	      "<tbody>",
	      file);
	for (i = 0; i < run->count; i++) {
		if (is_first_of_config(run, i))
			write_config(run, i, file);
	}
	fputs("</tbody></table></div>\n", file);
	if (planned > (json_int_t)run->count)
		fprintf(file,
			"<p><strong>The plan has %lld cells: %lld have no "
			"result yet.</strong></p>\n",
			planned, planned - (json_int_t)run->count);
	write_invalid(run, file);
	return summary_missing(run, &view.view);
}
