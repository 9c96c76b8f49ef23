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
#include "check.h"
#include "message.h"

static int enter(void **state)
{
	(void)state;
	cell_enter();
	cell_write("header", cell_header);
	cell_write("guest", cell_guest);
	cell_write("console", cell_console);
	return 0;
}

static int leave(void **state)
{
	(void)state;
	cell_leave();
	return 0;
}

static const struct check files = {
	.header = "header",
	.guest = "guest",
	.console = "console",
	.out = "records",
};

/* Runs a check; *line is what it prints, to be freed. */
static int run_check(const struct check *check, char **line)
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

static void expect(const struct check *check, int status, const char *start)
{
	char *line;
	int got = run_check(check, &line);

	if (got != status || strncmp(line, start, strlen(start)))
		fail_msg("got %d, %s; not %d, %s", got, line, status, start);
	free(line);
}

/* The last line of the records is the verdict; to be released. */
static json_t *read_verdict(void)
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

static bool has_reason(const json_t *verdict, const char *code)
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

/* Byte for byte what the guest wrote, between the host's two records. */
static void good_cell_is_valid(void **state)
{
	char *records, *expected;

	(void)state;
	expect(&files, STAT_OK, "valid\n");
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
	expect(&files, STAT_OK, "valid\n");
	records = cell_read("records");
	assert_non_null(strstr(records, "\"seed\":1,\"parameters\""));
	free(records);
	free(spaced);
}

/* One change to a good cell, and what must be said about it first. */
static const struct {
	const char *from, *to, *reason;
} wrongs[] = {
	{"\"release\":\"6.12-v1\"", "\"release\":\"6.12-v2\"",
	 "release: 6.12-v2 booted, 6.12-v1 was meant to"},
	{"65536", "4096", "boot: pages are 4096 bytes, not 65536"},
	{"\"mmu\":\"radix\"", "\"mmu\":\"hash\"",
	 "boot: the MMU is hash, not radix"},
	{"\"cpus_count\":2", "\"cpus_count\":1", "boot: 1 CPUs, not 2"},
	{"\"type\":\"boot\"", "\"type\":\"boots\"", "boot: no boot record"},
	{"\"exit_status\":0", "\"exit_status\":3",
	 "exit: the guest's job ended with status 3"},
	{"{\"type\":\"end\",\"exit_status\":0}\n", "",
	 "truncated: the guest's last record is not `end`"},
	{"{\"type\":\"end\"",
	 "{\"type\":\"end\",\"exit_status\":0}\n"
	 "{\"type\":\"end\"",
	 "record: line 16 (end) is the second of its kind"},
	{"other_cb", "own_cb",
	 "record: line 3 (callback) is the second of its kind"},
	{"{\"type\":\"end\"",
	 "{\"type\":\"verdict\",\"valid\":true,"
	 "\"reasons\":[]}\n{\"type\":\"end\"",
	 "record: line 15 (verdict) is not the guest's to write"},
	{"{\"type\":\"op\"", "{\"type\":\"opera\"",
	 "record: line 11 is of an unknown type, opera"},
	{"[[10,1]]", "[[10,2]]",
	 "record: line 2 (callback): wait_ns is not a histogram"},
	{"\"enqueued_count\":2", "\"enqueued_count\":3",
	 "conservation: callback own_cb: enqueued 3 is not invoked 1"},
	{"\"enqueued_count\":2,\"invoked_count\":1",
	 "\"enqueued_count\":3,\"invoked_count\":2",
	 "conservation: callback own_cb: 1 waits for 2 invoked"},
	{"\"started_count\":2", "\"started_count\":3",
	 "conservation: grace periods: 3 started, 1 completed"},
	{"\"started_count\":2", "\"started_count\":0",
	 "conservation: grace periods: 0 started, 1 completed"},
	{"\"started_count\":2,\"completed_count\":1",
	 "\"started_count\":0,\"completed_count\":0",
	 "conservation: grace periods: 1 durations for 0 completed"},
	{"\"in_flight_count\":1", "\"in_flight_count\":0",
	 "conservation: table defer pte: unlinked 2 is not put 1"},
	{"\"put_count\":1,\"in_flight_count\":1",
	 "\"put_count\":2,\"in_flight_count\":0",
	 "conservation: table defer pte: 1 waits for 2 put"},
	{"\"put_with_page_count\":1", "\"put_with_page_count\":2",
	 "conservation: table defer pte: 2 put with their page, 1 put"},
	{"\"tracked_count\":2", "\"tracked_count\":1",
	 "conservation: pages: tracked 1 is not freed 1"},
	{"\"freed_count\":1,\"outstanding_count\":1",
	 "\"freed_count\":2,\"outstanding_count\":0",
	 "conservation: pages: 1 waits for 2 freed"},
	{"\"waited_one_count\":1", "\"waited_one_count\":0",
	 "conservation: pages: freed 1, but that is not how many waited"},
	{"\"waited_none_count\":0", "\"waited_none_count\":9223372036854775807",
	 "conservation: pages: freed 1, but that is not how many waited"},
	{"\"waited_one_count\":1,\"waited_two_count\":0,"
	 "\"waited_more_count\":0,\"not_owed_count\":0",
	 "\"waited_one_count\":0,\"waited_two_count\":0,"
	 "\"waited_more_count\":0,\"not_owed_count\":1",
	 "conservation: pages: 1 last waits for 1 freed, 1 of them not owed"},
	/* outstanding that makes up for the difference by overflowing */
	{"\"enqueued_count\":2,\"invoked_count\":1,\"outstanding_count\":1",
	 "\"enqueued_count\":0,\"invoked_count\":9223372036854775807,"
	 "\"outstanding_count\":9223372036854775807",
	 "conservation: callback own_cb: enqueued 0 is not invoked"},
	{"\"pte\",\"unlinked_count\":2}]", "\"pte\",\"unlinked_count\":3}]",
	 "truth: table defer pte: the workload unlinked 3, the probe saw 2"},
	{"\"pte\",\"unlinked_count\":2}]", "\"pmd\",\"unlinked_count\":2}]",
	 "truth: table defer pmd: the workload unlinked 2, the probe saw 0"},
	{"\"workload\":\"w\"", "\"workload\":\"x\"",
	 "truth: the workload was x, not w"},
	{"\"seed\":1,", "\"seed\":2,", "truth: the seed was 2, not 1"},
	{"\"events\":0", "\"events\":5", "loss: events: 5 lost"},
	{"\"missed_count\":0", "\"missed_count\":4",
	 "loss: program on_defer was not run 4 times"},
};

static void wrong_cells_are_found(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
		char *guest =
			cell_replace(cell_guest, wrongs[i].from, wrongs[i].to);
		char expected[256];

		cell_write("guest", guest);
		snprintf(expected, sizeof(expected), "invalid: %s",
			 wrongs[i].reason);
		expect(&files, STAT_INVALID, expected);
		free(guest);
	}
}

/* The good cell has 2 calls of the variant's own, 2 deferrals and 2 pages. */
static const struct {
	const char *defer, *tlb; /* the header's words */
	const char *from, *to;	 /* a change to the good cell, or NULL */
	const char *reason;	 /* NULL: valid */
} models[] = {
	{"unknown", "never", NULL, NULL, NULL},
	{"never", "page", NULL, NULL, NULL},
	{"page", "page-if-deferred", NULL, NULL, NULL},
	{"table", "never", NULL, NULL, NULL},
	{"page-and-grace-period", "never", NULL, NULL, NULL},
	{"never", "never", "other_cb", "tlb_remove_table_rcu", NULL},
	{"never", "never", NULL, NULL,
	 "model: 2 call_rcu() of the variant's own, at most 0"},
	{"page", "page", "\"tracked_count\":2,\"freed_count\":1",
	 "\"tracked_count\":1,\"freed_count\":0",
	 "model: 2 call_rcu() of the variant's own, at most 1"},
	{"page", "page-if-deferred", "\"table\",\"path\":\"defer\"",
	 "\"table\",\"path\":\"munmap\"",
	 "model: 2 call_rcu() of the variant's own, at most 0"},
	{"table", "never",
	 "\"enqueued_count\":2,\"invoked_count\":1,\"outstanding_count\":1",
	 "\"enqueued_count\":1,\"invoked_count\":1,\"outstanding_count\":0",
	 "model: 1 call_rcu() of the variant's own, but 2 tables"},
	{"page-and-grace-period", "never",
	 "\"enqueued_count\":2,\"invoked_count\":1,\"outstanding_count\":1",
	 "\"enqueued_count\":3,\"invoked_count\":1,\"outstanding_count\":2",
	 "model: 3 call_rcu() of the variant's own, at most 2"},
};

static void models_are_held_to(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		json_t *header = json_loads(cell_header, 0, NULL), *verdict;
		char *text, *line, *guest;

		json_object_set_new(header, "defer_call_rcu",
				    json_string(models[i].defer));
		json_object_set_new(header, "tlb_call_rcu",
				    json_string(models[i].tlb));
		text = json_dumps(header, JSON_COMPACT);
		assert_true(asprintf(&line, "%s\n", text) >= 0);
		cell_write("header", line);
		guest = models[i].from
				? cell_replace(cell_guest, models[i].from,
					       models[i].to)
				: strdup(cell_guest);
		cell_write("guest", guest);
		expect(&files, models[i].reason ? STAT_INVALID : STAT_OK, "");
		verdict = read_verdict();
		assert_int_equal(has_reason(verdict, "model"),
				 models[i].reason != NULL);
		if (models[i].reason) {
			char *reasons = json_dumps(verdict, 0);

			assert_non_null(strstr(reasons, models[i].reason + 7));
			free(reasons);
		}
		json_decref(verdict);
		json_decref(header);
		free(guest);
		free(line);
		free(text);
	}
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
		expect(&files, STAT_INVALID, "invalid: ");
		verdict = read_verdict();
		assert_true(has_reason(verdict, "truncated"));
		json_decref(verdict);
	}
}

/* A miss that loses nothing, for a reason that the probe gives. */
static void harmless_misses_are_accepted(void **state)
{
	char *guest =
		cell_replace(cell_guest, "\"missed_count\":0,\"harmless\":null",
			     "\"missed_count\":4,\"harmless\":\"why\"");

	(void)state;
	cell_write("guest", guest);
	expect(&files, STAT_OK, "valid\n");
	free(guest);
}

/* A claim of none is kept by a probe that saw none. */
static void missing_table_counts_as_none(void **state)
{
	char *guest = cell_replace(cell_guest, "\"pte\",\"unlinked_count\":2}]",
				   "\"pmd\",\"unlinked_count\":0}]");

	(void)state;
	cell_write("guest", guest);
	expect(&files, STAT_OK, "valid\n");
	free(guest);
}

static void bare_cells_have_no_probe(void **state)
{
	char *header = cell_replace(cell_header, "probed", "bare");
	char *guest = strdup(cell_guest);
	char *first = strstr(guest, "{\"type\":\"callback\"");
	char *after = strstr(guest, "{\"type\":\"op\"");

	(void)state;
	assert_non_null(first);
	assert_non_null(after);
	cell_write("header", header);
	expect(&files, STAT_INVALID,
	       "invalid: record: line 2 (callback) does not belong in the arm");
	memmove(first, after, strlen(after) + 1);
	cell_write("guest", guest);
	expect(&files, STAT_OK, "valid\n");
	/* The same, where there should have been a probe. */
	cell_write("header", cell_header);
	expect(&files, STAT_INVALID,
	       "invalid: truth: table defer pte: the "
	       "workload unlinked 2, the probe saw 0 "
	       "(+1 more)\n");
	free(guest);
	free(header);
}

static void endings_are_judged(void **state)
{
	struct check check = files;

	(void)state;
	check.exit_status = 1;
	expect(&check, STAT_INVALID,
	       "invalid: exit: the machine ended with status 1\n");
	check.timed_out = true;
	expect(&check, STAT_INVALID, "invalid: timeout: ");
	/* Never came as far as writing anything. */
	assert_int_equal(unlink("guest"), 0);
	expect(&check, STAT_INVALID, "invalid: timeout: ");
	check = files;
	expect(&check, STAT_INVALID, "invalid: boot: no boot record");
	cell_write("guest", "");
	expect(&check, STAT_INVALID, "invalid: boot: no boot record");
	assert_int_equal(unlink("console"), 0);
	expect(&check, STAT_INVALID, "invalid: console: there is no console");
}

/* What went wrong first is said first: the rest follows from it. */
static void causes_come_first(void **state)
{
	struct check check = files;

	(void)state;
	check.timed_out = true;
	cell_write("guest", "{\"type\":\"bo");
	cell_write("console", "[ 1.0] Kernel panic - not syncing: x\n");
	expect(&check, STAT_INVALID,
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
	for (i = 0; i < 10000; i++)
		fprintf(guest, "{\"type\":\"x\"}\n");
	assert_int_equal(fclose(guest), 0);
	assert_int_equal(run_check(&files, &line), STAT_INVALID);
	assert_non_null(strstr(line, "(+10003 more)"));
	verdict = read_verdict();
	assert_true(json_array_size(json_object_get(verdict, "reasons")) < 32);
	assert_true(has_reason(verdict, "record"));
	assert_true(has_reason(verdict, "loss"));
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
	expect(&files, STAT_INVALID, "invalid: ");
	verdict = read_verdict();
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
	assert_int_equal(check_cell(&files, report), STAT_FAILED);
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
		expect(&files, STAT_FAILED, "");
	}
	cell_write("header", header);
	expect(&files, STAT_FAILED, "");
	assert_int_equal(unlink("header"), 0);
	expect(&files, STAT_FAILED, "");
	assert_int_equal(access("records", F_OK), -1);
	free(header);
}

#define CELL_TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CELL_TEST(good_cell_is_valid),
		CELL_TEST(records_are_written_compactly),
		CELL_TEST(wrong_cells_are_found),
		CELL_TEST(models_are_held_to),
		CELL_TEST(truncated_cells_are_found),
		CELL_TEST(harmless_misses_are_accepted),
		CELL_TEST(missing_table_counts_as_none),
		CELL_TEST(bare_cells_have_no_probe),
		CELL_TEST(endings_are_judged),
		CELL_TEST(causes_come_first),
		CELL_TEST(many_reasons_are_bounded),
		CELL_TEST(noise_is_survived),
		/* These two send stderr elsewhere, for good. */
		CELL_TEST(full_disk_leaves_the_old_file),
		CELL_TEST(bad_header_is_not_the_guests_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
