// SPDX-License-Identifier: GPL-2.0
/*
 * Everything that takes page tables away, at the same time and on the same
 * ones: many processes map one file, and while some collapse its ranges, others
 * unmap them, fork, and exit. retract_page_tables() (mm/khugepaged.c) walks all
 * their mappings and holds no mmap lock of theirs.
 *
 * Each process makes so many steps, of the kind that is its part, and then
 * exits with its tables in place; the children that are forked exit in the
 * middle, or are killed.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "control.h"
#include "load.h"
#include "memory.h"
#include "quiesce.h"
#include "team.h"

enum { PROCESSES, RANGES, STEPS, ROUNDS };
enum { COLLAPSE, MUNMAP, FORK };
enum { COLLAPSED, REFUSED, UNMAPPED, FORKED, KILLED };

static const struct param params[] = {
	{"processes", 8, 4, 1000, "processes that map the memory"},
	{"ranges", 4, 1, 4096, "huge ranges of the file"},
	{"steps", 12, 1, 100000, "what each process does before it exits"},
	{"rounds", 2, 1, 1000, "how often"},
	{},
};

static const char *const ops[] = {
	[COLLAPSE] = "collapse",
	[MUNMAP] = "munmap",
	[FORK] = "fork",
	NULL,
};

struct state {
	int fd;
	bool huge; /* the kernel has huge pages */
	uint64_t round;
};

/* A step of a process; range is drawn from the seed. */
typedef int (*step_fn)(struct load *load, const struct state *s,
		       uint32_t range);

/*
 * The others may have unmapped, or may hold, what is wanted; so a refusal is no
 * error. Half of the times the huge pages are broken up first.
 */
static int step_collapse(struct load *load, const struct state *s,
			 uint32_t range)
{
	char *span = memory_address(load, range);
	struct load_op op;
	int refused;

	if (load_random(load, 2)) {
		refused = memory_file_empty(load, s->fd, range, 1);
		if (refused)
			return refused;
	}
	memory_populate(load, span, 1, 1);
	if (!s->huge)
		return 0;
	load_op_begin(load, &op);
	refused = memory_try_collapse(load, span);
	if (refused < 0)
		return refused;
	if (!refused)
		load_op_end(load, COLLAPSE, &op);
	load_count(load, refused ? REFUSED : COLLAPSED, 1);
	return 0;
}

/* The range, or from its middle on; another mapping of it, touched, follows. */
static int step_unmap(struct load *load, const struct state *s, uint32_t range)
{
	size_t part = load_random(load, 2) * memory_span() / 2;
	char *span = memory_address(load, range);
	struct load_op op;

	load_op_begin(load, &op);
	if (munmap(span + part, memory_span() - part))
		return load_error(load, "munmap", -errno);
	load_op_end(load, MUNMAP, &op);
	load_count(load, UNMAPPED, 1);
	if (part && munmap(span, part))
		return load_error(load, "munmap", -errno);
	if (!memory_map_at(load, range, 1, MAP_SHARED, s->fd, range))
		return load_error(load, "mmap", -errno);
	return memory_populate(load, span, 1, 1);
}

/* A child that populates tables, and on the way out or before is killed. */
static int step_fork(struct load *load, const struct state *s, uint32_t range)
{
	bool killed = load_random(load, 2);
	struct load_op op;
	int status;
	pid_t child;

	(void)s;
	load_op_begin(load, &op);
	child = fork();
	if (child < 0)
		return load_error(load, "fork", -errno);
	if (child == 0) {
		memory_populate(load, memory_address(load, 0),
				load->param[RANGES], 1);
		_exit(0);
	}
	load_op_end(load, FORK, &op);
	memory_populate(load, memory_address(load, range), 1, 1);
	if (killed)
		kill(child, SIGKILL);
	if (waitpid(child, &status, 0) < 0)
		return load_error(load, "waitpid", -errno);
	if (status && !(killed && WIFSIGNALED(status)))
		return load_error(load, "a forked child failed", -ECHILD);
	load_count(load, FORKED, 1);
	load_count(load, KILLED, status ? 1 : 0);
	return 0;
}

/* The memory goes and comes back, under all that the others do. */
static int step_touch(struct load *load, const struct state *s, uint32_t range)
{
	char *base = memory_address(load, 0);

	if (madvise(memory_address(load, range), memory_span(), MADV_DONTNEED))
		return load_error(load, "MADV_DONTNEED", -errno);
	(void)s;
	return memory_populate(load, base, load->param[RANGES], 1);
}

/* The parts; every process has one, and leaves by an exit. */
static const step_fn parts[] = {
	step_collapse,
	step_unmap,
	step_fork,
	step_touch,
};

#define PARTS (sizeof(parts) / sizeof(parts[0]))

static int member(struct load *load, void *context, uint32_t index)
{
	struct state *s = context;
	uint64_t step;
	char *base;
	int error = 0;

	load_random_fork(load, s->round * load->param[PROCESSES] + index);
	base = memory_map(load, load->param[RANGES], MAP_SHARED, s->fd);
	if (!base)
		error = load_error(load, "mmap", -errno);
	else
		error = memory_populate(load, base, load->param[RANGES], 1);
	pthread_barrier_wait(&load->shared->barrier);
	for (step = 0; step < load->param[STEPS] && !error; step++)
		error = parts[index % PARTS](
			load, s, load_random(load, load->param[RANGES]));
	/* What it still counts with is not to be part of the exit. */
	load_op_leave(load);
	return error;
}

static int setup(struct load *load)
{
	struct state *s = calloc(1, sizeof(*s));

	load->state = s;
	if (!s)
		return load_error(load, "state", -ENOMEM);
	s->huge = memory_has_huge_pages();
	s->fd = memory_file(load, load->param[RANGES]);
	if (s->fd < 0)
		return s->fd;
	team_end_if_killed();
	return 0;
}

static int run(struct load *load)
{
	struct state *s = load->state;
	struct team team;
	int error = 0;

	for (; s->round < load->param[ROUNDS] && !error; s->round++) {
		error = team_barrier(load, load->param[PROCESSES] + 1);
		if (!error)
			error = team_start(load, &team, load->param[PROCESSES],
					   member, s);
		if (error)
			break;
		pthread_barrier_wait(&load->shared->barrier);
		error = team_wait(load, &team, NULL);
	}
	if (!error && s->huge && !load->shared->counts[COLLAPSED])
		error = load_error(load, "not one collapse", -EBUSY);
	return error ? error : quiesce(load);
}

static int teardown(struct load *load)
{
	struct state *s = load->state;

	close(s->fd);
	free(s);
	return 0;
}

static void expect(const struct load *load, struct control_expected *expected)
{
	uint64_t processes = load->param[PROCESSES] * load->param[ROUNDS];
	uint64_t steps = processes * load->param[STEPS];

	/* A collapse takes the tables of all, a forked child has all. */
	expected->tables = steps * (load->param[PROCESSES] +
				    load->param[RANGES] + TEAM_OWN_TABLES) +
			   processes * (load->param[RANGES] + TEAM_OWN_TABLES);
	expected->operations = steps + processes;
}

static int truth(struct load *load)
{
	static const char *const names[] = {
		[COLLAPSED] = "collapses_count",
		[REFUSED] = "collapses_refused_count",
		[UNMAPPED] = "unmaps_count",
		[FORKED] = "forks_count",
		[KILLED] = "killed_count",
	};
	unsigned int i;
	int error = 0;

	for (i = 0; i < sizeof(names) / sizeof(names[0]) && !error; i++)
		error = load_fact(load, names[i], load->shared->counts[i]);
	load_unclaimed(load, "which tables a collapse finds depends on how the "
			     "processes meet");
	return error;
}

const struct workload workload_races = {
	.name = "races",
	.title = "collapse against munmap, fork and exit, in many processes",
	.help = "One process in four collapses ranges of a file that all map, "
		"one\n"
		"unmaps them, one forks children, one drops what it has; then "
		"each\n"
		"exits. Nothing is claimed but that all of it was done.",
	.params = params,
	.ops = ops,
	.gate = true,
	.setup = setup,
	.expect = expect,
	.run = run,
	.teardown = teardown,
	.truth = truth,
};
