// SPDX-License-Identifier: GPL-2.0
/* A comparison as CSV; see diff_print.h. */
#include <errno.h>
#include <math.h>
#include "diff_print.h"

static const char *const columns[] = {
	"configuration",
	"workload",
	"metric",
	"unit",
	"arm",
	"evidence",
	"a_run",
	"a_variant",
	"b_run",
	"b_variant",
	"a_samples",
	"b_samples",
	"a_median",
	"a_min",
	"a_max",
	"b_median",
	"b_min",
	"b_max",
	"change",
	"change_percent",
	"change_low",
	"change_high",
	"seeds_agree",
	"p",
	"p_holm",
	"floor",
	"a_gate",
	"b_gate",
	"a_probe_percent",
	"b_probe_percent",
};

/* Quotes are doubled. */
static void put_text(FILE *file, const char *text)
{
	fputc('"', file);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', file);
		fputc(*text, file);
	}
	fputs("\",", file);
}

static void put_number(FILE *file, double value, const char *end)
{
	if (isfinite(value))
		fprintf(file, "%.17g", value);
	fputs(end, file);
}

static void put_spread(FILE *file, const struct spread *spread)
{
	put_number(file, spread->median, ",");
	put_number(file, spread->min, ",");
	put_number(file, spread->max, ",");
}

static void put_row(FILE *file, const struct diff *diff,
		    const struct diff_group *group, const struct diff_row *row)
{
	const struct cell *cell =
		diff_cell(&diff->a, group->begin_a, group->end_a);

	put_text(file, cell->config);
	put_text(file, cell->job);
	put_text(file, row->metric->name);
	put_text(file, unit_name(row->metric->def->unit));
	put_text(file, row->arm);
	put_text(file, evidence_name(group->evidence));
	put_text(file, diff_run_name(diff->a.run));
	put_text(file, diff->a.variant);
	put_text(file, diff_run_name(diff->b.run));
	put_text(file, diff->b.variant);
	fprintf(file, "%zu,%zu,", row->count_a, row->count_b);
	put_spread(file, &row->spread_a);
	put_spread(file, &row->spread_b);
	put_text(file, change_name(row->change.kind));
	put_spread(file, &row->change.percent);
	if (row->change.pairs)
		fprintf(file, "%zu", row->change.agree);
	fputc(',', file);
	put_number(file, row->timed.p, ",");
	put_number(file, row->timed.adjusted, ",");
	put_number(file, row->timed.floor, ",");
	put_text(file, verified_name(cell->gate));
	put_text(file,
		 verified_name(diff_cell(&diff->b, group->begin_b, group->end_b)
				       ->gate));
	put_number(file, group->looking_a, ",");
	put_number(file, group->looking_b, "\r\n");
}

int diff_print_csv(const struct diff_set *set, FILE *file)
{
	size_t size = sizeof(columns) / sizeof(columns[0]);
	size_t i, j, k;

	for (i = 0; i < size; i++)
		fprintf(file, "%s%s", columns[i], i + 1 < size ? "," : "\r\n");
	for (i = 0; i < set->count; i++) {
		const struct diff *diff = &set->list[i];

		for (j = 0; j < diff->count; j++) {
			for (k = 0; k < diff->groups[j].count; k++)
				put_row(file, diff, &diff->groups[j],
					&diff->groups[j].rows[k]);
		}
	}
	return ferror(file) ? -EIO : 0;
}
