/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The order of cells where a boot is a sample: all targets but exact. What
 * drifts with time (heat, other users) must not look like a variant, so the
 * cells of one seed, each variant x configuration x workload x arm once, are a
 * block, and a block is in random order. The generator starts from what the
 * block's cells are, so that the same plan has the same order everywhere.
 *
 *	blocks_add	as cell_visitor's do, seed after seed
 *	blocks_end	prints the last block; frees in any case
 */
#ifndef PFD_BLOCKS_H
#define PFD_BLOCKS_H

#include <stdio.h>
#include "cell.h"

struct blocks {
	FILE *out;
	unsigned long seed; /* of the lines, which are not printed yet */
	char **lines;
	size_t count;
};

int blocks_add(void *blocks, const struct cell *cell, struct plan_error *error);
void blocks_end(struct blocks *blocks);

#endif
