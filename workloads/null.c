// SPDX-License-Identifier: GPL-2.0
#include "load.h"

enum { OPERATIONS };
enum { NOTHING };

static const struct param params[] = {
	{"operations", 1000, 1, 1000000, "how often to do nothing"},
	{},
};

static const char *const ops[] = {[NOTHING] = "nothing", NULL};

static int run(struct load *load)
{
	struct load_op op;
	uint64_t i;

	for (i = 0; i < load->param[OPERATIONS]; i++) {
		load_op_begin(load, &op);
		load_op_end(load, NOTHING, &op);
	}
	return 0;
}

static int truth(struct load *load)
{
	return load_claim_tables(load, 0, 0, 0);
}

const struct workload workload_null = {
	.name = "null",
	.title = "does nothing: what the harness itself costs",
	.help = "Reads the clock twice, as every measured operation does.",
	.params = params,
	.ops = ops,
	.run = run,
	.truth = truth,
};
