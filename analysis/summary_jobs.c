// SPDX-License-Identifier: GPL-2.0
/* Each job's callbacks, waits and operations; see summary_sections.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "pairs.h"
#include "summary_sections.h"

#define MAX_COLUMNS 32

struct column {
	char title[64];
	const char *metric;
	const char *arm;
	enum unit unit;
};

struct columns {
	struct column list[MAX_COLUMNS];
	size_t count;
};

/* "op.collapse.mean_ns" to "collapse"; false: it is another metric. */
static bool op_kind(const char *metric, const char *suffix, char *kind,
		    size_t size)
{
	const char *end = strrchr(metric, '.');

	if (strncmp(metric, "op.", 3) || end < metric + 3 ||
	    strcmp(end + 1, suffix))
		return false;
	snprintf(kind, size, "%.*s", (int)(end - metric - 3), metric + 3);
	return true;
}

static void add_column(struct columns *columns, const struct column *column)
{
	size_t i;

	for (i = 0; i < columns->count; i++) {
		if (!strcmp(columns->list[i].metric, column->metric))
			return;
	}
	if (columns->count < MAX_COLUMNS)
		columns->list[columns->count++] = *column;
}

static size_t count_seeds(const struct run *run, size_t begin, size_t end,
			  const char *arm)
{
	size_t most = 0, count = 0;
	size_t i;

	for (i = begin; i < end; i++) {
		const struct cell *cell = &run->cells[i];

		if (i > begin && strcmp(cell[-1].variant, cell->variant))
			count = 0;
		count += !strcmp(cell->arm, arm);
		most = count > most ? count : most;
	}
	return most;
}

static void add_ops(const struct run *run, size_t begin, size_t end,
		    const char *suffix, enum unit unit, struct columns *columns)
{
	struct column column = {.unit = unit};
	size_t i, j;

	column.arm = count_seeds(run, begin, end, "bare") ? "bare" : "probed";
	for (i = begin; i < end; i++) {
		const struct metrics *metrics = &run->cells[i].metrics;

		for (j = 0; j < metrics->count; j++) {
			column.metric = metrics->list[j].name;
			if (op_kind(column.metric, suffix, column.title,
				    sizeof(column.title)))
				add_column(columns, &column);
		}
	}
}

/* What looking costs that variant. */
static void add_looking(struct text_table *table, const struct run *run,
			size_t begin, size_t end, const char *variant)
{
	struct change change;
	int result = pairs_looking(run, begin, end, variant, &change);

	if (result)
		table->error = result;
	else if (!isfinite(change.percent.median))
		text_table_cell(table, "-");
	else
		text_table_cell(table, "%+.2f %%", change.percent.median);
}

static int show_columns(const struct run *run, size_t begin, size_t end,
			const char *title, const struct columns *columns,
			bool looking, struct view *view)
{
	struct text_table table = {.keys = 1};
	int error = 0;
	size_t i, j;

	if (!columns->count)
		return 0;
	text_table_cell(&table, "%s", title);
	for (j = 0; j < columns->count; j++)
		text_table_cell(&table, "%s", columns->list[j].title);
	if (looking)
		text_table_cell(&table, "probe");
	text_table_row(&table);
	for (i = begin; i < end; i = run_variant_end(run, i, end)) {
		const char *variant = run->cells[i].variant;

		text_table_cell(&table, "%s", run->cells[i].label);
		for (j = 0; j < columns->count; j++) {
			const struct column *column = &columns->list[j];
			double value =
				run_median(run, begin, end, variant,
					   column->arm, column->metric, &error);

			text_table_value(&table, column->unit, value);
			if (!isnan(value))
				text_table_from(
					&table,
					run_find_arm(run, i, end, column->arm));
		}
		if (looking)
			add_looking(&table, run, begin, end, variant);
		text_table_row(&table);
	}
	if (error)
		table.error = error;
	return view_table(view, &table);
}

int summary_job(const struct run *run, size_t begin, size_t end,
		struct view *view)
{
	static const struct column fixed[] = {
		{"rcu/page", "callback.per_freed_page", "probed", UNIT_RATIO},
		{"page wait", "page.last_wait_mean_ns", "probed", UNIT_NS},
		{"no GP", "page.waited_none_count", "probed", UNIT_COUNT},
	};
	static const struct column memory[] = {
		{"pinned", "pinned.page_peak_bytes", "probed", UNIT_BYTES},
		{"drain", "pinned.drain_ns", "probed", UNIT_NS},
	};
	struct columns costs = {}, instructions = {};
	size_t bare = count_seeds(run, begin, end, "bare");
	size_t probed = count_seeds(run, begin, end, "probed");
	int result;
	size_t i;

	if (!bare && !probed)
		return 0;
	for (i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		add_column(&costs, &fixed[i]);
	add_ops(run, begin, end, "mean_ns", UNIT_NS, &costs);
	for (i = 0; i < sizeof(memory) / sizeof(memory[0]); i++)
		add_column(&costs, &memory[i]);
	add_ops(run, begin, end, "instructions_mean_count", UNIT_COUNT,
		&instructions);
	view->ops->group(view, &run->cells[begin]);
	view_remarkf(view, "median over %s: up to %zu bare, %zu probed",
		     run_samples(run), bare, probed);
	/* By instructions, so with them if they were counted. */
	result = show_columns(run, begin, end, "variant", &costs,
			      probed && !instructions.count, view);
	if (!result)
		result = show_columns(run, begin, end, "instructions",
				      &instructions, probed, view);
	return result;
}

void summary_explain_jobs(const struct run *run, struct view *view)
{
	view->ops->explain(
		view,
		"rcu/page: call_rcu() calls for page tables per page-table "
		"page freed. page wait: mean, from the last unlink of a "
		"table to the page's real end. no GP: pages freed with no "
		"full grace period between the two. pinned: most bytes of "
		"pages that nothing but RCU held. drain: from the end of "
		"the workload to the last page's end. probe: by how much the "
		"arm probed executes more instructions than bare, in the "
		"whole workload; where they are not counted, how much longer "
		"the longest operation takes. The rest: mean time "
		"and mean instructions of each operation, in the arm bare "
		"where there is one.");
	if (run_has_evidence(run, EVIDENCE_EXACT))
		view->ops->say(
			view,
			"Emulated: time is instructions executed; the emulated "
			"PMU, which counts the instructions given here, misses "
			"some, by how a kernel lies in memory "
			"(docs/workloads.md): compare variants by time.");
	if (run_has_evidence(run, EVIDENCE_TIMED))
		view->ops->say(view,
			       "Timed: medians over boots, which alone say "
			       "nothing of a difference; DIFFERENCES and "
			       "./run.sh diff do (docs/statistics.md).");
	if (run_has_evidence(run, EVIDENCE_NONE))
		view->ops->say(view, "Target tcg: CPUs that race, and times "
				     "that mean nothing.");
}

int summary_jobs(const struct run *run, struct view *view)
{
	size_t begin, end;
	int result = 0;

	for (begin = 0; begin < run->valid_count && !result; begin = end) {
		end = run_group_end(run, begin);
		result = summary_job(run, begin, end, view);
	}
	if (run->valid_count && !result)
		summary_explain_jobs(run, view);
	return result;
}
