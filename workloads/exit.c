// SPDX-License-Identifier: GPL-2.0
/*
 * The TLB path at its worst: processes with many page tables exit together,
 * and all the pages wait at once.
 */
#include <errno.h>
#include <sys/mman.h>
#include "control.h"
#include "load.h"
#include "memory.h"
#include "team.h"

enum { PROCESSES, TABLES, ROUNDS };
enum { EXIT, EXIT_ALL };

static const struct param params[] = {
	{"processes", 8, 1, 1000, "processes that exit together"},
	{"tables", 64, 1, 65536, "page tables each populates"},
	{"rounds", 3, 1, 1000, "how often"},
	{},
};

static const char *const ops[] = {
	[EXIT] = "exit",
	[EXIT_ALL] = "exit-all",
	NULL,
};

static int member(struct load *load, void *context, uint32_t index)
{
	uint64_t *round = context;
	char *base = memory_map(load, load->param[TABLES],
				MAP_PRIVATE | MAP_ANONYMOUS, -1);
	int error = 0;

	load_random_fork(load, *round * load->param[PROCESSES] + index);
	if (!base) {
		error = load_error(load, "mmap", -errno);
	} else {
		madvise(base, load->param[TABLES] * memory_span(),
			MADV_NOHUGEPAGE);
		error = memory_populate(load, base, load->param[TABLES], 1);
		if (!error)
			error = team_count_tables(load);
	}
	pthread_barrier_wait(&load->shared->barrier); /* all are populated */
	pthread_barrier_wait(&load->shared->barrier); /* the word to exit */
	return error;
}

static void reaped(struct load *load)
{
	load_op_add(load, EXIT, load_now_ns() - load->shared->time_ns);
}

static int run(struct load *load)
{
	struct team team;
	uint64_t round;
	int error = 0;

	for (round = 0; round < load->param[ROUNDS] && !error; round++) {
		error = team_barrier(load, load->param[PROCESSES] + 1);
		if (!error)
			error = team_start(load, &team, load->param[PROCESSES],
					   member, &round);
		if (error)
			break;
		pthread_barrier_wait(&load->shared->barrier);
		load_random_pause(load);
		load->shared->time_ns = load_now_ns();
		pthread_barrier_wait(&load->shared->barrier);
		error = team_wait(load, &team, reaped);
		load_op_add(load, EXIT_ALL,
			    load_now_ns() - load->shared->time_ns);
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
