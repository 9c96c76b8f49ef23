// SPDX-License-Identifier: GPL-2.0
/*
 * The table of a run that is under way: it must show what there is, also when
 * a result is only half there, and not trust what it reads.
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
#include "live.h"
#include "message.h"
#include "sample_run.h"

#define LINE(id, variant, workload, arm)                                       \
	id "\t" variant "\t64k\tradix\tpower9\t2\tdefault\t" workload "\t" arm \
	   "\t1\n"
#define PLAN                                                                   \
	LINE("c1", "v1", "w", "probed")                                        \
	LINE("c2", "v1", "w", "bare")                                          \
	LINE("c3", "v2", "w", "probed") LINE("c4", "v2", "x", "probed")

static void finish(const char *name, const char *status)
{
	char *guest = cell_double(), path[64];

	run_put(name, "", guest, "", RUN_VALID);
	snprintf(path, sizeof(path), "cells/%s/status", name);
	cell_write(path, status);
	free(guest);
}

static void assert_shows(struct live *live, const char *expected)
{
	char *text;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	assert_non_null(file);
	assert_int_equal(live_update(live), 0);
	assert_int_equal(live_print(live, file), 0);
	assert_int_equal(fclose(file), 0);
	assert_string_equal(text, expected);
	free(text);
}

static void results_fill_it_in(void **state)
{
	struct live live;

	(void)state;
	cell_write("cells.tsv", PLAN);
	cell_write("verified.tsv", "v1\t64k\tradix\tpass\t\n"
				   "v2\t64k\thash\tpass\t\n");
	assert_int_equal(live_open(&live, "."), STAT_OK);
	assert_shows(&live, "variant  twice  2nd wait    w    x\n"
			    "v1           -         -  0/2    -\n"
			    "v2?          -         -  0/1  0/1\n"
			    "0 of 4 cells, 0 not valid\n");
	finish("c1", "valid\n");
	/* Nothing is said of a cell before it has its status. */
	finish("c2", "");
	assert_shows(&live, "variant  twice  2nd wait    w    x\n"
			    "v1       100 %     10 ns  1/2    -\n"
			    "v2?          -         -  0/1  0/1\n"
			    "1 of 4 cells, 0 not valid\n");
	cell_write("cells/c2/status", "valid\n");
	finish("c3", "invalid: loss: \033[2J\n");
	/* Its records are not valid, whatever they say. */
	assert_shows(&live, "variant  twice  2nd wait       w    x\n"
			    "v1       100 %     10 ns     2/2    -\n"
			    "v2?          -         -  !1 1/1  0/1\n"
			    "3 of 4 cells, 1 not valid; last: c3: invalid: "
			    "loss: ?[2J\n");
	live_close(&live);
}

static void plans_that_are_none_are_refused(void **state)
{
	static const char *const bad[] = {
		"c1\tv1\n",
		LINE("../c1", "v1", "w", "probed"),
		LINE("a/b", "v1", "w", "probed"),
		PLAN "\n",
	};
	struct live live;
	size_t i;

	(void)state;
	assert_int_equal(live_open(&live, "."), STAT_USAGE);
	live_close(&live);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cell_write("cells.tsv", bad[i]);
		assert_int_equal(live_open(&live, "."), STAT_FAILED);
		live_close(&live);
	}
}

#define RUN_TEST(name)                                                         \
	cmocka_unit_test_setup_teardown(name, run_enter, run_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RUN_TEST(results_fill_it_in),
		RUN_TEST(plans_that_are_none_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
