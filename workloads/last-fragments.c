// SPDX-License-Identifier: GPL-2.0
/*
 * What is left when a process exits whose tables were all deferred a moment
 * before: every table handed out from its current page of tables is waiting to
 * be free, the rest of that page was never handed out, and pte_frag_destroy()
 * (arch/powerpc/mm/pgtable-frag.c) drops the rest.
 *
 * A small file is mapped many times over, so a few collapses defer all those
 * tables. How many there are differs from process to process: their last
 * page of tables is to be full, to lack a table or two, or to have just begun.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include "control.h"
#include "load.h"
#include "memory.h"
#include "quiesce.h"
#include "team.h"

enum { AROUND, PAGES, SETS, ROUNDS };
enum { COLLAPSE, EXIT_ALL };
enum { DEFERRED };

static const struct param params[] = {
	{"around", 2, 0, 64, "tables more or less than fill a page, at most"},
	{"pages", 1, 1, 64, "pages of tables that each process fills"},
	{"sets", 1, 1, 100, "processes for each number of tables"},
	{"rounds", 2, 1, 1000, "how often"},
	{},
};

static const char *const ops[] = {
	[COLLAPSE] = "collapse",
	[EXIT_ALL] = "exit-all",
	NULL,
};

struct state {
	int fd;
	char *base;
};

/*
 * Few, so that there are few collapses and the last comes soon after the first;
 * but several where a page has many tables, as each mapping takes its time.
 */
static uint64_t file_spans(void)
{
	uint64_t in_page = memory_tables_in_page();

	return in_page > 32 ? in_page / 32 : 1;
}

static uint32_t processes(const struct load *load)
{
	return (2 * load->param[AROUND] + 1) * load->param[SETS];
}

/*
 * How many tables a process is to have deferred. It is a fork, and has freed
 * none, so those it has are those that it was handed out: the last of these
 * pages is not full, and is filled first.
 */
static uint64_t tables_of(const struct load *load, uint32_t index, uint64_t has)
{
	uint64_t in_page = memory_tables_in_page(), around, tables;

	around = index % (2 * load->param[AROUND] + 1);
	tables = in_page - has % in_page + load->param[PAGES] * in_page;
	/* With 4K pages a table fills its page: there is no boundary. */
	return tables + load->param[AROUND] > around
		       ? tables + load->param[AROUND] - around
		       : 1;
}

/* The file again and again, and the tables in order. */
static int map_file(struct load *load, struct state *s, uint64_t tables)
{
	uint64_t file = file_spans(), i, n, span;
	volatile char *at;

	for (i = 0; i < tables; i += n) {
		n = tables - i < file ? tables - i : file;
		at = memory_map_at(load, file + i, n, MAP_SHARED, s->fd, 0);
		if (!at)
			return load_error(load, "mmap", -errno);
		for (span = 0; span < n; span++)
			at[span * memory_span()] = 1;
	}
	return 0;
}

/* Nothing is between the word and the exit. */
static int member(struct load *load, void *context, uint32_t index)
{
	pthread_barrier_t *barrier = &load->shared->barrier;
	struct state *s = context;
	/* Has all tables made that it needs, or one would come last. */
	int error = team_count_tables(load);
	int64_t has = error ? 0 : memory_tables_count();
	uint64_t tables = tables_of(load, index, has < 0 ? 0 : has);

	if (has < 0)
		error = load_error(load, "pagemap", has);
	if (!error)
		error = map_file(load, s, tables);
	load_count(load, DEFERRED, tables);
	pthread_barrier_wait(barrier); /* all are populated */
	pthread_barrier_wait(barrier); /* the word to exit */
	return error;
}

static int setup(struct load *load)
{
	struct state *s = calloc(1, sizeof(*s));

	load->state = s;
	if (!s)
		return load_error(load, "state", -ENOMEM);
	s->fd = memory_file(load, file_spans());
	if (s->fd < 0)
		return s->fd;
	/* This process never touches it: it has no table to take away. */
	s->base = memory_map(load, file_spans(), MAP_SHARED, s->fd);
	if (!s->base)
		return load_error(load, "mmap", -errno);
	team_end_if_killed();
	return 0;
}

static int run_round(struct load *load, struct state *s)
{
	struct team team;
	struct load_op op;
	int error, gone;
	uint64_t i;

	error = team_barrier(load, processes(load) + 1);
	if (!error)
		error = team_start(load, &team, processes(load), member, s);
	if (error)
		return error;
	pthread_barrier_wait(&load->shared->barrier);
	load_random_pause(load);
	for (i = 0; i < file_spans() && !error; i++) {
		load_op_begin(load, &op);
		error = memory_collapse(load, s->base + i * memory_span());
		load_op_end(load, COLLAPSE, &op);
	}
	load->shared->time_ns = load_now_ns();
	pthread_barrier_wait(&load->shared->barrier);
	gone = team_wait(load, &team, NULL);
	load_op_add(load, EXIT_ALL, load_now_ns() - load->shared->time_ns);
	return error ? error : gone;
}

static int run(struct load *load)
{
	struct state *s = load->state;
	uint64_t round;
	int error = 0;

	for (round = 0; round < load->param[ROUNDS] && !error; round++) {
		error = memory_file_empty(load, s->fd, 0, file_spans());
		if (!error)
			error = run_round(load, s);
	}
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
	uint64_t exits = processes(load) * load->param[ROUNDS];

	/* Twice: RCU frees what describes the mappings, too. */
	expected->tables = exits * 2 *
			   (TEAM_OWN_TABLES + load->param[AROUND] +
			    (load->param[PAGES] + 1) * memory_tables_in_page());
	expected->operations = exits + load->param[ROUNDS] * file_spans();
}

static int truth(struct load *load)
{
	uint64_t deferred = load->shared->counts[DEFERRED];
	int error = load_fact(load, "processes_exited_count",
			      processes(load) * load->param[ROUNDS]);

	return error ? error
		     : load_claim_tables(load, deferred, 0,
					 load->shared->counter);
}

const struct workload workload_last_fragments = {
	.name = "last-fragments",
	.title = "processes exit right after all tables of their last page "
		 "were deferred",
	.help = "Collapses defer hundreds of tables of each process, up to "
		"the\n"
		"last that it was handed out and a few around the end of a "
		"page of\n"
		"tables; then they exit, with their last page waiting for RCU.",
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
