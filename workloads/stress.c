// SPDX-License-Identifier: GPL-2.0
/*
 * stress-ng's stressors as workloads: somebody else's idea of a load, with its
 * own operations ("bogo ops"). It does not say what tables it frees, so nothing
 * is claimed; and it is no benchmark, so what counts is counts for each
 * operation, not time. It is in the guest image of that name only.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "control.h"
#include "load.h"

#define OUTPUT "/tmp/stress-ng.yaml"

enum { OPERATIONS, WORKERS };
enum { RUN };

static const char *const places[] = {"/usr/bin/stress-ng", "/bin/stress-ng",
				     NULL};
static const char *const ops[] = {[RUN] = "run", NULL};

static const struct stressor {
	const char *workload, *name;
	/* Tables that a bogo op may free and a worker has, each more than seen;
	 * munmap and vm take many bogo ops for one table. */
	uint64_t operation_tables, worker_tables;
	const char *option[4]; /* of its own */
} stressors[] = {
	{"stress-fork", "fork", 64, 256, {}},
	{"stress-mmapfork", "mmapfork", 4096, 256, {}},
	{"stress-munmap", "munmap", 2, 1024, {}},
	{"stress-thp",
	 "vm",
	 4,
	 1024,
	 {"--vm-bytes", "64m", "--vm-madvise", "hugepage"}},
};

static const struct stressor *find_stressor(const struct load *load)
{
	const struct stressor *s = stressors;

	while (strcmp(s->workload, load->workload->name))
		s++;
	return s;
}

/* Without it there is nothing to do. */
static const char *find_program(void)
{
	int i;

	for (i = 0; places[i]; i++)
		if (!access(places[i], X_OK))
			break;
	return places[i];
}

static int setup(struct load *load)
{
	if (find_program())
		return 0;
	fprintf(stderr,
		"pfd-load: %s: there is no stress-ng in this guest image: boot "
		"the one that has it (stress-ng.cpio)\n",
		load->workload->name);
	return -ENOENT;
}

/* Becomes stress-ng; what it prints does not get between the records. */
static void run_program(const struct load *load)
{
	const struct stressor *s = find_stressor(load);
	char start[32], limit[32], seed[24], workers[24], operations[24];
	const char *program = find_program();

	snprintf(start, sizeof(start), "--%s", s->name);
	snprintf(limit, sizeof(limit), "--%s-ops", s->name);
	snprintf(workers, sizeof(workers), "%" PRIu64, load->param[WORKERS]);
	snprintf(operations, sizeof(operations), "%" PRIu64,
		 load->param[OPERATIONS]);
	snprintf(seed, sizeof(seed), "%" PRIu64, load->seed);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	/* The options of its own, if any, end the list. */
	execl(program, program, start, workers, limit, operations, "--seed",
	      seed, "--temp-path", "/tmp", "--yaml", OUTPUT, "--metrics",
	      s->option[0], s->option[1], s->option[2], s->option[3], NULL);
	load_error(load, program, -errno);
	_exit(127);
}

static int run(struct load *load)
{
	struct load_op op;
	int status;
	pid_t child;

	load_op_begin(load, &op);
	child = fork();
	if (child == 0)
		run_program(load);
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return load_error(load, "stress-ng", -errno);
	load_op_add(load, RUN, load_now_ns() - op.start_ns);
	if (!status)
		return 0;
	fprintf(stderr, "pfd-load: %s: stress-ng failed with status %d\n",
		load->workload->name, WEXITSTATUS(status));
	return -EIO;
}

/* Its own count, of all its workers. */
static int read_operations(struct load *load, uint64_t *count)
{
	FILE *f = fopen(OUTPUT, "re");
	char line[256], *at;
	int found = 0;

	if (!f)
		return load_error(load, OUTPUT, -errno);
	while (!found && fgets(line, sizeof(line), f)) {
		at = strstr(line, "bogo-ops:");
		if (at)
			found = sscanf(at, "bogo-ops: %" SCNu64, count);
	}
	fclose(f);
	return found == 1 ? 0
			  : load_error(load, "no bogo-ops in " OUTPUT, -EIO);
}

static void expect(const struct load *load, struct control_expected *expected)
{
	const struct stressor *s = find_stressor(load);

	expected->tables = load->param[OPERATIONS] * s->operation_tables +
			   load->param[WORKERS] * s->worker_tables;
	expected->operations = load->param[OPERATIONS];
}

static int truth(struct load *load)
{
	uint64_t count;
	int error = read_operations(load, &count);

	load_unclaimed(load,
		       "stress-ng does not say how many page tables it frees");
	return error ? error : load_fact(load, "bogo_ops_count", count);
}

#define PARAMS(operations)                                                     \
	(const struct param[])                                                 \
	{                                                                      \
		{"operations", operations, 1, 1000000, "bogo ops in all"},     \
			{"workers", 1, 1, 64, "stress-ng's processes"},        \
		{                                                              \
		}                                                              \
	}

#define STRESSOR(id, operations, what)                                         \
	const struct workload workload_stress_##id = {                         \
		.name = "stress-" #id,                                         \
		.title = "stress-ng: " what,                                   \
		.help = "Runs stress-ng until it has done so many bogo ops. "  \
			"No benchmark:\nquote counts for each operation, not " \
			"speed.",                                              \
		.params = PARAMS(operations),                                  \
		.ops = ops,                                                    \
		.image = "stress-ng",                                          \
		.setup = setup,                                                \
		.expect = expect,                                              \
		.run = run,                                                    \
		.truth = truth,                                                \
	}

STRESSOR(fork, 200, "forks of children that exit at once");
STRESSOR(mmapfork, 2, "forks of processes that map much memory");
STRESSOR(munmap, 2000, "a child unmaps all that it has");
STRESSOR(thp, 600, "memory in transparent huge pages");
