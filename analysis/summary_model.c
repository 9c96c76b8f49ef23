// SPDX-License-Identifier: GPL-2.0
/* Predicted beside measured; see summary_sections.h. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "summary_sections.h"
#include "text.h"

/* One variant and job, over its seeds. */
struct seeds {
	size_t count, predicted, own_known, differ;
	bool any; /* something was done that a model is about */
	struct model_range own, waits; /* predicted */
	struct model_range measured;   /* call_rcu() of the variant's own */
	/* Pages: of the TLB path, and all by how many callbacks. */
	struct model_range once, twice, by[4];
};

/* Cells whose model is wrong are what this section is for. */
static bool is_counted(const struct cell *cell)
{
	return cell->facts.probed && !strcmp(cell->arm, "probed") &&
	       (!cell->invalid || cell->model_only);
}

static void widen(struct model_range *range, json_int_t min, json_int_t max,
		  bool first)
{
	if (first || min < range->min)
		range->min = min;
	if (first || max > range->max)
		range->max = max;
}

static bool differs(const struct model_facts *facts)
{
	struct reasons reasons = {};
	bool result;

	model_check(facts, &reasons);
	result = reasons_count(&reasons) > 0;
	reasons_free(&reasons);
	return result;
}

static void add_seed(struct seeds *seeds, const struct model_facts *facts)
{
	const json_int_t by[4] = {facts->no_callback, facts->one_callback,
				  facts->two_callbacks, facts->more_callbacks};
	struct model_prediction prediction;
	bool first = !seeds->count++;
	size_t i;

	seeds->any |= facts->own_enqueued || facts->pages_tracked;
	widen(&seeds->measured, facts->own_enqueued, facts->own_enqueued,
	      first);
	widen(&seeds->once, facts->single_pages, facts->single_pages, first);
	widen(&seeds->twice, facts->double_pages, facts->double_pages, first);
	for (i = 0; i < 4; i++)
		widen(&seeds->by[i], by[i], by[i], first);
	if (!model_predict(facts, &prediction))
		return;
	first = !seeds->predicted++;
	if (prediction.own_known)
		widen(&seeds->own, prediction.own.min, prediction.own.max,
		      !seeds->own_known++);
	widen(&seeds->waits, prediction.waits.min, prediction.waits.max, first);
	seeds->own.open |= prediction.own.open;
	seeds->waits.open |= prediction.waits.open;
	seeds->differ += differs(facts);
}

static void range_text(char *text, size_t size, const struct model_range *range)
{
	if (range->open)
		snprintf(text, size, "%lld..", range->min);
	else if (range->min == range->max)
		snprintf(text, size, "%lld", range->min);
	else
		snprintf(text, size, "%lld..%lld", range->min, range->max);
}

static void add_range(struct text_table *table, const struct model_range *range,
		      size_t from)
{
	char text[64];

	range_text(text, sizeof(text), range);
	text_table_cell(table, "%s", text);
	text_table_from(table, from);
}

static void add_heading(struct text_table *table)
{
	static const char *const titles[] = {
		"workload", "variant", "rcu model",	  "rcu", "TLB model",
		"single",   "double",  "all: 0/1/2/more", ""};
	size_t i;

	for (i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		text_table_cell(table, "%s", titles[i]);
	text_table_row(table);
}

/* The seeds of the cell `first` and its like. */
static void add_row(struct text_table *table, const struct run *run,
		    size_t first, const struct seeds *seeds)
{
	const struct cell *cell = &run->cells[first];
	char job[METRIC_NAME_SIZE];
	char by[4][64];
	size_t i;

	text_job(job, sizeof(job), cell);
	if (!table->count)
		add_heading(table);
	text_table_cell(table, "%s", job);
	text_table_cell(table, "%s", cell->label);
	if (seeds->own_known)
		add_range(table, &seeds->own, first);
	else
		text_table_cell(table, "-");
	add_range(table, &seeds->measured, first);
	if (seeds->predicted)
		add_range(table, &seeds->waits, first);
	else
		text_table_cell(table, "-");
	add_range(table, &seeds->once, first);
	add_range(table, &seeds->twice, first);
	for (i = 0; i < 4; i++)
		range_text(by[i], sizeof(by[i]), &seeds->by[i]);
	text_table_cell(table, "%s/%s/%s/%s", by[0], by[1], by[2], by[3]);
	text_table_from(table, first);
	if (seeds->differ)
		text_table_cell(table, "<- %zu of %zu", seeds->differ,
				seeds->predicted);
	text_table_row(table);
}

static bool same_row(const struct cell *a, const struct cell *b)
{
	return cell_same_group(a, b) && !strcmp(a->variant, b->variant);
}

/* The seeds of the same variant and job as cell `first`. */
static struct seeds collect(const struct run *run, size_t first)
{
	struct seeds seeds = {};
	size_t i;

	for (i = first; i < run->count; i++) {
		if (is_counted(&run->cells[i]) &&
		    same_row(&run->cells[i], &run->cells[first]))
			add_seed(&seeds, &run->cells[i].facts);
	}
	return seeds;
}

/*
 * Whether it is the first of its row, or of its configuration. Valid cells of
 * one row stand together, so that of these none but neighbours are looked at.
 */
static bool is_first(const struct run *run, size_t index, bool config)
{
	const struct cell *cell = &run->cells[index];
	size_t i;

	for (i = index; i-- > 0;) {
		const struct cell *before = &run->cells[i];
		bool same = config ? !strcmp(before->config, cell->config)
				   : same_row(before, cell);

		if (same && is_counted(before))
			return false;
		if (!same && index < run->valid_count)
			break;
	}
	return is_counted(cell);
}

/* Cells that are not valid come last in a run: their rows, too. */
static int show_config(const struct run *run, size_t first, size_t *differ,
		       struct view *view)
{
	struct text_table table = {.keys = 2, .merge = true};
	size_t i;

	view->ops->config(view, run->cells[first].config);
	for (i = first; i < run->count; i++) {
		struct seeds seeds;

		if (strcmp(run->cells[i].config, run->cells[first].config) ||
		    !is_first(run, i, false))
			continue;
		seeds = collect(run, i);
		if (!seeds.any)
			continue;
		*differ += !!seeds.differ;
		add_row(&table, run, i, &seeds);
	}
	return view_table(view, &table);
}

int summary_model(const struct run *run, struct view *view)
{
	size_t differ = 0;
	bool any = false;
	int result = 0;
	size_t i;

	for (i = 0; i < run->count && !result; i++) {
		if (!is_first(run, i, true))
			continue;
		if (!any)
			view->ops->title(view, "PREDICTED AND MEASURED",
					 "the variants' cost models");
		any = true;
		result = show_config(run, i, &differ, view);
	}
	if (!any || result)
		return result;
	if (differ)
		view_explainf(view,
			      "%zu lines differ from their model (<- in so "
			      "many seeds); those cells are not valid.",
			      differ);
	else
		view->ops->explain(view, "No line differs from its model.");
	view_sayf(view,
		  "rcu: call_rcu() of the variant's own; rcu model: what its "
		  "model allows for the tables and pages that were seen "
		  "(\"24..\": or more). single, double: pages freed whose "
		  "last table went the TLB path, by whether they waited for "
		  "a second callback; TLB model: the callbacks that its model "
		  "has them wait for. all: pages by the callbacks that they "
		  "waited for, whatever the path. a..b: over %s.",
		  run_samples(run));
	return 0;
}
