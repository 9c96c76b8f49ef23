// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include "leavers.h"
#include "load.h"
#include "memory.h"

static int member(struct load *load, void *context, uint32_t index)
{
	struct leavers *leavers = context;
	char *base = memory_map(load, leavers->tables,
				MAP_PRIVATE | MAP_ANONYMOUS, -1);
	int error = 0;

	load_random_fork(load, leavers->round * leavers->processes + index);
	if (!base) {
		error = load_error(load, "mmap", -errno);
	} else {
		madvise(base, leavers->tables * memory_span(), MADV_NOHUGEPAGE);
		error = memory_populate(load, base, leavers->tables, 1);
		if (!error)
			error = team_count_tables(load);
	}
	pthread_barrier_wait(&load->shared->barrier); /* all are populated */
	pthread_barrier_wait(&load->shared->barrier); /* the word to exit */
	return error;
}

static void reaped(struct load *load)
{
	load_op_add(load, LEAVERS_EXIT, load_now_ns() - load->shared->time_ns);
}

int leavers_start(struct load *load, struct leavers *leavers)
{
	int error = team_barrier(load, leavers->processes + 1);

	if (!error)
		error = team_start(load, &leavers->team, leavers->processes,
				   member, leavers);
	if (error)
		return error;
	pthread_barrier_wait(&load->shared->barrier);
	load_random_pause(load);
	return 0;
}

int leavers_go(struct load *load, struct leavers *leavers)
{
	int error;

	load->shared->time_ns = load_now_ns();
	pthread_barrier_wait(&load->shared->barrier);
	error = team_wait(load, &leavers->team, reaped);
	load_op_add(load, LEAVERS_EXIT_ALL,
		    load_now_ns() - load->shared->time_ns);
	return error;
}
