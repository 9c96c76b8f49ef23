// SPDX-License-Identifier: GPL-2.0
/*
 * The daemon collapses, in the background and at its own pace; the processes
 * only wait. khugepaged_scan_mm_slot() (mm/khugepaged.c) finds the ranges of
 * the one process that asked for it, and retract_page_tables() takes the tables
 * of all processes.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include "control.h"
#include "crew.h"
#include "load.h"
#include "memory.h"
#include "settings.h"

#define THP	   "/sys/kernel/mm/transparent_hugepage/"
#define KHUGEPAGED THP "khugepaged/"

/* How often to look, and how long to wait for the next range. */
#define LOOK_US	       500
#define STALL_LIMIT_US 20000000

enum { PROCESSES, RANGES, PASSES, PAGES, RANGES_PER_SCAN, SCAN_SLEEP_MS };
enum { FAULT_IN, COLLAPSE, COLLAPSE_ALL };

static const struct param params[] = {
	{"processes", 8, 1, 1000, "processes that map the memory"},
	{"ranges", 16, 1, 4096, "huge ranges to collapse in each pass"},
	{"passes", 3, 1, 1000, "how often to populate and collapse them"},
	{"pages", 1, 0, 512,
	 "small pages of each range to populate, if it has so many; 0: all"},
	{"ranges_per_scan", 4, 1, 4096, "khugepaged/pages_to_scan, in ranges"},
	{"scan_sleep_ms", 10, 1, 10000, "khugepaged/scan_sleep_millisecs"},
	{},
};

static const char *const ops[] = {
	[FAULT_IN] = "fault-in",
	[COLLAPSE] = "collapse",
	[COLLAPSE_ALL] = "collapse-all",
	NULL,
};

struct state {
	int fd;
	char *base;
	struct crew crew;
	struct setting shmem_enabled, pages_to_scan, scan_sleep, max_ptes_none;
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
	error = memory_populate(load, s->base, load->param[RANGES],
				load->param[PAGES]);
	load_op_end(load, FAULT_IN, &op);
	return error;
}

static int configure(struct load *load, struct state *s)
{
	uint64_t pages = memory_span() / sysconf(_SC_PAGESIZE);
	int error;

	s->shmem_enabled.path = THP "shmem_enabled";
	s->pages_to_scan.path = KHUGEPAGED "pages_to_scan";
	s->scan_sleep.path = KHUGEPAGED "scan_sleep_millisecs";
	s->max_ptes_none.path = KHUGEPAGED "max_ptes_none";
	error = setting_change_number(load, &s->max_ptes_none, pages - 1);
	if (!error)
		error = setting_change_number(load, &s->pages_to_scan,
					      load->param[RANGES_PER_SCAN] *
						      pages);
	if (!error)
		error = setting_change_number(load, &s->scan_sleep,
					      load->param[SCAN_SLEEP_MS]);
	return error;
}

static int setup(struct load *load)
{
	struct state *s = calloc(1, sizeof(*s));
	int error;

	load->state = s;
	if (!s)
		return load_error(load, "state", -ENOMEM);
	error = configure(load, s);
	if (error)
		return error;
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

/* From the moment khugepaged may until all ranges are collapsed. */
static int wait_for_all(struct load *load, uint64_t start_ns, uint64_t before)
{
	uint64_t now_ns, last_ns = start_ns, found, done = 0;
	int error;

	while (done < load->param[RANGES]) {
		load_sleep_us(LOOK_US);
		/* Counted when the tables are gone (khugepaged_scan_mm_slot()).
		 */
		error = setting_read_number(load, KHUGEPAGED "pages_collapsed",
					    &found);
		if (error)
			return error;
		now_ns = load_now_ns();
		found -= before;
		for (; done < found && done < load->param[RANGES]; done++) {
			load_op_add(load, COLLAPSE, now_ns - start_ns);
			last_ns = now_ns;
		}
		if (now_ns - last_ns > STALL_LIMIT_US * 1000ull)
			return load_error(load, "khugepaged does nothing",
					  -ETIMEDOUT);
	}
	load_op_add(load, COLLAPSE_ALL, last_ns - start_ns);
	return 0;
}

static int run_pass(struct load *load, struct state *s)
{
	size_t size = load->param[RANGES] * memory_span();
	uint64_t before, start_ns;
	int error;

	/* Small pages are wanted first, though the mapping is advised. */
	error = setting_change(load, &s->shmem_enabled, "never");
	if (!error)
		error = memory_file_empty(load, s->fd, 0, load->param[RANGES]);
	if (!error)
		error = crew_do(load, &s->crew, 1);
	load_random_pause(load);
	if (!error)
		error = setting_read_number(load, KHUGEPAGED "pages_collapsed",
					    &before);
	if (error)
		return error;
	start_ns = load_now_ns();
	error = setting_change(load, &s->shmem_enabled, "advise");
	if (!error && madvise(s->base, size, MADV_HUGEPAGE))
		error = load_error(load, "MADV_HUGEPAGE", -errno);
	return error ? error : wait_for_all(load, start_ns, before);
}

static int run(struct load *load)
{
	struct state *s = load->state;
	uint64_t pass;
	int error = 0;

	for (pass = 0; pass < load->param[PASSES] && !error; pass++)
		error = run_pass(load, s);
	if (!error)
		error = setting_change(load, &s->shmem_enabled, "never");
	return error ? error : crew_dismiss(load, &s->crew);
}

static int teardown(struct load *load)
{
	struct state *s = load->state;
	int error;

	error = setting_restore(load, &s->shmem_enabled);
	if (!error)
		error = setting_restore(load, &s->max_ptes_none);
	if (!error)
		error = setting_restore(load, &s->pages_to_scan);
	if (!error)
		error = setting_restore(load, &s->scan_sleep);
	close(s->fd);
	free(s);
	return error;
}

static void expect(const struct load *load, struct control_expected *expected)
{
	const struct state *s = load->state;
	uint64_t collapses = load->param[RANGES] * load->param[PASSES];

	crew_expect(&s->crew, collapses * load->param[PROCESSES], collapses,
		    expected);
}

static int truth(struct load *load)
{
	uint64_t collapses = load->param[RANGES] * load->param[PASSES];
	int error = load_fact(load, "collapses_count", collapses);

	return error ? error
		     : load_claim_tables(load,
					 collapses * load->param[PROCESSES], 0,
					 load->shared->counter);
}

const struct workload workload_khugepaged = {
	.name = "khugepaged",
	.title =
		"khugepaged collapses what many processes map, at its own pace",
	.help = "One process asks for huge pages and waits. collapse is the "
		"time\n"
		"from then until a range is collapsed, looked at twice in a\n"
		"millisecond; collapse-all, until the last one is.",
	.params = params,
	.ops = ops,
	.needs_thp = true,
	.setup = setup,
	.expect = expect,
	.run = run,
	.teardown = teardown,
	.truth = truth,
};
