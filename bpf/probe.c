// SPDX-License-Identifier: GPL-2.0
/*
 * pfd-probe: watches RCU callbacks and page tables while a workload runs.
 *
 * The workload is a child that is told when to begin (../workloads/control.h),
 * so that its preparations are not measured, and that waits at its end until
 * the probe has seen the last callback and taken its programs off.
 */
#include <errno.h>
#include <getopt.h>
#include <linux/membarrier.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "control.h"
#include "pfd.h"
#include "pfd.skel.h"
#include "report.h"

/* How long callbacks may take to come after the workload, and how to wait. */
#define DRAIN_LIMIT_MS 30000
#define DRAIN_STEP_MS  20
/* For callbacks of before the measurement, after a grace period. */
#define SETTLE_MS 50

static const char usage[] =
	"Usage: pfd-probe [--offloaded] [--verbose] -- COMMAND [ARGUMENT...]\n"
	"\n"
	"Runs COMMAND (pfd-load) and writes what RCU callbacks and page "
	"tables\n"
	"did meanwhile to standard output, as JSON Lines (docs/records.md).\n"
	"\n"
	"  --offloaded  RCU callbacks are offloaded to kthreads (rcu_nocbs=)\n"
	"  --verbose    let libbpf talk, for when a program does not load\n"
	"\n"
	"Overhead: two trace events a callback, one map look-up a page freed,\n"
	"one kprobe a page table freed. Exit status: the command's; 2 usage;\n"
	"4 when the probe itself failed.\n";

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

/* Opens, configures and loads; attaches nothing yet. */
static struct pfd_bpf *load_programs(bool offloaded)
{
	LIBBPF_OPTS(bpf_test_run_opts, run);
	struct pfd_bpf *skel = pfd_bpf__open();
	int error;

	if (!skel) {
		failed("cannot open the BPF object", -errno);
		return NULL;
	}
	skel->rodata->page_shift = __builtin_ctzl(sysconf(_SC_PAGESIZE));
	skel->rodata->fragments = fragments_in_page();
	skel->rodata->offloaded = offloaded;
	bpf_program__set_autoload(skel->progs.callback_queued, !offloaded);
	bpf_program__set_autoload(skel->progs.callback_passed, offloaded);
	error = pfd_bpf__load(skel);
	if (error) {
		failed("cannot load the BPF programs (--verbose says why)",
		       error);
		goto destroy;
	}
	error = bpf_prog_test_run_opts(
		bpf_program__fd(skel->progs.find_symbols), &run);
	if (error || !skel->bss->vmemmap_address ||
	    !skel->bss->table_batch_callback || !skel->bss->rcu_state_address) {
		failed("this kernel lacks one of vmemmap, rcu_state, "
		       "tlb_remove_table_rcu",
		       error ? error : -ENOENT);
		goto destroy;
	}
	return skel;
destroy:
	pfd_bpf__destroy(skel);
	return NULL;
}

static int attach_kprobe(struct bpf_program *prog, struct bpf_link **link,
			 const char **functions, size_t count)
{
	LIBBPF_OPTS(bpf_kprobe_multi_opts, opts, .syms = functions,
		    .cnt = count);

	*link = bpf_program__attach_kprobe_multi_opts(prog, NULL, &opts);
	return *link ? 0 : failed(functions[0], -errno);
}

static int attach_programs(struct pfd_bpf *skel, bool offloaded)
{
	const char *deferred[] = {"pte_free_defer"};
	const char *freed[] = {"pte_fragment_free"};
	const char *passed[] = {"call_rcu", "call_rcu_hurry"};
	int error;

	/* Skips the programs that have no function to attach to of their own.
	 */
	error = pfd_bpf__attach(skel);
	if (error)
		return failed("cannot attach to the trace events", error);
	error = attach_kprobe(skel->progs.table_deferred,
			      &skel->links.table_deferred, deferred, 1);
	if (!error)
		error = attach_kprobe(skel->progs.table_freed,
				      &skel->links.table_freed, freed, 1);
	if (!error && offloaded)
		error = attach_kprobe(skel->progs.callback_passed,
				      &skel->links.callback_passed, passed, 2);
	return error;
}

static void drain(struct pfd_bpf *skel)
{
	int waited;

	for (waited = 0; waited < DRAIN_LIMIT_MS; waited += DRAIN_STEP_MS) {
		sleep_ms(DRAIN_STEP_MS);
		if (report_pending_count(skel) == 0)
			return;
	}
}

/* From the workload's readiness to its release. */
static int measure(struct pfd_bpf *skel, bool offloaded, struct control *c)
{
	struct control_expected expected;
	int error;

	if (!control_expect_ready(c, &expected))
		return failed("the workload did not get ready", -EPIPE);
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	sleep_ms(SETTLE_MS);
	error = attach_programs(skel, offloaded);
	if (error)
		return error;
	control_send(c, CONTROL_GO);
	if (!control_expect(c, CONTROL_DONE))
		return failed("the workload broke off", -EPIPE);
	drain(skel);
	pfd_bpf__detach(skel);
	error = report_write(skel, offloaded, stdout);
	if (fflush(stdout))
		error = failed("cannot write the records", -errno);
	control_send(c, CONTROL_LEAVE);
	return error;
}

static int run(bool offloaded, char **command)
{
	struct pfd_bpf *skel = load_programs(offloaded);
	struct control c;
	int error, status = 0;
	pid_t child;

	if (!skel)
		return 4;
	child = control_fork(&c);
	if (child == 0) {
		execvp(command[0], command);
		failed(command[0], -errno);
		_exit(127);
	}
	error = child < 0 ? failed("cannot start the workload", child)
			  : measure(skel, offloaded, &c);
	control_close(&c);
	if (child > 0 && waitpid(child, &status, 0) < 0)
		error = failed("waitpid", -errno);
	pfd_bpf__destroy(skel);
	if (error)
		return 4;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"offloaded", no_argument, NULL, 'o'},
		{"verbose", no_argument, NULL, 'v'},
		{"help", no_argument, NULL, 'h'},
		{},
	};
	bool offloaded = false;
	int option;

	libbpf_set_print(print_nothing);
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	while ((option = getopt_long(argc, argv, "+h", options, NULL)) != -1) {
		switch (option) {
		case 'o':
			offloaded = true;
			break;
		case 'v':
			libbpf_set_print(NULL);
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
	return run(offloaded, argv + optind);
}
