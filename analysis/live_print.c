// SPDX-License-Identifier: GPL-2.0
/* The table of a run that is under way; see live.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "live.h"
#include "text_table.h"

/* The next different variant or workload, in the order of the plan. */
static bool is_first(const struct live *live, size_t i, bool workload)
{
	size_t j;

	for (j = 0; j < i; j++) {
		if (workload
			    ? live->cells[j].workload == live->cells[i].workload
			    : live->cells[j].variant == live->cells[i].variant)
			return false;
	}
	return true;
}

/* "3/10" done, with " !1" of them not valid. */
static void add_counts(const struct live *live, const char *variant,
		       const char *workload, struct text_table *table)
{
	size_t planned = 0, done = 0, invalid = 0, i;

	for (i = 0; i < live->count; i++) {
		const struct live_cell *cell = &live->cells[i];

		if (cell->variant != variant || cell->workload != workload)
			continue;
		planned++;
		done += cell->done;
		invalid += cell->done && !cell->valid;
	}
	if (!planned)
		text_table_cell(table, "-");
	else if (invalid)
		text_table_cell(table, "!%zu %zu/%zu", invalid, done, planned);
	else
		text_table_cell(table, "%zu/%zu", done, planned);
}

/* Over the cells so far that have any: medians need no weights. */
static int add_figures(const struct live *live, const char *variant,
		       struct text_table *table)
{
	double *shares = calloc(live->count, sizeof(*shares));
	double *seconds = calloc(live->count, sizeof(*seconds));
	size_t share_count = 0, second_count = 0, i;
	int result = shares && seconds ? 0 : -ENOMEM;

	for (i = 0; i < live->count && !result; i++) {
		const struct live_cell *cell = &live->cells[i];

		if (cell->variant != variant)
			continue;
		shares[share_count] = cell->share * 100;
		share_count += !isnan(cell->share);
		seconds[second_count] = cell->second_ns;
		second_count += !isnan(cell->second_ns);
	}
	if (!result) {
		text_table_percent(table,
				   stats_spread(shares, share_count).median);
		text_table_value(table, UNIT_NS,
				 stats_spread(seconds, second_count).median);
	}
	free(seconds);
	free(shares);
	return result;
}

/* The worst that the gate says of the variant in this run. */
static const char *mark_of(const struct live *live, const char *variant)
{
	enum verified_state worst = VERIFIED_PASS;
	size_t i;

	for (i = 0; i < live->count; i++) {
		const struct live_cell *cell = &live->cells[i];

		if (cell->variant == variant &&
		    verified_rank(cell->gate) > verified_rank(worst))
			worst = cell->gate;
	}
	return verified_mark(worst);
}

static void add_heading(const struct live *live, struct text_table *table)
{
	size_t i;

	text_table_cell(table, "variant");
	text_table_cell(table, "twice");
	text_table_cell(table, "2nd wait");
	for (i = 0; i < live->count; i++) {
		if (is_first(live, i, true))
			text_table_cell(table, "%s", live->cells[i].workload);
	}
	text_table_row(table);
}

int live_print(const struct live *live, FILE *file)
{
	struct text_table table = {.keys = 1};
	int result = 0;
	size_t i, j;

	add_heading(live, &table);
	for (i = 0; i < live->count && !result; i++) {
		const char *variant = live->cells[i].variant;

		if (!is_first(live, i, false))
			continue;
		text_table_cell(&table, "%s%s", variant,
				mark_of(live, variant));
		result = add_figures(live, variant, &table);
		for (j = 0; j < live->count; j++) {
			if (is_first(live, j, true))
				add_counts(live, variant,
					   live->cells[j].workload, &table);
		}
		text_table_row(&table);
	}
	if (result)
		table.error = result;
	result = text_table_print(&table, file);
	fprintf(file, "%zu of %zu cells, %zu not valid%s%s\n", live->done,
		live->count, live->invalid,
		live->last_invalid ? "; last: " : "",
		live->last_invalid ? live->last_invalid : "");
	return result;
}
