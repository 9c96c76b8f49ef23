// SPDX-License-Identifier: GPL-2.0
/* The answer on top of the page; see html_parts.h. */
#include <math.h>
#include <stdlib.h>
#include "answer.h"
#include "html_parts.h"
#include "html_text.h"
#include "summary_sections.h"

static void write_heading(FILE *file)
{
	fputs("<div class=\"scroll\"><table class=\"sorts wide\">\n<thead>"
	      "<tr><td colspan=\"2\"></td>"
	      "<th colspan=\"6\" scope=\"colgroup\">munmap and exit (the TLB "
	      "path)</th>"
	      "<th scope=\"colgroup\">collapse</th></tr>\n"
	      "<tr><th scope=\"col\">configuration</th>"
	      "<th scope=\"col\">variant</th>"
	      "<th scope=\"col\" class=\"n\">pages that wait twice, in so "
	      "many workloads</th>"
	      "<th scope=\"col\" class=\"n\">second wait, mean</th>"
	      "<th scope=\"col\" class=\"n\">of byte seconds held</th>"
	      "<th scope=\"col\" class=\"n\">call_rcu() per page freed</th>"
	      "<th scope=\"col\" class=\"n\">extra callbacks</th>"
	      "<th scope=\"col\" class=\"n\">which run for</th>"
	      "<th scope=\"col\" class=\"n\">own call_rcu() per table "
	      "deferred</th></tr></thead>\n<tbody>",
	      file);
}

/* A figure that leads to those it is the range of; sorted by the most. */
static void write_value(const struct cell *cell, const char *text,
			double number, FILE *file)
{
	fputs("<td class=\"n\"", file);
	if (isnan(number)) {
		fputs(">-</td>", file);
		return;
	}
	fprintf(file, " data-v=\"%.17g\"><a href=\"#answer-", number);
	html_id(file, cell->config);
	fputs("\">", file);
	html_text(file, text);
	fputs("</a></td>", file);
}

static void write_span(const struct cell *cell, enum unit unit,
		       const struct answer_span *span, FILE *file)
{
	char text[144];

	answer_span_text(text, sizeof(text), unit, span);
	write_value(cell, text, span->max, file);
}

static void write_percent(const struct cell *cell,
			  const struct answer_span *span, FILE *file)
{
	char text[96];

	answer_percent_text(text, sizeof(text), span);
	write_value(cell, text, span->max, file);
}

static void write_variant(const struct run *run,
			  const struct answer_variant *variant, FILE *file)
{
	const struct cell *cell = &run->cells[variant->cell];
	char share[96], twice[160];

	fputs("<tr><th scope=\"row\">", file);
	html_text(file, cell->config);
	fputs("</th><th scope=\"row\">", file);
	html_text(file, cell->label);
	fputs("</th>", file);
	if (variant->with_double) {
		answer_percent_text(share, sizeof(share), &variant->share);
		snprintf(twice, sizeof(twice), "%s in %zu of %zu", share,
			 variant->with_double, variant->groups);
	} else {
		snprintf(twice, sizeof(twice), "none in %zu", variant->groups);
	}
	write_value(cell, twice, variant->with_double ? variant->share.max : 0,
		    file);
	write_span(cell, UNIT_NS, &variant->second_ns, file);
	write_percent(cell, &variant->held_share, file);
	write_span(cell, UNIT_RATIO, &variant->per_page, file);
	write_span(cell, UNIT_COUNT, &variant->extra, file);
	write_span(cell, UNIT_NS, &variant->run_ns, file);
	write_span(cell, UNIT_RATIO, &variant->per_deferral, file);
	fputs("</tr>\n", file);
}

static int write_config(const struct run *run, size_t begin, size_t end,
			bool *any, FILE *file)
{
	struct answer answer;
	int result;
	size_t i;

	result = answer_build(&answer, run, begin, end);
	for (i = 0; i < answer.count && !result; i++) {
		if (!*any)
			write_heading(file);
		*any = true;
		write_variant(run, &answer.variants[i], file);
	}
	answer_free(&answer);
	return result;
}

/* In words, over all configurations. */
static int write_words(const struct run *run, struct view *view)
{
	struct answer answer;
	int result;

	result = answer_build(&answer, run, 0, run->valid_count);
	if (!result)
		answer_say(&answer, run, view);
	answer_free(&answer);
	return result;
}

int html_answer(const struct run *run, FILE *file)
{
	struct html_view view;
	bool any = false;
	size_t begin, end;
	int result = 0;

	html_view_init(&view, "answer", file);
	for (begin = 0; begin < run->valid_count && !result; begin = end) {
		end = run_config_end(run, begin);
		result = write_config(run, begin, end, &any, file);
	}
	if (!any) {
		fputs("<p>In this run no page of the TLB path was freed under "
		      "the probe: it has no answer.</p>\n",
		      file);
		return result;
	}
	fputs("</tbody></table></div>\n", file);
	if (!result)
		result = write_words(run, &view.view);
	fprintf(file,
		"<p class=\"explain\">Ranges are over the workloads of a "
		"configuration, each the median over %s; ",
		run_samples(run));
	fputs("a click on a figure "
	      "shows them one by one, a click on one of these the cells it is "
	      "of. A workload counts once in each configuration. Per page "
	      "freed: all call_rcu() for tables, in workloads in which nothing "
	      "was deferred. Per table deferred: those with the variant's own "
	      "functions, in the others, pages that go the TLB path there "
	      "included; one call may do for all tables of a "
	      "page.</p>\n<details><summary>Workload by workload</summary>\n",
	      file);
	if (!result)
		result = summary_answer(run, &view.view);
	fputs("</details>\n", file);
	return result;
}
