/* SPDX-License-Identifier: GPL-2.0 */
/* What `pfd-stat check` does, apart from its command line. */
#ifndef PFD_CHECK_H
#define PFD_CHECK_H

#include <stdbool.h>
#include <stdio.h>

struct check {
	const char *header;  /* file with the one `header` record */
	const char *guest;   /* what the guest wrote; may be missing */
	const char *console; /* what its kernel printed */
	const char *out;     /* the cell's records.jsonl, replaced at once */
	bool timed_out;
	int exit_status; /* of what ran the guest; 0 when not known */
};

/*
 * Writes check->out and one line to `report`: "valid", or "invalid: CODE:
 * first reason". Returns STAT_OK, STAT_INVALID or, after one message on
 * stderr, STAT_FAILED; in that case check->out is untouched.
 */
int check_cell(const struct check *check, FILE *report);

#endif
