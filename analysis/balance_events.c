// SPDX-License-Identifier: GPL-2.0
/* Callbacks, tables, softirqs, operations, the probe itself; see balance.h. */
#include <stdio.h>
#include "balance.h"
#include "record.h"

void balance_callback(const json_t *callback, struct reasons *reasons)
{
	json_int_t enqueued = record_count(callback, "enqueued_count");
	json_int_t invoked = record_count(callback, "invoked_count");
	json_int_t outstanding = record_count(callback, "outstanding_count");
	json_int_t waits = record_hist(callback, "wait_ns", "count");

	if (!adds_up(enqueued, invoked, outstanding))
		reasons_add(reasons, REASON_CONSERVATION,
			    "callback %s: enqueued %lld is not invoked %lld "
			    "+ outstanding %lld",
			    record_text(callback, "function"), enqueued,
			    invoked, outstanding);
	if (waits != invoked)
		reasons_add(reasons, REASON_CONSERVATION,
			    "callback %s: %lld waits for %lld invoked",
			    record_text(callback, "function"), waits, invoked);
}

void balance_grace_period(const json_t *gp, struct reasons *reasons)
{
	json_int_t started = record_count(gp, "started_count");
	json_int_t completed = record_count(gp, "completed_count");
	json_int_t durations = record_hist(gp, "duration_ns", "count");

	if (started - completed != 0 && started - completed != 1)
		reasons_add(reasons, REASON_CONSERVATION,
			    "grace periods: %lld started, %lld completed",
			    started, completed);
	if (durations > completed)
		reasons_add(reasons, REASON_CONSERVATION,
			    "grace periods: %lld durations for %lld completed",
			    durations, completed);
}

void balance_table(const json_t *table, struct reasons *reasons)
{
	json_int_t unlinked = record_count(table, "unlinked_count");
	json_int_t put = record_count(table, "put_count");
	json_int_t in_flight = record_count(table, "in_flight_count");
	json_int_t with_page = record_count(table, "put_with_page_count");
	json_int_t waits = record_hist(table, "wait_ns", "count");
	bool defer = !strcmp(record_text(table, "path"), "defer");
	char name[32];

	snprintf(name, sizeof(name), "%s %s", record_text(table, "path"),
		 record_text(table, "level"));
	if (!adds_up(unlinked, put, in_flight))
		reasons_add(reasons, REASON_CONSERVATION,
			    "table %s: unlinked %lld is not put %lld "
			    "+ in flight %lld",
			    name, unlinked, put, in_flight);
	if (waits != put)
		reasons_add(reasons, REASON_CONSERVATION,
			    "table %s: %lld waits for %lld put", name, waits,
			    put);
	if (with_page > put || (defer && with_page != put))
		reasons_add(reasons, REASON_CONSERVATION,
			    "table %s: %lld put with their page, %lld put",
			    name, with_page, put);
}

/*
 * Batches invoke what the `callback` records count. Of a batch that was under
 * way when the probe came or went, one on each CPU, some callbacks are in the
 * latter only.
 */
static void balance_batches(const json_t *softirq, json_int_t invoked,
			    json_int_t cpus, struct reasons *reasons)
{
	json_int_t sum = record_hist(softirq, "batch_callbacks_count", "sum");
	json_int_t most = record_hist(softirq, "batch_callbacks_count", "max");

	if (sum > invoked || invoked - sum > (__int128)2 * cpus * most)
		reasons_add(reasons, REASON_CONSERVATION,
			    "softirq: batches of %lld callbacks, but %lld were "
			    "invoked",
			    sum, invoked);
}

void balance_softirq(const json_t *softirq, json_int_t invoked, json_int_t cpus,
		     struct reasons *reasons)
{
	json_int_t batches = record_hist(softirq, "batch_ns", "count");
	json_int_t callbacks =
		record_hist(softirq, "batch_callbacks_count", "count");
	json_int_t queued = record_hist(softirq, "batch_queued_count", "count");

	if (callbacks != batches || queued != batches)
		reasons_add(reasons, REASON_CONSERVATION,
			    "softirq: %lld batches, callbacks of %lld, queues "
			    "of %lld",
			    batches, callbacks, queued);
	if (invoked >= 0)
		balance_batches(softirq, invoked, cpus, reasons);
}

static void balance_per_op(const json_t *op, const char *member,
			   struct reasons *reasons)
{
	json_int_t done = record_hist(op, "latency_ns", "count");
	json_int_t counted = record_hist(op, member, "count");

	if (!record_is_null(op, member) && counted != done)
		reasons_add(reasons, REASON_CONSERVATION,
			    "op %s: %s of %lld operations, %lld were done",
			    record_text(op, "kind"), member, counted, done);
}

void balance_op(const json_t *op, struct reasons *reasons)
{
	balance_per_op(op, "instructions_count", reasons);
	balance_per_op(op, "cycles_count", reasons);
}

void balance_vm(const json_t *vm, struct reasons *reasons)
{
	json_t *before = json_object_get(vm, "before");
	json_t *after = json_object_get(vm, "after");
	const char *name;
	json_t *value;

	json_object_foreach (before, name, value) {
		if (json_object_get(after, name))
			continue;
		reasons_add(reasons, REASON_RECORD,
			    "vm: %s was read before, but not after", name);
		return;
	}
	if (json_object_size(before) != json_object_size(after))
		reasons_add(reasons, REASON_RECORD,
			    "vm: %zu names before, %zu after",
			    json_object_size(before), json_object_size(after));
}

static void balance_program(const json_t *program, bool stats,
			    struct reasons *reasons)
{
	const char *name = record_text(program, "name");
	json_int_t missed = record_count(program, "missed_count");

	if (missed && record_is_null(program, "harmless"))
		reasons_add(reasons, REASON_LOSS,
			    "program %s was not run %lld times", name, missed);
	if (record_is_null(program, "runs_count") == stats ||
	    record_is_null(program, "run_ns") == stats)
		reasons_add(reasons, REASON_RECORD,
			    "program %s has %s run-time statistics, which %s",
			    name, stats ? "no" : "the kernel's",
			    stats ? "the arm stats is for"
				  : "only the arm stats has");
}

void balance_probe(const json_t *probe, const char *arm,
		   struct reasons *reasons)
{
	const json_t *programs = json_object_get(probe, "programs");
	json_t *lost = json_object_get(probe, "lost");
	json_int_t log = record_count(probe, "log_bytes");
	json_int_t used = record_count(probe, "log_used_bytes");
	const char *name;
	json_t *number;
	size_t i;

	for (i = 0; i < json_array_size(programs); i++)
		balance_program(json_array_get(programs, i),
				!strcmp(arm, "stats"), reasons);
	json_object_foreach (lost, name, number) {
		if (json_integer_value(number))
			reasons_add(reasons, REASON_LOSS,
				    "%s: %" JSON_INTEGER_FORMAT " lost", name,
				    json_integer_value(number));
	}
	if (used > log)
		reasons_add(reasons, REASON_LOSS,
			    "the probe's log has %lld bytes, %lld were used",
			    log, used);
}
