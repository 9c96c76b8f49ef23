// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"
#include "reasons.h"
#include "record.h"
#include "verify_console.h"

#define STACK_MAX 12

static FILE *open_console(const char *cell)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/console.log", cell) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	return fopen(path, "re");
}

json_t *verify_console_stack(const char *cell)
{
	FILE *console = open_console(cell);
	json_t *stack = NULL;
	char line[512];

	while (console && fgets(line, sizeof(line), console)) {
		/* "[ 2.04] [c000000005c0f5a0] [c000000000630484] f+0x1/0x2" */
		char *function = strrchr(line, ']');

		if (!stack && strstr(line, "Call Trace:"))
			stack = json_array();
		else if (stack && (!function || !strstr(line, "] [c")))
			break;
		else if (stack && json_array_size(stack) < STACK_MAX)
			json_array_append_new(
				stack,
				json_stringn(function + 2,
					     strcspn(function + 2, " \r\n")));
	}
	if (console)
		fclose(console);
	return stack;
}

char *verify_console_selftest(const char *cell)
{
	static const char start[] = "pfd-load: kselftest-";
	FILE *console = open_console(cell);
	char line[512], *found = NULL;

	while (console && !found && fgets(line, sizeof(line), console)) {
		char *text = strstr(line, start);

		/* workloads/kselftest.c: "NAME failed (status 1): ..." */
		text = text ? strstr(text + strlen(start), ": ") : NULL;
		/* "| ": what the test said itself */
		if (!text || text[2] == '|' || !strstr(text, " failed ("))
			continue;
		text[strcspn(text, "\r\n")] = '\0';
		found = strdup(text + 2);
	}
	if (console)
		fclose(console);
	return found;
}

int verify_console_check(const char *cell, char **found)
{
	FILE *console = open_console(cell);
	struct reasons reasons = {};
	const json_t *first;
	int result;

	*found = NULL;
	if (!console)
		return errno == ENOENT ? 0 : -errno;
	result = console_check(console, &reasons);
	fclose(console);
	if (!result)
		result = reasons.error;
	first = json_array_get(reasons.lists[REASON_CONSOLE], 0);
	if (!result && first) {
		*found = strdup(record_text(first, "text"));
		result = *found ? 0 : -ENOMEM;
	}
	reasons_free(&reasons);
	return result;
}
