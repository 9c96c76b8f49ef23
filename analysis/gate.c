// SPDX-License-Identifier: GPL-2.0
/* Limits on what a variant may cost; see gate.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "gate.h"
#include "message.h"

int gate_parse(struct gate *gate, const char *text)
{
	const char *value = strrchr(text, '=');
	char *end;

	memset(gate, 0, sizeof(*gate));
	if (!value || value == text) {
		message("--fail-on %s: give METRIC=PERCENT", text);
		return -EINVAL;
	}
	errno = 0;
	gate->percent = strtod(value + 1, &end);
	if (!errno && end > value + 1 && *end == '%')
		end++;
	if (errno || end == value + 1 || *end || !isfinite(gate->percent) ||
	    gate->percent < 0) {
		message("--fail-on %s: the percentage is not a number from 0",
			text);
		return -EINVAL;
	}
	gate->metric = strndup(text, value - text);
	if (!gate->metric)
		return -ENOMEM;
	if (metric_is_known(gate->metric))
		return 0;
	message("--fail-on %s: no such metric, see pfd-stat metrics",
		gate->metric);
	return -EINVAL;
}

void gate_free(struct gate *gate)
{
	free(gate->metric);
	gate->metric = NULL;
}

static bool is_beyond(const struct gate *gate, const struct diff_row *row)
{
	switch (row->change.kind) {
	case CHANGE_NONE:
		return isnan(row->spread_a.median);
	case CHANGE_MIXED:
		if (!isnan(row->timed.p))
			return false;
		/* fall through */
	default:
		return row->change.percent.median > gate->percent;
	}
}

/* One line for the metric, however many groups are beyond the limit. */
static void report(const struct gate *gate, const struct diff *diff,
		   const struct diff_group *group, const struct diff_row *row,
		   size_t count)
{
	const struct cell *cell = &diff->a.run->cells[group->begin_a];
	char a[64], b[64], change[64], more[64] = "";

	unit_format(a, sizeof(a), row->metric->def->unit, row->spread_a.median);
	unit_format(b, sizeof(b), row->metric->def->unit, row->spread_b.median);
	unit_format_change(change, sizeof(change), &row->change);
	if (count > 1)
		snprintf(more, sizeof(more), " (and %zu more)", count - 1);
	message("%s: %s went from %s to %s (%s), allowed is +%g %%: %s, %s%s",
		diff->b.variant, row->metric->name, a, b, change, gate->percent,
		cell->config, cell->job, more);
}

int gate_check(const struct gate *gate, const struct diff *diff)
{
	const struct diff_group *first = NULL;
	size_t known = 0, beyond = 0;
	size_t i;

	for (i = 0; i < diff->count; i++) {
		const struct diff_group *group = &diff->groups[i];
		const struct diff_row *row = diff_find_row(group, gate->metric);

		known += !!row;
		if (!row || !is_beyond(gate, row))
			continue;
		if (!beyond++)
			first = group;
	}
	if (!known) {
		message("--fail-on %s: no pair of cells has that metric, see "
			"pfd-stat diff --all",
			gate->metric);
		return STAT_USAGE;
	}
	if (!beyond)
		return STAT_OK;
	report(gate, diff, first, diff_find_row(first, gate->metric), beyond);
	return STAT_DIFFERENT;
}
