// SPDX-License-Identifier: GPL-2.0
/*
 * The control: collapsing anonymous memory frees no page table, but deposits
 * it with the huge page (pgtable_trans_huge_deposit()). It is freed directly,
 * on no RCU path, when the huge page is unmapped (zap_deposited_table()).
 */
#include <errno.h>
#include <sys/mman.h>
#include "control.h"
#include "load.h"
#include "memory.h"

enum { RANGES, PASSES };
enum { COLLAPSE, MUNMAP };

static const struct param params[] = {
	{"ranges", 16, 1, 4096, "huge ranges to collapse in each pass"},
	{"passes", 3, 1, 1000, "how often to populate and collapse them"},
	{},
};

static const char *const ops[] = {
	[COLLAPSE] = "collapse",
	[MUNMAP] = "munmap",
	NULL,
};

static int run_pass(struct load *load)
{
	size_t span = memory_span(), size = load->param[RANGES] * span;
	char *base = memory_map(load, load->param[RANGES],
				MAP_PRIVATE | MAP_ANONYMOUS, -1);
	struct load_op op;
	uint64_t i;
	int error;

	if (!base)
		return load_error(load, "mmap", -errno);
	error = memory_populate(load, base, load->param[RANGES], 1);
	for (i = 0; i < load->param[RANGES] && !error; i++) {
		load_random_pause(load);
		load_op_begin(load, &op);
		if (madvise(base + i * span, span, MADV_COLLAPSE))
			error = load_error(load, "MADV_COLLAPSE", -errno);
		load_op_end(load, COLLAPSE, &op);
	}
	load_op_begin(load, &op);
	if (munmap(base, size))
		error = load_error(load, "munmap", -errno);
	load_op_end(load, MUNMAP, &op);
	return error;
}

static int run(struct load *load)
{
	uint64_t pass;
	int error = 0;

	for (pass = 0; pass < load->param[PASSES] && !error; pass++)
		error = run_pass(load);
	return error;
}

static void expect(const struct load *load, struct control_expected *expected)
{
	expected->tables = 2 * load->param[RANGES] * load->param[PASSES];
	expected->operations = (load->param[RANGES] + 1) * load->param[PASSES];
	expected->watch_frees = true; /* deposited tables */
}

static int truth(struct load *load)
{
	uint64_t collapses = load->param[RANGES] * load->param[PASSES];
	int error = load_fact(load, "collapses_count", collapses);

	if (!error)
		error = load_claim_tables(load, 0, 0, 0);
	return error ? error : load_claim(load, "direct", "pte", collapses);
}

const struct workload workload_anon_collapse = {
	.name = "anon-collapse",
	.title = "MADV_COLLAPSE of anonymous memory: the control, no deferrals",
	.help = "The page tables are deposited, not freed; unmapping the huge\n"
		"pages frees them directly. Must count no deferral at all.",
	.params = params,
	.ops = ops,
	.needs_thp = true,
	.expect = expect,
	.run = run,
	.truth = truth,
};
