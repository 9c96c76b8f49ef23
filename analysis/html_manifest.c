// SPDX-License-Identifier: GPL-2.0
/* What a run was made from, and how to make it again; see html_parts.h. */
#include <stdio.h>
#include <string.h>
#include "html_parts.h"
#include "html_text.h"
#include "pairs.h"

#define MAX_DEPTH 8

static void write_json(const json_t *value, int depth, FILE *file);

/* "cells_count" to "cells count". */
static void write_name(const char *name, FILE *file)
{
	for (; *name; name++) {
		char letter[2] = {*name == '_' ? ' ' : *name, '\0'};

		html_text(file, letter);
	}
}

static void write_object(json_t *object, int depth, FILE *file)
{
	const char *name;
	json_t *value;

	fputs("<dl>", file);
	json_object_foreach (object, name, value) {
		fputs("<dt>", file);
		write_name(name, file);
		fputs("</dt><dd>", file);
		write_json(value, depth + 1, file);
		fputs("</dd>\n", file);
	}
	fputs("</dl>", file);
}

static void write_array(const json_t *array, int depth, FILE *file)
{
	size_t i;

	fputs("<ul>", file);
	for (i = 0; i < json_array_size(array); i++) {
		const json_t *value = json_array_get(array, i);
		const char *variant =
			json_string_value(json_object_get(value, "variant"));
		const char *pages =
			json_string_value(json_object_get(value, "pages"));

		fputs("<li>", file);
		/* Kernels: many, with much to say of each. */
		if (variant && pages) {
			fputs("<details><summary>", file);
			html_textf(file, "%s, %s", variant, pages);
			fputs("</summary>", file);
		}
		write_json(value, depth + 1, file);
		fputs(variant && pages ? "</details></li>\n" : "</li>\n", file);
	}
	fputs("</ul>", file);
}

static void write_json(const json_t *value, int depth, FILE *file)
{
	if (depth > MAX_DEPTH)
		fputs("(and more)", file);
	else if (json_is_object(value))
		write_object((json_t *)value, depth, file);
	else if (json_is_array(value))
		write_array(value, depth, file);
	else if (json_is_string(value))
		html_text(file, json_string_value(value));
	else if (json_is_integer(value))
		fprintf(file, "%" JSON_INTEGER_FORMAT,
			json_integer_value(value));
	else if (json_is_real(value))
		fprintf(file, "%g", json_real_value(value));
	else
		fputs(json_is_true(value)    ? "yes"
		      : json_is_false(value) ? "no"
					     : "-",
		      file);
}

int html_provenance(const json_t *manifest, FILE *file)
{
	if (manifest)
		write_json(manifest, 0, file);
	else
		fputs("<p>The run has no manifest.json that can be read: what "
		      "it was made from is not known.</p>",
		      file);
	fputs("\n<p>Beside this page: <a href=\"./manifest.json\">manifest.json"
	      "</a>, <a href=\"./kernels.tsv\">kernels.tsv</a>, <a "
	      "href=\"./cells.tsv\">cells.tsv</a>, <a href=\"./variants\">the "
	      "variants' patches</a>, <a href=\"./config\">the kernel "
	      "configuration</a>, <a href=\"./report.txt\">report.txt</a>."
	      "</p>\n",
	      file);
	return 0;
}

static const char *text_of(const json_t *manifest, const char *name)
{
	const char *text = json_string_value(json_object_get(manifest, name));

	return text ? text : "";
}

/* The last part of a path: what runs are called by ./run.sh. */
static const char *run_name(const struct run *run)
{
	const char *slash = strrchr(run->dir, '/');

	return slash && slash[1] ? slash + 1 : run->dir;
}

/* A tree that was changed since its last commit has a name that git refuses. */
static void write_checkout(const char *git, FILE *file)
{
	static const char dirty[] = "-dirty";
	const char *end = strstr(git, dirty);

	if (!*git)
		return;
	if (end && !end[strlen(dirty)])
		html_textf(file, "git checkout %.*s # and what was not in it\n",
			   (int)(end - git), git);
	else
		html_textf(file, "git checkout %s\n", git);
}

/* Some variant against the one that all are held against. */
static void write_diff(const struct run *run, FILE *file)
{
	const char *base;
	size_t i = 0;

	if (!run->valid_count)
		return;
	base = pairs_baseline(run, 0, run->valid_count);
	while (i < run->valid_count && !strcmp(run->cells[i].variant, base))
		i++;
	if (i < run->valid_count)
		html_textf(file, "./run.sh diff %s %s %s\n", base,
			   run->cells[i].variant, run_name(run));
}

int html_repeat(const struct run *run, const json_t *manifest, FILE *file)
{
	const char *options = text_of(manifest, "options");
	const char *plan = text_of(manifest, "plan");
	bool own = strchr(plan, '/');

	fputs("<div class=\"scroll\"><pre>", file);
	write_checkout(text_of(manifest, "git"), file);
	if (*plan)
		html_textf(file, "./run.sh run --plan %s%s%s --target %s%s\n",
			   own ? "FILE" : plan, *options ? " " : "", options,
			   text_of(manifest, "target"),
			   own ? " # a plan of its own, with the cells of "
				 "cells.tsv"
			       : "");
	html_textf(file, "./run.sh report %s\n", run_name(run));
	write_diff(run, file);
	fputs("</pre></div>\n<p>Kernel source: ", file);
	html_text(file, *text_of(manifest, "source_from")
				? text_of(manifest, "source_from")
				: "not known");
	/* A run that was packed has none. */
	if (run->count && html_has_file(run, &run->cells[0], "command"))
		fputs(". One cell again: the line in its file "
		      "<code>command</code>",
		      file);
	fputs(".</p>\n", file);
	return 0;
}
