// SPDX-License-Identifier: GPL-2.0
/*
 * Plans: what a user writes must come out as exactly those cells, and whatever
 * else is in a file must come out as one line of error.
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "bases.h"
#include "list.h"
#include "plans.h"

static void test_names(void **state)
{
	struct names names = {0};
	char *joined;

	(void)state;
	assert_int_equal(names_split(&names, " b, a\tb,,c "), 0);
	joined = names_join(&names, "-");
	assert_string_equal(joined, "b-a-c");
	free(joined);
	names_sort(&names);
	assert_string_equal(names.name[0], "a");
	names_free(&names);
	joined = names_join(&names, ", ");
	assert_string_equal(joined, "");
	free(joined);
}

/* The product, each cell once, and `safe` by configuration. */
static void test_product(void **state)
{
	struct plan plan;
	struct seen seen;

	(void)state;
	assert_int_equal(read_plan(&plan, "[plan]\n"
					  "pages = 64k,\n 4k\n"
					  "smp = 1 4 1\n"
					  "workloads = null exit\n"
					  "seeds = 3\n"),
			 0);
	assert_int_equal(cells(&plan, &seen), 0);
	/* (1 variant on 64k + 2 on 4k) x smp x workloads x arms x seeds */
	assert_int_equal(seen.count, 3 * 2 * 2 * 2 * 3);
	assert_int_equal(seen.ids.count, seen.count);
	assert_true(names_has(&seen.ids, "only-4k.4k.radix.power9.smp4.default."
					 "exit.probed.s3"));
	names_free(&seen.ids);
	plan_free(&plan);
}

/*
 * All workloads, but what takes an image of its own, and those of the gate,
 * only if somebody asks.
 */
static void test_default_workloads(void **state)
{
	const struct workload *const *w;
	struct cell cell = {0};
	struct plan plan;

	(void)state;
	assert_int_equal(plan_init(&plan, &failure), 0);
	for (w = workloads; *w; w++) {
		assert_int_equal(names_has(&plan.workloads, (*w)->name),
				 !(*w)->for_tests && !(*w)->gate &&
					 !(*w)->image);
		cell.workload = *w;
		assert_string_equal(cell_image(&cell),
				    (*w)->image ? (*w)->image : "initramfs");
	}
	plan_free(&plan);
}

/* What the probe costs is asked once, not for every seed. */
static void test_stats(void **state)
{
	struct plan plan;
	struct seen seen;

	(void)state;
	assert_int_equal(read_plan(&plan, "[plan]\nvariants = everywhere\n"
					  "workloads = null\nseeds = 3\n"
					  "arms = bare stats\n"),
			 0);
	assert_int_equal(cells(&plan, &seen), 0);
	assert_int_equal(seen.count, 3 + 1);
	assert_true(names_has(&seen.ids, "everywhere.64k.radix.power9.smp2."
					 "default.null.stats.s1"));
	names_free(&seen.ids);
	plan_free(&plan);
}

/* A variant that is not correct somewhere is refused there, unless told. */
static void test_unsafe(void **state)
{
	struct plan plan;
	struct seen seen;

	(void)state;
	assert_int_equal(read_plan(&plan, "[plan]\nvariants = only-4k\n"
					  "workloads = null\nseeds = 1\n"),
			 0);
	assert_int_not_equal(cells(&plan, &seen), 0);
	assert_non_null(
		strstr(failure.text, "'only-4k' is not correct on 64k-"));
	assert_int_equal(seen.count, 0);
	plan.allow_unsafe = true;
	assert_int_equal(cells(&plan, &seen), 0);
	assert_int_equal(seen.count, 2);
	assert_non_null(strstr(seen.last, "\tno\tcb_b,cb_c\t"));
	names_free(&seen.ids);
	plan_free(&plan);
}

/* No huge pages on 4k-hash: what needs them is left out, the rest is not. */
static void test_left_out(void **state)
{
	struct plan plan;
	struct seen seen;

	(void)state;
	assert_int_equal(read_plan(&plan, "[plan]\nvariants = everywhere\n"
					  "pages = 4k\nmmu = radix hash\n"
					  "workloads = thp-collapse null\n"
					  "arms = bare\nseeds = 1\n"),
			 0);
	assert_int_equal(cells(&plan, &seen), 0);
	assert_int_equal(seen.count, 3);
	names_free(&seen.ids);
	assert_int_equal(plan_set(&plan, "mmu", "hash", &failure), 0);
	assert_int_equal(plan_set(&plan, "workloads", "thp-collapse", &failure),
			 0);
	assert_int_not_equal(cells(&plan, &seen), 0);
	assert_non_null(strstr(failure.text, "no cells"));
	plan_free(&plan);
}

/* The command line replaces; it does not add. */
static void test_set_replaces(void **state)
{
	struct plan plan;

	(void)state;
	assert_int_equal(read_plan(&plan, "[plan]\npages = 64k 4k\n"), 0);
	assert_int_equal(plan_set(&plan, "pages", "4k", &failure), 0);
	assert_int_equal(plan.pages.count, 1);
	assert_string_equal(plan.pages.name[0], "4k");
	assert_int_equal(plan_set(&plan, "pages", " , ", &failure), 0);
	assert_int_not_equal(plan_check(&plan, &failure), 0);
	plan_free(&plan);
}

static void test_parameters(void **state)
{
	struct plan plan;
	struct seen seen;

	(void)state;
	assert_int_equal(read_plan(&plan, "[plan]\nworkloads = thp-collapse\n"
					  "[workload thp-collapse]\n"
					  "ranges = 7\n"),
			 0);
	assert_int_equal(cells(&plan, &seen), 0);
	assert_non_null(strstr(seen.last, " ranges=7 "));
	assert_non_null(strstr(seen.last, "\tprocesses=17 "));
	names_free(&seen.ids);
	plan_free(&plan);
	assert_refused("[plan]\n[workload thp-collapse]\nranges = 7x\n",
		       "[workload thp-collapse]");
	assert_refused("[plan]\n[workload thp-collapse]\nnope = 7\n", "nope");
	assert_refused("[plan]\n[workload nope]\nranges = 7\n",
		       "unknown workload 'nope': there are thp-collapse");
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} all[] = {
		{"", "no [plan]"},
		{"[plan]\nvariant = x\n", "unknown key 'variant'"},
		{"[plans]\nseeds = 1\n", "unknown section [plans]"},
		{"[plan]\nseeds = 1\nseeds = 2\n", "twice"},
		{"[plan]\nseeds = 0\n", "seeds '0'"},
		{"[plan]\nseeds = 18446744073709551617\n", "no number"},
		{"[plan]\nseeds = -1\n", "seeds '-1'"},
		{"[plan]\nsmp = 33\n", "smp '33'"},
		{"[plan]\nsmp = 02\n", "smp '02'"},
		{"[plan]\npages = 16k\n", "unknown pages '16k'"},
		{"[plan]\ncpu = power8\n", "there are power9, power10"},
		{"[plan]\nmemory = 1T\n", "memory '1T'"},
		{"[plan]\nmemory = 99999999999999999999G\n", "memory"},
		{"[plan]\nskip = 16k-hash\n", "16k-hash"},
		{"[plan]\nworkloads = a\033[31mb\n", "unknown workload 'a?"},
		{"[plan]\narms =\n", "'arms' is empty"},
		{"[plan]\narms = stat\n", "there are bare, probed, stats"},
		{"[plan]\nwhat\n", "line 2"},
		{"[plan\nseeds = 1\n", "line 1"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(*all); i++)
		assert_refused(all[i].text, all[i].why);
}

static void test_long_line(void **state)
{
	char text[1000] = "[plan]\nworkloads = ";
	size_t i;

	(void)state;
	for (i = strlen(text); i < 900; i += 5)
		strcpy(text + i, "null ");
	assert_refused(text, "line 2 is longer");
}

/* A run has one base, and of `safe` only the variants that it has. */
static void test_base(void **state)
{
	struct variants variants = {0};
	struct plan plan;
	struct seen seen;

	(void)state;
	assert_int_equal(read_plan(&plan, "[plan]\nbase = 7.2\npages = 64k 4k\n"
					  "workloads = null\nseeds = 1\n"
					  "arms = bare\n"),
			 0);
	assert_int_equal(cells(&plan, &seen), 0);
	/* `everywhere` and `newer`; `only-4k` is of the default base */
	assert_int_equal(seen.count, 2 * 2);
	assert_true(names_has(&seen.ids, "newer.4k.radix.power9.smp2.default."
					 "null.bare.s1"));
	names_free(&seen.ids);

	assert_int_equal(plan_set(&plan, "variants", "newer", &failure), 0);
	assert_int_equal(plan_set(&plan, "base", VARIANT_BASE, &failure), 0);
	assert_int_not_equal(cells(&plan, &seen), 0);
	assert_non_null(strstr(failure.text, "'newer' is not there for base "
					     "6.12: it is for 7.2"));
	/* Nor has `all` what another base has. */
	assert_int_equal(plan_set(&plan, "variants", PLAN_ALL, &failure), 0);
	assert_int_equal(cells(&plan, &seen), 0);
	assert_int_equal(seen.count, 2 * 2);
	assert_false(names_has(&seen.ids, "newer.4k.radix.power9.smp2.default."
					  "null.bare.s1"));
	names_free(&seen.ids);
	/* Some workloads make no sense on some bases. */
	assert_int_equal(plan_set(&plan, "base", "6.1", &failure), 0);
	assert_int_equal(
		plan_set(&plan, "workloads", "last-fragments null", &failure),
		0);
	assert_int_equal(base_leave_out(PFD_SOURCE_DIR, &plan, NULL, &failure),
			 0);
	assert_int_equal(plan.workloads.count, 1);
	assert_string_equal(plan.workloads.name[0], "null");
	plan_free(&plan);
	assert_refused("[plan]\nbase = 6.1\nbase = 7.2\n", "twice");

	assert_int_equal(base_check(PFD_SOURCE_DIR, "7.2", &failure), 0);
	assert_int_not_equal(base_check(PFD_SOURCE_DIR, "5.15", &failure), 0);
	assert_non_null(strstr(failure.text, "'5.15': there are 6.1, 6.12"));
	assert_int_equal(find_variants(PFD_SOURCE_DIR, &variants, &failure), 0);
	assert_int_equal(names_split(&variants.variant[0].bases, "6.13"), 0);
	assert_int_not_equal(
		base_check_variants(PFD_SOURCE_DIR, &variants, &failure), 0);
	assert_non_null(strstr(failure.text, "unknown base '6.13'"));
	variants_free(&variants);
}

/* What a base leaves out has to be there. */
static void test_leave_out(void **state)
{
	char root[] = "/tmp/pfd-test.XXXXXX", path[200];
	struct plan plan = {.base = (char *)"x"};
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(root));
	snprintf(path, sizeof(path), "mkdir -p %s/kernels/bases/x", root);
	assert_int_equal(system(path), 0);
	snprintf(path, sizeof(path), "%s/kernels/bases/x/base.ini", root);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("[base]\ntitle = x\nleave_out = null nul\n", file);
	fclose(file);
	assert_int_not_equal(base_leave_out(root, &plan, NULL, &failure), 0);
	assert_non_null(strstr(failure.text,
			       "base.ini line 3: unknown workload 'nul'"));
	snprintf(path, sizeof(path), "rm -r %s", root);
	assert_int_equal(system(path), 0);
}

static int count(void *context, const struct cell *cell, struct plan_error *e)
{
	(void)cell;
	(void)e;
	(*(size_t *)context)++;
	return 0;
}

/* Every plan of the suite has cells, with the variants that there are. */
static void test_own_plans(void **state)
{
	struct variants variants = {0};
	size_t i, cells_count;
	glob_t plans;

	(void)state;
	assert_int_equal(find_variants(PFD_SOURCE_DIR, &variants, &failure), 0);
	assert_int_equal(glob(PFD_SOURCE_DIR "/plans/*.ini", 0, NULL, &plans),
			 0);
	for (i = 0; i < plans.gl_pathc; i++) {
		struct plan plan;

		assert_int_equal(plan_init(&plan, &failure), 0);
		cells_count = 0;
		if (plan_read(&plan, plans.gl_pathv[i], &failure) ||
		    plan_check(&plan, &failure) ||
		    plan_cells(&plan, &variants, NULL, count, &cells_count,
			       &failure))
			fail_msg("%s: %s", plans.gl_pathv[i], failure.text);
		assert_true(cells_count > 0);
		assert_true(*plan.title);
		plan_free(&plan);
	}
	globfree(&plans);
	variants_free(&variants);
}

/* Files that nobody wrote by hand: an error or a plan, never a crash. */
static void test_garbage(void **state)
{
	static const char good[] =
		"[plan]\nvariants = safe\npages = 64k 4k\n 4k\nseeds = 2\n"
		"[workload exit]\ntables = 3, 4\n; comment\nskip = 4k-hash\n";
	char text[sizeof(good)];
	struct plan plan;
	unsigned int seed = 1, round, flips;

	(void)state;
	for (round = 0; round < 3000; round++) {
		memcpy(text, good, sizeof(good));
		for (flips = 0; flips < 1 + round % 4; flips++) {
			seed = seed * 1103515245 + 12345;
			text[(seed >> 8) % (sizeof(good) - 1)] =
				(char)(seed >> 20);
		}
		read_bytes(&plan, text, (seed >> 4) % sizeof(good));
		plan_free(&plan);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_product),
		cmocka_unit_test(test_default_workloads),
		cmocka_unit_test(test_stats),
		cmocka_unit_test(test_unsafe),
		cmocka_unit_test(test_base),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_set_replaces),
		cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_leave_out),
		cmocka_unit_test(test_own_plans),
		cmocka_unit_test(test_garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
