/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why a cell is not valid: a list of {"code", "text"}, kept in an order that
 * puts causes before their consequences, and bounded, since a hostile guest
 * can cause any number of them.
 */
#ifndef PFD_REASONS_H
#define PFD_REASONS_H

#include <jansson.h>

/* Causes first. docs/records.md says what the codes mean. */
enum reason_code {
	REASON_RELEASE,
	REASON_CONSOLE,
	REASON_TIMEOUT,
	REASON_EXIT,
	REASON_BOOT,
	REASON_RECORD,
	REASON_TRUNCATED,
	REASON_CONSERVATION,
	REASON_TRUTH,
	REASON_MODEL,
	REASON_LOSS,
	REASON_CODES
};

#define REASONS_PER_CODE 16 /* further ones are only counted */

struct reasons {
	json_t *lists[REASON_CODES];
	unsigned long counts[REASON_CODES];
	int error; /* negative errno: adding one failed */
};

/* Start from a zeroed struct; reasons_free() at the end. */
void reasons_add(struct reasons *reasons, enum reason_code code,
		 const char *format, ...) __attribute__((format(printf, 3, 4)));

unsigned long reasons_count(const struct reasons *reasons);

/* A `verdict` record, a new reference; NULL: no memory. */
json_t *reasons_verdict(const struct reasons *reasons);

void reasons_free(struct reasons *reasons);

#endif
