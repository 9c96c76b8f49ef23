// SPDX-License-Identifier: GPL-2.0
/*
 * One process collapses ranges of a memfd that all processes map. In every
 * one of them retract_page_tables() (mm/khugepaged.c) takes the range's PTE
 * table away and hands it to pte_free_defer(). The other processes exit at the
 * end: only then is every table of their page-table pages gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "control.h"
#include "load.h"
#include "memory.h"
#include "retract.h"
#include "team.h"

enum { PROCESSES, RANGES, PASSES, PAGES };
enum { FAULT_IN, COLLAPSE };

static const struct param params[] = {
	{"processes", 17, 1, 1000, "processes that map the memory"},
	{"ranges", 16, 1, 4096, "huge ranges to collapse in each pass"},
	{"passes", 3, 1, 1000, "how often to populate and collapse them"},
	{"pages", 1, 0, 512,
	 "small pages of each range to populate, if it has so many; 0: all"},
	{},
};

static const char *const ops[] = {
	[FAULT_IN] = "fault-in",
	[COLLAPSE] = "collapse",
	NULL,
};

struct state {
	int fd;
	char *base;
	struct team team;
};

static int fault_in(struct load *load, struct state *s)
{
	struct load_op op;
	int error;

	load_op_begin(load, &op);
	error = memory_populate(load, s->base, load->param[RANGES],
				load->param[PAGES]);
	load_op_end(load, FAULT_IN, &op);
	return error;
}

/* Two barriers a pass: one to populate after, one to collapse after. */
static int member(struct load *load, void *context, uint32_t index)
{
	pthread_barrier_t *barrier = &load->shared->barrier;
	uint64_t pass;
	int error = 0;

	(void)index;
	for (pass = 0; pass < load->param[PASSES]; pass++) {
		pthread_barrier_wait(barrier);
		error |= fault_in(load, context);
		pthread_barrier_wait(barrier);
	}
	pthread_barrier_wait(barrier);
	return error ? error : team_count_tables(load);
}

static int setup(struct load *load)
{
	size_t size = load->param[RANGES] * memory_span();
	struct state *s = calloc(1, sizeof(*s));
	int error;

	load->state = s;
	if (!s)
		return load_error(load, "state", -ENOMEM);
	s->fd = memfd_create("thp-collapse", MFD_CLOEXEC);
	if (s->fd < 0 || ftruncate(s->fd, size))
		return load_error(load, "memfd", -errno);
	s->base = memory_map(load, load->param[RANGES], MAP_SHARED, s->fd);
	if (!s->base)
		return load_error(load, "mmap", -errno);
	error = team_barrier(load, load->param[PROCESSES]);
	if (error)
		return error;
	return team_start(load, &s->team, load->param[PROCESSES] - 1, member,
			  s);
}

static int collapse(struct load *load, struct state *s, uint32_t *order)
{
	size_t span = memory_span();
	struct load_op op;
	uint64_t i;

	load_shuffle(load, order, load->param[RANGES]);
	for (i = 0; i < load->param[RANGES]; i++) {
		load_random_pause(load);
		load_op_begin(load, &op);
		if (madvise(s->base + order[i] * span, span, MADV_COLLAPSE))
			return load_error(load, "MADV_COLLAPSE", -errno);
		load_op_end(load, COLLAPSE, &op);
	}
	return 0;
}

static int run(struct load *load)
{
	struct state *s = load->state;
	uint32_t *order = malloc(load->param[RANGES] * sizeof(*order));
	size_t size = load->param[RANGES] * memory_span();
	uint64_t pass;
	int error = order ? 0 : load_error(load, "order", -ENOMEM);

	for (pass = 0; pass < load->param[PASSES] && !error; pass++) {
		/* Small pages again, and no huge mapping of them. */
		if (fallocate(s->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			      0, size)) {
			error = load_error(load, "fallocate", -errno);
			break;
		}
		pthread_barrier_wait(&load->shared->barrier);
		error = fault_in(load, s);
		pthread_barrier_wait(&load->shared->barrier);
		if (!error)
			error = collapse(load, s, order);
	}
	free(order);
	if (error)
		return error;
	pthread_barrier_wait(&load->shared->barrier);
	return team_wait(load, &s->team, NULL);
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
	expected->tables =
		load->param[PROCESSES] *
		(load->param[RANGES] * load->param[PASSES] + TEAM_OWN_TABLES);
	expected->operations = load->param[RANGES] * load->param[PASSES] +
			       load->param[PROCESSES];
	retract_expect(expected);
}

static int truth(struct load *load)
{
	const struct retract retract = {.processes = load->param[PROCESSES],
					.ranges = load->param[RANGES],
					.passes = load->param[PASSES]};
	uint64_t collapses = load->param[RANGES] * load->param[PASSES];
	int error = load_fact(load, "collapses_count", collapses);

	if (!error)
		error = load_fact(load, "processes_exited_count",
				  load->param[PROCESSES] - 1);
	return error ? error
		     : retract_claim(load, &retract, 0, load->shared->counter);
}

const struct workload workload_thp_collapse = {
	.name = "thp-collapse",
	.title = "MADV_COLLAPSE of a memfd that many processes map",
	.help = "Every collapse retracts one page table in every process, by\n"
		"pte_free_defer(): processes x ranges x passes in all. A page\n"
		"that several tables share is free when its process exits.",
	.params = params,
	.ops = ops,
	.needs_thp = true,
	.setup = setup,
	.expect = expect,
	.run = run,
	.teardown = teardown,
	.truth = truth,
};
