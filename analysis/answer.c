// SPDX-License-Identifier: GPL-2.0
/* What a second RCU wait costs, computed; see answer.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "answer.h"

static void widen(struct answer_span *span, double value)
{
	if (isnan(value))
		return;
	if (isnan(span->min) || value < span->min)
		span->min = value;
	if (isnan(span->max) || value > span->max)
		span->max = value;
}

/* One variant's medians in a group, all of one arm. */
struct medians {
	const struct run *run;
	size_t begin, end;
	const char *variant;
	int error;
};

static double get(struct medians *medians, const char *metric)
{
	return run_median(medians->run, medians->begin, medians->end,
			  medians->variant, "probed", metric, &medians->error);
}

static void fill_row(struct medians *medians, struct answer_row *row)
{
	row->share = get(medians, "double_rcu.double_share");
	row->second_ns = get(medians, "double_rcu.second_wait_mean_ns");
	row->held = get(medians, "double_rcu.held_byte_seconds");
	row->second_held = get(medians, "double_rcu.second_held_byte_seconds");
	row->extra = get(medians, "double_rcu.extra_callbacks_count");
	row->run_ns = get(medians, "double_rcu.extra_callback_run_ns");
}

static struct answer_variant *find_variant(struct answer *answer,
					   const struct run *run, size_t cell)
{
	static const struct answer_span none = {NAN, NAN};
	const char *name = run->cells[cell].variant;
	struct answer_variant *list;
	size_t i;

	for (i = 0; i < answer->count; i++) {
		struct answer_variant *variant = &answer->variants[i];

		if (strcmp(run->cells[variant->cell].variant, name))
			continue;
		if (verified_rank(run->cells[cell].gate) >
		    verified_rank(run->cells[variant->cell].gate))
			variant->cell = cell;
		return variant;
	}
	list = reallocarray(answer->variants, answer->count + 1, sizeof(*list));
	if (!list)
		return NULL;
	answer->variants = list;
	list[answer->count] = (struct answer_variant){
		.cell = cell,
		.share = none,
		.second_ns = none,
		.held_share = none,
		.extra = none,
		.run_ns = none,
		.per_page = none,
		.per_deferral = none,
	};
	return &list[answer->count++];
}

static int add_row(struct answer *answer, const struct answer_row *row)
{
	struct answer_row *rows;

	rows = reallocarray(answer->rows, answer->row_count + 1, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	answer->rows = rows;
	rows[answer->row_count++] = *row;
	return 0;
}

/* What call_rcu() costs: own calls a deferral, all calls a page. */
static void note_calls(struct answer_variant *variant, struct medians *medians)
{
	double deferred = get(medians, "table.defer.pte.unlinked_count");
	double all = get(medians, "callback.enqueued_count");
	double batches =
		get(medians, "callback." TLB_CALLBACK ".enqueued_count");

	if (deferred > 0)
		widen(&variant->per_deferral,
		      (all - (isnan(batches) ? 0 : batches)) / deferred);
	else
		widen(&variant->per_page,
		      get(medians, "callback.per_freed_page"));
}

static void note_row(struct answer_variant *variant,
		     const struct answer_row *row)
{
	variant->groups++;
	if (!(row->share > 0))
		return;
	variant->with_double++;
	widen(&variant->share, row->share * 100);
	widen(&variant->second_ns, row->second_ns);
	widen(&variant->held_share, row->second_held / row->held * 100);
	widen(&variant->extra, row->extra);
	widen(&variant->run_ns, row->run_ns);
}

/* Variants that have nothing to say of the group are left out. */
static int add_group(struct answer *answer, const struct run *run, size_t begin,
		     size_t end)
{
	int result = 0;
	size_t i;

	for (i = begin; i < end && !result; i = run_variant_end(run, i, end)) {
		struct medians medians = {run, begin, end,
					  run->cells[i].variant, 0};
		size_t cell = run_find_arm(run, i, end, "probed");
		struct answer_row row = {.cell = cell};
		struct answer_variant *variant;

		fill_row(&medians, &row);
		if (isnan(row.share)) {
			result = medians.error;
			continue;
		}
		variant = find_variant(answer, run, cell);
		if (!variant)
			return -ENOMEM;
		note_row(variant, &row);
		note_calls(variant, &medians);
		result = add_row(answer, &row);
		if (!result)
			result = medians.error;
	}
	return result;
}

int answer_build(struct answer *answer, const struct run *run, size_t begin,
		 size_t end)
{
	size_t group, next;
	int result = 0;

	memset(answer, 0, sizeof(*answer));
	for (group = begin; group < end && !result; group = next) {
		next = run_group_end(run, group);
		result = add_group(answer, run, group, next);
	}
	return result;
}

void answer_free(struct answer *answer)
{
	free(answer->rows);
	free(answer->variants);
	memset(answer, 0, sizeof(*answer));
}
