// SPDX-License-Identifier: GPL-2.0
/* Numbers for people; see units.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "units.h"

const char *unit_name(enum unit unit)
{
	switch (unit) {
	case UNIT_COUNT:
		return "count";
	case UNIT_RATIO:
		return "ratio";
	case UNIT_NS:
		return "ns";
	case UNIT_BYTES:
		return "bytes";
	case UNIT_BYTE_SECONDS:
		return "byte seconds";
	}
	return "";
}

static void format_ns(char *text, size_t size, double ns)
{
	static const char *const names[] = {"ns", "us", "ms", "s "};
	int decimals;
	size_t i = 0;

	/* 999.95 would be written as 1000.0 */
	while (fabs(ns) >= 999.95 && i < 3) {
		ns /= 1000;
		i++;
	}
	decimals = fabs(ns) < 9.995 ? 2 : fabs(ns) < 99.95 ? 1 : 0;
	if (!i && ns == floor(ns))
		decimals = 0;
	snprintf(text, size, "%.*f %s", decimals, ns, names[i]);
}

static void format_bytes(char *text, size_t size, double bytes)
{
	static const char names[] = " KMGT";
	int decimals;
	size_t i = 0;

	while (fabs(bytes) >= 999.5 && i < strlen(names) - 1) {
		bytes /= 1024;
		i++;
	}
	decimals = fabs(bytes) < 9.995 ? 2 : fabs(bytes) < 99.95 ? 1 : 0;
	if (!i && bytes == floor(bytes))
		decimals = 0;
	snprintf(text, size, "%.*f %c", decimals, bytes, names[i]);
}

void unit_format(char *text, size_t size, enum unit unit, double value)
{
	if (isnan(value))
		snprintf(text, size, "-");
	else if (unit == UNIT_NS)
		format_ns(text, size, value);
	else if (unit == UNIT_BYTES || unit == UNIT_BYTE_SECONDS)
		format_bytes(text, size, value);
	else if (unit == UNIT_RATIO)
		snprintf(text, size, "%.3f", value);
	else
		snprintf(text, size, "%.*f",
			 value == floor(value) || fabs(value) >= 10000 ? 0 : 1,
			 value);
}

static int percent_decimals(double percent)
{
	return fabs(percent) < 9.995 ? 2 : fabs(percent) < 999.95 ? 1 : 0;
}

void unit_format_percent(char *text, size_t size, double percent)
{
	snprintf(text, size, "%.*f %%", percent_decimals(percent), percent);
}

void unit_format_change(char *text, size_t size, const struct change *change)
{
	switch (change->kind) {
	case CHANGE_NONE:
		snprintf(text, size, "-");
		break;
	case CHANGE_EQUAL:
		snprintf(text, size, "=");
		break;
	case CHANGE_MIXED:
		snprintf(text, size, "~");
		break;
	case CHANGE_NEW:
		snprintf(text, size, "new");
		break;
	case CHANGE_VALUE:
		snprintf(text, size, "%+.*f %%",
			 percent_decimals(change->percent.median),
			 change->percent.median);
		break;
	}
}

void unit_format_range(char *text, size_t size, const struct change *change)
{
	const struct spread *percent = &change->percent;

	text[0] = '\0';
	if (isnan(percent->min))
		return;
	if (change->kind == CHANGE_MIXED ||
	    (change->kind == CHANGE_VALUE && percent->min < percent->max))
		snprintf(text, size, "[%+.*f %+.*f]",
			 percent_decimals(percent->min), percent->min,
			 percent_decimals(percent->max), percent->max);
}
