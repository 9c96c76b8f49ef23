// SPDX-License-Identifier: GPL-2.0
/* What must be known to read a comparison; see diff_print.h. */
#include <string.h>
#include "diff_print.h"
#include "record.h"
#include "text.h"

static void print_items(const struct provenance *list, FILE *file)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		const struct provenance_item *item = &list->items[i];

		text_wrapf(file, "  ", "%s: A %s; B %s", item->what,
			   *item->a ? item->a : "(not known)",
			   *item->b ? item->b : "(not known)");
	}
}

static bool across_runs(const struct diff_set *set)
{
	size_t i;

	for (i = 0; i < set->count; i++) {
		if (set->list[i].a.run != set->list[i].b.run)
			return true;
	}
	return false;
}

void diff_print_before(const struct diff_view *view, FILE *file)
{
	const struct diff_set *set = view->set;
	const struct diff_side *base = &set->list[0].a;
	size_t i;

	if (base->run->tried)
		fprintf(file, "%s\n\n", RUN_TRIED);
	text_wrapf(file, "A: ", "%s (%s)", base->variant,
		   diff_run_name(base->run));
	for (i = 0; i < set->count; i++)
		text_wrapf(file,
			   set->count > 1 ? "against A: " : "B: ", "%s (%s)",
			   set->list[i].b.variant,
			   diff_run_name(set->list[i].b.run));
	if (!across_runs(set))
		return;
	fputc('\n', file);
	if (view->runs.unknown)
		text_wrap(file, "",
			  "What else differs between the runs is not known: "
			  "one of them has no manifest that names both "
			  "kernels.");
	if (view->runs.count)
		fprintf(file, "Between the runs, this differs too:\n");
	else if (!view->runs.unknown)
		text_wrap(file, "",
			  "Nothing else differs between the runs: suite, "
			  "source, configuration, compiler, emulator and "
			  "guest are the same.");
	print_items(&view->runs, file);
}

static void note_bases(const struct diff_view *view, FILE *file)
{
	if (!view->bases.count)
		return;
	text_wrap(file, "  ",
		  "The variants are not built alike, and what follows is in "
		  "every change as well:");
	print_items(&view->bases, file);
}

static void note_arms(const struct diff *diff, FILE *file)
{
	const struct cell *first = NULL;
	size_t count = 0;
	size_t i;

	for (i = 0; i < diff->count; i++) {
		const struct diff_group *group = &diff->groups[i];

		if (!group->count || group->bare_pairs)
			continue;
		if (!count++)
			first = &diff->a.run->cells[group->begin_a];
	}
	if (count)
		text_wrapf(file, "  ",
			   "%s: no pair in the arm bare in %zu of %zu groups, "
			   "the first %s, %s: there op includes what the probe "
			   "costs.",
			   diff->b.variant, count, diff->count, first->config,
			   first->job);
}

/* The side's first cell in begin..end - 1, or NULL. */
static const struct cell *first_cell(const struct diff_side *side, size_t begin,
				     size_t end)
{
	const struct cell *cell = diff_cell(side, begin, end);

	return strcmp(cell->variant, side->variant) ? NULL : cell;
}

/* Whether an earlier configuration had the same pages and MMU. */
static bool seen_gate(const struct diff_side *side, const struct cell *cell)
{
	const struct run *run = side->run;
	size_t begin, end;

	for (begin = 0; &run->cells[begin] < cell; begin = end) {
		const struct cell *other;

		end = run_config_end(run, begin);
		other = first_cell(side, begin, end);
		if (other && other != cell &&
		    !strcmp(record_text(other->header, "pages"),
			    record_text(cell->header, "pages")) &&
		    !strcmp(record_text(other->header, "mmu"),
			    record_text(cell->header, "mmu")))
			return true;
	}
	return false;
}

/* What the gate says of the variant there, where it does not pass. */
static void note_gate(const struct diff_side *side, const struct cell *cell,
		      FILE *file)
{
	const char *pages = record_text(cell->header, "pages");
	const char *mmu = record_text(cell->header, "mmu");

	if (cell->gate != VERIFIED_PASS && !seen_gate(side, cell))
		text_wrapf(file, "  ", "%s on %s %s: %s.", diff_label(cell),
			   pages, mmu, verified_meaning(cell->gate));
}

static void note_correctness(const struct diff_side *side, FILE *file)
{
	const struct run *run = side->run;
	size_t begin, end;

	for (begin = 0; begin < run->valid_count; begin = end) {
		const struct cell *cell;

		end = run_config_end(run, begin);
		cell = first_cell(side, begin, end);
		if (!cell)
			continue;
		note_gate(side, cell, file);
		if (!json_is_true(json_object_get(cell->header, "correct")))
			text_wrapf(file, "  ",
				   "%s is not claimed correct here: %s.",
				   diff_label(cell), cell->config);
	}
}

static void note_invalid(const struct diff_side *side, FILE *file)
{
	const struct cell *first;
	size_t count = diff_invalid(side, &first);

	if (count)
		text_wrapf(file, "  ",
			   "%s: %zu cell%s not valid and left out, the first "
			   "%s: %s",
			   side->variant, count, count == 1 ? "" : "s",
			   first->name, first->invalid);
}

static bool has_counterpart(const struct cell *cell,
			    const struct diff_side *other)
{
	size_t i;

	for (i = 0; i < other->run->valid_count; i++) {
		const struct cell *pair = &other->run->cells[i];

		if (cell_same_group(cell, pair) &&
		    !strcmp(pair->variant, other->variant) &&
		    !strcmp(pair->arm, cell->arm) && pair->seed == cell->seed)
			return true;
	}
	return false;
}

static void note_unpaired(const struct diff_side *side,
			  const struct diff_side *other, FILE *file)
{
	size_t unpaired = 0;
	size_t i;

	for (i = 0; i < side->run->valid_count; i++) {
		const struct cell *cell = &side->run->cells[i];

		if (!strcmp(cell->variant, side->variant) &&
		    !evidence_is_again(cell->arm))
			unpaired += !has_counterpart(cell, other);
	}
	if (unpaired)
		text_wrapf(file, "  ",
			   "%s: %zu valid cell%s without a counterpart of %s.",
			   side->variant, unpaired, unpaired == 1 ? "" : "s",
			   other->variant);
}

/* What the groups of a set are made of. */
struct kinds {
	size_t groups[EVIDENCE_NONE + 1];
	size_t few; /* exact, of fewer than three seeds */
};

static void count_kinds(const struct diff_set *set, struct kinds *kinds)
{
	size_t i, j;

	*kinds = (struct kinds){};
	for (i = 0; i < set->count; i++) {
		for (j = 0; j < set->list[i].count; j++) {
			const struct diff_group *group =
				&set->list[i].groups[j];

			if (!group->count)
				continue;
			kinds->groups[group->evidence]++;
			if (group->evidence == EVIDENCE_EXACT)
				kinds->few += group->bare_pairs < 3 &&
					      group->probed_pairs < 3;
		}
	}
}

static void note_exact(const struct diff_set *set, const struct kinds *kinds,
		       FILE *file)
{
	text_wrap(file, "  ",
		  "Exact evidence: emulated, time is instructions executed. "
		  "One seed gives the same bytes again, so there is nothing to "
		  "test; what there is is the spread over seeds. probe: by "
		  "how much the arm probed executes more instructions than "
		  "bare, in the whole workload; where they are not counted, "
		  "how much longer the longest operation takes.");
	if (set->count > 1)
		text_wrap(file, "  ",
			  "The first column is a median over seeds, the others "
			  "the median change against it seed by seed, with how "
			  "many seeds go that way where not all do; a value "
			  "where the first has none, or zero. = equal for "
			  "every seed, ~ seeds do not agree, - "
			  "not there.");
	else
		text_wrap(file, "  ",
			  "A and B: median over seeds. change: median of B "
			  "against A seed by seed, [its range], and of how "
			  "many seeds how many go that way. = equal for every "
			  "seed, ~ seeds do not agree, new from "
			  "zero, - on one side only.");
	if (kinds->few)
		text_wrapf(file, "  ",
			   "Of fewer than three seeds: %zu of %zu groups. "
			   "Whether such a difference is typical they cannot "
			   "tell.",
			   kinds->few, kinds->groups[EVIDENCE_EXACT]);
}

static void note_side(const struct diff_side *side, FILE *file)
{
	note_correctness(side, file);
	note_invalid(side, file);
}

void diff_print_notes(const struct diff_view *view, FILE *file)
{
	const struct diff_set *set = view->set;
	const struct diff_side *base = &set->list[0].a;
	struct view out = {&text_view, file};
	struct kinds kinds;
	size_t i;

	count_kinds(set, &kinds);
	fprintf(file, "\nNotes\n");
	if (kinds.groups[EVIDENCE_EXACT])
		note_exact(set, &kinds, file);
	if (kinds.groups[EVIDENCE_TIMED])
		diff_note_timed(set, &out);
	if (kinds.groups[EVIDENCE_NONE])
		text_wrap(file, "  ",
			  "Target tcg: CPUs that race, no time. It finds bugs; "
			  "of what anything costs it says nothing.");
	note_bases(view, file);
	note_side(base, file);
	for (i = 0; i < set->count; i++) {
		const struct diff_side *other = &set->list[i].b;

		if (strcmp(base->variant, other->variant) ||
		    base->run != other->run)
			note_side(other, file);
		note_arms(&set->list[i], file);
		note_unpaired(base, other, file);
		note_unpaired(other, base, file);
	}
}
