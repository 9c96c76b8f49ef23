// SPDX-License-Identifier: GPL-2.0
/* What must be known to read timed differences; see diff_print.h. */
#include <math.h>
#include "diff_print.h"

/* What the timed groups of a set are made of. */
struct timed_kinds {
	size_t no_floor;   /* rows that were tested without A/A */
	double least;	   /* p that any row that may be claimed could have */
	bool paired, free; /* groups of either sort */
	bool one_boot;	   /* target host */
};

/* Nothing is less likely than that all blocks, or boots, go one way. */
static double least_p(bool paired, double a, double b)
{
	if (paired)
		return 2 / exp2(a);
	return 2 * exp(lgamma(a + 1) + lgamma(b + 1) - lgamma(a + b + 1));
}

static void count_group(struct timed_kinds *kinds, const struct diff *diff,
			const struct diff_group *group)
{
	const struct cell *cell = &diff->a.run->cells[group->begin_a];
	size_t i;

	if (cell_of_one_boot(cell))
		kinds->one_boot = true;
	if (cell_of_one_boot(cell) && !group->paired)
		return;
	if (group->paired)
		kinds->paired = true;
	else
		kinds->free = true;
	for (i = 0; i < group->count; i++) {
		const struct diff_row *row = &group->rows[i];

		if (isnan(row->timed.p))
			continue;
		if (isnan(row->timed.floor))
			kinds->no_floor++;
		else
			kinds->least = fmin(kinds->least,
					    least_p(group->paired,
						    (double)row->count_a,
						    (double)row->count_b));
	}
}

static struct timed_kinds count_kinds(const struct diff_set *set)
{
	struct timed_kinds kinds = {.least = 1};
	size_t i, j;

	for (i = 0; i < set->count; i++) {
		for (j = 0; j < set->list[i].count; j++) {
			const struct diff_group *group =
				&set->list[i].groups[j];

			if (group->count && group->evidence == EVIDENCE_TIMED)
				count_group(&kinds, &set->list[i], group);
		}
	}
	return kinds;
}

/* So many blocks, or boots of each, can give a p that is small enough. */
static int enough_boots(bool paired, size_t tests)
{
	int boots = 1;

	while (least_p(paired, boots, boots) * (double)tests > EVIDENCE_ALPHA)
		boots++;
	return boots;
}

static void note_columns(const struct diff_set *set,
			 const struct timed_kinds *kinds, struct view *out)
{
	const char *change = kinds->paired
				     ? "the median difference within a block"
				     : "the difference of the medians";

	if (set->count > 1)
		view_itemf(out, NULL,
			   "Timed evidence: a sample is a boot. The first "
			   "column is a median, the others are %s, in percent "
			   "of it, with its 95 %% bootstrap interval; a value "
			   "where the first has none, or zero.",
			   change);
	else
		view_itemf(out, NULL,
			   "Timed evidence: a sample is a boot, A and B are "
			   "medians. change: %s, in percent of A, with its 95 "
			   "%% bootstrap interval.",
			   change);
	view_itemf(out, NULL,
		   "A/A: what the same kernel differs from itself, at most. "
		   "Holm: p of %s, after Holm's correction over the %zu "
		   "comparisons that have an A/A. ~ no difference may be "
		   "claimed: p above %g, an interval with zero in it, or no "
		   "more than A/A. = equal in every pair.",
		   kinds->paired && kinds->free
			   ? "Wilcoxon's signed-rank test or, across runs, "
			     "Mann and Whitney's"
		   : kinds->paired ? "Wilcoxon's signed-rank test"
				   : "Mann and Whitney's test",
		   set->tests, EVIDENCE_ALPHA);
}

void diff_note_timed(const struct diff_set *set, struct view *out)
{
	struct timed_kinds kinds = count_kinds(set);

	note_columns(set, &kinds, out);
	if (kinds.one_boot)
		view_itemf(
			out, NULL,
			"Target host: here a sample is a cell, and all cells "
			"of a run are of one boot. Nothing is claimed of what "
			"differs between two runs: it may be the boot.");
	if (kinds.no_floor)
		view_itemf(out, NULL,
			   "%zu comparisons more have no A/A arm beside them "
			   "(bare-again, probed-again), and nothing is claimed "
			   "of them.",
			   kinds.no_floor);
	if (set->tests && kinds.least * (double)set->tests > EVIDENCE_ALPHA)
		view_itemf(out, NULL,
			   "Too few boots to claim anything: %zu comparisons "
			   "take %d %s%s. No p of these can be below %.2g, and "
			   "it is multiplied by %zu.",
			   set->tests, enough_boots(!kinds.free, set->tests),
			   kinds.free ? "boots of each" : "blocks",
			   kinds.free ? "" : " (--seeds)", kinds.least,
			   set->tests);
}
