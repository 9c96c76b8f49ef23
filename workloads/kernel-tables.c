// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel page tables freed from user space; with radix only (docs/workloads.md
 * says why). A page table under the kernel's vmalloc() area stays when what it
 * mapped is freed. It goes when a huge mapping comes to lie in its place:
 * vmap_try_huge_pmd() (mm/vmalloc.c) calls pmd_free_pte_page(), which frees it
 * by pte_free_kernel(), at once.
 *
 * Small pages: a BPF array, so big that its memory is really unmapped when it
 * is freed, and not only remembered as free. Huge ones: a process's file
 * table, as soon as it is larger than kmalloc() can give. The kernel puts both
 * at the lowest address that fits, so the second lies where the first was;
 * where exactly both are, /proc/vmallocinfo says.
 */
#include <errno.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <unistd.h>
#include "control.h"
#include "crew.h"
#include "load.h"
#include "memory.h"
#include "settings.h"

#define MIB (1024 * 1024ull)

/* PMD_SIZE with radix (H_PTE_INDEX_SIZE: asm/book3s/64/radix-64k.h, -4k.h). */
#define HUGE_SIZE (2 * MIB)

#define FILE_SIZE sizeof(void *) /* of a slot in a file table */

/* How long the kernel may take to free an array. */
#define FREE_LIMIT_MS 5000

#define ROUNDS_MAX 12

enum { ROUNDS, FILES };
enum { EXPAND };

static const struct param params[] = {
	{"rounds", 3, 1, ROUNDS_MAX, "file tables that replace small mappings"},
	{"files", 4194304, 4194304, 8388608, "slots of each file table"},
	{},
};

static const char *const ops[] = {[EXPAND] = "expand", NULL};

struct area {
	uint64_t start, end;
};

struct state {
	struct setting nr_open, kptr_restrict;
	struct crew crew; /* each has one of the file tables */
	uint64_t freed;	  /* page tables */
	/* Of each round so far, in whole huge pages. */
	struct area arrays[ROUNDS_MAX], tables[ROUNDS_MAX];
	uint32_t rounds;
	bool radix;
};

/*
 * An area of the kernel's that is of this size, give or take what the kernel
 * adds, and begins at `start`; or with 0, one that is not known yet. Areas that
 * are freed but still mapped count, if asked for. Returns 1 if there is one, 0,
 * or a negative errno value.
 */
static int find_area(struct load *load, uint64_t size, uint64_t start,
		     bool freed_too, struct area *found)
{
	const struct state *s = load->state;
	FILE *f = fopen("/proc/vmallocinfo", "re");
	char line[512];
	struct area a;
	int got = 0;
	uint32_t i;

	if (!f)
		return load_error(load, "/proc/vmallocinfo", -errno);
	while (!got && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "0x%" SCNx64 "-0x%" SCNx64, &a.start,
			   &a.end) != 2 ||
		    (strstr(line, "unpurged") && !freed_too))
			continue;
		got = a.end - a.start >= size &&
		      a.end - a.start <= size + MIB &&
		      (!start || a.start == start);
		for (i = 0; i < s->rounds && !start; i++)
			got &= a.start != s->tables[i].start;
	}
	fclose(f);
	if (got)
		*found = a;
	return got;
}

/*
 * More than a file table, and more than what the kernel only remembers as free
 * before it unmaps it all (lazy_max_pages(), mm/vmalloc.c).
 */
static uint64_t array_size(const struct load *load)
{
	uint64_t lazy = 0, table = load->param[FILES] * FILE_SIZE;
	int cpus;

	for (cpus = get_nprocs(); cpus; cpus >>= 1)
		lazy += 32 * MIB;
	return (lazy > table ? lazy : table) + 8 * MIB;
}

/* An array in small pages, allocated and freed again; where it was. */
static int map_small(struct load *load, struct area *was)
{
	uint64_t size = array_size(load);
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = 1024,
		.max_entries = size / 1024,
	};
	int fd = syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
	struct area left;
	int got, ms;

	if (fd < 0)
		return load_error(load, "BPF_MAP_CREATE", -errno);
	got = find_area(load, size, 0, false, was);
	close(fd);
	if (got == 0)
		return load_error(load, "the array is not in vmallocinfo",
				  -ENOENT);
	for (ms = 0; got > 0 && ms < FREE_LIMIT_MS; ms++) {
		load_sleep_us(1000);
		got = find_area(load, size, was->start, true, &left);
	}
	/* The addresses are free a little after they are gone from there. */
	load_sleep_us(10000);
	return got > 0 ? load_error(load, "the array is not freed", -ETIMEDOUT)
		       : got;
}

static int act(struct load *load, void *context, uint32_t index,
	       uint32_t command)
{
	struct load_op op;
	int fd;

	(void)context;
	if (index != command)
		return 0;
	load_op_begin(load, &op);
	fd = dup2(STDERR_FILENO, load->param[FILES] - 1);
	load_op_end(load, EXPAND, &op);
	return fd < 0 ? load_error(load, "dup2", -errno) : 0;
}

static int setup(struct load *load)
{
	struct state *s = calloc(1, sizeof(*s));
	struct rlimit limit = {load->param[FILES], load->param[FILES]};
	int error;

	load->state = s;
	if (!s)
		return load_error(load, "state", -ENOMEM);
	s->radix = memory_is_radix();
	s->nr_open.path = "/proc/sys/fs/nr_open";
	/* 1: vmallocinfo has addresses, for root. */
	s->kptr_restrict.path = "/proc/sys/kernel/kptr_restrict";
	error = setting_change_number(load, &s->nr_open, load->param[FILES]);
	if (!error)
		error = setting_change_number(load, &s->kptr_restrict, 1);
	if (error)
		return error;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		return load_error(load, "RLIMIT_NOFILE", -errno);
	s->crew = (struct crew){
		.processes = load->param[ROUNDS] + 1,
		.act = act,
		.context = s,
	};
	return crew_start(load, &s->crew);
}

/* Small pages were there, and so is the page table that they had. */
static bool has_table(const struct state *s, uint64_t address)
{
	uint32_t i;

	for (i = 0; i <= s->rounds; i++)
		if (address >= s->arrays[i].start && address < s->arrays[i].end)
			return true;
	return false;
}

/*
 * One round: every huge page of the file table takes the place of a page table.
 * All have to be known to, or else nobody could say how many did. File tables
 * stay to the end, so no later one takes the same places.
 */
static int replace(struct load *load, struct state *s, uint32_t round)
{
	uint64_t size = load->param[FILES] * FILE_SIZE, at;
	struct area *array = &s->arrays[s->rounds], table;
	int error = map_small(load, array), got;

	if (!error)
		error = crew_do(load, &s->crew, round);
	if (error || !s->radix)
		return error;
	array->start &= ~(HUGE_SIZE - 1);
	array->end = (array->end + HUGE_SIZE - 1) & ~(HUGE_SIZE - 1);
	got = find_area(load, size, 0, false, &table);
	if (got < 0)
		return got;
	for (at = table.start; got && at < table.start + size; at += HUGE_SIZE)
		got = has_table(s, at);
	if (!got)
		return load_error(load, "the file table is elsewhere",
				  -EADDRNOTAVAIL);
	s->tables[s->rounds++] = table;
	s->freed += size / HUGE_SIZE;
	return 0;
}

static int run(struct load *load)
{
	struct state *s = load->state;
	uint64_t round;
	int error = 0;

	for (round = 1; round <= load->param[ROUNDS] && !error; round++) {
		load_random_pause(load);
		error = replace(load, s, round);
	}
	return error ? error : crew_dismiss(load, &s->crew);
}

static int teardown(struct load *load)
{
	struct state *s = load->state;
	int error = setting_restore(load, &s->nr_open);

	return error ? error : setting_restore(load, &s->kptr_restrict);
}

static void expect(const struct load *load, struct control_expected *expected)
{
	const struct state *s = load->state;

	crew_expect(&s->crew,
		    load->param[ROUNDS] * load->param[FILES] * FILE_SIZE /
			    HUGE_SIZE,
		    2 * load->param[ROUNDS], expected);
	expected->pages = load->param[ROUNDS] *
			  (array_size(load) + load->param[FILES] * FILE_SIZE) /
			  sysconf(_SC_PAGESIZE);
	expected->watch_frees = true;
}

static int truth(struct load *load)
{
	struct state *s = load->state;
	int error = load_fact(load, "file_tables_count", load->param[ROUNDS]);

	if (!error)
		error = load_claim(load, "kernel", "pte", s->freed);
	if (!error)
		error = load_claim_tables(load, 0, 0, load->shared->counter);
	free(s);
	return error;
}

const struct workload workload_kernel_tables = {
	.name = "kernel-tables",
	.title = "kernel page tables freed from user space, with radix",
	.help = "Huge pages of the kernel's (file tables of 32 MiB) come to "
		"lie\n"
		"where small ones were (a BPF array), and their page tables "
		"are\n"
		"freed. With the hash MMU the kernel has no huge pages there, "
		"and\n"
		"none is freed: the claim is 0.",
	.params = params,
	.ops = ops,
	.setup = setup,
	.expect = expect,
	.run = run,
	.teardown = teardown,
	.truth = truth,
};
