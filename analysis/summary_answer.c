// SPDX-License-Identifier: GPL-2.0
/* What the second wait of the TLB path costs; see summary_sections.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "summary_sections.h"
#include "text.h"
#include "text_table.h"

/* One variant in one group: medians over seeds. */
struct figures {
	double share, second_ns, held, second_held, extra, run_ns;
};

/* What one variant does over all groups of a configuration. */
struct span {
	double min, max;
};

struct verdict {
	const char *label;
	size_t groups, with_double;
	struct span share, second_ns, held_share, extra, run_ns;
};

struct verdicts {
	struct verdict *list;
	size_t count;
};

static void widen(struct span *span, double value)
{
	if (isnan(value))
		return;
	if (isnan(span->min) || value < span->min)
		span->min = value;
	if (isnan(span->max) || value > span->max)
		span->max = value;
}

static int get_figures(const struct run *run, size_t begin, size_t end,
		       const char *variant, struct figures *figures)
{
	const struct {
		const char *metric;
		double *value;
	} wanted[] = {
		{"double_rcu.double_share", &figures->share},
		{"double_rcu.second_wait_mean_ns", &figures->second_ns},
		{"double_rcu.held_byte_seconds", &figures->held},
		{"double_rcu.second_held_byte_seconds", &figures->second_held},
		{"double_rcu.extra_callbacks_count", &figures->extra},
		{"double_rcu.extra_callback_run_ns", &figures->run_ns},
	};
	int error = 0;
	size_t i;

	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		*wanted[i].value =
			run_median(run, begin, end, variant, "probed",
				   wanted[i].metric, &error);
	return error;
}

static struct verdict *find_verdict(struct verdicts *verdicts,
				    const char *label)
{
	static const struct span none = {NAN, NAN};
	struct verdict *list;
	size_t i;

	for (i = 0; i < verdicts->count; i++) {
		if (!strcmp(verdicts->list[i].label, label))
			return &verdicts->list[i];
	}
	list = reallocarray(verdicts->list, verdicts->count + 1, sizeof(*list));
	if (!list)
		return NULL;
	verdicts->list = list;
	list[verdicts->count] = (struct verdict){
		.label = label,
		.share = none,
		.second_ns = none,
		.held_share = none,
		.extra = none,
		.run_ns = none,
	};
	return &list[verdicts->count++];
}

static int note_figures(struct verdicts *verdicts, const char *label,
			const struct figures *figures)
{
	struct verdict *verdict = find_verdict(verdicts, label);

	if (!verdict)
		return -ENOMEM;
	verdict->groups++;
	if (!(figures->share > 0))
		return 0;
	verdict->with_double++;
	widen(&verdict->share, figures->share * 100);
	widen(&verdict->second_ns, figures->second_ns);
	widen(&verdict->held_share, figures->second_held / figures->held * 100);
	widen(&verdict->extra, figures->extra);
	widen(&verdict->run_ns, figures->run_ns);
	return 0;
}

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

static void add_value(struct text_table *table, enum unit unit, double value)
{
	char text[64];

	unit_format(text, sizeof(text), unit, value);
	text_table_cell(table, "%s", text);
}

static void add_percent(struct text_table *table, double value)
{
	if (isnan(value))
		text_table_cell(table, "-");
	else
		text_table_cell(table, "%.*f %%",
				value == 0 || value >= 99.95 ? 0 : 1, value);
}

static void add_figures(struct text_table *table, const char *job,
			const char *label, const struct figures *figures)
{
	text_table_cell(table, "%s", job);
	text_table_cell(table, "%s", label);
	add_percent(table, figures->share * 100);
	add_value(table, UNIT_NS, figures->second_ns);
	add_value(table, UNIT_BYTE_SECONDS, figures->held);
	add_percent(table, figures->held > 0
				   ? figures->second_held / figures->held * 100
				   : NAN);
	add_value(table, UNIT_COUNT, figures->extra);
	add_value(table, UNIT_NS, figures->run_ns);
	text_table_row(table);
}

/* Rows of one job; variants that have nothing to say of it are left out. */
static int add_group(const struct run *run, size_t begin, size_t end,
		     struct text_table *table, struct verdicts *verdicts)
{
	char job[METRIC_NAME_SIZE];
	size_t i;

	text_job(job, sizeof(job), &run->cells[begin]);
	for (i = begin; i < end; i = run_variant_end(run, i, end)) {
		const struct cell *cell = &run->cells[i];
		struct figures figures;

		if (get_figures(run, begin, end, cell->variant, &figures))
			return -ENOMEM;
		if (isnan(figures.share))
			continue;
		if (!table->count)
			add_heading(table);
		add_figures(table, job, cell->label, &figures);
		if (note_figures(verdicts, cell->label, &figures))
			return -ENOMEM;
	}
	return 0;
}

/* "a" or "a to b", with the unit's own words. */
static void span_text(char *text, size_t size, enum unit unit,
		      const struct span *span)
{
	char min[64], max[64];

	unit_format(min, sizeof(min), unit, span->min);
	unit_format(max, sizeof(max), unit, span->max);
	if (!strcmp(min, max))
		snprintf(text, size, "%s", min);
	else
		snprintf(text, size, "%s to %s", min, max);
}

static void percent_text(char *text, size_t size, const struct span *span)
{
	char min[32], max[32];

	snprintf(min, sizeof(min), "%.3g", span->min);
	snprintf(max, sizeof(max), "%.3g", span->max);
	if (!strcmp(min, max))
		snprintf(text, size, "%s %%", min);
	else
		snprintf(text, size, "%s to %s %%", min, max);
}

static void say_double(const struct verdict *verdict, FILE *file)
{
	char share[96], wait[144], held[96], extra[144], run[192] = "";

	percent_text(share, sizeof(share), &verdict->share);
	percent_text(held, sizeof(held), &verdict->held_share);
	span_text(wait, sizeof(wait), UNIT_NS, &verdict->second_ns);
	span_text(extra, sizeof(extra), UNIT_COUNT, &verdict->extra);
	if (!isnan(verdict->run_ns.min)) {
		char ns[144];

		span_text(ns, sizeof(ns), UNIT_NS, &verdict->run_ns);
		snprintf(run, sizeof(run), ", which ran for %s", ns);
	}
	text_wrapf(file, "",
		   "%s: pages waited twice in %zu of %zu workloads, there %s "
		   "of them. The second wait took %s in the mean and was %s "
		   "of the byte seconds for which pages were held; it took %s "
		   "callbacks more%s.",
		   verdict->label, verdict->with_double, verdict->groups,
		   share, wait, held, extra, run);
}

static void say_single(const struct verdicts *verdicts, FILE *file)
{
	char names[1024] = "";
	size_t size = 0, i;

	for (i = 0; i < verdicts->count; i++) {
		if (verdicts->list[i].with_double || size >= sizeof(names) - 1)
			continue;
		size += snprintf(names + size, sizeof(names) - size, "%s%s",
				 size ? ", " : "", verdicts->list[i].label);
	}
	if (size)
		text_wrapf(file, "", "No page waited twice with %s.", names);
}

static int print_config(const struct run *run, size_t begin, size_t end,
			bool *titled, FILE *file)
{
	struct text_table table = {.keys = 2, .merge = true};
	struct verdicts verdicts = {};
	size_t group, next, i;
	int result = 0;

	for (group = begin; group < end && !result; group = next) {
		next = run_group_end(run, group);
		result = add_group(run, group, next, &table, &verdicts);
	}
	if (!result && !table.error && table.count) {
		if (!*titled)
			fprintf(file, "\nTHE ANSWER: what a second RCU wait on "
				      "the TLB path costs\n");
		*titled = true;
		fprintf(file, "\n== %s\n", run->cells[begin].config);
	}
	if (result)
		table.error = result;
	result = text_table_print(&table, file);
	for (i = 0; i < verdicts.count && !result; i++) {
		if (verdicts.list[i].with_double)
			say_double(&verdicts.list[i], file);
	}
	if (!result)
		say_single(&verdicts, file);
	free(verdicts.list);
	return result;
}

int summary_answer(const struct run *run, FILE *file)
{
	bool titled = false;
	size_t begin, end;
	int result = 0;

	for (begin = 0; begin < run->valid_count && !result; begin = end) {
		end = run_config_end(run, begin);
		result = print_config(run, begin, end, &titled, file);
	}
	if (!result && titled) {
		fputc('\n', file);
		text_wrap(file, "",
			  "twice: of the pages freed whose last table went the "
			  "TLB path, those that a callback of their own freed, "
			  "queued from inside tlb_remove_table_rcu(). 2nd "
			  "wait: mean, from that "
			  "callback's call_rcu() to the page's end. held B s: "
			  "bytes of these pages x time from the last unlink "
			  "to the end (K: x 1024); 2nd: the part of that in "
			  "the second wait. extra: call_rcu() from inside the "
			  "batch's callback; run: time inside all of them. "
			  "Medians over seeds, arm probed.");
	}
	return result;
}
