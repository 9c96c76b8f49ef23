// SPDX-License-Identifier: GPL-2.0
/* pfd-load: runs one workload, and writes its op and truth records. */
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "control.h"
#include "hist_json.h"
#include "load.h"
#include "memory.h"

/* The measured part as a whole. */
static struct counter_values work_before, work_after;

static void print_workload(const struct workload *w)
{
	int i;

	printf("%s - %s\n\n%s\n\nParameters:\n", w->name, w->title, w->help);
	for (i = 0; w->params && w->params[i].name; i++)
		printf("  %s=%llu\t%s (%llu to %llu)\n", w->params[i].name,
		       (unsigned long long)w->params[i].def, w->params[i].help,
		       (unsigned long long)w->params[i].min,
		       (unsigned long long)w->params[i].max);
	printf("  seed=1\twhat the run draws its chances from\n"
	       "  work=0\t1: count the instructions of all processes together; "
	       "a\n"
	       "\tfork then takes 10 %% longer, an exit 6 %%\n"
	       "  counters=\tevents for the PMU to count, with commas, or "
	       "'named': all\n"
	       "\nOperations:");
	for (i = 0; w->ops && w->ops[i]; i++)
		printf(" %s", w->ops[i]);
	putchar('\n');
}

static void print_usage(void)
{
	int i;

	printf("Usage: pfd-load WORKLOAD [NAME=VALUE...] [seed=N]\n"
	       "       pfd-load WORKLOAD --help\n\n"
	       "Runs a workload and writes what it did to standard output, as\n"
	       "JSON Lines (docs/records.md). Workloads:\n\n");
	for (i = 0; workloads[i]; i++)
		if (!workloads[i]->for_tests)
			printf("  %-16s %s\n", workloads[i]->name,
			       workloads[i]->title);
	printf("\nExamples:\n"
	       "  pfd-load thp-collapse\n"
	       "  pfd-load exit processes=4 tables=1000 seed=7\n");
}

static int parse(struct load *load, int argc, char **argv)
{
	char error[160], *end;
	int i;

	for (i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "seed=", 5)) {
			load->seed = strtoull(argv[i] + 5, &end, 10);
			if (end != argv[i] + 5 && !*end)
				continue;
			fprintf(stderr, "pfd-load: '%s' is not a seed\n",
				argv[i]);
			return -EINVAL;
		}
		if (!strncmp(argv[i], "work=", 5) &&
		    (argv[i][5] == '0' || argv[i][5] == '1') && !argv[i][6]) {
			load->counts_work = argv[i][5] == '1';
			continue;
		}
		if (!strncmp(argv[i], "counters=", 9)) {
			load->counts_named = argv[i] + 9;
			if (hardware_names(load->counts_named))
				continue;
			fprintf(stderr,
				"pfd-load: '%s' is not counters=named, nor "
				"events of workloads/hardware.c with commas\n",
				argv[i]);
			return -EINVAL;
		}
		if (workload_set_param(load->workload, argv[i], load->param,
				       error, sizeof(error))) {
			fprintf(stderr, "pfd-load: %s\n", error);
			return -EINVAL;
		}
	}
	/* Those of the machine go first, and `work` would say too little. */
	if (load->counts_work && load->counts_named) {
		fprintf(stderr, "pfd-load: work=1 and counters= share the "
				"PMU's counters: give one of them\n");
		return -EINVAL;
	}
	return 0;
}

static int share(struct load *load)
{
	pthread_mutexattr_t attributes;

	load_random_fork(load, 0);
	load->shared = memory_share(load, sizeof(*load->shared));
	if (!load->shared)
		return load_error(load, "mmap", -errno);
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&load->shared->lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
	return 0;
}

/* What is measured, between two looks at all that is counted. */
static int run_measured(struct load *load, struct counters *work)
{
	int error = vm_read(&load->shared->vm_before);

	if (error)
		return load_error(load, "/proc/vmstat", error);
	if (load->hardware)
		hardware_switch(load->hardware, true);
	counters_read(work, &work_before);
	error = load->workload->run(load);
	counters_read(work, &work_after);
	if (load->hardware)
		hardware_switch(load->hardware, false);
	return error;
}

static int run(struct load *load, struct counters *work)
{
	const struct workload *w = load->workload;
	struct control_expected expected = {.defers = load_defers()};
	struct control c;
	int error;

	control_inherit(&c);
	/*
	 * The first look at the clock maps its page, which takes a page table
	 * too many and frees it (vmf->prealloc_pte): not in what is measured.
	 */
	load_now_ns();
	/* And so may the first read into these; processes are forked in setup.
	 */
	error = vm_read(&load->shared->vm_before);
	if (!error)
		error = vm_read(&load->shared->vm_after);
	if (error)
		return load_error(load, "/proc/vmstat", error);
	if (load->counts_named) {
		load->hardware = hardware_open(load->counts_named);
		if (!load->hardware)
			return load_error(load, "counters", -ENOMEM);
	}
	load_op_prepare(load);
	if (load->counts_work)
		counters_open_family(work);
	error = w->setup ? w->setup(load) : 0;
	if (error)
		return error;
	if (w->expect)
		w->expect(load, &expected);
	control_send_ready(&c, &expected);
	if (!control_expect(&c, CONTROL_GO))
		return load_error(load, "the probe is gone", -EPIPE);
	error = run_measured(load, work);
	if (error)
		return error;
	control_send(&c, CONTROL_DONE);
	if (!control_expect(&c, CONTROL_LEAVE))
		return load_error(load, "the probe is gone", -EPIPE);
	control_close(&c);
	error = vm_read(&load->shared->vm_after);
	if (error)
		return load_error(load, "/proc/vmstat", error);
	error = w->teardown ? w->teardown(load) : 0;
	if (!error && w->truth)
		error = w->truth(load);
	return error;
}

static int write_record(json_t *record)
{
	int error = !record || json_dumpf(record, stdout, JSON_COMPACT) ||
		    putchar('\n') == EOF;

	json_decref(record);
	return error ? -EIO : 0;
}

static json_t *number_or_null(bool known, uint64_t value)
{
	return known ? json_integer((json_int_t)value) : json_null();
}

/* Null unless every operation was counted. */
static json_t *counts_or_null(const struct hist *counts, const struct hist *all)
{
	return all->count && counts->count == all->count ? hist_to_json(counts)
							 : json_null();
}

static int write_op(const char *kind, const struct load_op_stats *op)
{
	return write_record(json_pack(
		"{ss, ss, so, so, so}", "type", "op", "kind", kind,
		"latency_ns", hist_to_json(&op->latency), "instructions_count",
		counts_or_null(&op->instructions, &op->latency), "cycles_count",
		counts_or_null(&op->cycles, &op->latency)));
}

static int write_work(const struct counters *work)
{
	uint64_t n[COUNTERS];
	int i;

	for (i = 0; i < COUNTERS; i++)
		n[i] = work_after.value[i] - work_before.value[i];
	return write_record(json_pack(
		"{ss, so, so, so}", "type", "work", "instructions_count",
		number_or_null(work->fd[INSTRUCTIONS] >= 0, n[INSTRUCTIONS]),
		"cycles_count",
		number_or_null(work->fd[CYCLES] >= 0, n[CYCLES]),
		"task_clock_ns",
		number_or_null(work->fd[TASK_CLOCK_NS] >= 0,
			       n[TASK_CLOCK_NS])));
}

static int write_truth(struct load *load)
{
	const struct workload *w = load->workload;
	json_t *parameters = json_object();
	int i;

	for (i = 0; w->params && w->params[i].name; i++)
		json_object_set_new(parameters, w->params[i].name,
				    json_integer(load->param[i]));
	return write_record(json_pack(
		"{ss, ss, sI, so, sO, sO, ss?}", "type", "truth", "workload",
		w->name, "seed", (json_int_t)load->seed, "parameters",
		parameters, "facts", load->facts, "tables", load->tables,
		"unclaimed", load->unclaimed));
}

static int write_records(struct load *load, const struct counters *work)
{
	const struct workload *w = load->workload;
	int i, error = 0;

	for (i = 0; w->ops && w->ops[i] && !error; i++)
		error = write_op(w->ops[i], &load->shared->ops[i]);
	if (!error)
		error = write_work(work);
	if (!error && load->hardware)
		error = write_record(hardware_to_json(load->hardware));
	if (!error)
		error = write_record(
			json_pack("{ss, so, so}", "type", "vm", "before",
				  vm_to_json(&load->shared->vm_before), "after",
				  vm_to_json(&load->shared->vm_after)));
	if (!error)
		error = write_truth(load);
	if (!error && fflush(stdout))
		error = -errno;
	return error ? load_error(load, "cannot write the records", error) : 0;
}

int main(int argc, char **argv)
{
	struct load load = {.seed = 1, .counters = COUNTERS_CLOSED};
	struct counters work = COUNTERS_CLOSED;
	int error;

	if (argc < 2 || !strcmp(argv[1], "--help")) {
		print_usage();
		return argc < 2 ? 2 : 0;
	}
	load.workload = workload_find(argv[1]);
	if (!load.workload) {
		fprintf(stderr,
			"pfd-load: no workload '%s'; see pfd-load --help\n",
			argv[1]);
		return 2;
	}
	if (argc > 2 && !strcmp(argv[2], "--help")) {
		print_workload(load.workload);
		return 0;
	}
	workload_defaults(load.workload, load.param);
	/* free() is not to unmap: it would unlink tables nobody claims. */
	mallopt(M_MMAP_THRESHOLD, 1 << 30);
	mallopt(M_TRIM_THRESHOLD, 1 << 30);
	if (parse(&load, argc - 2, argv + 2))
		return 2;
	load.facts = json_object();
	load.tables = json_array();
	error = load.facts && load.tables
			? share(&load)
			: load_error(&load, "records", -ENOMEM);
	if (!error)
		error = run(&load, &work);
	if (!error)
		error = write_records(&load, &work);
	counters_close(&work);
	hardware_close(load.hardware);
	json_decref(load.facts);
	json_decref(load.tables);
	return error ? 1 : 0;
}
