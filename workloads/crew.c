// SPDX-License-Identifier: GPL-2.0
#include "crew.h"
#include "load.h"

enum { LEAVE };

static int serve(struct load *load, void *context, uint32_t index)
{
	pthread_barrier_t *barrier = &load->shared->barrier;
	struct crew *crew = context;
	uint32_t command;
	int error = 0;

	load_op_prepare(load);
	for (;;) {
		pthread_barrier_wait(barrier);
		command = load->shared->command;
		if (command == LEAVE)
			break;
		error |= crew->act(load, crew->context, index, command);
		pthread_barrier_wait(barrier);
	}
	return error ? error : team_count_tables(load);
}

int crew_start(struct load *load, struct crew *crew)
{
	int error = team_barrier(load, crew->processes);

	return error ? error
		     : team_start(load, &crew->team, crew->processes - 1, serve,
				  crew);
}

int crew_do(struct load *load, struct crew *crew, uint32_t command)
{
	int error;

	load->shared->command = command;
	pthread_barrier_wait(&load->shared->barrier);
	error = crew->act(load, crew->context, 0, command);
	pthread_barrier_wait(&load->shared->barrier);
	return error;
}

int crew_dismiss(struct load *load, struct crew *crew)
{
	load->shared->command = LEAVE;
	pthread_barrier_wait(&load->shared->barrier);
	return team_wait(load, &crew->team, NULL);
}
