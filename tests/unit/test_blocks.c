// SPDX-License-Identifier: GPL-2.0
/*
 * Where a boot is a sample, cells come in blocks of one seed, each in a random
 * order that is the plan's own. An order that is always the same makes drift
 * look like a variant; one that differs each time makes a run that cannot be
 * resumed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "blocks.h"
#include "plans.h"

#define SEEDS "200"

static const char text[] = "[plan]\nvariants = everywhere\nworkloads = null "
			   "exit\npages = 64k 4k\narms = bare bare-again\n"
			   "seeds = " SEEDS "\n";
/* workloads x pages x arms */
#define BLOCK 8

/* The cells' lines in blocks; to be freed. */
static char *print_blocks(const char *plan_text)
{
	struct blocks blocks = {0};
	char *lines = NULL;
	struct plan plan;
	size_t size;

	assert_int_equal(read_plan(&plan, plan_text), 0);
	blocks.out = open_memstream(&lines, &size);
	assert_non_null(blocks.out);
	assert_int_equal(visit_cells(&plan, blocks_add, &blocks), 0);
	blocks_end(&blocks);
	assert_int_equal(fclose(blocks.out), 0);
	plan_free(&plan);
	return lines;
}

/* Its cells, in the plan's order, without the seed. */
static void read_block(struct names *names, char **rest, unsigned long seed)
{
	char end[32];
	int i;

	snprintf(end, sizeof(end), ".s%lu", seed);
	for (i = 0; i < BLOCK; i++) {
		char *line = strsep(rest, "\n");
		size_t size;

		assert_non_null(line);
		size = strcspn(line, "\t");
		assert_true(size > strlen(end));
		size -= strlen(end);
		assert_memory_equal(line + size, end, strlen(end));
		assert_int_equal(names_add(names, line, size), 0);
	}
}

/* Every block is whole, and no two need have the same order. */
static void test_blocks(void **state)
{
	char *lines = print_blocks(text), *rest = lines;
	unsigned long seed, seeds = strtoul(SEEDS, NULL, 10);
	size_t first[BLOCK] = {0}, i;
	struct names all = {0};

	(void)state;
	for (seed = 1; seed <= seeds; seed++) {
		struct names block = {0};

		read_block(&block, &rest, seed);
		/* Each of them once: names_add() keeps one of a name. */
		assert_int_equal(block.count, BLOCK);
		for (i = 0; i < BLOCK; i++)
			assert_int_equal(names_add(&all, block.name[i],
						   strlen(block.name[i])),
					 0);
		assert_int_equal(all.count, BLOCK);
		for (i = 0; i < BLOCK; i++)
			first[i] += !strcmp(all.name[i], block.name[0]);
		names_free(&block);
	}
	assert_string_equal(rest, "");
	/* 25 each, with a standard deviation of 4.7. */
	for (i = 0; i < BLOCK; i++) {
		assert_true(first[i] > 25 - 4 * 4.7);
		assert_true(first[i] < 25 + 4 * 4.7);
	}
	names_free(&all);
	free(lines);
}

static void test_same_again(void **state)
{
	char *first = print_blocks(text), *second = print_blocks(text);

	(void)state;
	assert_string_equal(first, second);
	free(first);
	free(second);
}

/* What gives the same bytes again is no measure of noise. */
static void test_again(void **state)
{
	struct plan plan;

	(void)state;
	assert_int_equal(read_plan(&plan, text), 0);
	plan.exact = true;
	assert_int_not_equal(plan_check(&plan, &failure), 0);
	assert_non_null(
		strstr(failure.text, "arm 'bare-again' is for targets"));
	plan_free(&plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_same_again),
		cmocka_unit_test(test_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
