// SPDX-License-Identifier: GPL-2.0
/*
 * What a comparison is read from: nothing wider than a mail, nothing about
 * other runs left unsaid, and files that programs can read.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "cells.h"
#include "commands.h"
#include "message.h"
#include "runs.h"

static const struct cell_spec cells[] = {
	{"a1", "a", "bare", 1, 100, 17, true},
	{"a2", "a", "bare", 2, 104, 17, true},
	{"a3", "a", "bare", 3, 110, 17, true},
	{"b1", "b", "bare", 1, 110, 17, true},
	{"b2", "b", "bare", 2, 115, 17, true},
	{"b3", "b", "bare", 3, 120, 17, true},
	{"c1", "c", "bare", 1, 100, 17, true},
	{"c2", "c", "bare", 2, 104, 17, true},
	{"c3", "c", "bare", 3, 112, 17, false},
};

static int enter(void **state)
{
	(void)state;
	cell_enter();
	run_make("one", "exact", cells, sizeof(cells) / sizeof(cells[0]));
	cell_write("one/manifest.json", run_manifest);
	cell_write("one/verified.tsv", "a\t64k\tradix\tpass\t\n"
				       "b\t64k\tradix\tpass\t\n"
				       "c\t64k\tradix\tpass\t\n");
	return 0;
}

static int leave(void **state)
{
	(void)state;
	cell_leave();
	return 0;
}

/* Runs the command; its standard output is to be freed. */
static char *run_diff(int expected, const char *line)
{
	FILE *saved = stdout;
	char *words[24], *copy, *rest, *text = NULL;
	size_t size;
	int count = 0, status;

	rest = copy = strdup(line);
	assert_non_null(copy);
	while ((words[count] = strsep(&rest, " ")))
		count++;
	stdout = open_memstream(&text, &size);
	assert_non_null(stdout);
	optind = 0;
	status = command_diff.run(count, words);
	fclose(stdout);
	stdout = saved;
	free(copy);
	assert_int_equal(status, expected);
	return text;
}

static void check_width(char *text)
{
	char *line;

	while ((line = strsep(&text, "\n"))) {
		if (strlen(line) > 80)
			fail_msg("wider than 80 columns: %s", line);
		assert_true(!*line || line[strlen(line) - 1] != ' ');
	}
}

static void expect(char *text, const char *const *parts)
{
	for (; *parts; parts++) {
		if (!strstr(text, *parts))
			fail_msg("no '%s' in:\n%s", *parts, text);
	}
	check_width(text);
	free(text);
}

static void two_variants(void **state)
{
	char *text = run_diff(STAT_OK, "diff one a one b");

	(void)state;
	/* No word of other runs, where there is none. */
	assert_null(strstr(text, "etween the runs"));
	expect(text, (const char *const[]){"A: a (one)", "B: b (one)", "3/3",
					   "+10.0 %", "[+9.09 +10.6]",
					   "Exact evidence", NULL});
}

static void three_variants(void **state)
{
	(void)state;
	expect(run_diff(STAT_OK, "diff one a one b one c"),
	       (const char *const[]){
		       "against A: c (one)", "metric           a        b  c\n",
		       "  .mean_ns  104 ns  +10.0 %  =\n",
		       "c: 1 cell not valid", "a: 1 valid cell without", NULL});
}

/* Nobody is to believe a figure of a kernel that is not correct. */
static void what_the_gate_says_is_shown(void **state)
{
	(void)state;
	cell_write("one/verified.tsv", "a\t64k\tradix\tpass\t\n"
				       "b\t64k\tradix\tfail\tdouble free\n");
	expect(run_diff(STAT_OK, "diff one a one b one c"),
	       (const char *const[]){" a       b!  c?\n",
				     "b! on 64k radix: failed the gate",
				     "c? on 64k radix: not verified", NULL});
	expect(run_diff(STAT_OK, "diff one a one b"),
	       (const char *const[]){"A a, B b!; seeds paired", NULL});
}

static void mail_has_all_that_is_asked_for(void **state)
{
	(void)state;
	expect(run_diff(STAT_OK, "diff one a one b --mail"),
	       (const char *const[]){
		       "Subject: pte_free_defer(): b against a "
		       "(exact)\n\n",
		       "\n---\n", "Debian package linux-source", "6.12.1 0123",
		       "0001-base.patch", "aaaaaaaaaaaa\n", "0001-b.patch dd",
		       "gcc 12", "QEMU 7.2", "git checkout 0123456789abcdef",
		       "./run.sh run --plan quick --seeds 3\n",
		       "./run.sh diff a b\n", NULL});
}

static void rows_for_programs(void **state)
{
	char *text = run_diff(STAT_OK, "diff one a one b --csv"), *rest = text;
	char *line;
	size_t lines = 0;

	(void)state;
	while ((line = strsep(&rest, "\n")) && *line) {
		size_t commas = 0, quotes = 0;

		for (; *line; line++) {
			quotes += *line == '"';
			commas += *line == ',' && quotes % 2 == 0;
		}
		assert_int_equal(commas, 29);
		lines++;
	}
	assert_int_equal(lines, 3); /* a heading, mean_ns, max_ns */
	free(text);
	text = run_diff(STAT_OK, "diff one a one b one c --json");
	assert_non_null(strstr(text, "\"between_runs\": []"));
	assert_non_null(strstr(text, "\"gate\": {\n      \"a\": \"pass\""));
	free(text);
}

/* A number of two runs may differ for reasons that are no variant's. */
static void what_differs_between_runs_comes_first(void **state)
{
	char *other = cell_replace(run_manifest, "gcc 12", "gcc 13");
	char *third = cell_replace(other, "QEMU 7.2", "QEMU \\u001b[31m");
	char *text, *first;

	(void)state;
	run_make("two", "exact", cells, 3);
	cell_write("two/manifest.json", run_manifest);
	expect(run_diff(STAT_OK, "diff one a two a"),
	       (const char *const[]){"Nothing else differs", NULL});
	cell_write("two/manifest.json", third);
	text = run_diff(STAT_OK, "diff one a two a");
	first = strstr(text, "64k kernel: compiler: A gcc 12; B gcc 13\n");
	assert_non_null(first);
	assert_true(first < strstr(text, "metric"));
	/* Nothing that a terminal would obey. */
	assert_non_null(strstr(text, "emulator: A QEMU 7.2; B QEMU ?[31m\n"));
	free(text);
	assert_int_equal(remove("two/manifest.json"), 0);
	expect(run_diff(STAT_OK, "diff one a two a"),
	       (const char *const[]){"is not known", NULL});
	free(other);
	free(third);
}

/* In one run too: a variant may have a base of its own. */
static void other_bases_are_said(void **state)
{
	const char *patches = "\"patches\":[{\"file\":\"0001-b.patch\"";
	char *version, *part, *other;

	(void)state;
	/* Only the second kernel's configuration. */
	assert_true(
		asprintf(&version, "%.*s",
			 (int)(strstr(run_manifest, patches) - run_manifest),
			 run_manifest) >= 0);
	part = cell_replace(strstr(run_manifest, patches), "aaaaaaaa",
			    "bbbbbbbb");
	assert_true(asprintf(&other, "%s%s", version, part) >= 0);
	cell_write("one/manifest.json", other);
	expect(run_diff(STAT_OK, "diff one a one b"),
	       (const char *const[]){
		       "not built alike",
		       "64k kernel: configuration: A aaaaaaaaaaaa; B "
		       "bbbbbbbbaaaa",
		       NULL});
	free(version);
	free(part);
	free(other);
}

static void bad_input(void **state)
{
	(void)state;
	assert_non_null(freopen("stderr", "we", stderr));
	free(run_diff(STAT_USAGE, "diff one a one"));
	free(run_diff(STAT_USAGE, "diff one a"));
	free(run_diff(STAT_USAGE, "diff one a one nosuch"));
	free(run_diff(STAT_USAGE, "diff one a nosuch a"));
	free(run_diff(STAT_USAGE, "diff one a one b --json --csv"));
	free(run_diff(STAT_USAGE, "diff one a one b --frob"));
	free(run_diff(STAT_USAGE, "diff one a one b --fail-on op.fork=1"));
	free(run_diff(STAT_DIFFERENT,
		      "diff one a one b --fail-on op.fork.mean_ns=1%"));
	/* A cell of c is not valid: there may be anything in it. */
	free(run_diff(STAT_INVALID,
		      "diff one a one c --fail-on op.fork.mean_ns=99%"));
	cell_write("one/manifest.json", "{\"plan\":");
	free(run_diff(STAT_INVALID, "diff one a one b"));
	cell_write("one/manifest.json", "[]");
	free(run_diff(STAT_INVALID, "diff one a one b"));
	/* Of the right form, and nothing in it is what it should be. */
	cell_write("one/manifest.json",
		   "{\"kernels\":[1,{\"variant\":[],\"pages\":{}}],\"git\":5,"
		   "\"guest\":{\"images\":[[]],\"libraries\":[{}]}}");
	free(run_diff(STAT_OK, "diff one a one b --mail"));
}

#define RUN_TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RUN_TEST(two_variants),
		RUN_TEST(three_variants),
		RUN_TEST(what_the_gate_says_is_shown),
		RUN_TEST(mail_has_all_that_is_asked_for),
		RUN_TEST(rows_for_programs),
		RUN_TEST(what_differs_between_runs_comes_first),
		RUN_TEST(other_bases_are_said),
		/* Sends stderr elsewhere, for good. */
		RUN_TEST(bad_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
