// SPDX-License-Identifier: GPL-2.0
/* Blocks of cells in random order; see blocks.h. */
#include <stdint.h>
#include <stdlib.h>

#include "blocks.h"

/* FNV-1a, 64 bits. */
static uint64_t hash_lines(const struct blocks *blocks)
{
	uint64_t hash = 0xcbf29ce484222325;
	const char *byte;
	size_t i;

	for (i = 0; i < blocks->count; i++) {
		for (byte = blocks->lines[i]; *byte; byte++)
			hash = (hash ^ (unsigned char)*byte) * 0x100000001b3;
	}
	return hash;
}

/* Splitmix64: every start is good, also one that differs in one bit. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t x = *state += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

/* 0 to count - 1, each as likely. */
static size_t random_below(uint64_t *state, size_t count)
{
	uint64_t limit = UINT64_MAX - UINT64_MAX % count;
	uint64_t number;

	do {
		number = next_random(state);
	} while (number >= limit);
	return number % count;
}

/* Fisher and Yates. */
static void print_block(struct blocks *blocks)
{
	uint64_t state = hash_lines(blocks);
	size_t left, chosen;

	for (left = blocks->count; left > 0; left--) {
		chosen = random_below(&state, left);
		fputs(blocks->lines[chosen], blocks->out);
		free(blocks->lines[chosen]);
		blocks->lines[chosen] = blocks->lines[left - 1];
	}
	free(blocks->lines);
	blocks->lines = NULL;
	blocks->count = 0;
}

int blocks_add(void *context, const struct cell *cell, struct plan_error *error)
{
	struct blocks *blocks = context;
	char **lines, *line = NULL;
	size_t size;
	FILE *file;

	if (cell->seed != blocks->seed)
		print_block(blocks);
	blocks->seed = cell->seed;
	lines = reallocarray(blocks->lines, blocks->count + 1, sizeof(*lines));
	if (!lines)
		return plan_fail(error, "out of memory");
	blocks->lines = lines;
	file = open_memstream(&line, &size);
	if (!file)
		return plan_fail(error, "out of memory");
	cell_print(file, cell);
	if (fclose(file)) {
		free(line);
		return plan_fail(error, "out of memory");
	}
	lines[blocks->count++] = line;
	return 0;
}

void blocks_end(struct blocks *blocks)
{
	print_block(blocks);
}
