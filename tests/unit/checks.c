// SPDX-License-Identifier: GPL-2.0
/* Running pfd-stat check on cells made up for tests; see checks.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "cells.h"
#include "checks.h"
#include "message.h"

int check_enter(void **state)
{
	(void)state;
	cell_enter();
	cell_write("header", cell_header);
	cell_write("guest", cell_guest);
	cell_write("console", cell_console);
	return 0;
}

int check_leave(void **state)
{
	(void)state;
	cell_leave();
	return 0;
}

const struct check check_files = {
	.header = "header",
	.guest = "guest",
	.console = "console",
	.out = "records",
};

/* Runs a check; *line is what it prints, to be freed. */
int check_run(const struct check *check, char **line)
{
	FILE *report;
	int status;

	/* Replacing files would be slow: cells.c says why. */
	(void)remove("report");
	(void)remove(check->out);
	report = fopen("report", "we");
	assert_non_null(report);
	status = check_cell(check, report);
	assert_int_equal(fclose(report), 0);
	*line = cell_read("report");
	return status;
}

void check_expect(const struct check *check, int status, const char *start)
{
	char *line;
	int got = check_run(check, &line);

	if (got != status || strncmp(line, start, strlen(start)))
		fail_msg("got %d, %s; not %d, %s", got, line, status, start);
	free(line);
}

/* The last line of the records is the verdict; to be released. */
json_t *check_verdict(void)
{
	char *text = cell_read("records");
	json_t *verdict;

	assert_int_equal(text[strlen(text) - 1], '\n');
	text[strlen(text) - 1] = '\0';
	verdict = json_loads(strrchr(text, '\n') + 1, 0, NULL);
	assert_non_null(verdict);
	free(text);
	return verdict;
}

bool check_has_reason(const json_t *verdict, const char *code)
{
	const json_t *reasons = json_object_get(verdict, "reasons");
	size_t i;

	for (i = 0; i < json_array_size(reasons); i++) {
		if (!strcmp(json_string_value(json_object_get(
				    json_array_get(reasons, i), "code")),
			    code))
			return true;
	}
	return false;
}

void check_edited(const char *guest, const char *edits, const char *reason)
{
	char *text = cell_edit(guest, edits), *line;
	int status;

	cell_write("guest", text);
	status = check_run(&check_files, &line);
	if (!reason && status != STAT_OK)
		fail_msg("with %s: %s", edits, line);
	if (reason) {
		json_t *verdict = check_verdict();
		char *all = json_dumps(verdict, JSON_COMPACT);

		if (!strstr(all, reason))
			fail_msg("with %s: %s, not %s", edits, all, reason);
		assert_int_equal(status, STAT_INVALID);
		free(all);
		json_decref(verdict);
	}
	free(line);
	free(text);
}
