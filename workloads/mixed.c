// SPDX-License-Identifier: GPL-2.0
/*
 * Collapse and munmap on the same page-table pages. Each process populates
 * ranges of a file and private memory in one mixed order, so that the tables of
 * both share pages; then the ranges are collapsed, later the private memory is
 * unmapped. More tables are used in each round than a page holds, so pages
 * come to their end while the processes live on: through an mmu_gather batch,
 * after some of their tables were deferred.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include "control.h"
#include "crew.h"
#include "load.h"
#include "memory.h"
#include "retract.h"

enum { PROCESSES, RANGES, TABLES, ROUNDS };
enum { FAULT_IN, COLLAPSE, MUNMAP };
enum { DO_POPULATE = 1, DO_UNMAP };

static const struct param params[] = {
	{"processes", 4, 1, 1000, "processes that map the memory"},
	{"ranges", 16, 1, 4096, "huge ranges to collapse in each round"},
	{"tables", 256, 1, 65536, "page tables each unmaps in each round"},
	{"rounds", 3, 1, 1000, "how often"},
	{},
};

static const char *const ops[] = {
	[FAULT_IN] = "fault-in",
	[COLLAPSE] = "collapse",
	[MUNMAP] = "munmap",
	NULL,
};

struct state {
	int fd;
	char *base; /* the ranges, and behind them the private memory */
	struct crew crew;
};

static int populate(struct load *load, struct state *s)
{
	uint64_t ranges = load->param[RANGES], tables = load->param[TABLES];
	struct load_op op;
	char *private;
	int error;

	private = memory_map_at(load, ranges, tables,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!private)
		return load_error(load, "mmap", -errno);
	madvise(private, tables * memory_span(), MADV_NOHUGEPAGE);
	load_op_begin(load, &op);
	error = memory_populate(load, s->base, ranges + tables, 1);
	load_op_end(load, FAULT_IN, &op);
	return error;
}

static int unmap(struct load *load)
{
	uint64_t tables = load->param[TABLES];
	char *private = memory_address(load, load->param[RANGES]);
	struct load_op op;
	int error = 0;

	load_random_pause(load);
	load_op_begin(load, &op);
	if (munmap(private, tables * memory_span()))
		error = load_error(load, "munmap", -errno);
	load_op_end(load, MUNMAP, &op);
	return error;
}

static int act(struct load *load, void *context, uint32_t index,
	       uint32_t command)
{
	(void)index;
	return command == DO_POPULATE ? populate(load, context) : unmap(load);
}

static int setup(struct load *load)
{
	struct state *s = calloc(1, sizeof(*s));

	load->state = s;
	if (!s)
		return load_error(load, "state", -ENOMEM);
	s->fd = memory_file(load, load->param[RANGES]);
	if (s->fd < 0)
		return s->fd;
	s->base = memory_map(load, load->param[RANGES], MAP_SHARED, s->fd);
	if (!s->base)
		return load_error(load, "mmap", -errno);
	s->crew = (struct crew){
		.processes = load->param[PROCESSES],
		.act = act,
		.context = s,
	};
	return crew_start(load, &s->crew);
}

static int collapse_all(struct load *load, struct state *s)
{
	struct load_op op;
	int error = 0;
	uint64_t i;

	for (i = 0; i < load->param[RANGES] && !error; i++) {
		load_op_begin(load, &op);
		error = memory_collapse(load, s->base + i * memory_span());
		load_op_end(load, COLLAPSE, &op);
	}
	return error;
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
	return error ? error : crew_dismiss(load, &s->crew);
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
	const struct state *s = load->state;
	uint64_t rounds = load->param[ROUNDS];

	crew_expect(&s->crew,
		    load->param[PROCESSES] * rounds *
			    (load->param[RANGES] + load->param[TABLES]),
		    rounds * (load->param[RANGES] + load->param[PROCESSES]),
		    expected);
	retract_expect(expected);
}

static int truth(struct load *load)
{
	const struct retract retract = {.processes = load->param[PROCESSES],
					.ranges = load->param[RANGES],
					.passes = load->param[ROUNDS]};
	uint64_t collapses = load->param[RANGES] * load->param[ROUNDS];
	uint64_t unmaps = load->param[PROCESSES] * load->param[ROUNDS];
	int error = load_fact(load, "collapses_count", collapses);

	if (!error)
		error = load_fact(load, "unmaps_count", unmaps);
	return error ? error
		     : retract_claim(load, &retract,
				     unmaps * load->param[TABLES],
				     load->shared->counter);
}

const struct workload workload_mixed = {
	.name = "mixed",
	.title = "collapse and munmap on the same page-table pages",
	.help = "Some tables of a page are deferred by a collapse, the others\n"
		"unmapped later, and the process lives on: where a page that "
		"had\n"
		"a deferral waits for a grace period of its own, the last of\n"
		"these waits twice.",
	.params = params,
	.ops = ops,
	.needs_thp = true,
	.setup = setup,
	.expect = expect,
	.run = run,
	.teardown = teardown,
	.truth = truth,
};
