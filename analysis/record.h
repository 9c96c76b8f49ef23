/* SPDX-License-Identifier: GPL-2.0 */
/* Members of a record that shape_check() has found to be right. */
#ifndef PFD_RECORD_H
#define PFD_RECORD_H

#include <stdbool.h>
#include <string.h>
#include <jansson.h>

static inline const char *record_text(const json_t *record, const char *name)
{
	return json_string_value(json_object_get(record, name));
}

/* 0 when the record has no such member, or there is no record. */
static inline json_int_t record_count(const json_t *record, const char *name)
{
	return json_integer_value(json_object_get(record, name));
}

static inline bool record_is_null(const json_t *record, const char *name)
{
	return json_is_null(json_object_get(record, name));
}

static inline bool record_is(const json_t *record, const char *type)
{
	return !strcmp(record_text(record, "type"), type);
}

/* "count", "sum", ... of the histogram that the member is; 0 for null. */
static inline json_int_t record_hist(const json_t *record, const char *name,
				     const char *part)
{
	return record_count(json_object_get(record, name), part);
}

#endif
