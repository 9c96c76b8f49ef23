/* SPDX-License-Identifier: GPL-2.0 */
/* What each judge of the gate says of one cell; for verify.c only. */
#ifndef PFD_VERIFY_JUDGES_H
#define PFD_VERIFY_JUDGES_H

#include <jansson.h>
#include "verify.h"

/* The records of one cell that a verdict needs; NULL: not there. */
struct judged {
	json_t *header, *verdict, *contract, *vm;
};

/*
 * Adds a cell to its variant's row: that it failed, or decides nothing, and the
 * first finding of each judge. `cell` is its directory. Returns 0 or a negative
 * errno value.
 */
int verify_judge(struct verify_row *row, const struct judged *judged,
		 const char *cell);

#endif
