// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <jansson.h>
#include "hist_json.h"
#include "pfd.h"
#include "pfd.skel.h"
#include "report.h"

static const char *const path_names[PATHS] = {
	[PATH_MUNMAP] = "munmap",
	[PATH_EXIT] = "exit",
	[PATH_DEFER] = "defer",
	[PATH_DIRECT] = "direct",
};

static const char *const level_names[LEVELS] = {
	[LEVEL_PTE] = "pte",
	[LEVEL_PMD] = "pmd",
	[LEVEL_PUD] = "pud",
};

static const char *const lost_names[LOSTS] = {
	[LOST_FUNCTION] = "functions_without_slot_count",
	[LOST_PENDING] = "callbacks_map_full_count",
	[LOST_TABLE] = "tables_map_full_count",
	[LOST_PAGE] = "pages_map_full_count",
	[LOST_LEVEL] = "tables_of_unknown_level_count",
	[LOST_BATCH] = "batches_unreadable_count",
	[LOST_QUEUED_TWICE] = "rcu_heads_queued_twice_count",
};

/*
 * Why a miss of a program loses nothing: it can only be interrupted by events
 * that it would not have counted. NULL: a miss is a loss.
 */
static const struct {
	const char *program, *harmless;
} misses[] = {
	{"page_freed_first", "page_freed_second sees what interrupts it"},
	{"page_freed_second", "page_freed_first sees what interrupts it"},
	{"table_freed", "frees in RCU callbacks, which it does not count"},
	{"grace_period_event", "events of others than the RCU kthread"},
};

static int failed(const char *what, int error)
{
	fprintf(stderr, "pfd-probe: %s: %s\n", what, strerror(-error));
	return error;
}

/* Writes one record and drops it. */
static int write_record(json_t *record, FILE *out)
{
	int error = record ? 0 : -ENOMEM;

	if (record && json_dumpf(record, out, JSON_COMPACT))
		error = -EIO;
	if (!error && fputc('\n', out) == EOF)
		error = -EIO;
	json_decref(record);
	return error ? failed("cannot write a record", error) : 0;
}

/* Reads entry `key` of a per-CPU array: values[possible CPUs]. */
static void *read_percpu(struct bpf_map *map, __u32 key)
{
	int cpus = libbpf_num_possible_cpus();
	size_t size = bpf_map__value_size(map);
	void *values;

	if (cpus < 0)
		return NULL;
	values = calloc(cpus, size);
	if (values && bpf_map__lookup_elem(map, &key, sizeof(key), values,
					   cpus * size, 0)) {
		free(values);
		return NULL;
	}
	return values;
}

int report_pending_count(struct pfd_bpf *skel)
{
	__u64 key, *last = NULL;
	int count = 0;

	while (!bpf_map__get_next_key(skel->maps.pending, last, &key,
				      sizeof(key))) {
		last = &key;
		count++;
	}
	return count;
}

/* What is still queued or in flight, counted from the maps themselves. */
struct remaining {
	__u64 callbacks[MAX_FUNCTIONS];
	__u64 tables[PATHS * LEVELS];
	__u64 pages;
};

static void count_remaining(struct pfd_bpf *skel, struct remaining *left)
{
	__u64 key, *last = NULL;
	struct pending p;
	int level;

	memset(left, 0, sizeof(*left));
	while (!bpf_map__get_next_key(skel->maps.pending, last, &key,
				      sizeof(key))) {
		last = &key;
		if (bpf_map__lookup_elem(skel->maps.pending, &key, sizeof(key),
					 &p, sizeof(p), 0) ||
		    p.slot >= MAX_FUNCTIONS || p.path >= PATHS)
			continue;
		left->callbacks[p.slot]++;
		for (level = 0; level < LEVELS; level++)
			left->tables[p.path * LEVELS + level] +=
				p.tables[level];
	}
	for (last = NULL; !bpf_map__get_next_key(skel->maps.deferred, last,
						 &key, sizeof(key));
	     last = &key)
		left->tables[PATH_DEFER * LEVELS + LEVEL_PTE]++;
	for (last = NULL;
	     !bpf_map__get_next_key(skel->maps.pages, last, &key, sizeof(key));
	     last = &key)
		left->pages++;
}

/* The function in a slot; false if the slot was taken in vain. */
static bool function_of(struct pfd_bpf *skel, __u32 slot, struct function *f)
{
	if (bpf_map__lookup_elem(skel->maps.functions, &slot, sizeof(slot), f,
				 sizeof(*f), 0))
		return false;
	f->name[NAME_SIZE - 1] = '\0';
	return f->name[0];
}

static int add_callback(struct pfd_bpf *skel, __u32 slot,
			struct callback_stats *sum)
{
	struct callback_stats *each = read_percpu(skel->maps.callbacks, slot);
	int cpus = libbpf_num_possible_cpus(), cpu;

	if (!each)
		return -ENOMEM;
	for (cpu = 0; cpu < cpus; cpu++) {
		sum->enqueued += each[cpu].enqueued;
		sum->invoked += each[cpu].invoked;
		sum->earlier += each[cpu].earlier;
		hist_merge(&sum->wait, &each[cpu].wait);
		hist_merge(&sum->run, &each[cpu].run);
	}
	free(each);
	return 0;
}

/*
 * Writes the record of the function in a slot, with what later slots have of
 * the same name (static functions may share one); nothing if an earlier slot
 * has that name.
 */
static int write_callback(struct pfd_bpf *skel, __u32 slot,
			  const struct remaining *left, bool offloaded,
			  FILE *out)
{
	struct callback_stats *sum = calloc(1, sizeof(*sum));
	struct function function, other;
	int error = sum ? 0 : -ENOMEM;
	__u64 outstanding = 0;
	__u32 i;

	if (error || !function_of(skel, slot, &function))
		goto out;
	for (i = 0; i < MAX_FUNCTIONS && !error; i++) {
		if (!function_of(skel, i, &other) ||
		    strcmp(function.name, other.name))
			continue;
		if (i < slot)
			goto out;
		error = add_callback(skel, i, sum);
		outstanding += left->callbacks[i];
	}
	if (error)
		goto out;
	error = write_record(
		json_pack("{ss, ss, sI, sI, sI, sI, so, so}", "type",
			  "callback", "function", function.name,
			  "enqueued_count", (json_int_t)sum->enqueued,
			  "invoked_count", (json_int_t)sum->invoked,
			  "outstanding_count", (json_int_t)outstanding,
			  "earlier_count", (json_int_t)sum->earlier, "wait_ns",
			  hist_to_json(&sum->wait), "run_ns",
			  offloaded ? json_null() : hist_to_json(&sum->run)),
		out);
out:
	free(sum);
	return error;
}

static int write_grace_period(struct pfd_bpf *skel, FILE *out)
{
	const struct grace_period_stats *gp = &skel->bss->grace_period;

	return write_record(
		json_pack("{ss, sI, sI, sI, sI, so}", "type", "grace_period",
			  "started_count", (json_int_t)gp->started,
			  "completed_count", (json_int_t)gp->completed,
			  "forced_count", (json_int_t)gp->forced,
			  "expedited_count", (json_int_t)gp->expedited,
			  "duration_ns", hist_to_json(&gp->duration)),
		out);
}

static int add_table(struct bpf_map *map, __u32 key, struct table_stats *sum)
{
	struct table_stats *each = read_percpu(map, key);
	int cpus = libbpf_num_possible_cpus(), cpu;

	if (!each)
		return -ENOMEM;
	for (cpu = 0; cpu < cpus; cpu++) {
		sum->unlinked += each[cpu].unlinked;
		sum->put += each[cpu].put;
		sum->put_with_page += each[cpu].put_with_page;
		hist_merge(&sum->wait, &each[cpu].wait);
	}
	free(each);
	return 0;
}

static int write_table(struct pfd_bpf *skel, int path, int level,
		       __u64 in_flight, FILE *out)
{
	struct table_stats *sum = calloc(1, sizeof(*sum));
	int error = sum ? 0 : -ENOMEM;
	__u32 putter;

	if (!error)
		error = add_table(skel->maps.tables, path * LEVELS + level,
				  sum);
	if (path == PATH_DEFER && level == LEVEL_PTE)
		for (putter = 0; putter < PUTTERS && !error; putter++)
			error = add_table(skel->maps.deferred_puts, putter,
					  sum);
	if (error || (!sum->unlinked && !sum->put))
		goto out;
	error = write_record(
		json_pack("{ss, ss, ss, sI, sI, sI, sI, so}", "type", "table",
			  "path", path_names[path], "level", level_names[level],
			  "unlinked_count", (json_int_t)sum->unlinked,
			  "put_count", (json_int_t)sum->put, "in_flight_count",
			  (json_int_t)in_flight, "put_with_page_count",
			  (json_int_t)sum->put_with_page, "wait_ns",
			  hist_to_json(&sum->wait)),
		out);
out:
	free(sum);
	return error;
}

static int write_page(struct pfd_bpf *skel, __u64 outstanding, FILE *out)
{
	int cpus = libbpf_num_possible_cpus(), cpu, error = -ENOMEM;
	struct page_stats *sum = calloc(1, sizeof(*sum)), *each = NULL;
	__u32 watcher, i;

	if (!sum)
		goto out;
	for (watcher = 0; watcher < WATCHERS; watcher++) {
		each = read_percpu(skel->maps.page_stats, watcher);
		if (!each)
			goto out;
		for (cpu = 0; cpu < cpus; cpu++) {
			sum->freed += each[cpu].freed;
			sum->not_owed += each[cpu].not_owed;
			for (i = 0; i <= WAITED_MOST; i++)
				sum->waited[i] += each[cpu].waited[i];
			hist_merge(&sum->wait, &each[cpu].wait);
			hist_merge(&sum->last_wait, &each[cpu].last_wait);
		}
		free(each);
		each = NULL;
	}
	error = write_record(
		json_pack("{ss, sI, sI, sI, sI, sI, sI, sI, sI, so, so}",
			  "type", "page", "tracked_count",
			  (json_int_t)skel->bss->pages_tracked, "freed_count",
			  (json_int_t)sum->freed, "outstanding_count",
			  (json_int_t)outstanding, "waited_none_count",
			  (json_int_t)sum->waited[0], "waited_one_count",
			  (json_int_t)sum->waited[1], "waited_two_count",
			  (json_int_t)sum->waited[2], "waited_more_count",
			  (json_int_t)sum->waited[WAITED_MOST],
			  "not_owed_count", (json_int_t)sum->not_owed,
			  "wait_ns", hist_to_json(&sum->wait), "last_wait_ns",
			  hist_to_json(&sum->last_wait)),
		out);
out:
	free(each);
	free(sum);
	return error;
}

static const char *harmless_miss(const char *program)
{
	size_t i;

	for (i = 0; i < sizeof(misses) / sizeof(misses[0]); i++)
		if (!strcmp(misses[i].program, program))
			return misses[i].harmless;
	return NULL;
}

static json_t *describe_program(const struct bpf_program *prog)
{
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);
	const char *name = bpf_program__name(prog);

	if (bpf_obj_get_info_by_fd(bpf_program__fd(prog), &info, &size))
		return NULL;
	return json_pack("{ss, ss, sI, ss?}", "name", name, "attach",
			 bpf_program__section_name(prog), "missed_count",
			 (json_int_t)info.recursion_misses, "harmless",
			 harmless_miss(name));
}

static int write_probe(struct pfd_bpf *skel, FILE *out)
{
	json_t *programs = json_array(), *lost = json_object();
	struct bpf_program *prog;
	int i;

	bpf_object__for_each_program(prog, skel->obj)
	{
		if (bpf_program__autoload(prog) &&
		    bpf_program__type(prog) != BPF_PROG_TYPE_SYSCALL &&
		    json_array_append_new(programs, describe_program(prog)))
			goto no_memory;
	}
	for (i = 0; i < LOSTS; i++)
		if (json_object_set_new(lost, lost_names[i],
					json_integer(skel->bss->lost[i])))
			goto no_memory;
	return write_record(json_pack("{ss, so, so}", "type", "probe",
				      "programs", programs, "lost", lost),
			    out);
no_memory:
	json_decref(programs);
	json_decref(lost);
	return failed("cannot describe the probe", -ENOMEM);
}

int report_write(struct pfd_bpf *skel, bool offloaded, FILE *out)
{
	struct remaining *left = malloc(sizeof(*left));
	__u32 slot, used = skel->bss->functions_used;
	int path, level, error = 0;

	if (!left)
		return failed("cannot count what is left", -ENOMEM);
	count_remaining(skel, left);
	for (slot = 0; slot < used && slot < MAX_FUNCTIONS && !error; slot++)
		error = write_callback(skel, slot, left, offloaded, out);
	if (!error)
		error = write_grace_period(skel, out);
	for (path = 0; path < PATHS && !error; path++)
		for (level = 0; level < LEVELS && !error; level++)
			error = write_table(skel, path, level,
					    left->tables[path * LEVELS + level],
					    out);
	if (!error)
		error = write_page(skel, left->pages, out);
	if (!error)
		error = write_probe(skel, out);
	free(left);
	return error;
}
