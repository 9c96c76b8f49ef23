// SPDX-License-Identifier: GPL-2.0
/* What the second wait of the TLB path costs; see summary_sections.h. */
#include <math.h>
#include <stdlib.h>
#include "answer.h"
#include "summary_sections.h"
#include "text.h"

static void add_heading(struct text_table *table)
{
	static const char *const titles[] = {"workload", "variant",  "twice",
					     "2nd wait", "held B s", "2nd",
					     "extra",	 "run"};
	size_t i;

	for (i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		text_table_cell(table, "%s", titles[i]);
	text_table_row(table);
}

static void add_value(struct text_table *table, enum unit unit, double value,
		      size_t cell)
{
	text_table_value(table, unit, value);
	text_table_from(table, cell);
}

static void add_row(struct text_table *table, const struct run *run,
		    const struct answer_row *row)
{
	const struct cell *cell = &run->cells[row->cell];
	char job[METRIC_NAME_SIZE];

	text_job(job, sizeof(job), cell);
	text_table_cell(table, "%s", job);
	text_table_cell(table, "%s", cell->label);
	text_table_percent(table, row->share * 100);
	text_table_from(table, row->cell);
	add_value(table, UNIT_NS, row->second_ns, row->cell);
	add_value(table, UNIT_BYTE_SECONDS, row->held, row->cell);
	text_table_percent(table, row->held > 0
					  ? row->second_held / row->held * 100
					  : NAN);
	text_table_from(table, row->cell);
	add_value(table, UNIT_COUNT, row->extra, row->cell);
	add_value(table, UNIT_NS, row->run_ns, row->cell);
	text_table_row(table);
}

static int show_config(struct view *view, const struct run *run, size_t begin,
		       size_t end, bool *titled)
{
	struct text_table table = {.keys = 2, .merge = true};
	struct answer answer;
	int result;
	size_t i;

	result = answer_build(&answer, run, begin, end);
	if (!result && answer.row_count) {
		if (!*titled)
			view->ops->title(view, "THE ANSWER",
					 "what a second RCU wait on the TLB "
					 "path costs");
		*titled = true;
		view->ops->config(view, run->cells[begin].config);
		add_heading(&table);
		for (i = 0; i < answer.row_count; i++)
			add_row(&table, run, &answer.rows[i]);
		result = view_table(view, &table);
	}
	if (!result)
		answer_say(&answer, run, view);
	answer_free(&answer);
	return result;
}

int summary_answer(const struct run *run, struct view *view)
{
	bool titled = false;
	size_t begin, end;
	int result = 0;

	for (begin = 0; begin < run->valid_count && !result; begin = end) {
		end = run_config_end(run, begin);
		result = show_config(view, run, begin, end, &titled);
	}
	if (!result && titled)
		view_explainf(
			view,
			"twice: of the pages freed whose last table went the "
			"TLB path, those that a callback of their own freed, "
			"queued from inside tlb_remove_table_rcu(). 2nd "
			"wait: mean, from that callback's call_rcu() to the "
			"page's end. held B s: bytes of these pages x time "
			"from the last unlink to the end (K: x 1024); 2nd: "
			"the part of that in the second wait. extra: "
			"call_rcu() from inside the batch's callback; run: "
			"time inside all of them. Medians over %s, arm "
			"probed.",
			run_samples(run));
	return result;
}
