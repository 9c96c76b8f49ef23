/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a kernel could not give, by the probe's own account: probe.unavailable
 * lists names of record types ("softirq"), or of one path of the tables
 * ("table.fallback"), with the reason.
 */
#ifndef PFD_UNAVAILABLE_H
#define PFD_UNAVAILABLE_H

#include <jansson.h>
#include "reasons.h"

/* The reason why there is no such record, or NULL. */
const char *unavailable_reason(const json_t *probe, const char *name);

/* The same for tables of a path; probe may be NULL. */
const char *unavailable_path(const json_t *probe, const char *path);

/*
 * Every name must be one that there is, and no record of it be there. seen:
 * keys are "type key key" of the cell's records.
 */
void unavailable_check(const json_t *probe, json_t *seen,
		       struct reasons *reasons);

#endif
