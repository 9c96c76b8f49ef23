// SPDX-License-Identifier: GPL-2.0
/* Workloads that go wrong on purpose, to test what the suite makes of it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#include "load.h"
#include "team.h"

static int run_panic(struct load *load)
{
	int fd = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "c", 1) != 1)
		return load_error(load, "sysrq-trigger", -errno);
	return 0;
}

static int run_hang(struct load *load)
{
	(void)load;
	while (pause())
		;
	return 0;
}

static int run_fail(struct load *load)
{
	return load_error(load, "as told", -EIO);
}

static int be_killed(struct load *load, void *context, uint32_t index)
{
	(void)load;
	(void)context;
	(void)index;
	raise(SIGKILL);
	return 0;
}

/* The others wait for one that will never come. */
static int run_killed(struct load *load)
{
	struct team team;
	int error = team_barrier(load, 2);

	team_end_if_killed();
	if (!error)
		error = team_start(load, &team, 1, be_killed, NULL);
	if (!error)
		pthread_barrier_wait(&load->shared->barrier);
	return error;
}

static int run_nothing(struct load *load)
{
	(void)load;
	return 0;
}

static int truth_lie(struct load *load)
{
	return load_claim(load, "defer", "pte", 1);
}

const struct workload workload_panic = {
	.name = "panic",
	.title = "makes the kernel panic",
	.help = "For tests of the suite itself.",
	.for_tests = true,
	.run = run_panic,
};

const struct workload workload_hang = {
	.name = "hang",
	.title = "never ends",
	.help = "For tests of the suite itself.",
	.for_tests = true,
	.run = run_hang,
};

const struct workload workload_killed = {
	.name = "killed",
	.title = "a process that others wait for is killed",
	.help = "For tests of the suite itself.",
	.for_tests = true,
	.run = run_killed,
};

const struct workload workload_fail = {
	.name = "fail",
	.title = "fails",
	.help = "For tests of the suite itself.",
	.for_tests = true,
	.run = run_fail,
};

const struct workload workload_lie = {
	.name = "lie",
	.title = "claims a deferral that never was",
	.help = "For tests of the suite itself.",
	.for_tests = true,
	.run = run_nothing,
	.truth = truth_lie,
};
