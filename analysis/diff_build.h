/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The steps of diff_set_build(), of which diff.c, diff_row.c, diff_timed.c and
 * diff_set.c have one each.
 */
#ifndef PFD_DIFF_BUILD_H
#define PFD_DIFF_BUILD_H

#include "diff.h"

/* Whether the cell is of the side's variant and that arm. */
bool diff_is_of(const struct cell *cell, const struct diff_side *side,
		const char *arm);

/*
 * Fills a row whose metric and arm are set; that of timed evidence is to be
 * judged later. Returns 0 or -ENOMEM.
 */
int diff_fill_row(const struct diff *diff, const struct diff_group *group,
		  struct diff_row *row);

/*
 * Fills row->timed, but for Holm's correction, from the row's values, of which
 * both sides have some. Without time to measure (EVIDENCE_NONE) there is
 * nothing but equal or not. Returns 0 or -ENOMEM.
 */
int diff_fill_timed(const struct diff *diff, const struct diff_group *group,
		    struct diff_row *row);

/*
 * Corrects over every row of the set that was tested, printed or not, and
 * fills their changes. Returns 0 or -ENOMEM.
 */
int diff_judge_timed(struct diff_set *set);

#endif
