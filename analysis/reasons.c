// SPDX-License-Identifier: GPL-2.0
/* The list of reasons that makes a verdict; see reasons.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "message.h"
#include "reasons.h"

static const char *const code_names[REASON_CODES] = {
	[REASON_RELEASE] = "release",
	[REASON_CONSOLE] = "console",
	[REASON_TIMEOUT] = "timeout",
	[REASON_EXIT] = "exit",
	[REASON_BOOT] = "boot",
	[REASON_RECORD] = "record",
	[REASON_TRUNCATED] = "truncated",
	[REASON_CONSERVATION] = "conservation",
	[REASON_MODEL] = "model",
	[REASON_TRUTH] = "truth",
	[REASON_LOSS] = "loss",
};

static int append_reason(json_t *list, enum reason_code code, const char *text)
{
	return json_array_append_new(list,
				     json_pack("{s:s, s:s}", "code",
					       code_names[code], "text", text));
}

void reasons_add(struct reasons *reasons, enum reason_code code,
		 const char *format, ...)
{
	char text[1024];
	va_list args;

	if (reasons->counts[code]++ >= REASONS_PER_CODE)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	make_printable(text, strlen(text));
	if (!reasons->lists[code])
		reasons->lists[code] = json_array();
	if (append_reason(reasons->lists[code], code, text))
		reasons->error = -ENOMEM;
}

unsigned long reasons_count(const struct reasons *reasons)
{
	unsigned long count = 0;
	int code;

	for (code = 0; code < REASON_CODES; code++)
		count += reasons->counts[code];
	return count;
}

static int append_code(const struct reasons *reasons, enum reason_code code,
		       json_t *list)
{
	unsigned long count = reasons->counts[code];
	char text[64];

	if (!count)
		return 0;
	if (json_array_extend(list, reasons->lists[code]))
		return -ENOMEM;
	if (count <= REASONS_PER_CODE)
		return 0;
	snprintf(text, sizeof(text), "and %lu more of this kind",
		 count - REASONS_PER_CODE);
	return append_reason(list, code, text);
}

json_t *reasons_verdict(const struct reasons *reasons)
{
	json_t *verdict = json_object();
	json_t *list = json_array();
	int error = reasons->error;
	int code;

	for (code = 0; code < REASON_CODES; code++)
		error |= append_code(reasons, code, list);
	error |= json_object_set_new(verdict, "type", json_string("verdict"));
	error |= json_object_set_new(verdict, "valid",
				     json_boolean(!reasons_count(reasons)));
	error |= json_object_set_new(verdict, "reasons", list);
	if (error) {
		json_decref(verdict);
		return NULL;
	}
	return verdict;
}

void reasons_free(struct reasons *reasons)
{
	int code;

	for (code = 0; code < REASON_CODES; code++)
		json_decref(reasons->lists[code]);
	memset(reasons, 0, sizeof(*reasons));
}
