// SPDX-License-Identifier: GPL-2.0
/*
 * Sweeps: one parameter of a workload with several values, each of which
 * becomes cells that can be told apart.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "plans.h"

/* The values of the swept parameter, and of no other, are in the ids. */
static void test_values(void **state)
{
	struct plan plan;
	struct seen seen;

	(void)state;
	assert_int_equal(read_plan(&plan,
				   "[plan]\nvariants = everywhere\n"
				   "workloads = exit null\n"
				   "arms = bare\nseeds = 1\n"
				   "[workload exit]\nprocesses = 1, 4 16\n"
				   "tables = 3\n"),
			 0);
	assert_int_equal(cells(&plan, &seen), 0);
	assert_int_equal(seen.count, 3 + 1);
	assert_string_equal(seen.ids.name[0],
			    "everywhere.64k.radix.power9.smp2.default."
			    "exit-processes1.bare.s1");
	assert_string_equal(seen.ids.name[2],
			    "everywhere.64k.radix.power9.smp2.default."
			    "exit-processes16.bare.s1");
	assert_string_equal(seen.ids.name[3],
			    "everywhere.64k.radix.power9.smp2.default."
			    "null.bare.s1");
	names_free(&seen.ids);
	/* The guest is told the value. */
	assert_int_equal(plan_set(&plan, "workloads", "exit", &failure), 0);
	assert_int_equal(cells(&plan, &seen), 0);
	assert_non_null(strstr(seen.last,
			       "\tprocesses\tinitramfs\tprocesses=16 "
			       "tables=3 "));
	names_free(&seen.ids);
	plan_free(&plan);
}

/* One value is none to sweep over; neither are CPUs, unless told. */
static void test_no_sweep(void **state)
{
	static const char *const plans[] = {
		"[plan]\nworkloads = exit\n[workload exit]\nprocesses = 3\n",
		"[plan]\nworkloads = exit\nsmp = 1 2\n",
		"[plan]\nworkloads = exit\nsmp = 2\nsweep = smp\n",
	};
	struct plan plan;
	struct seen seen;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(read_plan(&plan, plans[i]), 0);
		assert_int_equal(cells(&plan, &seen), 0);
		assert_non_null(strstr(seen.last, "\t-\tinitramfs\t"));
		assert_null(strstr(seen.last, "exit-"));
		names_free(&seen.ids);
		plan_free(&plan);
	}
}

static void test_option(void **state)
{
	static const char *const bad[] = {
		"",
		"exit",
		"exit.processes",
		"exit=3",
		"exit.=3",
		".processes=3",
		"exit.processes=",
		"exit.processes=3,3",
		"exit.processes=3,x",
		"exit.process=3",
		"nope.processes=3",
		"exit.tables=1,2",
	};
	struct plan plan;
	struct seen seen;
	size_t i;

	(void)state;
	assert_int_equal(read_plan(&plan, "[plan]\nvariants = everywhere\n"
					  "workloads = exit\narms = bare\n"
					  "seeds = 1\n[workload exit]\n"
					  "processes = 1 2\n"),
			 0);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (!plan_set_option(&plan, bad[i], &failure))
			fail_msg("'%s' is accepted", bad[i]);
	/* It replaces; what was refused left nothing behind. */
	assert_int_equal(
		plan_set_option(&plan, "exit.processes=5,6,7", &failure), 0);
	assert_int_equal(plan_check(&plan, &failure), 0);
	assert_int_equal(cells(&plan, &seen), 0);
	assert_int_equal(seen.count, 3);
	names_free(&seen.ids);
	assert_int_equal(plan_set_option(&plan, "exit.processes=5", &failure),
			 0);
	assert_int_equal(plan_set_option(&plan, "exit.tables=1 2", &failure),
			 0);
	assert_int_equal(cells(&plan, &seen), 0);
	assert_int_equal(seen.count, 2);
	assert_non_null(strstr(seen.last, "exit-tables2."));
	names_free(&seen.ids);
	/* Nobody would notice that it changed nothing. */
	assert_int_equal(plan_set_option(&plan, "null.operations=5", &failure),
			 0);
	assert_int_not_equal(plan_check(&plan, &failure), 0);
	plan_free(&plan);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} all[] = {
		{"[plan]\n[workload exit]\nprocesses = 1 2\ntables = 1 2\n",
		 "[workload exit] sweeps processes already"},
		{"[plan]\n[workload exit]\nprocesses = 1 2 01\n",
		 "01 is given twice"},
		{"[plan]\n[workload exit]\nprocesses = 1 2 0\n",
		 "'0' is not a whole number"},
		{"[plan]\n[workload exit]\nprocesses = 1 2\n 3 4\n",
		 "'processes' is given twice"},
		{"[plan]\n[workload exit]\nprocesses = 1\n"
		 "[workload exit]\nprocesses = 2\n",
		 "'processes' is given twice"},
		{"[plan]\n[workload exit]\nprocesses = 1 2 3 4 5 6 7 8 9 10 11 "
		 "12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 "
		 "32 33\n",
		 "more than 32 values"},
		{"[plan]\nsweep = processes\n",
		 "unknown sweep 'processes': there are smp"},
		{"[plan]\nsmp = 1 2\nsweep = smp\n"
		 "[workload exit]\nprocesses = 1 2\n",
		 "a cell belongs to one sweep"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(*all); i++)
		assert_refused(all[i].text, all[i].why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_no_sweep),
		cmocka_unit_test(test_option),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
