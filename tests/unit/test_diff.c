// SPDX-License-Identifier: GPL-2.0
/*
 * Comparisons: only cells of the same seed, arm, configuration and job may be
 * held against each other, and never one that is not valid.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "cells.h"
#include "diff.h"
#include "gate.h"
#include "message.h"
#include "near.h"
#include "plot.h"
#include "runs.h"

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

static void load(struct run *run, const struct cell_spec *specs, size_t count)
{
	run_make(".", "exact", specs, count);
	assert_int_equal(run_load(run, "."), STAT_OK);
	assert_int_equal(run->count, count);
}

static void compare(struct diff *diff, const struct run *run)
{
	assert_int_equal(diff_build(diff, (struct diff_side){run, "a"},
				    (struct diff_side){run, "b"}),
			 0);
}

static void seeds_are_paired(void **state)
{
	static const struct cell_spec specs[] = {
		{"a1", "a", "bare", 1, 10, 17, true},
		{"a2", "a", "bare", 2, 20, 17, true},
		{"a3", "a", "bare", 3, 31, 17, true},
		{"a4", "a", "bare", 4, 1, 17, true},
		/* The probe's cost is not the variant's. */
		{"a1p", "a", "probed", 1, 30, 17, true},
		{"b3", "b", "bare", 3, 1, 17, false},
		{"b2", "b", "bare", 2, 24, 17, true},
		{"b1", "b", "bare", 1, 12, 17, true},
		{"b1p", "b", "probed", 1, 10, 17, true},
		{"b5", "b", "bare", 5, 31, 17, true},
		/* The same workload, doing another job. */
		{"c4", "b", "bare", 4, 31, 18, true},
	};
	const struct diff_row *row;
	struct run run;
	struct diff diff;

	(void)state;
	load(&run, specs, sizeof(specs) / sizeof(specs[0]));
	compare(&diff, &run);
	assert_int_equal(diff.count, 1);
	assert_int_equal(diff.groups[0].bare_pairs, 2);
	assert_int_equal(diff.groups[0].probed_pairs, 1);
	row = diff_find_row(&diff.groups[0], "op.fork.mean_ns");
	assert_non_null(row);
	assert_string_equal(row->arm, "bare");
	assert_int_equal(row->count_a, 2);
	assert_int_equal(row->seeds[0], 1);
	assert_int_equal(row->seeds[1], 2);
	assert_int_equal(row->change.kind, CHANGE_VALUE);
	assert_near(row->change.percent.min, 20, 1e-9);
	assert_near(row->change.percent.max, 20, 1e-9);
	assert_near(row->spread_a.median, 15, 0);
	diff_free(&diff);
	run_free(&run);
}

/* Nothing in common: that is not "no difference". */
static void nothing_to_pair_is_said(void **state)
{
	static const struct cell_spec specs[] = {
		{"a1", "a", "bare", 1, 10, 17, true},
		{"b1", "b", "bare", 1, 10, 17, false},
		{"b2", "b", "bare", 2, 10, 17, true},
	};
	struct run run;
	struct diff diff;

	(void)state;
	load(&run, specs, sizeof(specs) / sizeof(specs[0]));
	compare(&diff, &run);
	assert_int_equal(diff.pairs, 0);
	diff_free(&diff);
	run_free(&run);
}

/* A seed that is there twice would weigh twice. */
static void repeated_cells_are_left_out(void **state)
{
	static const struct cell_spec specs[] = {
		{"a1", "a", "bare", 1, 10, 17, true},
		{"a2", "a", "bare", 2, 10, 17, true},
		{"a3", "a", "bare", 1, 10, 17, true},
		{"a4", "a", "bare", 1, 10, 17, true},
	};
	struct run run;

	(void)state;
	load(&run, specs, sizeof(specs) / sizeof(specs[0]));
	assert_int_equal(run.valid_count, 2);
	assert_string_equal(run.cells[0].name, "a1");
	assert_string_equal(run.cells[1].name, "a2");
	assert_string_equal(run.cells[3].invalid,
			    "record: the same cell as another");
	run_free(&run);
}

/* The host wrote the file whole: anything else is a damaged file. */
static void damaged_cells_are_not_valid(void **state)
{
	static const struct cell_spec spec = {"a1", "a", "bare", 1,
					      10,   17,	 true};
	char *text, *cut;
	struct run run;

	(void)state;
	load(&run, &spec, 1);
	assert_int_equal(run.valid_count, 1);
	run_free(&run);
	text = cell_read("cells/a1/records.jsonl");
	for (cut = text + strlen(text) - 1; cut > text; cut -= 11) {
		*cut = '\0';
		cell_write("cells/a1/records.jsonl", text);
		assert_int_equal(run_load(&run, "."), STAT_OK);
		assert_int_equal(run.count, 1);
		assert_int_equal(run.valid_count, 0);
		assert_non_null(run.cells[0].invalid);
		run_free(&run);
	}
	free(text);
	assert_int_equal(remove("cells/a1/records.jsonl"), 0);
	assert_int_equal(run_load(&run, "."), STAT_OK);
	assert_int_equal(run.valid_count, 0);
	run_free(&run);
}

/* Says nothing on stderr, which the test's output is not about. */
static int check_gate(const char *text, const struct diff *diff)
{
	struct gate gate;
	int status = STAT_USAGE;

	if (!gate_parse(&gate, text))
		status = gate_check(&gate, diff);
	gate_free(&gate);
	return status;
}

static void limits_are_enforced(void **state)
{
	static const struct cell_spec specs[] = {
		{"a1", "a", "bare", 1, 20, 17, true},
		{"b1", "b", "bare", 1, 21, 17, true},
		{"a2", "a", "bare", 1, 20, 18, true},
		{"b2", "b", "bare", 1, 24, 18, true},
	};
	struct run run;
	struct diff diff;

	(void)state;
	assert_non_null(freopen("stderr", "we", stderr));
	load(&run, specs, sizeof(specs) / sizeof(specs[0]));
	compare(&diff, &run);
	assert_int_equal(check_gate("op.fork.mean_ns=20", &diff), STAT_OK);
	assert_int_equal(check_gate("op.fork.mean_ns=19.9", &diff),
			 STAT_DIFFERENT);
	assert_int_equal(check_gate("op.fork.mean_ns=4", &diff),
			 STAT_DIFFERENT);
	/* Nobody has it: a limit that could never be reached. */
	assert_int_equal(check_gate("op.frok.mean_ns=4", &diff), STAT_USAGE);
	assert_int_equal(check_gate("fork=4", &diff), STAT_USAGE);
	assert_int_equal(check_gate("op.fork.mean_ns", &diff), STAT_USAGE);
	assert_int_equal(check_gate("op.fork.mean_ns=", &diff), STAT_USAGE);
	/* The sign may be there, once and at the end. */
	assert_int_equal(check_gate("op.fork.mean_ns=20%", &diff), STAT_OK);
	assert_int_equal(check_gate("op.fork.mean_ns=19.9%", &diff),
			 STAT_DIFFERENT);
	assert_int_equal(check_gate("op.fork.mean_ns=4%%", &diff), STAT_USAGE);
	assert_int_equal(check_gate("op.fork.mean_ns=%", &diff), STAT_USAGE);
	assert_int_equal(check_gate("op.fork.mean_ns=-4", &diff), STAT_USAGE);
	assert_int_equal(check_gate("op.fork.mean_ns=nan", &diff), STAT_USAGE);
	diff_free(&diff);
	run_free(&run);
}

/* A variant keeps its colour, also where others have no cells. */
static void variants_keep_their_numbers(void **state)
{
	static const struct cell_spec specs[] = {
		{"1", "b", "bare", 1, 20, 17, true},
		{"2", "a", "bare", 1, 20, 18, true},
		{"3", "b", "bare", 1, 20, 18, true},
		{"4", "c", "bare", 1, 20, 17, false},
		{"5", "d", "bare", 1, 20, 17, true},
	};
	struct run run;

	(void)state;
	load(&run, specs, sizeof(specs) / sizeof(specs[0]));
	assert_int_equal(plot_variant_number(&run, "a"), 1);
	assert_int_equal(plot_variant_number(&run, "b"), 2);
	assert_int_equal(plot_variant_number(&run, "c"), 3);
	assert_int_equal(plot_variant_number(&run, "d"), 4);
	run_free(&run);
}

#define RUN_TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RUN_TEST(seeds_are_paired),
		RUN_TEST(nothing_to_pair_is_said),
		RUN_TEST(repeated_cells_are_left_out),
		RUN_TEST(damaged_cells_are_not_valid),
		RUN_TEST(variants_keep_their_numbers),
		/* Sends stderr elsewhere, for good. */
		RUN_TEST(limits_are_enforced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
