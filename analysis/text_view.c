// SPDX-License-Identifier: GPL-2.0
/* What is said of a run as text of 80 columns; see view.h. */
#include "text.h"
#include "view.h"

static void write_title(struct view *view, const char *title, const char *about)
{
	fprintf(view->file, "\n%s%s%s\n", title, about ? ": " : "",
		about ? about : "");
}

static void write_config(struct view *view, const char *config)
{
	fprintf(view->file, "\n== %s\n", config);
}

static void write_job(struct view *view, const char *job)
{
	fprintf(view->file, "%s\n", job);
}

static void write_group(struct view *view, const struct cell *cell)
{
	fputc('\n', view->file);
	text_group(view->file, cell);
}

static void write_say(struct view *view, const char *text)
{
	text_wrap(view->file, "", text);
}

static void write_explain(struct view *view, const char *text)
{
	fputc('\n', view->file);
	text_wrap(view->file, "", text);
}

static void write_item(struct view *view, const char *name, const char *text)
{
	char first[64] = "  ";

	if (name)
		snprintf(first, sizeof(first), "  %-14s ", name);
	text_wrap(view->file, first, text);
}

static void write_remark(struct view *view, const char *text)
{
	text_wrap(view->file, "   ", text);
}

static void write_table(struct view *view, const struct text_table *table)
{
	text_table_write(table, view->file);
}

const struct view_ops text_view = {
	.title = write_title,
	.config = write_config,
	.job = write_job,
	.group = write_group,
	.say = write_say,
	.explain = write_explain,
	.item = write_item,
	.remark = write_remark,
	.table = write_table,
};
