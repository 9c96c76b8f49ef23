// SPDX-License-Identifier: GPL-2.0
/*
 * The TLB path: a child populates page tables and unmaps them; they go through
 * an mmu_gather batch. The few that the child itself lives on follow at exit.
 */
#include <errno.h>
#include <sys/mman.h>
#include "control.h"
#include "load.h"
#include "memory.h"
#include "team.h"

enum { FORKS, TABLES, REPEATS };
enum { FORK, FAULT_IN, MUNMAP, EXIT };

static const struct param params[] = {
	{"forks", 24, 1, 100000, "children, one after the other"},
	{"tables", 32, 1, 65536, "page tables each populates and unmaps"},
	{"repeats", 2, 1, 1000, "how often each child does that"},
	{},
};

static const char *const ops[] = {
	[FORK] = "fork",
	[FAULT_IN] = "fault-in",
	[MUNMAP] = "munmap",
	[EXIT] = "exit",
	NULL,
};

static int map_and_unmap(struct load *load)
{
	size_t size = load->param[TABLES] * memory_span();
	struct load_op op;
	char *base;
	int error;

	base = memory_map(load, load->param[TABLES],
			  MAP_PRIVATE | MAP_ANONYMOUS, -1);
	if (!base)
		return load_error(load, "mmap", -errno);
	/* Tables are wanted, also where huge pages are always on. */
	madvise(base, size, MADV_NOHUGEPAGE);
	load_op_begin(load, &op);
	error = memory_populate(load, base, load->param[TABLES], 1);
	load_op_end(load, FAULT_IN, &op);
	load_random_pause(load);
	load_op_begin(load, &op);
	if (munmap(base, size))
		error = load_error(load, "munmap", -errno);
	load_op_end(load, MUNMAP, &op);
	return error;
}

static int child(struct load *load, void *context, uint32_t index)
{
	uint64_t repeat, *number = context;
	int error = 0;

	(void)index;
	load_random_fork(load, *number + 1);
	for (repeat = 0; repeat < load->param[REPEATS] && !error; repeat++)
		error = map_and_unmap(load);
	if (!error)
		error = team_count_tables(load);
	load_op_leave(load);
	load->shared->time_ns = load_now_ns();
	return error;
}

static int run(struct load *load)
{
	struct team team;
	struct load_op op;
	uint64_t i;
	int error = 0;

	for (i = 0; i < load->param[FORKS] && !error; i++) {
		load_random_pause(load);
		load_op_begin(load, &op);
		error = team_start(load, &team, 1, child, &i);
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
		load->param[FORKS] *
		(load->param[TABLES] * load->param[REPEATS] + TEAM_OWN_TABLES);
	expected->operations = load->param[FORKS] * (load->param[REPEATS] + 1);
}

static int truth(struct load *load)
{
	uint64_t forks = load->param[FORKS], unmaps;
	int error = load_fact(load, "processes_exited_count", forks);

	unmaps = forks * load->param[REPEATS];
	if (!error)
		error = load_fact(load, "unmaps_count", unmaps);
	return error ? error
		     : load_claim_tables(load, 0, unmaps * load->param[TABLES],
					 load->shared->counter);
}

const struct workload workload_fork_munmap = {
	.name = "fork-munmap",
	.title = "fork, touch, munmap in the child, exit",
	.help = "Every munmap() frees its page tables through one mmu_gather\n"
		"batch: one grace period, and a second one for the page where\n"
		"the variant defers that too.",
	.params = params,
	.ops = ops,
	.expect = expect,
	.run = run,
	.truth = truth,
};
