// SPDX-License-Identifier: GPL-2.0
/* The answer in sentences; see answer.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "answer.h"

static void join(char *text, size_t size, const char *min, const char *max)
{
	if (!strcmp(min, max))
		snprintf(text, size, "%s", min);
	else
		snprintf(text, size, "%s to %s", min, max);
}

void answer_span_text(char *text, size_t size, enum unit unit,
		      const struct answer_span *span)
{
	char min[64], max[64];

	unit_format(min, sizeof(min), unit, span->min);
	unit_format(max, sizeof(max), unit, span->max);
	join(text, size, min, max);
}

void answer_percent_text(char *text, size_t size,
			 const struct answer_span *span)
{
	char min[32], max[32], both[72];

	if (isnan(span->min)) {
		snprintf(text, size, "-");
		return;
	}
	snprintf(min, sizeof(min), "%.3g", span->min);
	snprintf(max, sizeof(max), "%.3g", span->max);
	join(both, sizeof(both), min, max);
	snprintf(text, size, "%s %%", both);
}

static void say_double(const struct answer_variant *variant,
		       const struct run *run, struct view *view)
{
	char share[96], wait[144], held[96], extra[144], run_text[192] = "";

	answer_percent_text(share, sizeof(share), &variant->share);
	answer_percent_text(held, sizeof(held), &variant->held_share);
	answer_span_text(wait, sizeof(wait), UNIT_NS, &variant->second_ns);
	answer_span_text(extra, sizeof(extra), UNIT_COUNT, &variant->extra);
	if (!isnan(variant->run_ns.min)) {
		char ns[144];

		answer_span_text(ns, sizeof(ns), UNIT_NS, &variant->run_ns);
		snprintf(run_text, sizeof(run_text), ", which ran for %s", ns);
	}
	view_sayf(view,
		  "%s: pages waited twice in %zu of %zu workloads, there %s "
		  "of them. The second wait took %s in the mean and was %s "
		  "of the byte seconds for which pages were held; it took %s "
		  "callbacks more%s.",
		  run->cells[variant->cell].label, variant->with_double,
		  variant->groups, share, wait, held, extra, run_text);
}

static void say_single(const struct answer *answer, const struct run *run,
		       struct view *view)
{
	char names[2048] = "";
	size_t size = 0, i;

	for (i = 0; i < answer->count; i++) {
		const struct answer_variant *variant = &answer->variants[i];

		if (variant->with_double || size >= sizeof(names) - 1)
			continue;
		size += snprintf(names + size, sizeof(names) - size, "%s%s",
				 size ? ", " : "",
				 run->cells[variant->cell].label);
	}
	if (size)
		view_sayf(view, "No page waited twice with %s.", names);
}

void answer_say(const struct answer *answer, const struct run *run,
		struct view *view)
{
	size_t i;

	for (i = 0; i < answer->count; i++) {
		if (answer->variants[i].with_double)
			say_double(&answer->variants[i], run, view);
	}
	say_single(answer, run, view);
}
