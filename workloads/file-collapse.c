// SPDX-License-Identifier: GPL-2.0
/*
 * Read-only file THP (CONFIG_READ_ONLY_THP_FOR_FS): a file that nobody has open
 * for writing, mapped by many processes as a program's text is, and collapsed:
 * collapse_file(), then retract_page_tables() (mm/khugepaged.c).
 *
 * The file is on a ramfs and has nothing but holes. Reading them makes clean
 * pages, which is what collapse_file() wants.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include "control.h"
#include "crew.h"
#include "load.h"
#include "memory.h"

#define MOUNT "/tmp/file-collapse"
#define PATH  MOUNT "/file"

enum { PROCESSES, RANGES, PASSES };
enum { FAULT_IN, COLLAPSE };

static const struct param params[] = {
	{"processes", 17, 1, 1000, "processes that map the file"},
	{"ranges", 8, 1, 4096, "huge ranges to collapse in each pass"},
	{"passes", 3, 1, 1000, "how often to populate and collapse them"},
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
	error = memory_read(load, s->base, load->param[RANGES], 1);
	load_op_end(load, FAULT_IN, &op);
	return error;
}

static int make_file(struct load *load)
{
	int fd;

	if (mkdir(MOUNT, 0755) && errno != EEXIST)
		return load_error(load, MOUNT, -errno);
	if (mount("ramfs", MOUNT, "ramfs", 0, NULL))
		return load_error(load, "ramfs on " MOUNT, -errno);
	fd = open(PATH, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0 || ftruncate(fd, load->param[RANGES] * memory_span()))
		return load_error(load, PATH, -errno);
	close(fd);
	fd = open(PATH, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? load_error(load, PATH, -errno) : fd;
}

static int setup(struct load *load)
{
	size_t size = load->param[RANGES] * memory_span();
	struct state *s = calloc(1, sizeof(*s));

	load->state = s;
	if (!s)
		return load_error(load, "state", -ENOMEM);
	s->fd = make_file(load);
	if (s->fd < 0)
		return s->fd;
	s->base = memory_map(load, load->param[RANGES], MAP_PRIVATE, s->fd);
	if (!s->base || mprotect(s->base, size, PROT_READ | PROT_EXEC))
		return load_error(load, "mmap", -errno);
	s->crew = (struct crew){
		.processes = load->param[PROCESSES],
		.act = fault_in,
		.context = s,
	};
	return crew_start(load, &s->crew);
}

/*
 * Opening a file for writing drops all its pages, if some are huge
 * (do_dentry_open(), fs/open.c). Then all are read in again: collapse_file()
 * wants every one, and reading ahead, as it would, does not exist on a ramfs.
 */
static int refill(struct load *load, struct state *s)
{
	size_t page_size = sysconf(_SC_PAGESIZE), at;
	int fd = open(PATH, O_WRONLY | O_CLOEXEC);
	char byte;

	if (fd < 0)
		return load_error(load, PATH, -errno);
	close(fd);
	for (at = 0; at < load->param[RANGES] * memory_span(); at += page_size)
		if (pread(s->fd, &byte, 1, at) != 1)
			return load_error(load, "read", -errno);
	return 0;
}

static int collapse_all(struct load *load, struct state *s, uint32_t *order)
{
	struct load_op op;
	int error = 0;
	uint64_t i;

	load_shuffle(load, order, load->param[RANGES]);
	for (i = 0; i < load->param[RANGES] && !error; i++) {
		load_random_pause(load);
		load_op_begin(load, &op);
		error = memory_collapse(load,
					s->base + order[i] * memory_span());
		load_op_end(load, COLLAPSE, &op);
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
		error = refill(load, s);
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
	/* The mapping goes with this process, and the mount after it. */
	if (umount2(MOUNT, MNT_DETACH))
		return load_error(load, MOUNT, -errno);
	return 0;
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

const struct workload workload_file_collapse = {
	.name = "file-collapse",
	.title = "MADV_COLLAPSE of a read-only file that many processes map",
	.help = "As thp-collapse, but for a file's pages instead of shared\n"
		"memory, as when programs' text becomes huge. All small pages "
		"of\n"
		"a range are there, so that the copying is part of a collapse.",
	.params = params,
	.ops = ops,
	.needs_thp = true,
	.setup = setup,
	.expect = expect,
	.run = run,
	.teardown = teardown,
	.truth = truth,
};
