// SPDX-License-Identifier: GPL-2.0
/*
 * pfd-stat recheck: records that were changed after their verdict was written
 * are found, whatever the verdict says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>
#include <jansson.h>
#include "cells.h"
#include "message.h"
#include "recheck.h"
#include "sample_run.h"

#define VALID "{\"type\":\"verdict\",\"valid\":true,\"reasons\":[]}\n"

/* Writes cells/NAME/records.jsonl: the good cell with edits and a verdict. */
static void put(const char *name, const char *header_edits,
		const char *guest_edits, const char *verdict)
{
	run_put(name, header_edits, cell_guest, guest_edits, verdict);
}

/* As put(), below the name that the header has. */
static void put_good(const char *guest_edits, const char *verdict)
{
	json_t *header = json_loads(cell_header, 0, NULL);

	put(json_string_value(json_object_get(header, "cell")), "", guest_edits,
	    verdict);
	json_decref(header);
}

/* The run must come out with that status, and with that text in the report. */
static void expect(int status, const char *part)
{
	char *report = NULL;
	size_t size;
	FILE *file = open_memstream(&report, &size);
	int got;

	assert_non_null(file);
	got = recheck_run(".", file);
	assert_int_equal(fclose(file), 0);
	if (got != status || !strstr(report, part))
		fail_msg("got %d, %s; not %d, %s", got, report, status, part);
	free(report);
}

static void good_records_hold(void **state)
{
	(void)state;
	put_good("", VALID);
	expect(STAT_OK, "1 cells: 0 not valid, 0 that say");
}

/* A figure was changed, or a record taken out: the books do not balance. */
static void changed_records_are_found(void **state)
{
	(void)state;
	put_good("callback.enqueued_count=77", VALID);
	expect(STAT_INVALID, ": conservation: ");
}

static void missing_records_are_found(void **state)
{
	(void)state;
	put_good("-page", VALID);
	expect(STAT_INVALID, "0 not valid, 1 that say they are valid");
}

/* A cell that says itself that it is not valid is not made valid. */
static void invalid_cells_stay_so(void **state)
{
	(void)state;
	put_good("", "{\"type\":\"verdict\",\"valid\":false,\"reasons\":"
		     "[{\"code\":\"console\",\"text\":\"oops\"}]}\n");
	expect(STAT_INVALID, ": console: oops");
}

/* One cell's records, copied to where another's were. */
static void records_of_another_cell_are_found(void **state)
{
	(void)state;
	put("another", "header.seed=2", "truth.seed=2", VALID);
	expect(STAT_INVALID, "another: record: line 1 (header) is of the cell");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(good_records_hold, run_enter,
						run_leave),
		cmocka_unit_test_setup_teardown(changed_records_are_found,
						run_enter, run_leave),
		cmocka_unit_test_setup_teardown(missing_records_are_found,
						run_enter, run_leave),
		cmocka_unit_test_setup_teardown(invalid_cells_stay_so,
						run_enter, run_leave),
		cmocka_unit_test_setup_teardown(
			records_of_another_cell_are_found, run_enter,
			run_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
