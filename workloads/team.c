// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "load.h"
#include "memory.h"
#include "team.h"

/* In a signal handler: nothing but system calls. */
static void child_changed(int signal, siginfo_t *info, void *context)
{
	static const char message[] =
		"pfd-load: a process of the workload was killed\n";

	(void)signal;
	(void)context;
	if (info->si_code != CLD_KILLED && info->si_code != CLD_DUMPED)
		return;
	_exit(write(STDERR_FILENO, message, sizeof(message) - 1) < 0 ? 4 : 1);
}

void team_end_if_killed(void)
{
	struct sigaction action = {
		.sa_sigaction = child_changed,
		.sa_flags = SA_SIGINFO | SA_RESTART | SA_NOCLDSTOP,
	};

	sigaction(SIGCHLD, &action, NULL);
}

int team_start(struct load *load, struct team *team, uint32_t size,
	       int (*member)(struct load *load, void *context, uint32_t index),
	       void *context)
{
	int error;
	pid_t pid;

	team->size = 0;
	team->pids = calloc(size, sizeof(*team->pids));
	if (!team->pids)
		return load_error(load, "processes", -ENOMEM);
	while (team->size < size) {
		pid = fork();
		if (pid < 0) {
			error = load_error(load, "fork", -errno);
			team_kill(team);
			return error;
		}
		if (pid == 0) {
			/* Nobody is to wait at a barrier for one that failed.
			 */
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			signal(SIGCHLD, SIG_DFL);
			load_random_fork(load, team->size + 1);
			_exit(member(load, context, team->size + 1) ? 1 : 0);
		}
		team->pids[team->size++] = pid;
	}
	return 0;
}

void team_kill(struct team *team)
{
	uint32_t i;

	for (i = 0; i < team->size; i++)
		kill(team->pids[i], SIGKILL);
	for (i = 0; i < team->size; i++)
		waitpid(team->pids[i], NULL, 0);
	free(team->pids);
	*team = (struct team){};
}

int team_wait(struct load *load, struct team *team,
	      void (*done)(struct load *load))
{
	int status, error = 0;
	uint32_t i;

	for (i = 0; i < team->size; i++) {
		if (waitpid(-1, &status, 0) < 0)
			error = load_error(load, "waitpid", -errno);
		else if (status)
			error = load_error(load, "a process failed", -ECHILD);
		if (done)
			done(load);
	}
	free(team->pids);
	*team = (struct team){};
	return error;
}

int team_count_tables(struct load *load)
{
	int64_t count;

	/*
	 * What the way out touches has to be there to be counted: the lock's
	 * table, and that of the clock's page.
	 */
	load_now_ns();
	pthread_mutex_lock(&load->shared->lock);
	count = memory_tables_count();
	if (count > 0)
		load->shared->counter += count;
	pthread_mutex_unlock(&load->shared->lock);
	return count < 0 ? load_error(load, "pagemap", count) : 0;
}

int team_barrier(struct load *load, uint32_t count)
{
	pthread_barrierattr_t attributes;
	int error;

	pthread_barrierattr_init(&attributes);
	pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	error = pthread_barrier_init(&load->shared->barrier, &attributes,
				     count);
	pthread_barrierattr_destroy(&attributes);
	return error ? load_error(load, "barrier", -error) : 0;
}
