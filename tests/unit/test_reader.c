// SPDX-License-Identifier: GPL-2.0
/*
 * Reading files that are not trusted, line by line: what is damaged is named
 * and takes nothing else with it, and nothing is read for ever.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "cells.h"
#include "reader.h"

static int enter(void **state)
{
	(void)state;
	cell_enter();
	return 0;
}

static int leave(void **state)
{
	(void)state;
	cell_leave();
	return 0;
}

/* What reader_next() says to each line: '.' record, 'b' bad, 'c' cut. */
static void check_reading(const char *expected)
{
	char error[SHAPE_ERROR_SIZE];
	enum reader_status status;
	const struct shape *shape;
	struct reader reader;
	json_t *record;
	size_t i = 0;

	assert_int_equal(reader_open(&reader, "guest"), 0);
	while ((status = reader_next(&reader, &record, &shape, error)) !=
	       READER_END) {
		assert_int_not_equal(status, READER_FAILED);
		assert_int_equal(expected[i], status == READER_RECORD ? '.'
					      : status == READER_BAD  ? 'b'
								      : 'c');
		i++;
		assert_int_equal(reader.number, i);
		assert_int_equal(!!record, status == READER_RECORD);
		json_decref(record);
	}
	assert_int_equal(expected[i], '\0');
	reader_close(&reader);
}

#define END_RECORD "{\"type\":\"end\",\"exit_status\":0}"

/* One damaged line must not take others with it. */
static void reading_goes_on_after_bad_lines(void **state)
{
	static const char nul[] = END_RECORD "\n{\"type\":\"e\0nd\"}\n" //
		END_RECORD "\n";

	(void)state;
	cell_write("guest", END_RECORD "\n{\"type\":\n\n\xff\n" END_RECORD
				       "\r\n" END_RECORD END_RECORD "\n");
	check_reading(".bbb.b");
	cell_write_bytes("guest", nul, sizeof(nul) - 1);
	check_reading(".b.");
	/* The same member twice: which of them counts? */
	cell_write("guest", "{\"type\":\"end\",\"exit_status\":1,"
			    "\"exit_status\":0}\n");
	check_reading("b");
	cell_write("guest", "");
	check_reading("");
}

/* A number may have been longer than what is left of it. */
static void last_line_without_end_is_cut(void **state)
{
	(void)state;
	cell_write("guest", END_RECORD "\n" END_RECORD);
	check_reading(".c");
	cell_write("guest", "{\"type");
	check_reading("c");
}

static void long_lines_are_skipped(void **state)
{
	size_t size = 3u << 20;
	char *text = malloc(size);

	(void)state;
	assert_non_null(text);
	memset(text, '[', size);
	memcpy(text + size - sizeof("\n" END_RECORD "\n") + 1,
	       "\n" END_RECORD "\n", sizeof("\n" END_RECORD "\n") - 1);
	cell_write_bytes("guest", text, size);
	check_reading("b.");
	/* Not too long, yet nested deeper than any record. */
	cell_write_bytes("guest", text + size - 100000, 100000);
	check_reading("b.");
	free(text);
}

/* The status of the line that a file of `count` times `line` is read up to. */
static enum reader_status read_repeated(const char *line, size_t count,
					struct reader *reader, char *error)
{
	enum reader_status status;
	const struct shape *shape;
	json_t *record;
	FILE *file = fopen("guest", "we");

	assert_non_null(file);
	while (count--)
		assert_true(fputs(line, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(reader_open(reader, "guest"), 0);
	do {
		status = reader_next(reader, &record, &shape, error);
		json_decref(record);
	} while (status == READER_RECORD || status == READER_BAD);
	reader_close(reader);
	return status;
}

/* A guest that goes on for ever: neither our time nor our memory is its. */
static void endless_files_are_not_read_on(void **state)
{
	static char spaces[10001];
	char error[SHAPE_ERROR_SIZE] = "";
	struct reader reader = {};

	(void)state;
	assert_int_equal(read_repeated(END_RECORD "\n", READER_MAX_LINES,
				       &reader, error),
			 READER_END);
	assert_int_equal(read_repeated(END_RECORD "\n", READER_MAX_LINES + 1,
				       &reader, error),
			 READER_CUT);
	assert_non_null(strstr(error, "not read further"));
	error[0] = '\0';
	memset(spaces, ' ', sizeof(spaces) - 1);
	spaces[sizeof(spaces) - 2] = '\n';
	assert_int_equal(read_repeated(spaces, READER_MAX_BYTES / 10000 + 1,
				       &reader, error),
			 READER_CUT);
	assert_non_null(strstr(error, "not read further"));
}

static void what_is_no_file_is_an_error(void **state)
{
	struct reader reader;

	(void)state;
	assert_int_equal(reader_open(&reader, "nothing"), -ENOENT);
	reader_close(&reader);
	/* Nobody will ever write into it. */
	assert_int_equal(mkfifo("guest", 0600), 0);
	assert_int_equal(reader_open(&reader, "guest"), -EINVAL);
	reader_close(&reader);
	assert_int_equal(reader_open(&reader, "."), -EINVAL);
	reader_close(&reader);
}

#define READER_TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		READER_TEST(reading_goes_on_after_bad_lines),
		READER_TEST(last_line_without_end_is_cut),
		READER_TEST(long_lines_are_skipped),
		READER_TEST(endless_files_are_not_read_on),
		READER_TEST(what_is_no_file_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
