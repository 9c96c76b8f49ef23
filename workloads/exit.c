// SPDX-License-Identifier: GPL-2.0
/*
 * The TLB path at its worst: processes with many page tables exit together,
 * and all the pages wait at once.
 */
#include "control.h"
#include "leavers.h"
#include "load.h"

enum { PROCESSES, TABLES, ROUNDS };

static const struct param params[] = {
	{"processes", 8, 1, 1000, "processes that exit together"},
	{"tables", 64, 1, 65536, "page tables each populates"},
	{"rounds", 3, 1, 1000, "how often"},
	{},
};

static const char *const ops[] = LEAVERS_OPS;

static int run(struct load *load)
{
	struct leavers leavers = {
		.processes = load->param[PROCESSES],
		.tables = load->param[TABLES],
	};
	int error = 0;

	for (; leavers.round < load->param[ROUNDS] && !error; leavers.round++) {
		error = leavers_start(load, &leavers);
		if (!error)
			error = leavers_go(load, &leavers);
	}
	return error;
}

static void expect(const struct load *load, struct control_expected *expected)
{
	expected->tables = load->param[PROCESSES] * load->param[ROUNDS] *
			   (load->param[TABLES] + TEAM_OWN_TABLES);
	expected->operations = load->param[PROCESSES] * load->param[ROUNDS];
}

static int truth(struct load *load)
{
	int error = load_fact(load, "processes_exited_count",
			      load->param[PROCESSES] * load->param[ROUNDS]);

	return error ? error
		     : load_claim_tables(load, 0, 0, load->shared->counter);
}

const struct workload workload_exit = {
	.name = "exit",
	.title = "processes with many page tables exit together",
	.help = "Times each process from the common word to exit until it is\n"
		"reaped, and all of them together.",
	.params = params,
	.ops = ops,
	.expect = expect,
	.run = run,
	.truth = truth,
};
