// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's own selftests as workloads: tools/testing/selftests, built from
 * the kernels' source (guest/selftests.sh), in the guest image of that name
 * only. What they do to page tables they do not say, so nothing is claimed;
 * they say whether the kernel did what it should.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "control.h"
#include "load.h"
#include "quiesce.h"

/* selftests/kselftest.h */
#define KSFT_SKIP 4

enum { RUN };
/* Tests that ran; parts of tests that were skipped, that failed as known. */
enum { RAN, SKIPPED, KNOWN };

static const char *const ops[] = {[RUN] = "run", NULL};

/* One run of a program. What it unlinks is less than what is said here. */
struct selftest {
	uint64_t tables, operations;
	const char *command[5]; /* VALUE: what its parameter is */
	/*
	 * Parts that fail on any kernel, all of the same kind: if that many
	 * do, and no others, it is no failure.
	 */
	int known_failures;
	const char *known_kind; /* how their lines begin */
};

static const char VALUE[] = "";

/* Each test has the parameter of its index; 0: it is not run. */
enum {
	MADVISE_SHMEM,
	MADVISE_FILE,
	MADVISE_ANON,
	KHUGEPAGED_SHMEM,
	KHUGEPAGED_FILE,
	KHUGEPAGED_ANON,
};

static const struct param khugepaged_params[] = {
	[MADVISE_SHMEM] = {"madvise_shmem", 1, 0, 1,
			   "MADV_COLLAPSE of shared memory"},
	[MADVISE_FILE] = {"madvise_file", 1, 0, 1,
			  "of a file on tmpfs, mapped as a program is"},
	[MADVISE_ANON] = {"madvise_anon", 0, 0, 1,
			  "of anonymous memory; wants swap"},
	[KHUGEPAGED_SHMEM] = {"khugepaged_shmem", 1, 0, 1,
			      "the daemon, of shared memory"},
	[KHUGEPAGED_FILE] = {"khugepaged_file", 1, 0, 1,
			     "the daemon, of a file on tmpfs"},
	[KHUGEPAGED_ANON] = {"khugepaged_anon", 0, 0, 1,
			     "the daemon; wants swap"},
	[KHUGEPAGED_ANON + 1] = {},
};

#define KHUGEPAGED "/bin/khugepaged"

static const struct selftest khugepaged[] = {
	[MADVISE_SHMEM] = {4096, 256, .command = {KHUGEPAGED, "madvise:shmem"}},
	[MADVISE_FILE] = {4096, 256,
			  .command = {KHUGEPAGED, "madvise:file", "/tmp"}},
	[MADVISE_ANON] = {8192, 512, .command = {KHUGEPAGED, "madvise:anon"}},
	/*
	 * It looks for a huge mapping where it has forbidden one by
	 * MADV_NOHUGEPAGE, and do_set_pmd() (mm/memory.c) makes none.
	 */
	[KHUGEPAGED_SHMEM] =
		{4096, 256, {KHUGEPAGED, "khugepaged:shmem"}, 3, "Collapse "},
	[KHUGEPAGED_FILE] = {4096,
			     256,
			     {KHUGEPAGED, "khugepaged:file", "/tmp"},
			     3,
			     "Collapse "},
	[KHUGEPAGED_ANON] = {8192, 512,
			     .command = {KHUGEPAGED, "khugepaged:anon"}},
};

enum {
	HUGETLB_VS_THP,
	LARGE_VM_FORK,
	SEGV_ERRORS,
	STACK_LDST,
	STACK_SIGNAL,
	TLBIE_S,
};

static const struct param powerpc_params[] = {
	[HUGETLB_VS_THP] = {"hugetlb_vs_thp", 0, 0, 1,
			    "huge and small pages in the same place"},
	[LARGE_VM_FORK] = {"large_vm_fork", 1, 0, 1,
			   "fork with memory above 512 TiB"},
	[SEGV_ERRORS] = {"segv_errors", 1, 0, 1,
			 "what a fault says that cannot be handled"},
	[STACK_LDST] = {"stack_ldst", 0, 0, 1,
			"hundreds of forks whose stacks grow"},
	[STACK_SIGNAL] = {"stack_signal", 0, 0, 1,
			  "2048 forks whose stacks grow by a signal"},
	[TLBIE_S] = {"tlbie_s", 1, 0, 3600,
		     "seconds of stores against TLB invalidation"},
	[TLBIE_S + 1] = {},
};

static const struct selftest powerpc[] = {
	[HUGETLB_VS_THP] = {20480, 10000,
			    .command = {"/bin/hugetlb_vs_thp_test"}},
	[LARGE_VM_FORK] = {256, 16,
			   .command = {"/bin/large_vm_fork_separation"}},
	[SEGV_ERRORS] = {256, 16, .command = {"/bin/segv_errors"}},
	[STACK_LDST] = {200000, 10000,
			.command = {"/bin/stack_expansion_ldst"}},
	[STACK_SIGNAL] = {40960, 4096,
			  .command = {"/bin/stack_expansion_signal"}},
	[TLBIE_S] = {4096, 1000,
		     .command = {"/bin/tlbie_test", "-n", "1", "-t", VALUE}},
};

/*
 * The first test from *i on that is to be run, and in *i its index; NULL when
 * there is none.
 */
static const struct selftest *next_test(const struct load *load, int *i)
{
	const struct param *params = load->workload->params;

	for (; params[*i].name; ++*i)
		if (load->param[*i])
			return (params == powerpc_params ? powerpc
							 : khugepaged) +
			       *i;
	return NULL;
}

static int setup(struct load *load)
{
	const struct selftest *test;
	int i, runs = 0;

	for (i = 0; (test = next_test(load, &i)); i++, runs++) {
		if (!access(test->command[0], X_OK))
			continue;
		fprintf(stderr,
			"pfd-load: %s: there is no %s in this guest image: "
			"boot the one that has it (selftests.cpio)\n",
			load->workload->name, test->command[0]);
		return -ENOENT;
	}
	return runs ? 0 : load_error(load, "no test is chosen", -EINVAL);
}

static void run_program(const struct load *load, const struct selftest *test,
			uint64_t value, int out)
{
	char *command[6], text[24];
	int i;

	snprintf(text, sizeof(text), "%" PRIu64, value);
	for (i = 0; i < 5 && test->command[i]; i++)
		command[i] = test->command[i] == VALUE
				     ? text
				     : (char *)test->command[i];
	command[i] = NULL;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/*
	 * khugepaged maps what it collapses at 1 GiB, where the heap of a
	 * static program may be (arch_randomize_brk()).
	 */
	if (personality(ADDR_NO_RANDOMIZE) < 0)
		_exit(126);
	if (chdir("/tmp") || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(out, STDERR_FILENO) < 0)
		_exit(126);
	execv(command[0], command);
	load_error(load, command[0], -errno);
	_exit(127);
}

/* Without colours, and what was overwritten by a carriage return. */
static void make_plain(char *line)
{
	char *from = line, *to = line;

	for (; *from; from++) {
		if (*from == '\033')
			from += strcspn(from, "m");
		else if (*from == '\r')
			to = line;
		else if (isprint((unsigned char)*from))
			*to++ = *from;
		if (!*from)
			break;
	}
	*to = '\0';
}

#define LAST_LINES 8
#define LINE_BYTES 160

/* What a test printed. */
struct output {
	char failure[LINE_BYTES]; /* the first line that tells of one, or "" */
	char last[LAST_LINES][LINE_BYTES]; /* line i is in i % LAST_LINES */
	uint64_t lines;			   /* not counting empty ones */
	int failures;			   /* lines that tell of one */
	int known_failures;		   /* of the kind that is known */
	uint64_t skipped;		   /* parts of it */
};

static bool tells_of_failure(const char *line)
{
	return strstr(line, "Fail") || strstr(line, "FAIL") ||
	       !strncmp(line, "failure:", 8);
}

static void read_output(FILE *file, const struct selftest *test,
			struct output *o)
{
	const char *kind = test->known_kind;
	char *text = NULL;
	size_t room = 0;

	*o = (struct output){};
	rewind(file);
	while (getline(&text, &room, file) > 0) {
		make_plain(text);
		/* khugepaged's word, and that of powerpc's harness. */
		o->skipped +=
			strstr(text, "Skip") || !strncmp(text, "skip:", 5);
		if (!*text)
			continue;
		snprintf(o->last[o->lines++ % LAST_LINES], LINE_BYTES, "%s",
			 text);
		if (!tells_of_failure(text))
			continue;
		if (!o->failures++)
			snprintf(o->failure, sizeof(o->failure), "%s", text);
		if (kind && !strncmp(text, kind, strlen(kind)))
			o->known_failures++;
	}
	free(text);
}

static void print_last_lines(const struct load *load, const struct output *o)
{
	uint64_t i = o->lines > LAST_LINES ? o->lines - LAST_LINES : 0;

	for (; i < o->lines; i++)
		fprintf(stderr, "pfd-load: %s: | %s\n", load->workload->name,
			o->last[i % LAST_LINES]);
}

/* KSFT_SKIP may also be how many parts of khugepaged have failed. */
static bool has_failed(int status, const struct output *o)
{
	return status && (o->failures || !WIFEXITED(status) ||
			  WEXITSTATUS(status) != KSFT_SKIP);
}

/* Its status is how many parts have failed. */
static bool fails_as_known(const struct selftest *test, int status,
			   const struct output *o)
{
	return test->known_failures && WIFEXITED(status) &&
	       WEXITSTATUS(status) == test->known_failures &&
	       o->failures == test->known_failures &&
	       o->known_failures == test->known_failures;
}

static int judge(struct load *load, const struct selftest *test,
		 const char *name, int status, FILE *file)
{
	struct output o;

	read_output(file, test, &o);
	if (fails_as_known(test, status, &o)) {
		load_count(load, KNOWN, o.failures);
		status = 0;
	}
	if (has_failed(status, &o)) {
		print_last_lines(load, &o);
		fprintf(stderr, "pfd-load: %s: %s failed (%s %d)%s%s\n",
			load->workload->name, name,
			WIFEXITED(status) ? "status" : "signal",
			WIFEXITED(status) ? WEXITSTATUS(status)
					  : WTERMSIG(status),
			*o.failure ? ": " : "", o.failure);
		return -EIO;
	}
	if (status && !o.skipped)
		o.skipped = 1;
	if (o.skipped)
		fprintf(stderr, "pfd-load: %s: %s: %" PRIu64 " skipped\n",
			load->workload->name, name, o.skipped);
	load_count(load, RAN, !status);
	load_count(load, SKIPPED, o.skipped);
	return 0;
}

static int run_test(struct load *load, const struct selftest *test, int i)
{
	FILE *out = tmpfile();
	struct load_op op;
	int status, error;
	pid_t child;

	if (!out)
		return load_error(load, "/tmp", -errno);
	load_op_begin(load, &op);
	child = fork();
	if (child == 0)
		run_program(load, test, load->param[i], fileno(out));
	if (child < 0 || waitpid(child, &status, 0) < 0) {
		error = load_error(load, test->command[0], -errno);
	} else {
		load_op_add(load, RUN, load_now_ns() - op.start_ns);
		error = judge(load, test, load->workload->params[i].name,
			      status, out);
	}
	fclose(out);
	return error;
}

static int run(struct load *load)
{
	const struct selftest *test;
	int i, error = 0;

	for (i = 0; !error && (test = next_test(load, &i)); i++)
		error = run_test(load, test, i);
	if (!error && !load->shared->counts[RAN])
		error = load_error(load, "every test skipped itself", -EINVAL);
	return error ? error : quiesce(load);
}

static void expect(const struct load *load, struct control_expected *expected)
{
	const struct selftest *test;
	int i;

	for (i = 0; (test = next_test(load, &i)); i++) {
		expected->tables += test->tables;
		expected->operations += test->operations;
	}
}

static int truth(struct load *load)
{
	int error = load_fact(load, "tests_count", load->shared->counts[RAN]);

	load_unclaimed(load, "the kernel's selftests do not say how many page "
			     "tables they free");
	if (!error)
		error = load_fact(load, "skipped_count",
				  load->shared->counts[SKIPPED]);
	return error ? error
		     : load_fact(load, "known_failures_count",
				 load->shared->counts[KNOWN]);
}

const struct workload workload_kselftest_khugepaged = {
	.name = "kselftest-khugepaged",
	.title = "the kernel's selftests: mm/khugepaged",
	.help = "Runs it in the modes that are 1. A test that fails ends the "
		"workload\n"
		"with its line.",
	.params = khugepaged_params,
	.ops = ops,
	.needs_thp = true,
	.image = "selftests",
	.gate = true,
	.setup = setup,
	.expect = expect,
	.run = run,
	.truth = truth,
};

const struct workload workload_kselftest_powerpc = {
	.name = "kselftest-powerpc",
	.title = "the kernel's selftests: powerpc/mm",
	.help = "Runs those that are not 0. A test that fails ends the "
		"workload with\n"
		"its line.",
	.params = powerpc_params,
	.ops = ops,
	.image = "selftests",
	.gate = true,
	.setup = setup,
	.expect = expect,
	.run = run,
	.truth = truth,
};
