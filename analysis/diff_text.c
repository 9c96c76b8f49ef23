// SPDX-License-Identifier: GPL-2.0
/* A comparison as text; see diff.h. */
#include <string.h>
#include "diff.h"
#include "text.h"

/* 28 + 12 + 12 + 10 + 1 + 17 = 80 */
#define NAME_WIDTH   28
#define VALUE_WIDTH  12
#define CHANGE_WIDTH 10

static void print_columns(FILE *file, const char *name, const char *a,
			  const char *b, const char *change, const char *range)
{
	int size = strlen(name);
	int over = size > NAME_WIDTH ? size - NAME_WIDTH : 0;

	fprintf(file, "%-*s%*s%*s%*s%s%s\n", NAME_WIDTH, name,
		VALUE_WIDTH - over, a, VALUE_WIDTH, b, CHANGE_WIDTH, change,
		*range ? " " : "", range);
}

/* Records whose metrics' names are long are split as well. */
static bool is_long(const char *name)
{
	static const char *const records[] = {"double_rcu.", "pinned.",
					      "softirq."};
	size_t i;

	for (i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		if (!strncmp(name, records[i], strlen(records[i])))
			return true;
	}
	return false;
}

/* The name's part up to its last dot, or 0 when it fits as it is. */
static size_t heading_size(const char *name)
{
	const char *last = strrchr(name, '.');
	const char *first = strchr(name, '.');

	return last != first || is_long(name) ? (size_t)(last - name) : 0;
}

/* Long names are split: what they share gets a line of its own. */
static void print_name(FILE *file, const char *name, const char *before,
		       char *column, size_t size)
{
	size_t heading = heading_size(name);

	if (!heading) {
		snprintf(column, size, "%s", name);
		return;
	}
	if (!before || heading_size(before) != heading ||
	    strncmp(name, before, heading))
		fprintf(file, "%.*s\n", (int)heading, name);
	snprintf(column, size, "  %s", name + heading);
}

static void print_row(FILE *file, const struct diff_row *row,
		      const char *before)
{
	enum unit unit = row->metric->def->unit;
	char name[METRIC_NAME_SIZE];
	char a[64], b[64], change[64], range[64];

	print_name(file, row->metric->name, before, name, sizeof(name));
	unit_format(a, sizeof(a), unit, row->spread_a.median);
	unit_format(b, sizeof(b), unit, row->spread_b.median);
	unit_format_change(change, sizeof(change), &row->change);
	unit_format_range(range, sizeof(range), &row->change);
	print_columns(file, name, a, b, change, range);
}

static void print_group(const struct diff *diff, const struct diff_group *group,
			bool all, FILE *file)
{
	const char *before = NULL;
	size_t hidden = 0, differ = 0;
	size_t i;

	fputc('\n', file);
	text_group(file, &diff->a.run->cells[group->begin_a]);
	text_wrapf(file, "   ",
		   "seeds paired: %zu bare, %zu probed; op from the arm %s",
		   group->bare_pairs, group->probed_pairs, group->op_arm);
	print_columns(file, "metric", "A", "B", "change", "[over seeds]");
	for (i = 0; i < group->count; i++) {
		const struct diff_row *row = &group->rows[i];

		if (!row->of_tables && !all) {
			hidden++;
			differ += row->change.kind != CHANGE_EQUAL;
			continue;
		}
		print_row(file, row, before);
		before = row->metric->name;
	}
	if (hidden)
		text_wrapf(file, "",
			   "(%zu metrics of other RCU callbacks, %zu of which "
			   "differ: --all)",
			   hidden, differ);
}

static void note_arms(const struct diff *diff, FILE *file)
{
	size_t i;

	for (i = 0; i < diff->count; i++) {
		const struct diff_group *group = &diff->groups[i];

		if (!group->count || group->bare_pairs)
			continue;
		text_wrapf(file, "  ",
			   "%s, %s: no pair in the arm bare, so op includes "
			   "what the probe costs.",
			   diff->a.run->cells[group->begin_a].config,
			   diff->a.run->cells[group->begin_a].job);
	}
}

static bool seen_config(const struct run *run, size_t index)
{
	size_t i;

	for (i = 0; i < index; i++) {
		if (!strcmp(run->cells[i].variant, run->cells[index].variant) &&
		    !strcmp(run->cells[i].config, run->cells[index].config))
			return true;
	}
	return false;
}

static void note_correctness(const struct diff_side *side, FILE *file)
{
	size_t i;

	for (i = 0; i < side->run->valid_count; i++) {
		const struct cell *cell = &side->run->cells[i];

		if (strcmp(cell->variant, side->variant) ||
		    json_is_true(json_object_get(cell->header, "correct")) ||
		    seen_config(side->run, i))
			continue;
		text_wrapf(file, "  ", "%s is not claimed correct here: %s.",
			   cell->variant, cell->config);
	}
}

/* Cells that cannot tell which variant they are of are counted as well. */
static void note_invalid(const struct diff_side *side, FILE *file)
{
	const struct cell *first = NULL;
	size_t count = 0;
	size_t i;

	for (i = side->run->valid_count; i < side->run->count; i++) {
		const struct cell *cell = &side->run->cells[i];

		if (cell->header && strcmp(cell->variant, side->variant))
			continue;
		if (!first)
			first = cell;
		count++;
	}
	if (count)
		text_wrapf(file, "  ",
			   "%s: %zu cell%s not valid and left out, the first "
			   "%s: %s",
			   side->variant, count, count == 1 ? "" : "s",
			   first->name, first->invalid);
}

static void note_unpaired(const struct diff_side *side,
			  const struct diff_side *other, FILE *file)
{
	size_t unpaired = 0;
	size_t i, j;

	for (i = 0; i < side->run->valid_count; i++) {
		const struct cell *cell = &side->run->cells[i];
		bool paired = false;

		if (strcmp(cell->variant, side->variant))
			continue;
		for (j = 0; j < other->run->valid_count && !paired; j++) {
			const struct cell *pair = &other->run->cells[j];

			paired = cell_same_group(cell, pair) &&
				 !strcmp(pair->variant, other->variant) &&
				 !strcmp(pair->arm, cell->arm) &&
				 pair->seed == cell->seed;
		}
		unpaired += !paired;
	}
	if (unpaired)
		text_wrapf(file, "  ",
			   "%s: %zu valid cell%s without a counterpart of %s.",
			   side->variant, unpaired, unpaired == 1 ? "" : "s",
			   other->variant);
}

void diff_print_text(const struct diff *diff, bool all, FILE *file)
{
	bool same = !strcmp(diff->a.variant, diff->b.variant) &&
		    diff->a.run == diff->b.run;
	size_t i;

	text_wrapf(file, "A: ", "%s (%s)", diff->a.variant, diff->a.run->dir);
	text_wrapf(file, "B: ", "%s (%s)", diff->b.variant, diff->b.run->dir);
	for (i = 0; i < diff->count; i++) {
		if (diff->groups[i].count)
			print_group(diff, &diff->groups[i], all, file);
	}
	fprintf(file, "\nNotes\n");
	text_wrap(
		file, "  ",
		"Exact evidence: emulated, time is instructions executed. One "
		"seed gives the same bytes again, so there is nothing to "
		"test; [lo hi] is the range over seeds.");
	text_wrap(file, "  ",
		  "A and B: median over seeds. change: median of B against A "
		  "seed by seed. = equal for every seed, ~ seeds do not agree "
		  "on the sign, new from zero, - on one side only.");
	note_arms(diff, file);
	note_correctness(&diff->a, file);
	if (!same)
		note_correctness(&diff->b, file);
	note_invalid(&diff->a, file);
	if (!same)
		note_invalid(&diff->b, file);
	note_unpaired(&diff->a, &diff->b, file);
	note_unpaired(&diff->b, &diff->a, file);
}
