// SPDX-License-Identifier: GPL-2.0
/*
 * Deferrals that keep arriving: ranges are collapsed at a steady pace, several
 * in each grace period, and each defers another table of the same page in every
 * process. By the time the callback of a page comes, more have arrived.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include "control.h"
#include "crew.h"
#include "load.h"
#include "memory.h"
#include "retract.h"

enum { PROCESSES, RANGES, PASSES, PAUSE_US };
enum { FAULT_IN, COLLAPSE };

static const struct param params[] = {
	{"processes", 8, 1, 1000, "processes that map the memory"},
	{"ranges", 24, 1, 4096, "huge ranges to collapse in each pass"},
	{"passes", 4, 1, 1000, "how often to populate and collapse them"},
	{"pause_us", 300, 0, 1000000, "from a collapse to the next"},
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
	struct crew crew;
};

static int fault_in(struct load *load, void *context, uint32_t index,
		    uint32_t command)
{
	struct state *s = context;
	struct load_op op;
	int error;

	(void)index;
	(void)command;
	load_op_begin(load, &op);
	error = memory_populate(load, s->base, load->param[RANGES], 1);
	load_op_end(load, FAULT_IN, &op);
	return error;
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
		.act = fault_in,
		.context = s,
	};
	return crew_start(load, &s->crew);
}

static int collapse_all(struct load *load, struct state *s, uint32_t *order)
{
	size_t span = memory_span();
	struct load_op op;
	int error = 0;
	uint64_t i;

	load_shuffle(load, order, load->param[RANGES]);
	load_random_pause(load);
	for (i = 0; i < load->param[RANGES] && !error; i++) {
		load_op_begin(load, &op);
		error = memory_collapse(load, s->base + order[i] * span);
		load_op_end(load, COLLAPSE, &op);
		if (load->param[PAUSE_US])
			load_sleep_us(load->param[PAUSE_US]);
	}
	return error;
}

static int run(struct load *load)
{
	struct state *s = load->state;
	uint32_t *order = malloc(load->param[RANGES] * sizeof(*order));
	int error = order ? 0 : load_error(load, "order", -ENOMEM);
	uint64_t pass;

	for (pass = 0; pass < load->param[PASSES] && !error; pass++) {
		error = memory_file_empty(load, s->fd, 0, load->param[RANGES]);
		if (!error)
			error = crew_do(load, &s->crew, 1);
		if (!error)
			error = collapse_all(load, s, order);
	}
	free(order);
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
	uint64_t collapses = load->param[RANGES] * load->param[PASSES];

	crew_expect(&s->crew, collapses * load->param[PROCESSES], collapses,
		    expected);
	retract_expect(expected);
}

static int truth(struct load *load)
{
	const struct retract retract = {.processes = load->param[PROCESSES],
					.ranges = load->param[RANGES],
					.passes = load->param[PASSES]};
	uint64_t collapses = load->param[RANGES] * load->param[PASSES];
	int error = load_fact(load, "collapses_count", collapses);

	return error ? error
		     : retract_claim(load, &retract, 0, load->shared->counter);
}

const struct workload workload_stream = {
	.name = "stream",
	.title = "collapses at a steady pace: deferrals keep arriving",
	.help = "Several collapses fall into each grace period, and each "
		"defers\n"
		"another table of the same page-table page in every process.\n"
		"Where a variant collects deferrals, its callback finds more.",
	.params = params,
	.ops = ops,
	.needs_thp = true,
	.setup = setup,
	.expect = expect,
	.run = run,
	.teardown = teardown,
	.truth = truth,
};
