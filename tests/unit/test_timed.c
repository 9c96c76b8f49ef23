// SPDX-License-Identifier: GPL-2.0
/*
 * Timed evidence: a difference may only be claimed with all of an interval, a
 * test, Holm's correction and an A/A floor behind it. Whatever lets a noisy
 * machine claim something breaks one of these.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "cells.h"
#include "diff_print.h"
#include "gate.h"
#include "message.h"
#include "near.h"
#include "provenance.h"
#include "runs.h"
#include "summary.h"

#define BLOCKS 14

/* What an operation takes in each block, before what a variant adds. */
static const int noise[BLOCKS] = {1000, 1040, 980, 1010, 1100, 990,  1020,
				  1005, 970,  995, 1060, 985,  1015, 1030};
/* What the same boot is off the next time, and never twice the same. */
static const int jitter[BLOCKS] = {3,  -2, 5,  -4, 1,  -1, 2,
				   -5, 4,  -3, 6,  -6, 7,  -7};

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

/* A variant's cells of a job in one arm: noise, percent of it, and jitter. */
static void make_job(const char *dir, const char *target, const char *variant,
		     const char *arm, int job, int blocks, double percent,
		     int times)
{
	struct cell_spec specs[BLOCKS];
	char names[BLOCKS][64];
	int i;

	for (i = 0; i < blocks; i++) {
		snprintf(names[i], sizeof(names[i]), "%s.%d.%s.%d", variant,
			 job, arm, i);
		specs[i] = (struct cell_spec){
			names[i],
			variant,
			arm,
			i + 1,
			noise[i] + (int)(noise[i] * percent / 100) +
				jitter[i] * times,
			job,
			true};
	}
	run_make(dir, target, specs, (size_t)blocks);
}

static void make_arm(const char *dir, const char *target, const char *variant,
		     const char *arm, int blocks, double percent, int times)
{
	make_job(dir, target, variant, arm, 1, blocks, percent, times);
}

struct found {
	struct run a, b;
	struct diff_set set;
	const struct diff_row *row;
};

static void compare(struct found *found, const char *dir_a, const char *dir_b)
{
	struct diff_side a = {&found->a, "a"}, b = {&found->a, "b"};

	assert_int_equal(run_load(&found->a, dir_a), STAT_OK);
	if (dir_b) {
		assert_int_equal(run_load(&found->b, dir_b), STAT_OK);
		b.run = &found->b;
	}
	assert_int_equal(diff_set_build(&found->set, a, &b, 1), 0);
	found->row = NULL;
	if (found->set.list[0].count)
		found->row = diff_find_row(&found->set.list[0].groups[0],
					   "op.fork.mean_ns");
}

static void forget(struct found *found)
{
	diff_set_free(&found->set);
	run_free(&found->a);
	run_free(&found->b);
	memset(found, 0, sizeof(*found));
}

static int gate(const struct found *found, const char *text)
{
	struct gate limit;
	int status;

	assert_int_equal(gate_parse(&limit, text), 0);
	status = gate_check(&limit, &found->set.list[0]);
	gate_free(&limit);
	return status;
}

/* Any one of them missing, and there is no claim. */
static void each_condition_counts(void **state)
{
	const struct timed good = {
		.effect = {.estimate = 5, .low = 1, .high = 9},
		.p = 0.001,
		.floor = 4.9,
		.adjusted = 0.05,
	};
	struct timed timed = good;

	(void)state;
	assert_true(timed_is_claimed(&timed));
	timed.effect = (struct interval){.estimate = -5, .low = -9, .high = -1};
	assert_true(timed_is_claimed(&timed));
	timed.effect.high = 0;
	assert_false(timed_is_claimed(&timed));
	timed = good;
	timed.effect.low = 0;
	assert_false(timed_is_claimed(&timed));
	timed = good;
	timed.adjusted = 0.051;
	assert_false(timed_is_claimed(&timed));
	timed.adjusted = NAN;
	assert_false(timed_is_claimed(&timed));
	timed = good;
	timed.floor = 5;
	assert_false(timed_is_claimed(&timed));
	timed.floor = NAN;
	assert_false(timed_is_claimed(&timed));
}

/* A variant that is slower by 10 %, on a machine that repeats within 1 %. */
static void slower_is_found(void **state)
{
	struct found found = {};

	(void)state;
	make_arm(".", "kvm", "a", "bare", BLOCKS, 0, 0);
	make_arm(".", "kvm", "a", "bare-again", BLOCKS, 0, 1);
	make_arm(".", "kvm", "b", "bare", BLOCKS, 10, 1);
	compare(&found, ".", NULL);
	assert_non_null(found.row);
	assert_int_equal(found.row->count_a, BLOCKS);
	/* fork's mean and max: the A/A cells are no metric of their own. */
	assert_int_equal(found.set.tests, 2);
	assert_near(found.row->timed.p, 2 / 16384.0, 1e-12);
	assert_near(found.row->timed.adjusted, 2 * 2 / 16384.0, 1e-12);
	assert_true(found.row->timed.floor > 0 && found.row->timed.floor < 8);
	assert_true(timed_is_claimed(&found.row->timed));
	assert_int_equal(found.row->change.kind, CHANGE_VALUE);
	assert_near(found.row->change.percent.median, 10, 0.5);
	assert_true(found.row->change.percent.min > 9);
	assert_int_equal(gate(&found, "op.fork.mean_ns=5%"), STAT_DIFFERENT);
	assert_int_equal(gate(&found, "op.fork.mean_ns=11%"), STAT_OK);
	forget(&found);
}

/* The same kernel under two names. */
static void noise_is_not_claimed(void **state)
{
	struct found found = {};

	(void)state;
	make_arm(".", "kvm", "a", "bare", BLOCKS, 0, 0);
	make_arm(".", "kvm", "a", "bare-again", BLOCKS, 0, 2);
	make_arm(".", "kvm", "b", "bare", BLOCKS, 0, 1);
	compare(&found, ".", NULL);
	assert_int_equal(found.row->change.kind, CHANGE_MIXED);
	assert_int_equal(gate(&found, "op.fork.mean_ns=0"), STAT_OK);
	forget(&found);
}

/* Sure, and yet no more than the machine does to itself between boots. */
static void less_than_the_floor_is_not_claimed(void **state)
{
	struct found found = {};

	(void)state;
	make_arm(".", "kvm", "a", "bare", BLOCKS, 0, 0);
	make_arm(".", "kvm", "a", "bare-again", BLOCKS, -3, 0);
	make_arm(".", "kvm", "b", "bare", BLOCKS, 2, 0);
	compare(&found, ".", NULL);
	assert_true(found.row->timed.adjusted < EVIDENCE_ALPHA);
	assert_true(found.row->timed.effect.low > 0);
	assert_false(timed_is_claimed(&found.row->timed));
	assert_int_equal(found.row->change.kind, CHANGE_MIXED);
	forget(&found);
}

static void without_a_floor_nothing_is_claimed(void **state)
{
	struct found found = {};

	(void)state;
	make_arm(".", "host", "a", "bare", BLOCKS, 0, 0);
	make_arm(".", "host", "b", "bare", BLOCKS, 50, 1);
	compare(&found, ".", NULL);
	assert_true(isnan(found.row->timed.floor));
	assert_int_equal(found.row->change.kind, CHANGE_MIXED);
	forget(&found);
}

/* The comparison as text, to be freed. */
static char *print_run(void)
{
	struct found found = {};
	struct diff_view view = {.set = &found.set};
	char *text = NULL;
	size_t size;
	FILE *file;

	compare(&found, ".", NULL);
	file = open_memstream(&text, &size);
	assert_non_null(file);
	assert_int_equal(diff_print_text(&view, file), 0);
	assert_int_equal(fclose(file), 0);
	forget(&found);
	return text;
}

/* Five boots can all go one way by chance: p is 0.0625 at best. */
static void few_blocks_claim_nothing(void **state)
{
	struct found found = {};
	char *text;

	(void)state;
	make_arm(".", "kvm", "a", "bare", 5, 0, 0);
	make_arm(".", "kvm", "a", "bare-again", 5, 0, 1);
	make_arm(".", "kvm", "b", "bare", 5, 50, 1);
	compare(&found, ".", NULL);
	assert_near(found.row->timed.p, 2 / 32.0, 1e-12);
	assert_int_equal(found.row->change.kind, CHANGE_MIXED);
	forget(&found);
	/* And the reader is told what it takes: 2 / 2^7 x 2 is below 0.05. */
	text = print_run();
	assert_non_null(strstr(text, "Too few boots to claim anything: 2"));
	free(text);
}

/* Blocks of two runs have nothing to do with each other. */
/* All cells of a run on the running kernel are of one boot: one sample. */
static void one_boot_is_no_sample(void **state)
{
	struct found found = {};

	(void)state;
	make_arm("one", "host", "a", "bare", BLOCKS, 0, 0);
	make_arm("one", "host", "a", "bare-again", BLOCKS, 0, 1);
	make_arm("two", "host", "b", "bare", BLOCKS, 50, 1);
	compare(&found, "one", "two");
	assert_true(isnan(found.row->timed.floor));
	assert_int_equal(found.row->change.kind, CHANGE_MIXED);
	assert_int_equal(found.set.tests, 0);
	forget(&found);
}

static void runs_are_not_paired(void **state)
{
	struct found found = {};

	(void)state;
	make_arm("one", "kvm", "a", "bare", BLOCKS, 0, 0);
	make_arm("one", "kvm", "a", "bare-again", BLOCKS, 0, 1);
	make_arm("two", "kvm", "b", "bare", BLOCKS - 2, 30, 1);
	compare(&found, "one", "two");
	assert_false(found.set.list[0].groups[0].paired);
	assert_int_equal(found.set.list[0].pairs, BLOCKS - 2);
	assert_int_equal(found.row->count_a, BLOCKS);
	assert_int_equal(found.row->count_b, BLOCKS - 2);
	/* All of B above all of A: 2 of 26 over 12 ways. */
	assert_near(found.row->timed.p, 2 / 9657700.0, 1e-12);
	assert_int_equal(found.row->change.kind, CHANGE_VALUE);
	forget(&found);
}

/* Instructions executed against seconds: neither more nor less. */
static void kinds_are_never_mixed(void **state)
{
	struct found found = {};

	(void)state;
	make_arm("one", "exact", "a", "bare", BLOCKS, 0, 0);
	make_arm("two", "kvm", "b", "bare", BLOCKS, 0, 0);
	compare(&found, "one", "two");
	assert_int_equal(found.set.list[0].pairs, 0);
	assert_null(found.row);
	forget(&found);
}

static void racing_threads_claim_nothing(void **state)
{
	struct found found = {};

	(void)state;
	make_arm(".", "tcg", "a", "bare", BLOCKS, 0, 0);
	make_arm(".", "tcg", "a", "bare-again", BLOCKS, 0, 1);
	make_arm(".", "tcg", "b", "bare", BLOCKS, 50, 0);
	compare(&found, ".", NULL);
	assert_int_equal(found.set.tests, 0);
	assert_int_equal(found.row->change.kind, CHANGE_MIXED);
	assert_true(isnan(found.row->change.percent.median));
	forget(&found);
}

/* Random numbers are drawn: the same run must give the same page. */
static void same_bytes_again(void **state)
{
	char *first, *second;

	(void)state;
	make_arm(".", "kvm", "a", "bare", BLOCKS, 0, 0);
	make_arm(".", "kvm", "a", "bare-again", BLOCKS, 0, 1);
	make_arm(".", "kvm", "b", "bare", BLOCKS, 10, 1);
	first = print_run();
	second = print_run();
	assert_string_equal(first, second);
	assert_non_null(strstr(first, "rcu-default kvm\n"));
	assert_non_null(strstr(first, "Timed evidence"));
	assert_null(strstr(first, "Exact evidence"));
	assert_non_null(strstr(first, "p<0.001"));
	free(first);
	free(second);
}

/* The report of a timed run: intervals, and no word of instructions. */
static void report_has_intervals(void **state)
{
	struct run run;
	char *text = NULL;
	size_t size;
	FILE *file;

	(void)state;
	make_arm(".", "kvm", "a", "bare", BLOCKS, 0, 0);
	make_arm(".", "kvm", "a", "probed", BLOCKS, 5, 1);
	assert_int_equal(run_load(&run, "."), STAT_OK);
	file = open_memstream(&text, &size);
	assert_non_null(file);
	assert_int_equal(summary_print(&run, file), 0);
	assert_int_equal(fclose(file), 0);
	assert_non_null(strstr(text, "fork (time) +5.0"));
	assert_non_null(strstr(text, "% [+4."));
	assert_non_null(strstr(text, "Timed: "));
	assert_null(strstr(text, "instructions executed"));
	free(text);
	run_free(&run);
}

/* The run in the current directory as a report, to be freed. */
static char *summarise(bool try_timed)
{
	struct run run;
	char *text = NULL;
	size_t size;
	FILE *file;

	assert_int_equal(run_load(&run, "."), STAT_OK);
	if (try_timed)
		run_try_timed(&run);
	file = open_memstream(&text, &size);
	assert_non_null(file);
	assert_int_equal(summary_print(&run, file), 0);
	assert_int_equal(fclose(file), 0);
	run_free(&run);
	return text;
}

/* What may be claimed is in the report, with what it takes to believe it. */
static void report_has_claims(void **state)
{
	char *text;

	(void)state;
	make_arm(".", "kvm", "a", "bare", BLOCKS, 0, 0);
	make_arm(".", "kvm", "a", "bare-again", BLOCKS, 0, 1);
	make_arm(".", "kvm", "b", "bare", BLOCKS, 10, 1);
	text = summarise(false);
	assert_non_null(strstr(text, "DIFFERENCES: against a, as far as they"));
	assert_non_null(strstr(text, "+10.1 % [+9.5"));
	assert_non_null(strstr(text, "14 blocks"));
	assert_null(strstr(text, "Too few boots"));
	assert_null(strstr(text, "seeds"));
	free(text);
}

/* Rows that no A/A stands beside cost those nothing that have one. */
static void what_cannot_be_claimed_is_not_corrected_for(void **state)
{
	struct found found = {};
	char *text;

	(void)state;
	make_arm(".", "kvm", "a", "bare", BLOCKS, 0, 0);
	make_arm(".", "kvm", "a", "bare-again", BLOCKS, 0, 1);
	make_arm(".", "kvm", "b", "bare", BLOCKS, 10, 1);
	make_job(".", "kvm", "a", "bare", 2, BLOCKS, 0, 0);
	make_job(".", "kvm", "b", "bare", 2, BLOCKS, 10, 1);
	compare(&found, ".", NULL);
	assert_int_equal(found.set.list[0].count, 2);
	assert_int_equal(found.set.tests, 2);
	assert_int_equal(found.row->change.kind, CHANGE_VALUE);
	forget(&found);
	text = print_run();
	assert_non_null(strstr(text, "  2 comparisons more have no A/A arm"));
	assert_non_null(strstr(text, "no A/A\n"));
	assert_null(strstr(text, "nan"));
	free(text);
}

/* The method may be tried on what is no evidence, by those who ask for it. */
static void trying_says_so_first(void **state)
{
	struct found found = {};
	struct diff_view view = {.set = &found.set};
	struct diff_side a = {&found.a, "a"}, b = {&found.a, "b"};
	char *text = NULL;
	size_t size;
	FILE *file;

	(void)state;
	make_arm(".", "tcg", "a", "bare", BLOCKS, 0, 0);
	make_arm(".", "tcg", "a", "bare-again", BLOCKS, 0, 1);
	make_arm(".", "tcg", "b", "bare", BLOCKS, 10, 1);
	text = summarise(false);
	assert_null(strstr(text, "DIFFERENCES"));
	free(text);
	text = summarise(true);
	assert_non_null(strstr(text, "DIFFERENCES"));
	free(text);
	assert_int_equal(run_load(&found.a, "."), STAT_OK);
	run_try_timed(&found.a);
	assert_int_equal(diff_set_build(&found.set, a, &b, 1), 0);
	file = open_memstream(&text, &size);
	assert_non_null(file);
	assert_int_equal(diff_print_text(&view, file), 0);
	assert_int_equal(fclose(file), 0);
	assert_memory_equal(text, RUN_TRIED "\n", strlen(RUN_TRIED "\n"));
	assert_non_null(strstr(text, "p<0.001"));
	free(text);
	forget(&found);
}

/* Targets describe a machine as they like; people read it in a line. */
static void machine_is_told(void **state)
{
	struct manifest manifest = {json_loads(
		"{\"machines\": [{\"smt\": 4, \"mmu_mode\": \"radix\", "
		"\"idle\": "
		"{\"states\": [\"snooze\", \"stop2\"]}, \"kvm\": true, \"x\": "
		"null}, {\"smt\": 8}]}",
		0, NULL)};
	char *text = NULL;
	size_t size;
	FILE *file;

	(void)state;
	assert_non_null(manifest.json);
	file = open_memstream(&text, &size);
	assert_non_null(file);
	manifest_machines(&manifest, file);
	assert_int_equal(fclose(file), 0);
	assert_string_equal(text,
			    "\nTHE MACHINE\n  smt 4, mmu mode radix, idle "
			    "(states snooze stop2), kvm yes, x -; smt "
			    "8\n");
	free(text);
	manifest_free(&manifest);
}

#define RUN_TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RUN_TEST(each_condition_counts),
		RUN_TEST(noise_is_not_claimed),
		RUN_TEST(less_than_the_floor_is_not_claimed),
		RUN_TEST(without_a_floor_nothing_is_claimed),
		RUN_TEST(few_blocks_claim_nothing),
		RUN_TEST(one_boot_is_no_sample),
		RUN_TEST(runs_are_not_paired),
		RUN_TEST(kinds_are_never_mixed),
		RUN_TEST(racing_threads_claim_nothing),
		RUN_TEST(same_bytes_again),
		RUN_TEST(report_has_intervals),
		RUN_TEST(report_has_claims),
		RUN_TEST(machine_is_told),
		RUN_TEST(what_cannot_be_claimed_is_not_corrected_for),
		RUN_TEST(trying_says_so_first),
		RUN_TEST(slower_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
