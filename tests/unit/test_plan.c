// SPDX-License-Identifier: GPL-2.0
/*
 * Plans: what a user writes must come out as exactly those cells, and whatever
 * else is in a file must come out as one line of error.
 */
#include <errno.h>
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

#include "cell.h"

static struct plan_error error;

/* Variants as the suite has them, without reading its directory. */
static struct variants make_variants(void)
{
	static const struct {
		const char *name, *correct, *callbacks, *min, *max;
	} all[] = {
		{"everywhere", "64k-radix 64k-hash 4k-radix 4k-hash", "cb_a",
		 NULL, NULL},
		{"only-4k", "4k-radix 4k-hash", "cb_b cb_c", "1", "2"},
	};
	struct variants variants = {calloc(2, sizeof(struct variant)), 2};
	size_t i;

	assert_non_null(variants.variant);
	for (i = 0; i < 2; i++) {
		variants.variant[i].name = strdup(all[i].name);
		assert_non_null(variants.variant[i].name);
		assert_int_equal(names_split(&variants.variant[i].correct,
					     all[i].correct),
				 0);
		assert_int_equal(names_split(&variants.variant[i].callbacks,
					     all[i].callbacks),
				 0);
		if (!all[i].min)
			continue;
		variants.variant[i].tlb_grace_periods_min = strdup(all[i].min);
		variants.variant[i].tlb_grace_periods_max = strdup(all[i].max);
	}
	return variants;
}

/* A plan from the text of its file, which may hold any bytes. */
static int read_bytes(struct plan *plan, const char *text, size_t length)
{
	char path[] = "/tmp/pfd-test-plan-XXXXXX";
	int fd, err;

	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, length), length);
	close(fd);
	assert_int_equal(plan_init(plan, &error), 0);
	err = plan_read(plan, path, &error);
	unlink(path);
	return err ? err : plan_check(plan, &error);
}

static int read_plan(struct plan *plan, const char *text)
{
	return read_bytes(plan, text, strlen(text));
}

struct seen {
	struct names ids;
	size_t count;
	char last[1000]; /* line */
};

static int see(void *context, const struct cell *cell, struct plan_error *e)
{
	struct seen *seen = context;
	char *line = NULL;
	size_t size = 0;
	FILE *out;

	(void)e;
	out = open_memstream(&line, &size);
	assert_non_null(out);
	cell_print(out, cell);
	fclose(out);
	assert_true(size < sizeof(seen->last));
	strcpy(seen->last, line);
	assert_int_equal(names_add(&seen->ids, line, strcspn(line, "\t")), 0);
	seen->count++;
	free(line);
	return 0;
}

static int cells(const struct plan *plan, struct seen *seen)
{
	struct variants variants = make_variants();
	int err;

	*seen = (struct seen){0};
	err = plan_cells(plan, &variants, NULL, see, seen, &error);
	variants_free(&variants);
	return err;
}

static void assert_refused(const char *text, const char *why)
{
	struct plan plan;

	assert_int_not_equal(read_plan(&plan, text), 0);
	if (!strstr(error.text, why))
		fail_msg("'%s' does not say '%s'", error.text, why);
	assert_null(strpbrk(error.text, "\n\r\033"));
	plan_free(&plan);
}

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
	assert_non_null(strstr(error.text, "'only-4k' is not correct on 64k-"));
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
	assert_int_equal(plan_set(&plan, "mmu", "hash", &error), 0);
	assert_int_equal(plan_set(&plan, "workloads", "thp-collapse", &error),
			 0);
	assert_int_not_equal(cells(&plan, &seen), 0);
	assert_non_null(strstr(error.text, "no cells"));
	plan_free(&plan);
}

/* The command line replaces; it does not add. */
static void test_set_replaces(void **state)
{
	struct plan plan;

	(void)state;
	assert_int_equal(read_plan(&plan, "[plan]\npages = 64k 4k\n"), 0);
	assert_int_equal(plan_set(&plan, "pages", "4k", &error), 0);
	assert_int_equal(plan.pages.count, 1);
	assert_string_equal(plan.pages.name[0], "4k");
	assert_int_equal(plan_set(&plan, "pages", " , ", &error), 0);
	assert_int_not_equal(plan_check(&plan, &error), 0);
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

/* Files that nobody wrote by hand: an error or a plan, never a crash. */
static void test_garbage(void **state)
{
	static const char good[] =
		"[plan]\nvariants = safe\npages = 64k 4k\n 4k\nseeds = 2\n"
		"[workload exit]\ntables = 3\n; comment\nskip = 4k-hash\n";
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
	err = variants_read(variants, dir, &error);
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
		if (!strstr(error.text, bad[i].why))
			fail_msg("'%s' does not say '%s'", error.text,
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
	assert_int_equal(cell_header(out, seen.last, "exact", "6.12-x", &error),
			 0);
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
	json_decref(header);
	header = header_of("[plan]\nvariants = everywhere\n"
			   "workloads = null\n");
	assert_true(
		json_is_null(json_object_get(header, "tlb_grace_periods_min")));
	assert_true(
		json_is_null(json_object_get(header, "tlb_grace_periods_max")));
	json_decref(header);
}

/* A line that is none, or with a field that is no number: no header. */
static void test_bad_header(void **state)
{
	static const char *const bad[] = {
		"",
		"a",
		"\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t",
		"a\tb\tc\td\te\tX\tg\th\ti\t1\tk\tl\tm\t-\tp,t,1,2\t",
		"a\tb\tc\td\te\t1\tg\th\ti\t1\tk\tl\tm\t-\tp,t,1\t",
		"a\tb\tc\td\te\t1\tg\th\ti\t1\tk\tl\tm\t-\tp,t,1,2,3\t",
		"a\tb\tc\td\te\t1\tg\th\ti\t1\tk\tl\tm\t-\tp,t,x,2\t",
	};
	char *text = NULL;
	size_t size = 0, i;
	FILE *out;

	(void)state;
	out = open_memstream(&text, &size);
	assert_non_null(out);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_not_equal(
			cell_header(out, bad[i], "exact", "r", &error), 0);
	fclose(out);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_product),
		cmocka_unit_test(test_stats),
		cmocka_unit_test(test_unsafe),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_set_replaces),
		cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_grace_periods),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_bad_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
