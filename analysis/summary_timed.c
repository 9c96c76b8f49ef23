// SPDX-License-Identifier: GPL-2.0
/* What may be claimed of timed evidence; see summary_sections.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "diff_print.h"
#include "pairs.h"
#include "summary_sections.h"

static bool is_listed(const struct diff_side *sides, size_t count,
		      const char *variant)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (!strcmp(sides[i].variant, variant))
			return true;
	}
	return false;
}

/* The baseline, and behind it each other variant of the run. */
static size_t list_sides(const struct run *run, struct diff_side *sides)
{
	size_t count = 1;
	size_t i;

	sides[0] = (struct diff_side){run,
				      pairs_baseline(run, 0, run->valid_count)};
	for (i = 0; i < run->valid_count; i++) {
		const char *variant = run->cells[i].variant;

		if (!is_listed(sides, count, variant))
			sides[count++] = (struct diff_side){run, variant};
	}
	return count;
}

static int show(const struct diff_side *sides, size_t count, struct view *view)
{
	struct diff_set set = {};
	struct diff_view diffs = {.set = &set, .rows = DIFF_HEADLINE};
	int result;

	result = diff_set_build(&set, sides[0], &sides[1], count - 1);
	if (!result)
		result = diff_show_many(&diffs, view);
	if (!result)
		diff_note_timed(&set, view);
	diff_set_free(&set);
	return result;
}

int summary_timed(const struct run *run, struct view *view)
{
	struct diff_side *sides;
	char about[160];
	int result = 0;
	size_t count;

	if (!run_has_evidence(run, EVIDENCE_TIMED))
		return 0;
	sides = calloc(run->valid_count + 1, sizeof(*sides));
	if (!sides)
		return -ENOMEM;
	count = list_sides(run, sides);
	if (count > 1) {
		snprintf(about, sizeof(about),
			 "against %s, as far as they may be claimed",
			 sides[0].variant);
		view->ops->title(view, "DIFFERENCES", about);
		result = show(sides, count, view);
	}
	free(sides);
	return result;
}
