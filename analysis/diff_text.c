// SPDX-License-Identifier: GPL-2.0
/* A comparison as text; see diff_print.h. */
#include <math.h>
#include <string.h>
#include "diff_print.h"
#include "text.h"

#define VALUES 4

/* How wide columns are, 80 in all, with a blank before range and certainty. */
struct layout {
	int name, range, certainty;
	int values[VALUES]; /* 0: not there */
};

/* metric, A, B, change [over seeds] seeds */
static const struct layout exact_layout = {
	.name = 26, .values = {10, 10, 10, 0}, .range = 15, .certainty = 7};
/* metric, A, B, A/A, change [95 %] Holm */
static const struct layout timed_layout = {
	.name = 22, .values = {9, 9, 7, 9}, .range = 15, .certainty = 7};

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
	else if (!isnan(row->timed.p) && isnan(row->timed.floor))
		snprintf(text, size, "no A/A");
	else if (row->timed.adjusted < 0.001)
		snprintf(text, size, "p<0.001");
	else if (!isnan(row->timed.p))
		snprintf(text, size, "p=%.3f", row->timed.adjusted);
}

void diff_looking_add(struct diff_looking *looking,
		      const struct diff_group *group)
{
	/* What is NaN is not less and not more. */
	looking->least =
		fmin(looking->least, fmin(group->looking_a, group->looking_b));
	looking->most =
		fmax(looking->most, fmax(group->looking_a, group->looking_b));
}

void diff_looking_text(char *text, size_t size,
		       const struct diff_looking *looking)
{
	text[0] = '\0';
	if (!isfinite(looking->least) || !isfinite(looking->most))
		return;
	if (looking->most - looking->least < 0.005)
		snprintf(text, size, ", probe %+.2f %%", looking->most);
	else
		snprintf(text, size, ", probe %+.2f to %+.2f %%",
			 looking->least, looking->most);
}

void diff_floor(char *text, size_t size, const struct diff_row *row)
{
	double percent = row->timed.floor / fabs(row->spread_a.median) * 100;

	if (isfinite(percent))
		unit_format_percent(text, size, percent);
	else
		snprintf(text, size, "-");
}

/* Ends at that column, unless there is too much before it: then after that. */
static int put_right(FILE *file, int column, int end, const char *text)
{
	int size = (int)strlen(text);
	int gap = end - column - size;

	return column + fprintf(file, "%*s%s", gap > 0 ? gap : 1, "", text);
}

/* Nothing at the end of a line, not even blanks. */
static void print_columns(FILE *file, const struct layout *layout,
			  const char *name, const char *const values[VALUES],
			  const char *range, const char *certainty)
{
	int column, end = layout->name, i;

	column = fprintf(file, "%-*s", layout->name, name);
	for (i = 0; i < VALUES && layout->values[i]; i++) {
		end += layout->values[i];
		column = put_right(file, column, end, values[i]);
	}
	if (*range)
		column += fprintf(file, " %s", range);
	if (*certainty)
		put_right(file, column,
			  end + 2 + layout->range + layout->certainty,
			  certainty);
	fputc('\n', file);
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
	char a[64], b[64], again[64], change[64], range[64], certainty[64];
	const char *const exact[VALUES] = {a, b, change};
	const char *const timed[VALUES] = {a, b, again, change};
	bool is_timed = group->evidence == EVIDENCE_TIMED;

	print_name(view, file, row->metric->name, before, name, sizeof(name));
	unit_format(a, sizeof(a), unit, row->spread_a.median);
	unit_format(b, sizeof(b), unit, row->spread_b.median);
	unit_format_change(change, sizeof(change), &row->change);
	unit_format_range(range, sizeof(range), &row->change);
	diff_certainty(certainty, sizeof(certainty), group, row);
	diff_floor(again, sizeof(again), row);
	print_columns(file, is_timed ? &timed_layout : &exact_layout, name,
		      is_timed ? timed : exact, range, certainty);
}

static void print_group(const struct diff_view *view, const struct diff *diff,
			const struct diff_group *group, FILE *file)
{
	static const char *const titles[VALUES] = {"A", "B", "change"};
	static const char *const timed[VALUES] = {"A", "B", "A/A", "change"};
	bool exact = group->evidence == EVIDENCE_EXACT;
	const char *before = NULL;
	size_t hidden = 0, differ = 0;
	struct diff_looking span = {INFINITY, -INFINITY};
	char looking[64];
	size_t i;

	diff_looking_add(&span, group);
	diff_looking_text(looking, sizeof(looking), &span);
	fputc('\n', file);
	text_group(file, &diff->a.run->cells[group->begin_a]);
	text_wrapf(
		file, "   ", "A %s, B %s; %s: %zu bare, %zu probed%s%s",
		diff_label(diff_cell(&diff->a, group->begin_a, group->end_a)),
		diff_label(diff_cell(&diff->b, group->begin_b, group->end_b)),
		exact		? "seeds paired"
		: group->paired ? "blocks"
				: "boots",
		group->bare_pairs, group->probed_pairs, looking,
		group->bare_pairs ? "" : "; op with the probe");
	if (group->evidence == EVIDENCE_TIMED)
		print_columns(file, &timed_layout, "metric", timed, "[95 %]",
			      "Holm");
	else
		print_columns(file, &exact_layout, "metric", titles,
			      exact ? "[over seeds]" : "",
			      exact ? "seeds" : "");
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
