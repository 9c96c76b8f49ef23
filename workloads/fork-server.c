// SPDX-License-Identifier: GPL-2.0
/*
 * A parent with many page tables forks children that exit at once: what a fork
 * copies (copy_page_range(), mm/memory.c), an exit frees. All tables go through
 * the mmu_gather batch of the exit.
 */
#include <errno.h>
#include "control.h"
#include "load.h"
#include "memory.h"
#include "team.h"

enum { FORKS, TABLES };
enum { FORK, EXIT };

static const struct param params[] = {
	{"forks", 32, 1, 100000, "children, one after the other"},
	{"tables", 128, 1, 65536, "page tables of the parent"},
	{},
};

static const char *const ops[] = {
	[FORK] = "fork",
	[EXIT] = "exit",
	NULL,
};

static int setup(struct load *load)
{
	char *base = memory_map(load, load->param[TABLES],
				MAP_PRIVATE | MAP_ANONYMOUS, -1);

	if (!base)
		return load_error(load, "mmap", -errno);
	madvise(base, load->param[TABLES] * memory_span(), MADV_NOHUGEPAGE);
	return memory_populate(load, base, load->param[TABLES], 1);
}

static int child(struct load *load, void *context, uint32_t index)
{
	int error = team_count_tables(load);

	(void)context;
	(void)index;
	load_op_leave(load);
	load->shared->time_ns = load_now_ns();
	return error;
}

static int run(struct load *load)
{
	struct load_op op;
	struct team team;
	int error = 0;
	uint64_t i;

	for (i = 0; i < load->param[FORKS] && !error; i++) {
		load_random_pause(load);
		load_op_begin(load, &op);
		error = team_start(load, &team, 1, child, NULL);
		if (error)
			break;
		load_op_end(load, FORK, &op);
		error = team_wait(load, &team, NULL);
		load_op_add(load, EXIT, load_now_ns() - load->shared->time_ns);
	}
	return error;
}

static void expect(const struct load *load, struct control_expected *expected)
{
	expected->tables =
		load->param[FORKS] * (load->param[TABLES] + TEAM_OWN_TABLES);
	expected->operations = 2 * load->param[FORKS];
}

static int truth(struct load *load)
{
	int error =
		load_fact(load, "processes_exited_count", load->param[FORKS]);

	return error ? error
		     : load_claim_tables(load, 0, 0, load->shared->counter);
}

const struct workload workload_fork_server = {
	.name = "fork-server",
	.title = "a parent with many page tables forks short-lived children",
	.help = "Each child has copies of its parent's tables, counts them "
		"and\n"
		"exits: fork is the copying, exit is from the end of the "
		"count\n"
		"until it is reaped.",
	.params = params,
	.ops = ops,
	.setup = setup,
	.expect = expect,
	.run = run,
	.truth = truth,
};
