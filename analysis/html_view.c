// SPDX-License-Identifier: GPL-2.0
/* What is said of a run as part of a page; see view.h. */
#include <ctype.h>
#include <math.h>
#include <string.h>
#include "html_parts.h"
#include "html_text.h"

static void write_element(struct view *view, const char *start,
			  const char *text, const char *end)
{
	fputs(start, view->file);
	html_text(view->file, text);
	fprintf(view->file, "%s\n", end);
}

/* The page has its own headings, as a rule; what it is about stays. */
static void write_title(struct view *view, const char *title, const char *about)
{
	const struct html_view *html = (const struct html_view *)view;

	if (html->titles || !about) {
		fprintf(view->file, "<h3>%c", *title);
		while (*++title)
			fputc(tolower((unsigned char)*title), view->file);
		fputs("</h3>\n", view->file);
	}
	if (about) {
		fprintf(view->file, "<p class=\"about\">%c",
			toupper((unsigned char)*about));
		html_text(view->file, about + 1);
		fputs(".</p>\n", view->file);
	}
}

static void write_config(struct view *view, const char *config)
{
	const struct html_view *html = (const struct html_view *)view;

	fprintf(view->file, "<h3 id=\"%s-", html->part);
	html_id(view->file, config);
	write_element(view, "\">", config, "</h3>");
}

static void write_job(struct view *view, const char *job)
{
	write_element(view, "<h4>", job, "</h4>");
}

static void write_group(struct view *view, const struct cell *cell)
{
	write_element(view, "<h3>", cell->job, "</h3>");
	write_element(view, "<p class=\"about\">", cell->config, "</p>");
}

static void write_say(struct view *view, const char *text)
{
	write_element(view, "<p>", text, "</p>");
}

static void write_explain(struct view *view, const char *text)
{
	write_element(view, "<p class=\"explain\">", text, "</p>");
}

static void write_item(struct view *view, const char *name, const char *text)
{
	fputs("<p class=\"item\">", view->file);
	if (name)
		write_element(view, "<b>", name, "</b>");
	write_element(view, "", text, "</p>");
}

static void write_remark(struct view *view, const char *text)
{
	write_element(view, "<p class=\"remark\">", text, "</p>");
}

static void write_heading(struct view *view, const struct text_table *table)
{
	size_t columns = text_table_columns(table);
	size_t i;

	fputs("<thead><tr>", view->file);
	for (i = 0; i < columns; i++) {
		fprintf(view->file, "<th scope=\"col\"%s>",
			i < table->keys ? "" : " class=\"n\"");
		html_text(view->file, table->cells[i].text);
		fputs("</th>", view->file);
	}
	fputs("</tr></thead>\n", view->file);
}

static void write_cell(struct view *view, const struct text_table_cell *cell,
		       bool key)
{
	bool link = cell->from && strcmp(cell->text, "-");

	fputs(key ? "<th scope=\"row\"" : "<td class=\"n\"", view->file);
	if (!isnan(cell->number))
		fprintf(view->file, " data-v=\"%.17g\"", cell->number);
	fputc('>', view->file);
	if (link)
		fprintf(view->file, "<a href=\"#c%zu\">", cell->from - 1);
	html_text(view->file, cell->text);
	fprintf(view->file, "%s%s", link ? "</a>" : "",
		key ? "</th>" : "</td>");
}

static void write_table(struct view *view, const struct text_table *table)
{
	size_t columns = text_table_columns(table);
	size_t i, j;

	fputs("<div class=\"scroll\"><table class=\"sorts\">\n", view->file);
	write_heading(view, table);
	fputs("<tbody>", view->file);
	for (i = table->columns; i < table->count; i += table->columns) {
		fputs("<tr>", view->file);
		for (j = 0; j < columns; j++)
			write_cell(view, &table->cells[i + j], j < table->keys);
		fputs("</tr>\n", view->file);
	}
	fputs("</tbody></table></div>\n", view->file);
}

static const struct view_ops html_view_ops = {
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

void html_view_init(struct html_view *view, const char *part, FILE *file)
{
	*view = (struct html_view){
		.view = {&html_view_ops, file},
		.part = part,
	};
}
