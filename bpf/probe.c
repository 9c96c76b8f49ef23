// SPDX-License-Identifier: GPL-2.0
/*
 * pfd-probe: watches RCU callbacks and page tables while a workload runs.
 *
 * The workload is a child that says what to expect of it and is told when to
 * begin (../workloads/control.h), so that its preparations are not measured;
 * at its end it waits until the probe has seen the last callback and taken its
 * programs off. Only then is what they logged looked at (replay.h).
 */
#include <errno.h>
#include <getopt.h>
#include <linux/membarrier.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "answers.h"
#include "contract.h"
#include "control.h"
#include "kernels.h"
#include "pfd.skel.h"
#include "programs.h"
#include "replay.h"
#include "write.h"

/* Stacks that are kept apart, for the contract. */
#define STACKS 16384
/* How long callbacks may take to come after the workload. */
#define DRAIN_LIMIT_MS 30000
/* How often to look: first, and at most. */
#define DRAIN_FIRST_MS 20
#define DRAIN_MOST_MS  320
/* For callbacks of before the measurement, after a grace period. */
#define SETTLE_MS 50
/* For programs that are under way when they are taken off. */
#define DETACH_MS 20

/*
 * The log of a CPU, by what the workload expects: an address or an event for
 * each table, with its page's end, and for each operation some callbacks of
 * the kernel's own, queued and invoked. With many CPUs each sees its share.
 */
#define BYTES_PER_TABLE	    (4 * sizeof(struct event))
#define BYTES_PER_OPERATION (64 * sizeof(struct event))
/* The contract: two events for each table handed out, and mms that exit. */
#define BYTES_PER_CONTRACT (6 * sizeof(struct event))
#define LOG_MIN_BYTES	   (1ull << 20)
#define LOG_MAX_BYTES	   (1ull << 28)

struct options {
	bool shared, offloaded, stats, contract;
	const char *without;
	uint64_t log_bytes; /* 0: as much as the workload is going to need */
};

struct probe {
	const struct options *options;
	struct pfd_bpf *skel;
	struct machine machine;
	struct wanted wanted;
	uint64_t log_bytes; /* for each CPU's events */
	char *map;	    /* of all logs */
	size_t map_bytes;
	const struct cpu_log **logs;
	int stats_fd;
};

static const char usage[] =
	"Usage: pfd-probe [OPTION...] -- COMMAND [ARGUMENT...]\n"
	"\n"
	"Runs COMMAND (pfd-load) and writes what RCU callbacks and page "
	"tables\n"
	"did meanwhile to standard output, as JSON Lines (docs/records.md).\n"
	"\n"
	"  --shared        this is a machine that others use, or a kernel "
	"that was not\n"
	"                  built for this: what this session does\n"
	"  --offloaded     RCU callbacks are offloaded to kthreads "
	"(rcu_nocbs=)\n"
	"  --stats         the kernel's own statistics of the BPF programs "
	"too\n"
	"  --contract      hold it against the contract of freed page tables, "
	"too\n"
	"  --without NAME  as if there was nothing to attach that program to\n"
	"  --log BYTES     room for the events of each CPU\n"
	"  --verbose       let libbpf talk, for when a program does not load\n"
	"\n"
	"Overhead: two trace events a callback, a kprobe for each page table\n"
	"deferred and each page of tables freed; docs/method.md has figures.\n"
	"Exit status: the command's; 2 usage; 4 when the probe itself "
	"failed.\n";

static int print_nothing(enum libbpf_print_level level, const char *format,
			 va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

static void sleep_ms(long ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};

	while (nanosleep(&t, &t) && errno == EINTR)
		;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static int failed(const char *what, int error)
{
	fprintf(stderr, "pfd-probe: %s: %s\n", what, strerror(-error));
	return error;
}

/* PTE fragments in a page: PTE_FRAG_NR, asm/book3s/64/pgtable.h. */
static unsigned int fragments_in_page(void)
{
	char line[256];
	bool radix = false;
	FILE *f;

	if (sysconf(_SC_PAGESIZE) != 65536)
		return 1;
	f = fopen("/proc/cpuinfo", "re");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "MMU", 3) && strstr(line, "Radix"))
			radix = true;
	if (f)
		fclose(f);
	return radix ? 256 : 16;
}

static uint64_t size_log(const struct control_expected *expected, uint32_t cpus,
			 bool contract)
{
	uint64_t bytes = LOG_MIN_BYTES;

	if (expected->tables > LOG_MAX_BYTES ||
	    expected->operations > LOG_MAX_BYTES ||
	    expected->pages > LOG_MAX_BYTES)
		return LOG_MAX_BYTES;
	bytes += expected->tables * BYTES_PER_TABLE *
		 (expected->watch_frees || contract ? 2 : 1);
	if (contract)
		bytes += (expected->tables + 8 * expected->operations) *
			 BYTES_PER_CONTRACT;
	bytes += expected->operations * BYTES_PER_OPERATION;
	bytes += expected->pages * sizeof(struct event);
	if (cpus > 4)
		bytes = bytes * 4 / cpus + LOG_MIN_BYTES;
	return bytes < LOG_MAX_BYTES ? bytes & ~7ull : LOG_MAX_BYTES;
}

/* Makes the logs readable here. */
static int map_logs(struct probe *p)
{
	uint32_t bytes = bpf_map__value_size(p->skel->maps.logs), cpu;
	long page = sysconf(_SC_PAGESIZE);

	p->map_bytes = (size_t)p->machine.cpus * bytes;
	p->map_bytes = (p->map_bytes + page - 1) / page * page;
	p->map = mmap(NULL, p->map_bytes, PROT_READ, MAP_SHARED,
		      bpf_map__fd(p->skel->maps.logs), 0);
	if (p->map == MAP_FAILED) {
		p->map = NULL;
		return failed("cannot map the log", -errno);
	}
	p->logs = calloc(p->machine.cpus, sizeof(*p->logs));
	if (!p->logs)
		return failed("log", -ENOMEM);
	for (cpu = 0; cpu < p->machine.cpus; cpu++)
		p->logs[cpu] = (void *)(p->map + (size_t)cpu * bytes);
	return 0;
}

/* Opens, sizes and loads; attaches nothing yet. */
static int load_programs(struct probe *p,
			 const struct control_expected *expected)
{
	int error, cpus = libbpf_num_possible_cpus();
	struct pfd_bpf *skel = programs_open(p->options->shared);

	if (!skel || cpus < 1)
		return failed("cannot open the BPF object", -errno);
	p->skel = skel;
	p->machine.cpus = cpus;
	p->machine.page_shift = __builtin_ctzl(sysconf(_SC_PAGESIZE));
	p->machine.fragments = fragments_in_page();
	p->machine.offloaded = p->options->offloaded;
	p->machine.contract = p->options->contract;
	p->machine.by_functions = programs_by_functions();
	p->machine.tables_are_pages = TABLES_ARE_PAGES;
	p->wanted.shared = p->options->shared;
	p->wanted.offloaded = p->options->offloaded;
	p->wanted.contract = p->options->contract;
	p->wanted.frees = expected->watch_frees;
	p->wanted.without = p->options->without;
	p->log_bytes =
		p->options->log_bytes
			?: size_log(expected, cpus, p->options->contract);
	skel->rodata->page_shift = p->machine.page_shift;
	skel->rodata->log_bytes = p->log_bytes;
	skel->rodata->contract = p->options->contract;
	/* A multiple of 8, as the kernel spaces the elements. */
	error = bpf_map__set_value_size(skel->maps.logs,
					sizeof(struct cpu_log) + p->log_bytes +
						EVENT_MAX_BYTES);
	if (!error)
		error = bpf_map__set_max_entries(skel->maps.logs, cpus);
	if (!error)
		error = bpf_map__set_max_entries(skel->maps.unseen, cpus);
	if (!error && p->options->contract)
		error = bpf_map__set_max_entries(skel->maps.stacks, STACKS);
	programs_choose(skel, &p->wanted);
	if (!error)
		error = pfd_bpf__load(skel);
	if (error)
		return failed("cannot load the BPF programs (--verbose says "
			      "why)",
			      error);
	error = answers_find(skel, &p->machine, p->options->shared);
	if (error)
		return failed("this kernel lacks one of vmemmap, rcu_state, "
			      "tlb_remove_table_rcu",
			      error);
	p->wanted.no_deferrals = !skel->bss->defer_address;
	/* Else what it defers by another name would pass unseen. */
	if (p->options->contract && expected->defers && p->wanted.no_deferrals)
		return failed("the contract cannot be checked on a kernel of "
			      "6.6 or later without pte_free_defer()",
			      -ENOENT);
	return map_logs(p);
}

static void unload_programs(struct probe *p)
{
	if (p->map)
		munmap(p->map, p->map_bytes);
	free(p->logs);
	pfd_bpf__destroy(p->skel);
	if (p->stats_fd >= 0)
		close(p->stats_fd);
}

static void drain(const struct probe *p)
{
	int waited = 0, step = DRAIN_FIRST_MS;

	while (waited < DRAIN_LIMIT_MS) {
		sleep_ms(step);
		if (replay_pending(&p->machine, p->logs, p->log_bytes) <= 0)
			return;
		waited += step;
		if (step < DRAIN_MOST_MS)
			step *= 2;
	}
}

static int write_probe(const struct probe *p, const struct replay *r,
		       const struct available *available)
{
	/* Without EVENT_INVOKED, every head that is used again looks so. */
	uint64_t twice = available->callback ? r->queued_twice : 0;
	uint64_t lost = 0, used = 0;
	uint32_t cpu;

	for (cpu = 0; cpu < p->machine.cpus; cpu++) {
		lost += p->logs[cpu]->lost_count;
		if (used < p->logs[cpu]->used_bytes)
			used = p->logs[cpu]->used_bytes;
	}
	return write_record(
		json_pack(
			"{ss, so, s{sI, sI, sI, sI, sI, sI}, sI, sI, so}",
			"type", "probe", "programs",
			programs_describe(p->skel, p->options->stats), "lost",
			"log_full_count", (json_int_t)lost,
			"rcu_heads_queued_twice_count", (json_int_t)twice,
			"tables_of_unknown_level_count",
			(json_int_t)r->tables.unknown_levels,
			"tables_handed_out_unseen_count",
			(json_int_t)contract_lost_tables(r),
			"pages_ended_unseen_count",
			(json_int_t)contract_lost_pages(r), "log_cut_count",
			(json_int_t)r->logs_cut, "log_bytes",
			(json_int_t)p->log_bytes, "log_used_bytes",
			(json_int_t)(used < p->log_bytes ? used : p->log_bytes),
			"unavailable", programs_unavailable(&p->wanted)),
		stdout);
}

static int write_records(struct probe *p)
{
	struct available available = programs_available();
	struct replay replay;
	int error = replay_init(&replay, &p->machine);

	if (error)
		return failed("replay", error);
	error = replay_logs(&replay, p->logs, p->log_bytes);
	if (error)
		failed("replay", error);
	else
		error = replay_write(&replay, &available, stdout);
	if (!error)
		error = write_probe(p, &replay, &available);
	replay_free(&replay);
	if (!error && fflush(stdout))
		error = failed("cannot write the records", -errno);
	return error;
}

/* From the workload's readiness to its release. */
static int measure(struct probe *p, struct control *c)
{
	struct control_expected expected = {};
	int error;

	if (!control_expect_ready(c, &expected))
		return failed("the workload did not get ready", -EPIPE);
	error = load_programs(p, &expected);
	if (error)
		return error;
	if (p->options->stats) {
		p->stats_fd = bpf_enable_stats(BPF_STATS_RUN_TIME);
		if (p->stats_fd < 0)
			return failed("BPF statistics", p->stats_fd);
	}
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	sleep_ms(SETTLE_MS);
	error = programs_attach(p->skel, &p->wanted);
	if (error)
		return error;
	p->machine.begin_ns = now_ns();
	control_send(c, CONTROL_GO);
	if (!control_expect(c, CONTROL_DONE))
		return failed("the workload broke off", -EPIPE);
	p->machine.end_ns = now_ns();
	drain(p);
	p->machine.detach_ns = now_ns();
	programs_detach();
	sleep_ms(DETACH_MS);
	error = write_records(p);
	control_send(c, CONTROL_LEAVE);
	return error;
}

static int run(const struct options *options, char **command)
{
	struct probe probe = {.options = options, .stats_fd = -1};
	struct control c;
	int error, status = 0;
	pid_t child;

	child = control_fork(&c);
	if (child == 0) {
		execvp(command[0], command);
		failed(command[0], -errno);
		_exit(127);
	}
	error = child < 0 ? failed("cannot start the workload", child)
			  : measure(&probe, &c);
	control_close(&c);
	if (child > 0 && waitpid(child, &status, 0) < 0)
		error = failed("waitpid", -errno);
	unload_programs(&probe);
	if (error)
		return 4;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	static const struct option long_options[] = {
		{"shared", no_argument, NULL, 'm'},
		{"offloaded", no_argument, NULL, 'o'},
		{"stats", no_argument, NULL, 's'},
		{"contract", no_argument, NULL, 'c'},
		{"without", required_argument, NULL, 'w'},
		{"log", required_argument, NULL, 'l'},
		{"verbose", no_argument, NULL, 'v'},
		{"help", no_argument, NULL, 'h'},
		{},
	};
	struct options options = {};
	libbpf_print_fn_t print;
	char *end;
	int option;

	print = libbpf_set_print(print_nothing);
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	while ((option = getopt_long(argc, argv, "+h", long_options, NULL)) !=
	       -1) {
		switch (option) {
		case 'm':
			options.shared = true;
			break;
		case 'o':
			options.offloaded = true;
			break;
		case 's':
			options.stats = true;
			break;
		case 'c':
			options.contract = true;
			break;
		case 'w':
			options.without = optarg;
			break;
		case 'l':
			options.log_bytes = strtoull(optarg, &end, 10) & ~7ull;
			if (*end || options.log_bytes < 4096 ||
			    options.log_bytes > LOG_MAX_BYTES) {
				fprintf(stderr,
					"pfd-probe: --log '%s' is no number "
					"from 4096 to %llu\n",
					optarg, LOG_MAX_BYTES);
				return 2;
			}
			break;
		case 'v':
			libbpf_set_print(print);
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			return 2;
		}
	}
	if (optind == argc) {
		fputs("pfd-probe: no command to run; see --help\n", stderr);
		return 2;
	}
	return run(&options, argv + optind);
}
