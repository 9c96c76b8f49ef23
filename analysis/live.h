/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run that is under way: what of its plan is done, and what it found so far.
 *
 *	live_open	reads RUNDIR/cells.tsv, the plan
 *
 *	live_update	looks for results that have come since; as often as
 *			wanted
 *
 *	live_print	variants x workloads, as text
 *
 *	live_close	in any case
 */
#ifndef PFD_LIVE_H
#define PFD_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include "verified.h"

struct live_cell {
	char *id;
	const char *variant, *workload; /* one string for all of a name */
	enum verified_state gate;
	bool probed, done, valid;
	double share, second_ns; /* of pages that waited twice; NaN: none */
};

struct live {
	char *dir;
	struct live_cell *cells;
	size_t count, done, invalid;
	char *last_invalid; /* "ID: CODE: text", or NULL */
	struct verified verified;
	char **names; /* of variants and workloads */
	size_t name_count;
};

/* Returns STAT_OK, or after one message STAT_USAGE or STAT_FAILED. */
int live_open(struct live *live, const char *dir);

/* Returns 0, or -ENOMEM. A result that cannot be read yet is not done. */
int live_update(struct live *live);

int live_print(const struct live *live, FILE *file);

void live_close(struct live *live);

#endif
