// SPDX-License-Identifier: GPL-2.0
/*
 * The mmu_gather without memory: tlb_remove_table() (mm/mmu_gather.c) gets no
 * page for a batch, and tlb_remove_table_one() sends IPIs and frees each table
 * at once, with no grace period.
 *
 * The page is asked for with GFP_NOWAIT, which fails when less memory is free
 * than vm.min_free_kbytes. So that is set to more than there is, for as long as
 * processes that are all ready exit. Nobody needs memory meanwhile: whoever
 * asked for some would have the out-of-memory killer look for it.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/sysinfo.h>
#include "control.h"
#include "leavers.h"
#include "load.h"
#include "settings.h"

enum { PROCESSES, TABLES, ROUNDS };

static const struct param params[] = {
	{"processes", 4, 1, 1000, "processes that exit together"},
	{"tables", 32, 1, 65536, "page tables each populates"},
	{"rounds", 3, 1, 1000, "how often"},
	{},
};

static const char *const ops[] = LEAVERS_OPS;

struct state {
	struct setting min_free;
};

static int setup(struct load *load)
{
	struct state *s = calloc(1, sizeof(*s));
	uint64_t now;
	int error;

	load->state = s;
	if (!s)
		return load_error(load, "state", -ENOMEM);
	s->min_free.path = "/proc/sys/vm/min_free_kbytes";
	/* Opens it, and has the kernel allocate what a write needs. */
	error = setting_read_number(load, s->min_free.path, &now);
	return error ? error : setting_change_number(load, &s->min_free, now);
}

/* A quarter more than all memory that is free or about to be freed. */
static int take_memory_away(struct load *load, struct state *s)
{
	struct sysinfo info;
	uint64_t bytes;

	if (sysinfo(&info))
		return load_error(load, "sysinfo", -errno);
	bytes = info.freeram * info.mem_unit;
	bytes += load->param[PROCESSES] * load->param[TABLES] * 65536;
	return setting_change_number(load, &s->min_free, bytes / 1024 * 5 / 4);
}

static int run_round(struct load *load, struct state *s,
		     struct leavers *leavers)
{
	struct setting *min_free = &s->min_free;
	int error, gone, restored;

	error = leavers_start(load, leavers);
	if (error)
		return error;
	error = take_memory_away(load, s);
	gone = leavers_go(load, leavers);
	restored = setting_change(load, min_free, min_free->was);
	if (!error)
		error = gone;
	return error ? error : restored;
}

static int run(struct load *load)
{
	struct leavers leavers = {
		.processes = load->param[PROCESSES],
		.tables = load->param[TABLES],
	};
	int error = 0;

	for (; leavers.round < load->param[ROUNDS] && !error; leavers.round++)
		error = run_round(load, load->state, &leavers);
	return error;
}

static int teardown(struct load *load)
{
	struct state *s = load->state;
	int error = setting_restore(load, &s->min_free);

	free(s);
	return error;
}

static void expect(const struct load *load, struct control_expected *expected)
{
	expected->tables = load->param[PROCESSES] * load->param[ROUNDS] *
			   (load->param[TABLES] + TEAM_OWN_TABLES);
	expected->operations = load->param[PROCESSES] * load->param[ROUNDS];
	expected->watch_frees = true;
}

static int truth(struct load *load)
{
	int error = load_fact(load, "processes_exited_count",
			      load->param[PROCESSES] * load->param[ROUNDS]);

	if (!error)
		error = load_claim(load, "fallback", "pte",
				   load->shared->counter);
	return error ? error : load_claim_tables(load, 0, 0, 0);
}

const struct workload workload_fallback = {
	.name = "fallback",
	.title = "processes exit when there is no memory for an mmu_gather "
		 "batch",
	.help = "Every table is freed on its own, after IPIs to all CPUs and "
		"with\n"
		"no grace period: vm.min_free_kbytes is above the free memory\n"
		"while the processes exit.",
	.params = params,
	.ops = ops,
	.setup = setup,
	.expect = expect,
	.run = run,
	.teardown = teardown,
	.truth = truth,
};
