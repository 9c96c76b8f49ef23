// SPDX-License-Identifier: GPL-2.0
/* A comparison as text; see diff_print.h. */
#include <math.h>
#include <string.h>
#include "diff_print.h"
#include "text.h"

/* 26 + 10 + 10 + 10 + 1 + 15 + 1 + 7 = 80 */
#define NAME_WIDTH	26
#define VALUE_WIDTH	10
#define RANGE_WIDTH	15
#define CERTAINTY_WIDTH 7

const char *diff_label(const struct cell *cell)
{
	return cell->label;
}

const char *diff_run_name(const struct run *run)
{
	const char *slash = strrchr(run->dir, '/');

	return slash && slash[1] ? slash + 1 : run->dir;
}

bool diff_is_shown(const struct diff_view *view, const struct diff_row *row)
{
	if (view->rows == DIFF_HEADLINE)
		return row->metric->def->headline;
	return view->rows == DIFF_ALL || row->of_tables;
}

void diff_certainty(char *text, size_t size, const struct diff_group *group,
		    const struct diff_row *row)
{
	text[0] = '\0';
	if (group->evidence == EVIDENCE_EXACT && row->change.pairs)
		snprintf(text, size, "%zu/%zu", row->change.agree,
			 row->change.pairs);
	else if (row->timed.adjusted < 0.001)
		snprintf(text, size, "p<0.001");
	else if (!isnan(row->timed.p))
		snprintf(text, size, "p=%.3f", row->timed.adjusted);
}

static void print_columns(FILE *file, const char *name,
			  const char *const values[3], const char *range,
			  const char *certainty)
{
	int over = (int)strlen(name) - NAME_WIDTH;
	char line[METRIC_NAME_SIZE + 128];
	size_t end;

	over = over > 0 ? over : 0;
	over = over < VALUE_WIDTH ? over : VALUE_WIDTH;
	snprintf(line, sizeof(line), "%-*s%*s%*s%*s %-*s %*s", NAME_WIDTH, name,
		 VALUE_WIDTH - over, values[0], VALUE_WIDTH, values[1],
		 VALUE_WIDTH, values[2], RANGE_WIDTH, range, CERTAINTY_WIDTH,
		 certainty);
	for (end = strlen(line); end > 0 && line[end - 1] == ' '; end--)
		line[end - 1] = '\0';
	fprintf(file, "%s\n", line);
}

/* Records whose metrics' names are long are split as well. */
static bool is_long(const char *name)
{
	static const char *const records[] = {
		"double_rcu.", "pinned.", "softirq.", "grace_period.", "page."};
	size_t i;

	for (i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		if (!strncmp(name, records[i], strlen(records[i])))
			return true;
	}
	return false;
}

/* Up to the last dot, unless the name fits as it is or has no neighbours. */
size_t diff_heading_size(const struct diff_view *view, const char *name)
{
	const char *last = strrchr(name, '.');
	const char *first = strchr(name, '.');

	if (view->rows == DIFF_HEADLINE)
		return 0;
	return last != first || is_long(name) ? (size_t)(last - name) : 0;
}

/* Long names are split: what they share gets a line of its own. */
static void print_name(const struct diff_view *view, FILE *file,
		       const char *name, const char *before, char *column,
		       size_t size)
{
	size_t heading = diff_heading_size(view, name);

	if (!heading) {
		snprintf(column, size, "%s", name);
		return;
	}
	if (!before || diff_heading_size(view, before) != heading ||
	    strncmp(name, before, heading))
		fprintf(file, "%.*s\n", (int)heading, name);
	snprintf(column, size, "  %s", name + heading);
}

static void print_row(const struct diff_view *view, FILE *file,
		      const struct diff_group *group,
		      const struct diff_row *row, const char *before)
{
	enum unit unit = row->metric->def->unit;
	char name[METRIC_NAME_SIZE];
	char a[64], b[64], change[64], range[64], certainty[64];

	print_name(view, file, row->metric->name, before, name, sizeof(name));
	unit_format(a, sizeof(a), unit, row->spread_a.median);
	unit_format(b, sizeof(b), unit, row->spread_b.median);
	unit_format_change(change, sizeof(change), &row->change);
	unit_format_range(range, sizeof(range), &row->change);
	diff_certainty(certainty, sizeof(certainty), group, row);
	print_columns(file, name, (const char *const[]){a, b, change}, range,
		      certainty);
}

static void print_group(const struct diff_view *view, const struct diff *diff,
			const struct diff_group *group, FILE *file)
{
	static const char *const titles[] = {"A", "B", "change"};
	bool exact = group->evidence == EVIDENCE_EXACT;
	const char *before = NULL;
	size_t hidden = 0, differ = 0;
	size_t i;

	fputc('\n', file);
	text_group(file, &diff->a.run->cells[group->begin_a]);
	text_wrapf(
		file, "   ", "A %s, B %s; %s: %zu bare, %zu probed%s",
		diff_label(diff_cell(&diff->a, group->begin_a, group->end_a)),
		diff_label(diff_cell(&diff->b, group->begin_b, group->end_b)),
		exact		? "seeds paired"
		: group->paired ? "blocks"
				: "boots",
		group->bare_pairs, group->probed_pairs,
		group->bare_pairs ? "" : "; op with the probe");
	print_columns(file, "metric", titles, exact ? "[over seeds]" : "[95 %]",
		      exact ? "seeds" : "Holm");
	for (i = 0; i < group->count; i++) {
		const struct diff_row *row = &group->rows[i];

		if (!diff_is_shown(view, row)) {
			hidden++;
			differ += row->change.kind != CHANGE_EQUAL;
			continue;
		}
		print_row(view, file, group, row, before);
		before = row->metric->name;
	}
	if (hidden && view->rows == DIFF_TABLES)
		text_wrapf(file, "",
			   "(%zu metrics of other RCU callbacks, %zu of which "
			   "differ: --all)",
			   hidden, differ);
}

int diff_print_pair(const struct diff_view *view, FILE *file)
{
	const struct diff *diff = &view->set->list[0];
	size_t i;

	for (i = 0; i < diff->count; i++) {
		if (diff->groups[i].count)
			print_group(view, diff, &diff->groups[i], file);
	}
	return 0;
}

int diff_print_text(const struct diff_view *view, FILE *file)
{
	int result;

	diff_print_before(view, file);
	result = view->set->count > 1 ? diff_print_many(view, file)
				      : diff_print_pair(view, file);
	if (!result)
		diff_print_notes(view, file);
	return result;
}
