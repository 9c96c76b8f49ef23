// SPDX-License-Identifier: GPL-2.0
/* Plans for the kernel that is running: --target host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bases.h"
#include "list.h"
#include "plans.h"
#include "running.h"

static const char text[] = "[plan]\nvariants = landed-fixed\npages = 64k 4k\n"
			   "mmu = radix hash\nskip = 4k-hash\nsmp = 1 2 4\n"
			   "sweep = smp\nworkloads = null\nseeds = 3\n"
			   "arms = bare\n";

/* The id of each cell. */
static int visit(void *context, const struct cell *cell, struct plan_error *e)
{
	struct names *ids = context;
	char *line = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&line, &size);

	(void)e;
	assert_non_null(out);
	cell_print(out, cell);
	fclose(out);
	assert_int_equal(names_add(ids, line, strcspn(line, "\t")), 0);
	free(line);
	return 0;
}

static int run(const char *plan_text, const char *facts, struct names *ids)
{
	struct variants variants = {0};
	struct plan plan;
	int err;

	*ids = (struct names){0};
	assert_int_equal(read_plan(&plan, plan_text), 0);
	assert_int_equal(find_variants(PFD_SOURCE_DIR, &variants, &failure), 0);
	err = plan_running(&plan, &variants, facts, &failure);
	if (!err)
		err = plan_cells(&plan, &variants, NULL, visit, ids, &failure);
	variants_free(&variants);
	plan_free(&plan);
	return err;
}

/* One machine, whatever the plan says; its replicates. */
static void machine_decides(void **state)
{
	struct names ids;

	(void)state;
	assert_int_equal(
		run(text, "6.18.1-amd64,4k,other,x86-64,96,nocb", &ids), 0);
	assert_int_equal(ids.count, 3);
	assert_string_equal(ids.name[0],
			    "running.4k.other.x86-64.smp96.nocb.null.bare.s1");
	names_free(&ids);
}

static void ours_is_known(void **state)
{
	struct names ids;

	(void)state;
	assert_int_equal(run(text,
			     "6.12.95-pfd-landed-rcu-exit-64k-0123,64k,hash,"
			     "power10,2,default",
			     &ids),
			 0);
	assert_string_equal(
		ids.name[0],
		"landed-rcu-exit.64k.hash.power10.smp2.default.null.bare.s1");
	names_free(&ids);
	/* Of another base than the default, and not correct there. */
	assert_int_equal(run(text,
			     "6.1.99-pfd-pre-series-4k-0123,4k,radix,power9,2,"
			     "default",
			     &ids),
			 0);
	assert_string_equal(
		ids.name[0],
		"pre-series.4k.radix.power9.smp2.default.null.bare.s1");
	names_free(&ids);
}

static void bad_facts(void **state)
{
	static const struct {
		const char *facts, *why;
	} all[] = {
		{"", "is not all facts"},
		{"6.18,4k,other,x86-64,2", "is not all facts"},
		{"6.18,4k,other,x86-64,2,default,more", "is not all facts"},
		{"6.18,16k,other,arm64,2,default", "16k pages"},
		{"6.18,4k,book3e,e6500,2,default", "could be"},
		{"6.18,4k,other,x86-64,0,default", "could be"},
		{"6.18,4k,other,x86-64,2x,default", "could be"},
		{"6.18,4k,other,x86 64,2,default", "could be"},
		{"6.18,4k,other,x86-64,2,lazier", "could be"},
	};
	struct names ids;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		assert_int_not_equal(run(text, all[i].facts, &ids), 0);
		assert_non_null(strstr(failure.text, all[i].why));
		names_free(&ids);
	}
}

/* Programs of a guest's own image are not on somebody's machine. */
static void needs_an_image(void **state)
{
	struct names ids;

	(void)state;
	assert_int_not_equal(run("[plan]\nworkloads = kselftest-khugepaged\n",
				 "6.18,4k,other,x86-64,2,default", &ids),
			     0);
	assert_non_null(strstr(failure.text, "needs a guest's image"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(machine_decides),
		cmocka_unit_test(ours_is_known),
		cmocka_unit_test(bad_facts),
		cmocka_unit_test(needs_an_image),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
