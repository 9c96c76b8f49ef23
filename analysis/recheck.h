/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Holds the records of a run to their ledgers once more, whatever their
 * verdicts say: they may come from a stranger. All is checked but what records
 * do not have, the console and how the machine ended.
 */
#ifndef PFD_RECHECK_H
#define PFD_RECHECK_H

#include <stdio.h>
#include "run.h"

/*
 * Writes a line to `report` for each reason, and one for all. Returns STAT_OK,
 * STAT_INVALID, or after one message what run_load() does.
 */
int recheck_run(const char *dir, FILE *report);

/*
 * Holds the records of one cell, whose verdict is that it is valid, to their
 * ledger. *verdict: NULL, or a `verdict` record of what is wrong, a new
 * reference. Returns 0, or -ENOMEM.
 */
int recheck_cell(const struct cell *cell, const json_t *records,
		 json_t **verdict);

#endif
