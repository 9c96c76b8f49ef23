// SPDX-License-Identifier: GPL-2.0
/*
 * report.txt: says what the cells say, of valid ones only, and names what is
 * not in it.
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
#include "cells.h"
#include "message.h"
#include "run.h"
#include "sample_run.h"
#include "summary.h"
#include "text_table.h"

static int enter(void **state)
{
	(void)state;
	cell_enter();
	assert_int_equal(mkdir("cells", 0777), 0);
	cell_verified();
	return 0;
}

static int leave(void **state)
{
	(void)state;
	cell_leave();
	return 0;
}

/* What the summary of all that was put says; to be freed. */
static char *summary(void)
{
	struct run run;
	char *text;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	const char *line;

	assert_non_null(file);
	assert_int_equal(run_load(&run, "."), STAT_OK);
	assert_int_equal(summary_print(&run, file), 0);
	assert_int_equal(fclose(file), 0);
	run_free(&run);
	/* Cells that are not valid are there to be searched for. */
	for (line = text; *line && strncmp(line, "NOT VALID", 9);
	     line += strcspn(line, "\n") + 1) {
		if (strcspn(line, "\n") > 80)
			fail_msg("too wide: %.100s", line);
	}
	return text;
}

/* Without any difference in blanks, which are a matter of widths. */
static bool says(const char *text, const char *what)
{
	char *plain = malloc(strlen(text) + 1), *to = plain;
	bool found;

	assert_non_null(plain);
	for (; *text; text++) {
		bool blank = *text == ' ' || *text == '\n';

		if (!blank || (to > plain && to[-1] != ' '))
			*to++ = blank ? ' ' : *text;
	}
	*to = '\0';
	found = strstr(plain, what);
	free(plain);
	return found;
}

static void assert_says(const char *text, const char *what)
{
	if (!says(text, what))
		fail_msg("no \"%s\" in:\n%s", what, text);
}

#define SINGLE                                                                 \
	"double_rcu.double_count=0; double_rcu.single_count=2;"                \
	"double_rcu.extra_callbacks_count=0;"                                  \
	"double_rcu.first_wait_ns=" CELL_HIST_0                                \
	";double_rcu.second_wait_ns=" CELL_HIST_0                              \
	";double_rcu.extra_callback_run_ns=" CELL_HIST_0                       \
	";double_rcu.second_held_byte_ns=0"

static void double_waits_are_answered(void **state)
{
	char *guest = cell_double(), *text;

	(void)state;
	run_put("1", "", guest, "", RUN_VALID);
	run_put("2", "header.seed=2", guest, "", RUN_VALID);
	run_put("3", "header.variant=\"v2\"", guest, SINGLE, RUN_VALID);
	run_put("4", "header.variant=\"v3\"", guest, SINGLE, RUN_VALID);
	/* In its arm nothing else counts. */
	run_put("5", "header.variant=\"v3\"; header.arm=\"stats\"", guest, "",
		RUN_VALID);
	/* Another workload, in which nothing went the TLB path. */
	run_put("6", "header.workload=\"x\"", cell_guest,
		"truth.workload=\"x\"", RUN_VALID);
	text = summary();
	assert_says(text,
		    "6 cells of Linux 6.12: 6 valid, 0 not valid THE ANSWER");
	assert_says(text, "w v1 100 % 10 ns 0.00 50.0 % 2 3 ns");
	assert_says(text, "v2 0 % - 0.00 0 % 0 0 ns");
	assert_says(text, "v3 0 % - 0.00 0 % 0 0 ns");
	assert_says(text, "v1: pages waited twice in 1 of 1 workloads, there "
			  "100 % of them. The second wait took 10 ns in the "
			  "mean and was 50 % of the byte seconds");
	assert_says(text, "No page waited twice with v2, v3.");
	free(text);
	free(guest);
}

/* What the model got wrong is not in the figures, but must be seen. */
static void wrong_models_are_marked(void **state)
{
	char *text;

	(void)state;
	run_put("1", "", cell_guest, "", RUN_VALID);
	run_put("2",
		"header.variant=\"v2\"; header.defer_call_rcu=\"never\";"
		"header.tlb_call_rcu=\"never\"",
		cell_guest, "",
		"{\"type\":\"verdict\",\"valid\":false,\"reasons\":[{\"code\":"
		"\"model\",\"text\":\"2, at most 0\"}]}\n");
	run_put("3", "header.variant=\"v3\"", cell_guest, "",
		"{\"type\":\"verdict\",\"valid\":false,\"reasons\":[{\"code\":"
		"\"loss\",\"text\":\"x\"}]}\n");
	text = summary();
	assert_says(text, "3 cells of Linux 6.12: 1 valid, 2 not valid, listed "
			  "at the end");
	assert_says(text, "w v1 1.. 2 2 0 0 0/1/0/0");
	assert_says(text, "v2 0 2 1 0 0 0/1/0/0 <- 1 of 1");
	assert_says(text, "1 lines differ from their model");
	assert_says(text, "NOT VALID, and in none of the figures above "
			  "2: model: 2, at most 0 3: loss: x");
	assert_false(says(text, " v3 "));
	free(text);
}

static void what_looking_costs_is_paired(void **state)
{
	char *guest = cell_edit(cell_guest,
				"-callback; -callback; -grace_period; -table;"
				"-page; -double_rcu; -pinned; -softirq;"
				"-probe");
	char *text;

	(void)state;
	run_put("b1", "header.arm=\"bare\"", guest, "", RUN_VALID);
	run_put("p1", "", cell_guest,
		"work.instructions_count=1100; op.instructions_count="
		"{\"count\":1,\"sum\":12,\"min\":12,\"max\":12,\"buckets\":"
		"[[12,1]]}",
		RUN_VALID);
	/* No pair, which would be some per cent more. */
	run_put("p2", "header.seed=2", cell_guest,
		"work.instructions_count=9000", RUN_VALID);
	text = summary();
	assert_says(text, "w v1 all +10.00%, collapse +20.00%");
	free(text);
	/* Where the workload as a whole was not counted. */
	run_put("b3", "header.arm=\"bare\"; header.variant=\"v2\"", guest,
		"work.instructions_count=null", RUN_VALID);
	run_put("p3", "header.variant=\"v2\"", cell_guest,
		"work.instructions_count=null; op.instructions_count="
		"{\"count\":1,\"sum\":13,\"min\":13,\"max\":13,\"buckets\":"
		"[[13,1]]}",
		RUN_VALID);
	text = summary();
	assert_says(text, "v2 all +30.00%, collapse +30.00%");
	free(text);
	free(guest);
}

static void programs_are_timed_in_stats(void **state)
{
	char *text;

	(void)state;
	run_put("1", "header.arm=\"stats\"", cell_guest,
		"probe.programs=[{\"name\":\"a\",\"attach\":\"x\","
		"\"missed_count\":0,\"harmless\":null,\"runs_count\":4,"
		"\"run_ns\":400},{\"name\":\"b\",\"attach\":\"x\","
		"\"missed_count\":0,\"harmless\":null,\"runs_count\":0,"
		"\"run_ns\":0}]",
		RUN_VALID);
	text = summary();
	assert_says(text, "program runs mean run share a 4 100 ns 100.0 % b 0 "
			  "- 0.0 %");
	assert_false(says(text, "THE ANSWER"));
	assert_false(says(text, "PREDICTED"));
	assert_false(says(text, "collapse"));
	free(text);
}

static void what_is_missing_is_named(void **state)
{
	char *text;

	(void)state;
	run_put("1", "", cell_guest,
		"-softirq; "
		"probe.unavailable=[{\"record\":\"softirq\",\"reason\":"
		"\"no trace event irq:softirq_entry\"},{\"record\":"
		"\"table.fallback\",\"reason\":\"inlined\"}]; truth.tables="
		"[{\"path\":\"fallback\",\"level\":\"pte\",\"unlinked_count\":"
		"2}]",
		RUN_VALID);
	run_put("2", "header.seed=2", cell_guest,
		"truth.unclaimed=\"it does not say\"; truth.tables=[]; "
		"+{\"type\":\"hardware\",\"scope\":\"machine\",\"events\":[],"
		"\"unavailable\":[{\"name\":\"cycles\",\"reason\":\"no "
		"PMU\"}]}",
		RUN_VALID);
	text = summary();
	assert_says(text,
		    "not counted by this machine: cycles (no PMU): 1 cell");
	assert_says(text, "not available on this kernel: softirq (no trace "
			  "event irq:softirq_entry): 1 cell");
	assert_says(text, "what w says of tables (fallback pte): 1 cell");
	assert_says(text, "held to no truth: w (it does not say): 1 cell");
	free(text);
}

static void long_names_are_folded(void **state)
{
	char edits[512], *guest = cell_double(), *text;

	(void)state;
	snprintf(edits, sizeof(edits),
		 "header.variant=\"a-variant-with-a-name-of-32-chars\";"
		 "header.workload=\"a-workload-with-a-long-name\";"
		 "header.swept=\"processes\"");
	run_put("1", edits, guest,
		"truth.workload=\"a-workload-with-a-long-name\"", RUN_VALID);
	text = summary();
	assert_says(text, "extra a-workload-with-a-long-name processes=17 "
			  "a-variant-with-a-name-of-32-chars 100 %");
	free(text);
	free(guest);
}

static void nothing_is_not_an_error(void **state)
{
	char *text = summary();

	(void)state;
	assert_string_equal(text, "0 cells: 0 valid, 0 not valid\n");
	free(text);
}

/* Columns that do not fit go below, with the keys once more. */
static void wide_tables_are_broken(void **state)
{
	struct text_table table = {.keys = 1};
	char *text, expected[512];
	size_t size;
	FILE *file = open_memstream(&text, &size);
	int i;

	(void)state;
	assert_non_null(file);
	for (i = 0; i < 2; i++) {
		text_table_cell(&table, "%s", i ? "k" : "key");
		text_table_cell(&table, "%40s", "a");
		text_table_cell(&table, "%d", i);
		text_table_cell(&table, "%40s", "b");
		text_table_row(&table);
	}
	text_table_cell(&table, "short");
	text_table_row(&table);
	assert_int_equal(text_table_print(&table, file), 0);
	assert_int_equal(fclose(file), 0);
	snprintf(expected, sizeof(expected),
		 "key    %40s  0\nk      %40s  1\nshort\n"
		 "key    %40s\nk      %40s\nshort\n",
		 "a", "a", "b", "b");
	assert_string_equal(text, expected);
	free(text);
}

/* A last column in which nobody wrote anything does not go below alone. */
static void empty_columns_are_left_out(void **state)
{
	struct text_table table = {.keys = 1};
	char *text, expected[128];
	size_t size;
	FILE *file = open_memstream(&text, &size);

	(void)state;
	assert_non_null(file);
	text_table_cell(&table, "key");
	text_table_cell(&table, "%75s", "a");
	text_table_cell(&table, "%s", "");
	text_table_row(&table);
	assert_int_equal(text_table_print(&table, file), 0);
	assert_int_equal(fclose(file), 0);
	snprintf(expected, sizeof(expected), "key  %75s\n", "a");
	assert_string_equal(text, expected);
	free(text);
}

#define RUN_TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RUN_TEST(double_waits_are_answered),
		RUN_TEST(wrong_models_are_marked),
		RUN_TEST(what_looking_costs_is_paired),
		RUN_TEST(programs_are_timed_in_stats),
		RUN_TEST(what_is_missing_is_named),
		RUN_TEST(long_names_are_folded),
		RUN_TEST(nothing_is_not_an_error),
		cmocka_unit_test(wide_tables_are_broken),
		cmocka_unit_test(empty_columns_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
