// SPDX-License-Identifier: GPL-2.0
/*
 * The registry's tables: a workload that does not fit what pfd-load keeps for
 * it, or whose defaults its own limits refuse, is found here and not in a
 * guest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "load.h"
#include "vm.h"
#include "workload.h"

static void test_names(void **state)
{
	int i;

	(void)state;
	for (i = 0; workloads[i]; i++) {
		assert_non_null(workloads[i]->name);
		/* Names are parts of file names; and no two are the same. */
		assert_int_equal(strspn(workloads[i]->name,
					"abcdefghijklmnopqrstuvwxyz-"),
				 strlen(workloads[i]->name));
		assert_ptr_equal(workload_find(workloads[i]->name),
				 workloads[i]);
		assert_non_null(workloads[i]->title);
		assert_non_null(workloads[i]->help);
		assert_non_null(workloads[i]->run);
	}
}

/* What a collapse does to tables is claimed for the kernel that is booted. */
static void test_defers(void **state)
{
	(void)state;
	assert_true(
		load_release_defers("6.12.117-pfd-landed-64k-0123456789ab"));
	assert_true(load_release_defers("7.2.13"));
	assert_true(load_release_defers("6.6.0"));
	assert_false(load_release_defers("6.5.13"));
	assert_false(load_release_defers("6.1.192-pfd-pre-series-64k-0123"));
	assert_false(load_release_defers("5.19.0"));
	assert_true(load_release_defers("mainline"));
}

static void test_limits(void **state)
{
	const struct param *param;
	const struct workload *w;
	uint64_t values[LOAD_MAX_PARAMS];
	char setting[80], error[160];
	int i, n;

	(void)state;
	for (i = 0; workloads[i]; i++) {
		w = workloads[i];
		for (n = 0; w->ops && w->ops[n]; n++)
			;
		assert_in_range(n, 0, LOAD_MAX_OPS);
		for (n = 0; w->params && w->params[n].name; n++)
			;
		assert_in_range(n, 0, LOAD_MAX_PARAMS);
		assert_int_equal(workload_defaults(w, values), n);
		for (param = w->params; param && param->name; param++) {
			snprintf(setting, sizeof(setting), "%s=%llu",
				 param->name, (unsigned long long)param->def);
			assert_int_equal(workload_set_param(w, setting, values,
							    error,
							    sizeof(error)),
					 0);
		}
	}
}

/* Names are taken from where they are, units made bytes, the rest left out. */
static void test_vm(void **state)
{
	static struct vm_snapshot vm = {
		.vmstat = "nr_free_pages 5\nnr_zone_active_anon 7\n"
			  "thp_collapse_alloc 3\noom_kill 0\n",
		.meminfo =
			"MemTotal:        1024 kB\nMemFree:           12 kB\n"
			"PageTables:         64 kB\n",
	};
	json_t *object = vm_to_json(&vm), *expected;

	(void)state;
	expected = json_pack("{si, si, si, si, si, si}", "nr_free_pages", 5,
			     "thp_collapse_alloc", 3, "oom_kill", 0,
			     "mem_total_bytes", 1048576, "mem_free_bytes",
			     12288, "page_tables_bytes", 65536);
	assert_true(json_equal(object, expected));
	json_decref(object);
	json_decref(expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_defers),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_vm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
