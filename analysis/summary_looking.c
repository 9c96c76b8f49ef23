// SPDX-License-Identifier: GPL-2.0
/* What looking costs; see summary_sections.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "pairs.h"
#include "summary_sections.h"
#include "text.h"

/* A record's names are shorter. */
#define KIND_SIZE 160

/* Appends ", NAME +1.2 %" when there is such a change. */
static int append_change(const struct run *run, size_t begin, size_t end,
			 const char *metric, const char *name, char *line,
			 size_t size)
{
	const char *variant = run->cells[begin].variant;
	const struct pairs_side bare = {variant, "bare"};
	const struct pairs_side probed = {variant, "probed"};
	size_t used = strlen(line);
	struct change change;
	int result;

	result = pairs_change(run, begin, end, &bare, &probed, metric, &change);
	if (result || !isfinite(change.percent.median))
		return result;
	snprintf(line + used, size - used, "%s%s %+.2f%%", used ? ", " : "",
		 name, change.kind == CHANGE_EQUAL ? 0 : change.percent.median);
	used = strlen(line);
	if (!change.pairs && change.percent.min < change.percent.max)
		snprintf(line + used, size - used, " [%+.2f %+.2f]",
			 change.percent.min, change.percent.max);
	return 0;
}

/* An operation by its instructions where they were counted, else by time. */
static int append_op(const struct run *run, size_t begin, size_t end,
		     const char *kind, char *line, size_t size)
{
	size_t used = strlen(line);
	char metric[METRIC_NAME_SIZE], name[METRIC_NAME_SIZE];
	int result;

	snprintf(metric, sizeof(metric), "op.%s.instructions_mean_count", kind);
	result = append_change(run, begin, end, metric, kind, line, size);
	if (result || strlen(line) > used)
		return result;
	snprintf(metric, sizeof(metric), "op.%s.mean_ns", kind);
	snprintf(name, sizeof(name), "%s (time)", kind);
	return append_change(run, begin, end, metric, name, line, size);
}

/* All of one variant in one group; the line stays empty without a pair. */
static int fill_line(const struct run *run, size_t begin, size_t end,
		     char *line, size_t size)
{
	const struct metrics *metrics = &run->cells[begin].metrics;
	int result;
	size_t i;

	result = append_change(run, begin, end, "work.instructions_count",
			       "all", line, size);
	if (!result && !*line)
		result =
			append_change(run, begin, end, "ops.instructions_count",
				      "all", line, size);
	for (i = 0; i < metrics->count && !result; i++) {
		const char *name = metrics->list[i].name;
		const char *end_of_kind = strstr(name, ".mean_ns");
		char kind[KIND_SIZE];

		if (strncmp(name, "op.", 3) || !end_of_kind)
			continue;
		snprintf(kind, sizeof(kind), "%.*s",
			 (int)(end_of_kind - name - 3), name + 3);
		result = append_op(run, begin, end, kind, line, size);
	}
	return result;
}

/* One group: a line for each variant, under its job. */
static int show_group(const struct run *run, size_t begin, size_t end,
		      bool *titled, const char **config, struct view *view)
{
	bool named = false;
	size_t i, next;

	for (i = begin; i < end; i = next) {
		char line[4096] = "", job[METRIC_NAME_SIZE];

		next = run_variant_end(run, i, end);
		if (fill_line(run, i, next, line, sizeof(line)))
			return -ENOMEM;
		if (!*line)
			continue;
		if (!*titled)
			view->ops->title(view, "WHAT LOOKING COSTS",
					 "the arm probed against bare");
		*titled = true;
		if (!*config || strcmp(*config, run->cells[begin].config))
			view->ops->config(view, run->cells[begin].config);
		*config = run->cells[begin].config;
		text_job(job, sizeof(job), &run->cells[begin]);
		if (!named)
			view->ops->job(view, job);
		named = true;
		view->ops->item(view, run->cells[i].label, line);
	}
	return 0;
}

int summary_looking(const struct run *run, struct view *view)
{
	const char *config = NULL;
	bool titled = false;
	size_t begin, end;
	int result = 0;

	for (begin = 0; begin < run->valid_count && !result; begin = end) {
		end = run_group_end(run, begin);
		result = show_group(run, begin, end, &titled, &config, view);
	}
	if (!result && titled) {
		view_explainf(
			view,
			"Median over %s of the change seed by seed, in "
			"mean instructions of an operation, or (time) in its "
			"mean latency where they were not counted; all: "
			"instructions of the whole workload, or of all "
			"operations that have them.",
			run_samples(run));
		if (run_has_evidence(run, EVIDENCE_TIMED))
			view->ops->say(
				view,
				"Timed: the median change within a block, in "
				"percent of bare, with its 95 % bootstrap "
				"interval.");
	}
	return result;
}
