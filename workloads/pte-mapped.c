// SPDX-License-Identifier: GPL-2.0
/*
 * collapse_pte_mapped_thp() (mm/khugepaged.c): the memory is huge already, but
 * a process has it mapped by small pages. Each process maps the first halves of
 * huge pages, which a huge mapping does not fit, and touches them; then the
 * second halves, which makes one mapping of it all. MADV_COLLAPSE then has only
 * to put a huge mapping in the page table's place, and defers the table of that
 * one process.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include "control.h"
#include "crew.h"
#include "load.h"
#include "memory.h"

enum { PROCESSES, RANGES, PASSES };
enum { FAULT_IN, COLLAPSE };
enum { DO_MAP = 1, DO_COLLAPSE };

static const struct param params[] = {
	{"processes", 8, 1, 1000, "processes that map the memory"},
	{"ranges", 16, 1, 511, "huge pages each maps in each pass"},
	{"passes", 3, 1, 1000, "how often"},
	{},
};

static const char *const ops[] = {
	[FAULT_IN] = "fault-in",
	[COLLAPSE] = "collapse",
	NULL,
};

struct state {
	int fd;
	uint32_t *order;
	struct crew crew;
};

/* Maps one half of each huge page. */
static int map_halves(struct load *load, struct state *s, int half)
{
	size_t span = memory_span();
	uint64_t i;

	for (i = 0; i < load->param[RANGES]; i++)
		if (mmap(memory_address(load, i) + half * span / 2, span / 2,
			 PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_FIXED_NOREPLACE, s->fd,
			 i * span + half * span / 2) == MAP_FAILED)
			return load_error(load, "mmap", -errno);
	return 0;
}

static int map_small(struct load *load, struct state *s)
{
	struct load_op op;
	int error;

	error = map_halves(load, s, 0);
	if (error)
		return error;
	load_op_begin(load, &op);
	error = memory_populate(load, memory_address(load, 0),
				load->param[RANGES], 1);
	load_op_end(load, FAULT_IN, &op);
	return error ? error : map_halves(load, s, 1);
}

static int collapse(struct load *load, struct state *s)
{
	struct load_op op;
	int error = 0;
	uint64_t i;

	load_shuffle(load, s->order, load->param[RANGES]);
	for (i = 0; i < load->param[RANGES] && !error; i++) {
		load_random_pause(load);
		load_op_begin(load, &op);
		error = memory_collapse(load,
					memory_address(load, s->order[i]));
		load_op_end(load, COLLAPSE, &op);
	}
	/* The huge mappings; they have no page table but a deposited one. */
	if (munmap(memory_address(load, 0),
		   load->param[RANGES] * memory_span()))
		error = load_error(load, "munmap", -errno);
	return error;
}

static int act(struct load *load, void *context, uint32_t index,
	       uint32_t command)
{
	(void)index;
	return command == DO_MAP ? map_small(load, context)
				 : collapse(load, context);
}

/* Makes all of the file huge. */
static int make_huge(struct load *load, struct state *s)
{
	uint64_t ranges = load->param[RANGES], i;
	char *base = memory_map(load, ranges, MAP_SHARED, s->fd);
	int error;

	if (!base)
		return load_error(load, "mmap", -errno);
	error = memory_populate(load, base, ranges, 1);
	for (i = 0; i < ranges && !error; i++)
		error = memory_collapse(load, base + i * memory_span());
	if (munmap(base, ranges * memory_span()))
		error = load_error(load, "munmap", -errno);
	return error;
}

static int setup(struct load *load)
{
	struct state *s = calloc(1, sizeof(*s));
	int error;

	load->state = s;
	if (s)
		s->order = malloc(load->param[RANGES] * sizeof(*s->order));
	if (!s || !s->order)
		return load_error(load, "state", -ENOMEM);
	s->fd = memory_file(load, load->param[RANGES]);
	if (s->fd < 0)
		return s->fd;
	error = make_huge(load, s);
	if (error)
		return error;
	s->crew = (struct crew){
		.processes = load->param[PROCESSES],
		.act = act,
		.context = s,
	};
	return crew_start(load, &s->crew);
}

static int run(struct load *load)
{
	struct state *s = load->state;
	uint64_t pass;
	int error = 0;

	for (pass = 0; pass < load->param[PASSES] && !error; pass++) {
		error = crew_do(load, &s->crew, DO_MAP);
		if (!error)
			error = crew_do(load, &s->crew, DO_COLLAPSE);
	}
	return error ? error : crew_dismiss(load, &s->crew);
}

static int teardown(struct load *load)
{
	struct state *s = load->state;

	close(s->fd);
	free(s->order);
	free(s);
	return 0;
}

static uint64_t collapses(const struct load *load)
{
	return load->param[PROCESSES] * load->param[RANGES] *
	       load->param[PASSES];
}

static void expect(const struct load *load, struct control_expected *expected)
{
	const struct state *s = load->state;

	crew_expect(&s->crew, collapses(load), collapses(load), expected);
}

static int truth(struct load *load)
{
	int error = load_fact(load, "collapses_count", collapses(load));

	return error ? error
		     : load_claim_tables(load, collapses(load), 0,
					 load->shared->counter);
}

const struct workload workload_pte_mapped = {
	.name = "pte-mapped",
	.title = "MADV_COLLAPSE of huge pages that are mapped by small ones",
	.help = "collapse_pte_mapped_thp(): nothing is copied, and each "
		"process\n"
		"has a table deferred of its own only, by itself.",
	.params = params,
	.ops = ops,
	.needs_thp = true,
	.setup = setup,
	.expect = expect,
	.run = run,
	.teardown = teardown,
	.truth = truth,
};
