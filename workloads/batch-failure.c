// SPDX-License-Identifier: GPL-2.0
/*
 * The mmu_gather gets no page for a batch, as in fallback.c, but by fault
 * injection, so while the system has memory and in munmap as well: then
 * tlb_remove_table_one() (mm/mmu_gather.c) frees each table after IPIs. With
 * tables of the same pages deferred by a collapse meanwhile, which must not
 * need memory either.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include "control.h"
#include "crew.h"
#include "injection.h"
#include "load.h"
#include "memory.h"
#include "quiesce.h"

enum { PROCESSES, RANGES, TABLES, ROUNDS, PERCENT };
enum { COLLAPSE, MUNMAP };
enum { DO_POPULATE = 1, DO_UNMAP, DO_FAIL };

static const struct param params[] = {
	{"processes", 4, 2, 1000, "processes that map the memory"},
	{"ranges", 4, 1, 4096, "huge ranges to collapse in each round"},
	{"tables", 96, 1, 65536, "page tables each unmaps in each round"},
	{"rounds", 3, 1, 1000, "how often"},
	{"percent", 100, 1, 100, "allocations that fail; of 100 all is known"},
	{},
};

static const char *const ops[] = {
	[COLLAPSE] = "collapse",
	[MUNMAP] = "munmap",
	NULL,
};

struct state {
	int fd;
	char *base; /* the ranges, and behind them the private memory */
	uint64_t ranges;
	struct injection injection;
	struct crew crew;
};

static int populate(struct load *load, struct state *s)
{
	uint64_t tables = load->param[TABLES];
	char *private = memory_map_at(load, load->param[RANGES], tables,
				      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (!private)
		return load_error(load, "mmap", -errno);
	madvise(private, tables * memory_span(), MADV_NOHUGEPAGE);
	return memory_populate(load, s->base, load->param[RANGES] + tables, 1);
}

static int unmap(struct load *load)
{
	char *private = memory_address(load, load->param[RANGES]);
	struct load_op op;
	int error = injection_of_task(load, true), again;

	if (error)
		return error;
	load_op_begin(load, &op);
	if (munmap(private, load->param[TABLES] * memory_span()))
		error = load_error(load, "munmap", -errno);
	load_op_end(load, MUNMAP, &op);
	again = injection_of_task(load, false);
	return error ? error : again;
}

static int act(struct load *load, void *context, uint32_t index,
	       uint32_t command)
{
	if (command == DO_POPULATE)
		return populate(load, context);
	if (command == DO_UNMAP)
		return unmap(load);
	/* For the exits that come next; the first process stays. */
	return index ? injection_of_task(load, true) : 0;
}

static int setup(struct load *load)
{
	struct state *s = calloc(1, sizeof(*s));
	int error;

	load->state = s;
	if (!s)
		return load_error(load, "state", -ENOMEM);
	error = injection_begin(load, &s->injection, load->param[PERCENT]);
	if (error)
		return error;
	s->fd = memory_file(load, load->param[RANGES]);
	if (s->fd < 0)
		return s->fd;
	s->base = memory_map(load, load->param[RANGES], MAP_SHARED, s->fd);
	if (!s->base)
		return load_error(load, "mmap", -errno);
	s->ranges = memory_has_huge_pages() ? load->param[RANGES] : 0;
	s->crew = (struct crew){
		.processes = load->param[PROCESSES],
		.act = act,
		.context = s,
	};
	team_end_if_killed();
	return crew_start(load, &s->crew);
}

static int collapse_all(struct load *load, struct state *s)
{
	struct load_op op;
	int error = injection_of_task(load, true), again;
	uint64_t i;

	for (i = 0; i < s->ranges && !error; i++) {
		load_op_begin(load, &op);
		error = memory_collapse(load, s->base + i * memory_span());
		load_op_end(load, COLLAPSE, &op);
	}
	again = injection_of_task(load, false);
	return error ? error : again;
}

static int run(struct load *load)
{
	struct state *s = load->state;
	uint64_t round;
	int error = 0;

	for (round = 0; round < load->param[ROUNDS] && !error; round++) {
		error = memory_file_empty(load, s->fd, 0, load->param[RANGES]);
		if (!error)
			error = crew_do(load, &s->crew, DO_POPULATE);
		if (!error)
			error = collapse_all(load, s);
		if (!error)
			error = crew_do(load, &s->crew, DO_UNMAP);
	}
	if (!error)
		error = crew_do(load, &s->crew, DO_FAIL);
	if (!error)
		error = crew_dismiss(load, &s->crew);
	return error ? error : quiesce(load);
}

static int teardown(struct load *load)
{
	struct state *s = load->state;
	int error = injection_end(load, &s->injection);

	close(s->fd);
	free(s);
	return error;
}

static void expect(const struct load *load, struct control_expected *expected)
{
	const struct state *s = load->state;
	uint64_t rounds = load->param[ROUNDS];

	crew_expect(&s->crew,
		    load->param[PROCESSES] * rounds *
			    (load->param[RANGES] + load->param[TABLES]),
		    rounds * (load->param[RANGES] + load->param[PROCESSES]),
		    expected);
	expected->watch_frees = true;
}

static int claim(struct load *load, uint64_t collapses, uint64_t unmaps)
{
	int error = load_claim(load, "defer", "pte",
			       collapses * load->param[PROCESSES]);

	if (load->param[PERCENT] < 100 || error)
		return error;
	error = load_claim(load, "fallback", "pte",
			   unmaps * load->param[TABLES] +
				   load->shared->counter);
	if (!error)
		error = load_claim(load, "munmap", "pte", 0);
	return error ? error : load_claim(load, "exit", "pte", 0);
}

static int truth(struct load *load)
{
	const struct load_op_stats *ops_done = load->shared->ops;
	uint64_t collapses = ops_done[COLLAPSE].latency.count;
	uint64_t unmaps = load->param[PROCESSES] * load->param[ROUNDS];
	int error = load_fact(load, "collapses_count", collapses);

	if (!error)
		error = load_fact(load, "unmaps_count", unmaps);
	return error ? error : claim(load, collapses, unmaps);
}

const struct workload workload_batch_failure = {
	.name = "batch-failure",
	.title = "munmap, exit and collapse while allocations that must not "
		 "sleep fail",
	.help = "By fault injection, so the kernel has to have it. Every table "
		"that\n"
		"munmap and exit unlink is freed on its own, after IPIs to "
		"all CPUs;\n"
		"collapses of the same pages' tables are to work all the same.",
	.params = params,
	.ops = ops,
	.gate = true,
	.setup = setup,
	.expect = expect,
	.run = run,
	.teardown = teardown,
	.truth = truth,
};
