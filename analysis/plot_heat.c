// SPDX-License-Identifier: GPL-2.0
/* Data for the map of changes against a baseline; see plot.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "gnuplot.h"
#include "pairs.h"
#include "plot.h"

/* What variants differ in; every operation's mean time goes below. */
static const struct {
	const char *metric, *arm;
} wanted[] = {
	{"callback.enqueued_count", "probed"},
	{"callback.per_freed_page", "probed"},
	{"grace_period.completed_count", "probed"},
	{"page.last_wait_mean_ns", "probed"},
	{"page.wait_p99_ns", "probed"},
	{"double_rcu.extra_callbacks_count", "probed"},
	{"double_rcu.held_byte_seconds", "probed"},
	{"pinned.page_peak_bytes", "probed"},
	{"pinned.page_byte_seconds", "probed"},
	{"pinned.drain_ns", "probed"},
	{"softirq.rcu_core_ns", "probed"},
	{"softirq.batch_max_ns", "probed"},
};

struct heat {
	const struct run *run;
	size_t begin, end;
	const char *baseline;
	FILE *data, *names, *columns;
	int rows;
};

/* Where on the way from -1 (all gone) by 0 to 1 (twice as much, or more). */
static double shade(const struct change *change)
{
	double percent = change->percent.median;

	switch (change->kind) {
	case CHANGE_NEW:
	case CHANGE_VALUE:
		/* Small changes are to be seen, too. */
		return copysign(sqrt(fmin(fabs(percent), 100) / 100), percent);
	default:
		return 0;
	}
}

/* One metric, all variants but the baseline; no row if none has it. */
static int write_row(struct heat *heat, const char *metric, const char *arm)
{
	const struct pairs_side base = {heat->baseline, arm};
	bool any = false;
	int column = 0;
	size_t i;

	for (i = heat->begin; i < heat->end; i++) {
		const char *variant = heat->run->cells[i].variant;
		const struct pairs_side side = {variant, arm};
		struct change change;
		char text[64];

		if (!plot_first_of_variant(heat->run, heat->begin, i) ||
		    !strcmp(variant, heat->baseline))
			continue;
		if (pairs_change(heat->run, heat->begin, heat->end, &base,
				 &side, metric, &change))
			return -ENOMEM;
		unit_format_change(text, sizeof(text), &change);
		if (change.kind != CHANGE_NONE) {
			fprintf(heat->data, "%d\t%d\t%.4f\t%s\n", column,
				heat->rows, shade(&change), text);
			any = true;
		}
		column++;
	}
	if (any) {
		fprintf(heat->names, "%s ", metric);
		heat->rows++;
	}
	return 0;
}

static int write_operations(struct heat *heat)
{
	const struct cell *cells = heat->run->cells;
	const struct metrics *metrics =
		&cells[run_find_arm(heat->run, heat->begin, heat->end, "bare")]
			 .metrics;
	char kind[METRIC_NAME_SIZE];
	int result = 0;
	size_t i;

	for (i = 0; i < metrics->count && !result; i++) {
		if (plot_op_kind(metrics->list[i].name, kind))
			result = write_row(heat, metrics->list[i].name, "bare");
	}
	return result;
}

/* Labels may have blanks: they come as a gnuplot array. */
static void name_columns(struct heat *heat)
{
	const struct run *run = heat->run;
	char name[32];
	int columns = 0;
	size_t i;

	for (i = heat->begin; i < heat->end; i++) {
		if (!plot_first_of_variant(run, heat->begin, i))
			continue;
		if (!strcmp(run->cells[i].variant, heat->baseline)) {
			gnuplot_set(heat->columns, "baseline",
				    run->cells[i].label);
			continue;
		}
		snprintf(name, sizeof(name), "column_%d", ++columns);
		gnuplot_set(heat->columns, name, run->cells[i].label);
	}
	fprintf(heat->columns, "columns=%d;", columns);
}

static int write_map(struct heat *heat)
{
	int result = 0;
	size_t i;

	fprintf(heat->data,
		"# variant's column, metric's row, shade (-1 to 1), change "
		"against %s\n",
		heat->baseline);
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]) && !result; i++)
		result = write_row(heat, wanted[i].metric, wanted[i].arm);
	if (!result)
		result = write_operations(heat);
	return result;
}

int plot_heat(const struct run *run, size_t begin, size_t end,
	      struct plot *plot)
{
	struct heat heat = {
		.run = run,
		.begin = begin,
		.end = end,
		.baseline = pairs_baseline(run, begin, end),
	};
	char *names = NULL, *columns = NULL;
	size_t data_size, names_size, columns_size;
	int result = -ENOMEM;

	plot->script = "heat.gp";
	/* What may be claimed of time is said where its interval is. */
	if (cell_evidence(&run->cells[begin]) != EVIDENCE_EXACT)
		return 0;
	if (plot_swept(&run->cells[begin]) ||
	    run_variant_end(run, begin, end) == end)
		return 0;
	heat.data = open_memstream(&plot->data, &data_size);
	heat.names = open_memstream(&names, &names_size);
	heat.columns = open_memstream(&columns, &columns_size);
	if (heat.data && heat.names && heat.columns) {
		result = write_map(&heat);
		name_columns(&heat);
	}
	if (heat.names && fclose(heat.names))
		result = -ENOMEM;
	if (heat.columns && fclose(heat.columns))
		result = -ENOMEM;
	if (!result &&
	    asprintf(&plot->variables, "metrics='%s';%s", names, columns) < 0) {
		plot->variables = NULL;
		result = -ENOMEM;
	}
	if (heat.data &&
	    plot_close_text(heat.data, &plot->data, !result && heat.rows))
		result = -ENOMEM;
	free(names);
	free(columns);
	return result;
}
