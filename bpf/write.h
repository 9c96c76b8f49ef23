/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFD_WRITE_H
#define PFD_WRITE_H

#include <stdio.h>
#include <jansson.h>

/*
 * Writes a record as one line and drops it; NULL counts as out of memory.
 * Returns 0, or a negative errno value after one line on stderr.
 */
int write_record(json_t *record, FILE *out);

#endif
