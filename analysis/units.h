/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers for people: readable units, one width, so that columns align. */
#ifndef PFD_UNITS_H
#define PFD_UNITS_H

#include <stddef.h>
#include "stats.h"

enum unit {
	UNIT_COUNT,
	UNIT_RATIO,
	UNIT_NS,
	UNIT_BYTES,
	UNIT_BYTE_SECONDS,
};

const char *unit_name(enum unit unit);

/*
 * "816", "1.000", "412 ns", "3.42 us", "14.2 ms", "1.23 s ", "64.0 K" (times
 * 1024: bytes, or byte seconds); "-" for NaN. A unit takes as many places
 * whichever it is, so that right-aligned numbers line up.
 */
void unit_format(char *text, size_t size, enum unit unit, double value);

/* "5.21 %", "52.1 %", "521 %". */
void unit_format_percent(char *text, size_t size, double percent);

/* "+1.25 %", "=", "~", "new" or "-". */
void unit_format_change(char *text, size_t size, const struct change *change);

/* "[+1.20 +1.30]", or nothing where there is no range. */
void unit_format_range(char *text, size_t size, const struct change *change);

#endif
