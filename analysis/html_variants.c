// SPDX-License-Identifier: GPL-2.0
/* What the variants are, by their own account; see html_parts.h. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "html_parts.h"
#include "html_text.h"
#include "ini_file.h"

struct account {
	char title[512], author[512];
};

static int take(void *context, const char *section, const char *name,
		const char *value, struct plan_error *error)
{
	struct account *account = context;

	(void)error;
	if (!strcmp(section, "variant") && !strcmp(name, "title"))
		snprintf(account->title, sizeof(account->title), "%s", value);
	if (!strcmp(section, "variant") && !strcmp(name, "author"))
		snprintf(account->author, sizeof(account->author), "%s", value);
	return 0;
}

/* With the worst mark that the gate gives it in this run. */
static const char *label_of(const struct run *run, const char *variant)
{
	const struct cell *worst = NULL;
	size_t i;

	for (i = 0; i < run->count; i++) {
		const struct cell *cell = &run->cells[i];

		if (!strcmp(cell->variant, variant) &&
		    (!worst ||
		     verified_rank(cell->gate) > verified_rank(worst->gate)))
			worst = cell;
	}
	return worst ? worst->label : variant;
}

static void write_variant(const struct run *run, const char *variant,
			  FILE *file)
{
	struct account account = {"-", "-"};
	struct plan_error error;
	char path[PATH_MAX];

	/* Older runs, and those made up for tests, have no such file. */
	if (snprintf(path, sizeof(path), "%s/variants/%s/variant.ini", run->dir,
		     variant) < PATH_MAX)
		ini_file_read(path, take, &account, &error);
	fputs("<tr><th scope=\"row\"><a href=\"", file);
	snprintf(path, sizeof(path), "variants/%s", variant);
	html_path(file, path);
	fputs("\">", file);
	html_text(file, label_of(run, variant));
	fputs("</a></th><td>", file);
	html_text(file, account.title);
	fputs("</td><td>", file);
	html_text(file, account.author);
	fputs("</td></tr>\n", file);
}

/* The variant that follows in the alphabet; NULL: none. */
static const char *next_variant(const struct run *run, const char *after)
{
	const char *next = NULL;
	size_t i;

	for (i = 0; i < run->count; i++) {
		const char *variant = run->cells[i].variant;

		if (strcmp(variant, after) > 0 &&
		    (!next || strcmp(variant, next) < 0))
			next = variant;
	}
	return next;
}

int html_variants(const struct run *run, FILE *file)
{
	const char *variant = "";

	fputs("<div class=\"scroll\"><table class=\"sorts\"><thead><tr>"
	      "<th scope=\"col\">variant</th>"
	      "<th scope=\"col\">how a deferred table is freed</th>"
	      "<th scope=\"col\">from</th></tr></thead>\n<tbody>",
	      file);
	while ((variant = next_variant(run, variant)))
		write_variant(run, variant, file);
	fputs("</tbody></table></div>\n", file);
	return 0;
}
