// SPDX-License-Identifier: GPL-2.0
/*
 * Headers: what the suite says of a cell must be what its plan and its
 * variant's metadata say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include <jansson.h>

#include "plans.h"

/* Reads one variant.ini, as DIR/v/variant.ini. */
static int read_variant(struct variants *variants, const char *cost)
{
	char dir[] = "/tmp/pfd-test-variant-XXXXXX", *sub, *path;
	FILE *file;
	int err;

	assert_non_null(mkdtemp(dir));
	assert_true(asprintf(&sub, "%s/v", dir) > 0);
	assert_true(asprintf(&path, "%s/variant.ini", sub) > 0);
	assert_int_equal(mkdir(sub, 0777), 0);
	file = fopen(path, "we");
	assert_non_null(file);
	fprintf(file, "[variant]\ntitle = t\n[cost]\n%s", cost);
	assert_int_equal(fclose(file), 0);
	*variants = (struct variants){0};
	err = variants_read(variants, dir, &failure);
	unlink(path);
	rmdir(sub);
	rmdir(dir);
	free(path);
	free(sub);
	return err;
}

/* The cost model's grace periods: a digit each, in order, both or none. */
static void test_grace_periods(void **state)
{
	static const struct {
		const char *cost, *why;
	} bad[] = {
		{"tlb_grace_periods_min = 1\n", "or neither"},
		{"tlb_grace_periods_max = 1\n", "or neither"},
		{"tlb_grace_periods_min = 2\ntlb_grace_periods_max = 1\n",
		 "is above"},
		{"tlb_grace_periods_min = 10\n", "'10' is no number"},
		{"tlb_grace_periods_max = -1\n", "'-1' is no number"},
		{"tlb_grace_periods_max =\n", "'' is no number"},
		{"tlb_grace_periods_max = 1\ntlb_grace_periods_max = 1\n",
		 "twice"},
		{"pages_kept = 10\n", "'10' is no number"},
	};
	struct variants variants;
	size_t i;

	(void)state;
	assert_int_equal(read_variant(&variants, "tlb_grace_periods_min = 0\n"
						 "tlb_grace_periods_max = 9\n"),
			 0);
	assert_string_equal(variants.variant[0].tlb_grace_periods_min, "0");
	assert_string_equal(variants.variant[0].tlb_grace_periods_max, "9");
	variants_free(&variants);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_not_equal(read_variant(&variants, bad[i].cost), 0);
		if (!strstr(failure.text, bad[i].why))
			fail_msg("'%s' does not say '%s'", failure.text,
				 bad[i].why);
		variants_free(&variants);
	}
}

/* The header of the last cell of a plan, for the caller to put. */
static json_t *header_of(const char *text)
{
	char *header = NULL;
	struct plan plan;
	struct seen seen;
	size_t size = 0;
	json_t *record;
	FILE *out;

	assert_int_equal(read_plan(&plan, text), 0);
	assert_int_equal(cells(&plan, &seen), 0);
	out = open_memstream(&header, &size);
	assert_non_null(out);
	assert_int_equal(
		cell_header(out, seen.last, "exact", "6.12-x", &failure), 0);
	fclose(out);
	record = json_loads(header, 0, NULL);
	assert_non_null(record);
	free(header);
	names_free(&seen.ids);
	plan_free(&plan);
	return record;
}

static json_int_t number_in(const json_t *header, const char *name)
{
	return json_integer_value(json_object_get(header, name));
}

static void test_header(void **state)
{
	json_t *header;

	(void)state;
	header = header_of("[plan]\nvariants = only-4k\n"
			   "pages = 4k\nworkloads = null\n");
	assert_string_equal(json_string_value(json_object_get(header, "type")),
			    "header");
	assert_int_equal(number_in(header, "smp"), 2);
	assert_int_equal(number_in(header, "seed"), 2);
	assert_int_equal(json_array_size(json_object_get(header, "callbacks")),
			 2);
	assert_true(json_is_true(json_object_get(header, "correct")));
	assert_int_equal(number_in(header, "tlb_grace_periods_min"), 1);
	assert_int_equal(number_in(header, "tlb_grace_periods_max"), 2);
	assert_int_equal(number_in(header, "pages_kept"), 3);
	json_decref(header);
	header = header_of("[plan]\nvariants = everywhere\n"
			   "workloads = null\n");
	assert_true(
		json_is_null(json_object_get(header, "tlb_grace_periods_min")));
	assert_true(
		json_is_null(json_object_get(header, "tlb_grace_periods_max")));
	assert_null(json_object_get(header, "pages_kept"));
	assert_true(json_is_null(json_object_get(header, "swept")));
	json_decref(header);
}

/* What the plan sweeps, which may be the number of CPUs. */
static void test_swept_header(void **state)
{
	json_t *header;

	(void)state;
	header = header_of("[plan]\nvariants = everywhere\n"
			   "workloads = exit\n"
			   "[workload exit]\ntables = 3 1\n");
	assert_string_equal(json_string_value(json_object_get(header, "swept")),
			    "tables");
	assert_string_equal(json_string_value(json_object_get(header, "cell")),
			    "everywhere.64k.radix.power9.smp2.default."
			    "exit-tables1.probed.s2");
	json_decref(header);
	header = header_of("[plan]\nvariants = everywhere\n"
			   "workloads = exit\nsmp = 1 2\nsweep = smp\n");
	assert_string_equal(json_string_value(json_object_get(header, "swept")),
			    "smp");
	json_decref(header);
}

/* A line that is none, or with a field that is no number: no header. */
static void test_bad_header(void **state)
{
#define LINE(smp, model)                                                       \
	"a\tb\tc\td\te\t" smp "\tg\th\ti\t1\tk\tl\tm\t-\t" model "\t-\tn\t"
	static const char *const bad[] = {
		"",
		"a",
		"\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t",
		LINE("X", "p,t,1,2"),
		LINE("1", "p,t,1"),
		LINE("1", "p,t,1,2,3,4"),
		LINE("1", "p,t,1,2,x"),
		LINE("1", "p,t,x,2"),
		LINE("1", "p,t,1,2") "\t",
	};
	static const char good[] = LINE("1", "p,t,1,2");
	char *text = NULL;
	size_t size = 0, i;
	FILE *out;

	(void)state;
	out = open_memstream(&text, &size);
	assert_non_null(out);
	assert_int_equal(cell_header(out, good, "exact", "r", &failure), 0);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_not_equal(
			cell_header(out, bad[i], "exact", "r", &failure), 0);
	fclose(out);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grace_periods),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_swept_header),
		cmocka_unit_test(test_bad_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
