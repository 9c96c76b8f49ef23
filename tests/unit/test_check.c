// SPDX-License-Identifier: GPL-2.0
/*
 * pfd-stat check: the gate that every number passes. A good cell must get
 * through, and each way in which a cell can be wrong must be found and named.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <cmocka.h>
#include <jansson.h>
#include "cells.h"
#include "checks.h"
#include "message.h"

/* Byte for byte what the guest wrote, between the host's two records. */
static void good_cell_is_valid(void **state)
{
	char *records, *expected;

	(void)state;
	check_expect(&check_files, STAT_OK, "valid\n");
	records = cell_read("records");
	assert_true(asprintf(&expected, "%s%s%s\n", cell_header, cell_guest,
			     "{\"type\":\"verdict\",\"valid\":true,"
			     "\"reasons\":[]}") >= 0);
	assert_string_equal(records, expected);
	free(expected);
	free(records);
}

/* Whitespace is the guest's business, and must not make bytes differ. */
static void records_are_written_compactly(void **state)
{
	char *spaced = cell_replace(cell_guest, "\"seed\":1", "\"seed\" :\t1");
	char *records;

	(void)state;
	cell_write("guest", spaced);
	check_expect(&check_files, STAT_OK, "valid\n");
	records = cell_read("records");
	assert_non_null(strstr(records, "\"seed\":1,\"parameters\""));
	free(records);
	free(spaced);
}

/* However much is missing from the end, it is noticed. */
static void truncated_cells_are_found(void **state)
{
	size_t size = strlen(cell_guest);
	json_t *verdict;
	size_t cut;

	(void)state;
	for (cut = 1; cut < size; cut += 13) {
		cell_write_bytes("guest", cell_guest, size - cut);
		check_expect(&check_files, STAT_INVALID, "invalid: ");
		verdict = check_verdict();
		assert_true(check_has_reason(verdict, "truncated"));
		json_decref(verdict);
	}
}

static void endings_are_judged(void **state)
{
	struct check check = check_files;

	(void)state;
	check.exit_status = 1;
	check_expect(&check, STAT_INVALID,
		     "invalid: exit: the machine ended with status 1\n");
	check.timed_out = true;
	check_expect(&check, STAT_INVALID, "invalid: timeout: ");
	/* Never came as far as writing anything. */
	assert_int_equal(unlink("guest"), 0);
	check_expect(&check, STAT_INVALID, "invalid: timeout: ");
	check = check_files;
	check_expect(&check, STAT_INVALID, "invalid: boot: no boot record");
	cell_write("guest", "");
	check_expect(&check, STAT_INVALID, "invalid: boot: no boot record");
	assert_int_equal(unlink("console"), 0);
	check_expect(&check, STAT_INVALID,
		     "invalid: console: there is no console");
}

/* What went wrong first is said first: the rest follows from it. */
static void causes_come_first(void **state)
{
	struct check check = check_files;

	(void)state;
	check.timed_out = true;
	cell_write("guest", "{\"type\":\"bo");
	cell_write("console", "[ 1.0] Kernel panic - not syncing: x\n");
	check_expect(
		&check, STAT_INVALID,
		"invalid: console: panic, line 1: [ 1.0] Kernel panic - not "
		"syncing: x (+");
}

/* As many reasons as a hostile guest can cause, in bounded space. */
static void many_reasons_are_bounded(void **state)
{
	FILE *guest = fopen("guest", "we");
	json_t *verdict;
	char *line;
	int i;

	(void)state;
	assert_non_null(guest);
	for (i = 0; i < 4000; i++)
		fprintf(guest, "{\"type\":\"x\"}\n");
	assert_int_equal(fclose(guest), 0);
	assert_int_equal(check_run(&check_files, &line), STAT_INVALID);
	assert_non_null(strstr(line, "(+4003 more)"));
	verdict = check_verdict();
	assert_true(json_array_size(json_object_get(verdict, "reasons")) < 32);
	assert_true(check_has_reason(verdict, "record"));
	assert_true(check_has_reason(verdict, "loss"));
	json_decref(verdict);
	free(line);
}

/* Whatever bytes the guest writes: a verdict, and no crash. */
static void noise_is_survived(void **state)
{
	unsigned char noise[65536];
	uint32_t random = 1;
	json_t *verdict;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(noise); i++) {
		random = random * 1664525 + 1013904223;
		noise[i] = random >> 24;
	}
	cell_write_bytes("guest", noise, sizeof(noise));
	cell_write_bytes("console", noise, sizeof(noise));
	check_expect(&check_files, STAT_INVALID, "invalid: ");
	verdict = check_verdict();
	assert_true(json_is_false(json_object_get(verdict, "valid")));
	json_decref(verdict);
}

static void silence_stderr(void)
{
	assert_non_null(freopen("stderr", "we", stderr));
	assert_int_equal(setvbuf(stderr, NULL, _IONBF, 0), 0);
}

/* The finished file stays as it was, and nothing is left beside it. */
static void full_disk_leaves_the_old_file(void **state)
{
	struct rlimit limit, old;
	FILE *report = fopen("report", "we");
	char *records, *line;

	(void)state;
	assert_non_null(report);
	cell_write("records", "old\n");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = old;
	limit.rlim_cur = 512;
	silence_stderr();
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(check_cell(&check_files, report), STAT_FAILED);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(ftell(report), 0);
	assert_int_equal(fclose(report), 0);
	line = cell_read("stderr");
	assert_non_null(strstr(line, "pfd-stat: cannot "));
	/* One line. */
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	free(line);
	records = cell_read("records");
	assert_string_equal(records, "old\n");
	free(records);
	assert_int_equal(system("test -z \"$(ls | grep new)\""), 0);
}

static void bad_header_is_not_the_guests_fault(void **state)
{
	static const char *const headers[] = {
		"", "{}\n", "{\"type\":\"end\",\"exit_status\":0}\n",
		"{\"type\":\"header\"}\n"};
	char *header =
		cell_replace(cell_header, "\"schema\":2", "\"schema\":1");
	size_t i;

	(void)state;
	silence_stderr();
	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		cell_write("header", headers[i]);
		check_expect(&check_files, STAT_FAILED, "");
	}
	cell_write("header", header);
	check_expect(&check_files, STAT_FAILED, "");
	assert_int_equal(unlink("header"), 0);
	check_expect(&check_files, STAT_FAILED, "");
	assert_int_equal(access("records", F_OK), -1);
	free(header);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK_TEST(good_cell_is_valid),
		CHECK_TEST(records_are_written_compactly),
		CHECK_TEST(truncated_cells_are_found),
		CHECK_TEST(endings_are_judged),
		CHECK_TEST(causes_come_first),
		CHECK_TEST(many_reasons_are_bounded),
		CHECK_TEST(noise_is_survived),
		/* These two send stderr elsewhere, for good. */
		CHECK_TEST(full_disk_leaves_the_old_file),
		CHECK_TEST(bad_header_is_not_the_guests_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
