// SPDX-License-Identifier: GPL-2.0
/*
 * What pinning costs. One range of a file is mapped many times over, so that
 * one collapse defers that many tables at once. One mapping in as many as a
 * page has tables is of another range, and that is collapsed late: until then
 * one table holds the page of all the others.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include "control.h"
#include "crew.h"
#include "load.h"
#include "memory.h"

enum { PROCESSES, TABLES, ROUNDS, LATE_MS };
enum { FAULT_IN, COLLAPSE, COLLAPSE_LATE };
enum { EARLY, LATE, FILE_SPANS };

static const struct param params[] = {
	{"processes", 4, 1, 1000, "processes that map the memory"},
	{"tables", 256, 2, 16384, "page tables of each process and round"},
	{"rounds", 3, 1, 1000, "how often"},
	{"late_ms", 40, 0, 10000,
	 "how much later the last tables are deferred"},
	{},
};

static const char *const ops[] = {
	[FAULT_IN] = "fault-in",
	[COLLAPSE] = "collapse",
	[COLLAPSE_LATE] = "collapse-late",
	NULL,
};

struct state {
	int fd;
	uint64_t late; /* the first mapping that is of the other range */
	struct crew crew;
};

/*
 * One in so many tables is late: as many as there are in a page, so that each
 * page has one, but with 4K pages, where there is but one.
 */
static uint64_t stride(void)
{
	uint64_t in_page = memory_tables_in_page();

	return in_page > 1 ? in_page : 16;
}

static bool is_late(const struct state *s, uint64_t table)
{
	return table >= s->late && (table - s->late) % stride() == 0;
}

/* In order: tables are handed out of a page one after the other. */
static int populate(struct load *load, void *context, uint32_t index,
		    uint32_t command)
{
	size_t span = memory_span();
	volatile char *base = memory_address(load, 0);
	struct load_op op;
	uint64_t i;

	(void)context;
	(void)index;
	(void)command;
	load_op_begin(load, &op);
	for (i = 0; i < load->param[TABLES]; i++)
		base[i * span] = 1;
	load_op_end(load, FAULT_IN, &op);
	return 0;
}

static int setup(struct load *load)
{
	struct state *s = calloc(1, sizeof(*s));
	uint64_t i, step = stride();

	load->state = s;
	if (!s)
		return load_error(load, "state", -ENOMEM);
	/* Both ranges need a mapping. */
	if (step > load->param[TABLES])
		step = load->param[TABLES];
	s->late = load_random(load, step);
	s->fd = memory_file(load, FILE_SPANS);
	if (s->fd < 0)
		return s->fd;
	for (i = 0; i < load->param[TABLES]; i++)
		if (!memory_map_at(load, i, 1, MAP_SHARED, s->fd,
				   is_late(s, i) ? LATE : EARLY))
			return load_error(load, "mmap", -errno);
	s->crew = (struct crew){
		.processes = load->param[PROCESSES],
		.act = populate,
		.context = s,
	};
	return crew_start(load, &s->crew);
}

static int collapse(struct load *load, unsigned int kind, uint64_t mapping)
{
	struct load_op op;
	int error;

	load_op_begin(load, &op);
	error = memory_collapse(load, memory_address(load, mapping));
	load_op_end(load, kind, &op);
	return error;
}

static int run(struct load *load)
{
	struct state *s = load->state;
	uint64_t round;
	int error = 0;

	for (round = 0; round < load->param[ROUNDS] && !error; round++) {
		error = memory_file_empty(load, s->fd, 0, FILE_SPANS);
		if (!error)
			error = crew_do(load, &s->crew, 1);
		load_random_pause(load);
		if (!error)
			error = collapse(load, COLLAPSE, s->late ? 0 : 1);
		load_sleep_us(load->param[LATE_MS] * 1000);
		if (!error)
			error = collapse(load, COLLAPSE_LATE, s->late);
	}
	return error ? error : crew_dismiss(load, &s->crew);
}

static int teardown(struct load *load)
{
	struct state *s = load->state;

	close(s->fd);
	return 0;
}

static uint64_t deferrals(const struct load *load)
{
	return load->param[PROCESSES] * load->param[TABLES] *
	       load->param[ROUNDS];
}

static void expect(const struct load *load, struct control_expected *expected)
{
	const struct state *s = load->state;

	crew_expect(&s->crew, deferrals(load), FILE_SPANS * load->param[ROUNDS],
		    expected);
}

static int truth(struct load *load)
{
	const struct state *s = load->state;
	uint64_t i, late = 0;
	int error;

	for (i = 0; i < load->param[TABLES]; i++)
		late += is_late(s, i);
	error = load_fact(load, "collapses_count",
			  FILE_SPANS * load->param[ROUNDS]);
	if (!error)
		error = load_fact(load, "late_tables_count",
				  late * load->param[PROCESSES] *
					  load->param[ROUNDS]);
	if (!error)
		error = load_claim_tables(load, deferrals(load), 0,
					  load->shared->counter);
	free(load->state);
	return error;
}

const struct workload workload_drain = {
	.name = "drain",
	.title = "all tables of a page deferred at once, the last one late",
	.help = "Until that one is gone too, it holds the page of all others;\n"
		"then the page waits for its grace period. One collapse "
		"defers\n"
		"all tables of a round, another the late ones.",
	.params = params,
	.ops = ops,
	.needs_thp = true,
	.setup = setup,
	.expect = expect,
	.run = run,
	.teardown = teardown,
	.truth = truth,
};
