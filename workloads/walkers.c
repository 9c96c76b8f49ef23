// SPDX-License-Identifier: GPL-2.0
/*
 * Readers of the very page tables that a collapse takes away. Every process
 * that maps the memory has a thread that goes through walks.h, over its own
 * memory and over its neighbour's, all the time while one process collapses the
 * ranges, breaks them up, has them populated, and collapses them again.
 *
 * Every process maps the memory several times over, so that it uses up its
 * pages of tables, and these come to their end while they are walked.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
#include "control.h"
#include "crew.h"
#include "load.h"
#include "memory.h"
#include "quiesce.h"
#include "reclaim.h"
#include "walks.h"

/* A collapse is refused while a walker holds a page. */
#define TRIES 20

enum { PROCESSES, RANGES, ROUNDS, PAGES, COPIES };
enum { COLLAPSE };
enum { DO_START = 1, DO_POPULATE, DO_STOP };

static const struct param params[] = {
	{"processes", 4, 2, 1000, "processes that map the memory"},
	{"ranges", 4, 1, 4096, "huge ranges to collapse in each round"},
	{"rounds", 4, 1, 1000, "how often"},
	{"pages", 1, 0, 512,
	 "small pages of each range to populate, if it has so many; 0: all"},
	{"copies", 16, 1, 512, "how often each process maps the memory"},
	{},
};

static const char *const ops[] = {
	[COLLAPSE] = "collapse",
	NULL,
};

struct state {
	int fd;
	char *base;
	uint64_t collapsed, refused;
	struct crew crew;
	pid_t first; /* this process, which all others are forked from */
	/* Of each process. */
	pthread_t thread;
	struct walker walker;
	int stop; /* atomic */
};

/* Over one mapping after the other. */
static void *walk(void *context)
{
	struct state *s = context;
	struct walker *w = &s->walker;
	uint64_t copies = w->load->param[COPIES], pass = 0;
	intptr_t error = 0;

	while (!error && !__atomic_load_n(&s->stop, __ATOMIC_RELAXED)) {
		w->base = memory_address(w->load, pass++ % copies * w->spans);
		error = walker_walk_all(w);
	}
	return (void *)error;
}

/* Everybody's neighbour is the first process, and the last to start is its. */
static int start(struct load *load, struct state *s, uint32_t index)
{
	int error;

	s->walker = (struct walker){
		.load = load,
		.spans = load->param[RANGES],
		.other = index ? s->first : s->crew.team.pids[0],
		.of_all = index == 1,
	};
	error = walker_open(&s->walker);
	if (error)
		return error;
	error = pthread_create(&s->thread, NULL, walk, s);
	return error ? load_error(load, "thread", -error) : 0;
}

static int stop(struct load *load, struct state *s)
{
	void *error;
	int i;

	__atomic_store_n(&s->stop, 1, __ATOMIC_RELAXED);
	pthread_join(s->thread, &error);
	walker_close(&s->walker);
	for (i = 0; i < WALKS; i++)
		load_count(load, i, s->walker.done[i]);
	return (int)(intptr_t)error;
}

static int act(struct load *load, void *context, uint32_t index,
	       uint32_t command)
{
	struct state *s = context;

	if (command == DO_START)
		return start(load, s, index);
	if (command == DO_STOP)
		return stop(load, s);
	return memory_populate(load, s->base,
			       load->param[RANGES] * load->param[COPIES],
			       load->param[PAGES]);
}

static int map_copies(struct load *load, struct state *s)
{
	uint64_t ranges = load->param[RANGES], copy;

	for (copy = 0; copy < load->param[COPIES]; copy++)
		if (!memory_map_at(load, copy * ranges, ranges, MAP_SHARED,
				   s->fd, 0))
			return load_error(load, "mmap", -errno);
	s->base = memory_address(load, 0);
	return 0;
}

static int setup(struct load *load)
{
	struct state *s = calloc(1, sizeof(*s));
	int error;

	load->state = s;
	if (!s)
		return load_error(load, "state", -ENOMEM);
	s->fd = memory_file(load, load->param[RANGES]);
	if (s->fd < 0)
		return s->fd;
	error = map_copies(load, s);
	if (!error && reclaim_possible())
		error = reclaim_begin(load);
	if (error)
		return error;
	s->first = getpid();
	s->crew = (struct crew){
		.processes = load->param[PROCESSES],
		.act = act,
		.context = s,
	};
	team_end_if_killed();
	return crew_start(load, &s->crew);
}

static int collapse_range(struct load *load, struct state *s, uint64_t range)
{
	struct load_op op;
	int refused = 1, i;

	for (i = 0; i < TRIES && refused > 0; i++) {
		load_op_begin(load, &op);
		refused = memory_try_collapse(load,
					      s->base + range * memory_span());
		if (!refused)
			load_op_end(load, COLLAPSE, &op);
	}
	if (refused < 0)
		return refused;
	s->collapsed += !refused;
	s->refused += refused;
	return 0;
}

static int run_round(struct load *load, struct state *s)
{
	int error = memory_file_empty(load, s->fd, 0, load->param[RANGES]);
	uint64_t i;

	if (!error)
		error = crew_do(load, &s->crew, DO_POPULATE);
	for (i = 0; i < load->param[RANGES] && !error; i++)
		error = collapse_range(load, s, i);
	return error;
}

static int run(struct load *load)
{
	struct state *s = load->state;
	int error = crew_do(load, &s->crew, DO_START), stopped;
	uint64_t round;

	for (round = 0; round < load->param[ROUNDS] && !error; round++)
		error = run_round(load, s);
	stopped = crew_do(load, &s->crew, DO_STOP);
	if (!error)
		error = stopped;
	if (!error)
		error = crew_dismiss(load, &s->crew);
	if (!error && !s->collapsed)
		error = load_error(load, "not one collapse", -EBUSY);
	return error ? error : quiesce(load);
}

static int teardown(struct load *load)
{
	close(((struct state *)load->state)->fd);
	return 0;
}

static void expect(const struct load *load, struct control_expected *expected)
{
	const struct state *s = load->state;
	uint64_t collapses = load->param[RANGES] * load->param[ROUNDS];

	/* Pages migrate and are swapped, and some are freed on the way. */
	crew_expect(&s->crew,
		    collapses * load->param[COPIES] * load->param[PROCESSES] *
			    4,
		    collapses * TRIES, expected);
}

static int truth(struct load *load)
{
	struct state *s = load->state;
	int error = load_fact(load, "collapses_count", s->collapsed), i;

	if (!error)
		error = load_fact(load, "collapses_refused_count", s->refused);
	for (i = 0; i < WALKS && !error; i++)
		error = load_fact(load, walk_names[i], load->shared->counts[i]);
	load_unclaimed(load, "which tables a collapse finds depends on what "
			     "the walkers have faulted in");
	free(s);
	return error;
}

const struct workload workload_walkers = {
	.name = "walkers",
	.title = "others walk the page tables that collapses take away",
	.help = "In each process a thread walks its own and another's page "
		"tables by\n"
		"vmsplice, mincore, pagemap, smaps, process_vm_readv, "
		"MADV_COLD,\n"
		"compaction and reclaim, while one process collapses the "
		"memory again and "
		"again.",
	.params = params,
	.ops = ops,
	.needs_thp = true,
	.gate = true,
	.setup = setup,
	.expect = expect,
	.run = run,
	.teardown = teardown,
	.truth = truth,
};
