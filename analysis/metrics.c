// SPDX-License-Identifier: GPL-2.0
/* The table of metrics, and what must be computed for it; see metric.h. */
#include <math.h>
#include "metric.h"
#include "record.h"
#include "unavailable.h"

bool metric_is_own_callback(const json_t *header, const char *function)
{
	const json_t *callbacks = json_object_get(header, "callbacks");
	size_t i;

	for (i = 0; i < json_array_size(callbacks); i++) {
		if (!strcmp(json_string_value(json_array_get(callbacks, i)),
			    function))
			return true;
	}
	return false;
}

bool metric_is_table_callback(const json_t *header, const char *function)
{
	return metric_is_own_callback(header, function) ||
	       !strcmp(function, TLB_CALLBACK);
}

static const json_t *find_record(const json_t *records, const char *type)
{
	size_t i;

	for (i = 0; i < json_array_size(records); i++) {
		if (record_is(json_array_get(records, i), type))
			return json_array_get(records, i);
	}
	return NULL;
}

/* A function that was never enqueued has no record, and counts as 0. */
static double callbacks_enqueued(const json_t *header, const json_t *records)
{
	const json_t *probe = find_record(records, "probe");
	double sum = 0;
	size_t i;

	if (!probe || unavailable_reason(probe, "callback"))
		return NAN;
	for (i = 0; i < json_array_size(records); i++) {
		const json_t *record = json_array_get(records, i);

		if (record_is(record, "callback") &&
		    metric_is_table_callback(header,
					     record_text(record, "function")))
			sum += record_count(record, "enqueued_count");
	}
	return sum;
}

static double callbacks_per_page(const json_t *header, const json_t *records)
{
	double freed =
		record_count(find_record(records, "page"), "freed_count");

	return freed > 0 ? callbacks_enqueued(header, records) / freed : NAN;
}

static double double_share(const json_t *header, const json_t *records)
{
	const json_t *record = find_record(records, "double_rcu");
	double twice = record_count(record, "double_count");
	double once = record_count(record, "single_count");

	(void)header;
	return once + twice > 0 ? twice / (once + twice) : NAN;
}

/* clang-format off */
const struct metric_def metric_defs[] = {
	{ "op.<kind>.mean_ns", UNIT_NS, "mean latency of that operation",
	  "op", "latency_ns", .value = VALUE_MEAN, .arm = METRIC_BARE },
	{ "op.<kind>.max_ns", UNIT_NS, "longest latency of that operation",
	  "op", "latency_ns", .value = VALUE_MAX, .arm = METRIC_BARE },
	{ "op.<kind>.instructions_mean_count", UNIT_COUNT,
	  "mean instructions of that operation, user and kernel",
	  "op", "instructions_count", .value = VALUE_MEAN, .arm = METRIC_BARE },
	{ "op.<kind>.cycles_mean_count", UNIT_COUNT,
	  "mean cycles of that operation, user and kernel",
	  "op", "cycles_count", .value = VALUE_MEAN, .arm = METRIC_BARE },
	{ "work.instructions_count", UNIT_COUNT,
	  "instructions of the workload, all its processes", "work",
	  "instructions_count", .value = VALUE_COUNT, .arm = METRIC_BARE },
	{ "work.cycles_count", UNIT_COUNT,
	  "cycles of the workload, all its processes", "work",
	  "cycles_count", .value = VALUE_COUNT, .arm = METRIC_BARE },
	{ "work.task_clock_ns", UNIT_NS,
	  "CPU time of the workload, all its processes", "work",
	  "task_clock_ns", .value = VALUE_COUNT, .arm = METRIC_BARE },
	{ "callback.enqueued_count", UNIT_COUNT,
	  "call_rcu() calls for page tables: " TLB_CALLBACK
	  " and the variant's own functions", .compute = callbacks_enqueued },
	{ "callback.per_freed_page", UNIT_RATIO,
	  "callback.enqueued_count / page.freed_count",
	  .compute = callbacks_per_page },
	{ "callback.<function>.enqueued_count", UNIT_COUNT,
	  "call_rcu() calls with that function", "callback", "enqueued_count",
	  .value = VALUE_COUNT },
	{ "callback.<function>.wait_mean_ns", UNIT_NS,
	  "mean wait from call_rcu() to invocation", "callback", "wait_ns",
	  .value = VALUE_MEAN },
	{ "callback.<function>.run_mean_ns", UNIT_NS,
	  "mean time inside the callback", "callback", "run_ns", .value = VALUE_MEAN },
	{ "double_rcu.double_count", UNIT_COUNT,
	  "pages of the TLB path that a second callback freed, queued from "
	  "inside the batch's", "double_rcu", "double_count",
	  .value = VALUE_COUNT },
	{ "double_rcu.double_share", UNIT_RATIO,
	  "these, of all pages freed whose last table went the TLB path",
	  .compute = double_share },
	{ "double_rcu.first_wait_mean_ns", UNIT_NS,
	  "mean wait of these pages from last unlink to the batch's callback",
	  "double_rcu", "first_wait_ns", .value = VALUE_MEAN },
	{ "double_rcu.second_wait_mean_ns", UNIT_NS,
	  "mean wait of these pages for the second callback", "double_rcu",
	  "second_wait_ns", .value = VALUE_MEAN },
	{ "double_rcu.second_wait_p99_ns", UNIT_NS,
	  "the second wait that 99 % of these pages do not exceed",
	  "double_rcu", "second_wait_ns", .value = VALUE_P99 },
	{ "double_rcu.extra_callbacks_count", UNIT_COUNT,
	  "call_rcu() calls from inside a batch's callback", "double_rcu",
	  "extra_callbacks_count",
	  .value = VALUE_COUNT },
	{ "double_rcu.extra_callback_run_mean_ns", UNIT_NS,
	  "mean time inside such a callback", "double_rcu",
	  "extra_callback_run_ns", .value = VALUE_MEAN },
	{ "double_rcu.extra_callback_run_ns", UNIT_NS,
	  "time inside all such callbacks", "double_rcu",
	  "extra_callback_run_ns", .value = VALUE_SUM },
	{ "double_rcu.held_byte_seconds", UNIT_BYTE_SECONDS,
	  "bytes of the TLB path's pages x time from last unlink to free",
	  "double_rcu", "held_byte_ns", .value = VALUE_PER_SECOND },
	{ "double_rcu.second_held_byte_seconds", UNIT_BYTE_SECONDS,
	  "the part of that in which pages waited for the second callback",
	  "double_rcu", "second_held_byte_ns", .value = VALUE_PER_SECOND },
	{ "pinned.table_peak_bytes", UNIT_BYTES,
	  "most bytes of tables that were unlinked with their page not free",
	  "pinned", "table_peak_bytes",
	  .value = VALUE_COUNT },
	{ "pinned.page_peak_bytes", UNIT_BYTES,
	  "most bytes of pages that nothing but RCU held", "pinned",
	  "page_peak_bytes",
	  .value = VALUE_COUNT },
	{ "pinned.table_byte_seconds", UNIT_BYTE_SECONDS,
	  "bytes of unlinked tables x time until their page was free",
	  "pinned", "table_byte_ns", .value = VALUE_PER_SECOND },
	{ "pinned.page_byte_seconds", UNIT_BYTE_SECONDS,
	  "bytes of pages x time that nothing but RCU held them", "pinned",
	  "page_byte_ns", .value = VALUE_PER_SECOND },
	{ "pinned.drain_ns", UNIT_NS,
	  "from the end of the workload to the last page's return", "pinned",
	  "drain_ns",
	  .value = VALUE_COUNT },
	{ "pinned.left_bytes", UNIT_BYTES,
	  "bytes of tables whose page was never freed", "pinned",
	  "left_bytes",
	  .value = VALUE_COUNT },
	{ "softirq.rcu_core_ns", UNIT_NS,
	  "time of RCU_SOFTIRQ on the back of whatever ran", "softirq",
	  "rcu_core_ns", .value = VALUE_SUM },
	{ "softirq.rcu_core_max_ns", UNIT_NS,
	  "longest run of RCU_SOFTIRQ on the back of whatever ran",
	  "softirq", "rcu_core_ns", .value = VALUE_MAX },
	{ "softirq.ksoftirqd_rcu_core_ns", UNIT_NS,
	  "time of RCU_SOFTIRQ in ksoftirqd", "softirq",
	  "ksoftirqd_rcu_core_ns", .value = VALUE_SUM },
	{ "softirq.batch_mean_ns", UNIT_NS,
	  "mean duration of rcu_do_batch()", "softirq", "batch_ns",
	  .value = VALUE_MEAN },
	{ "softirq.batch_max_ns", UNIT_NS, "longest rcu_do_batch()",
	  "softirq", "batch_ns", .value = VALUE_MAX },
	{ "softirq.batch_callbacks_mean_count", UNIT_COUNT,
	  "mean callbacks that rcu_do_batch() invoked", "softirq",
	  "batch_callbacks_count", .value = VALUE_MEAN },
	{ "softirq.batch_callbacks_max_count", UNIT_COUNT,
	  "most callbacks that one rcu_do_batch() invoked", "softirq",
	  "batch_callbacks_count", .value = VALUE_MAX },
	{ "softirq.batch_queued_max_count", UNIT_COUNT,
	  "most callbacks on a CPU when rcu_do_batch() began", "softirq",
	  "batch_queued_count", .value = VALUE_MAX },
	{ "grace_period.completed_count", UNIT_COUNT,
	  "normal grace periods that ended", "grace_period",
	  "completed_count",
	  .value = VALUE_COUNT },
	{ "grace_period.duration_mean_ns", UNIT_NS,
	  "mean duration of a normal grace period", "grace_period",
	  "duration_ns", .value = VALUE_MEAN },
	{ "table.<path>.<level>.unlinked_count", UNIT_COUNT,
	  "page tables unlinked on that path", "table", "unlinked_count",
	  .value = VALUE_COUNT },
	{ "table.<path>.<level>.wait_mean_ns", UNIT_NS,
	  "mean wait of a table from unlink to put", "table", "wait_ns",
	  .value = VALUE_MEAN },
	{ "page.freed_count", UNIT_COUNT,
	  "page-table pages freed after a table of theirs was unlinked",
	  "page", "freed_count",
	  .value = VALUE_COUNT },
	{ "page.last_wait_mean_ns", UNIT_NS,
	  "mean wait of a page from its last unlink to its real end", "page",
	  "last_wait_ns", .value = VALUE_MEAN },
	{ "page.waited_none_count", UNIT_COUNT,
	  "pages freed with no full grace period after their last unlink",
	  "page", "waited_none_count",
	  .value = VALUE_COUNT },
	{ "page.waited_one_count", UNIT_COUNT,
	  "pages freed after one full grace period", "page",
	  "waited_one_count",
	  .value = VALUE_COUNT },
	{ "page.waited_two_count", UNIT_COUNT,
	  "pages freed after two full grace periods", "page",
	  "waited_two_count",
	  .value = VALUE_COUNT },
	{ "page.waited_more_count", UNIT_COUNT,
	  "pages freed after three or more full grace periods", "page",
	  "waited_more_count",
	  .value = VALUE_COUNT },
	{ "page.no_callback_count", UNIT_COUNT,
	  "pages freed with no RCU callback after their last unlink", "page",
	  "no_callback_count",
	  .value = VALUE_COUNT },
	{ "page.one_callback_count", UNIT_COUNT,
	  "pages that sat through one RCU callback", "page",
	  "one_callback_count",
	  .value = VALUE_COUNT },
	{ "page.two_callbacks_count", UNIT_COUNT,
	  "pages that sat through two RCU callbacks, one after the other",
	  "page", "two_callbacks_count",
	  .value = VALUE_COUNT },
	{ "page.more_callbacks_count", UNIT_COUNT,
	  "pages that sat through three or more RCU callbacks", "page",
	  "more_callbacks_count",
	  .value = VALUE_COUNT },
	{ "page.freed_by_batch_count", UNIT_COUNT,
	  "pages freed inside " TLB_CALLBACK "()", "page",
	  "freed_by_batch_count",
	  .value = VALUE_COUNT },
	{ "page.freed_by_own_count", UNIT_COUNT,
	  "pages freed inside an RCU callback of their own", "page",
	  "freed_by_own_count",
	  .value = VALUE_COUNT },
	{ "page.freed_at_once_count", UNIT_COUNT,
	  "pages freed elsewhere, not by RCU", "page",
	  "freed_at_once_count",
	  .value = VALUE_COUNT },
	{ "page.freed_by_destroy_count", UNIT_COUNT,
	  "pages freed by pte_frag_destroy(), at exit", "page",
	  "freed_by_destroy_count",
	  .value = VALUE_COUNT },
	{ "page.wait_mean_ns", UNIT_NS,
	  "mean wait of a page from its first unlink to its real end", "page",
	  "wait_ns", .value = VALUE_MEAN },
	{ "page.wait_p99_ns", UNIT_NS,
	  "the wait that 99 % of the pages do not exceed", "page", "wait_ns",
	  .value = VALUE_P99 },
	{ "vm.change.pgalloc_count", UNIT_COUNT,
	  "pages allocated, by /proc/vmstat (pgalloc_*)", "vm", "pgalloc_*",
	  .value = VALUE_CHANGE, .arm = METRIC_BARE },
	{ "vm.change.pgfree_count", UNIT_COUNT,
	  "pages freed, by /proc/vmstat", "vm", "pgfree",
	  .value = VALUE_CHANGE, .arm = METRIC_BARE },
	{ "vm.change.page_tables_bytes", UNIT_BYTES,
	  "growth of PageTables in /proc/meminfo", "vm", "page_tables_bytes",
	  .value = VALUE_CHANGE, .arm = METRIC_BARE },
	{ "vm.change.mem_free_bytes", UNIT_BYTES,
	  "growth of MemFree in /proc/meminfo", "vm", "mem_free_bytes",
	  .value = VALUE_CHANGE, .arm = METRIC_BARE },
	{ "vm.change.thp_fault_alloc_count", UNIT_COUNT,
	  "huge pages allocated by faults, by /proc/vmstat", "vm",
	  "thp_fault_alloc", .value = VALUE_CHANGE, .arm = METRIC_BARE },
	{ "vm.change.thp_collapse_alloc_count", UNIT_COUNT,
	  "huge pages allocated by collapses, by /proc/vmstat", "vm",
	  "thp_collapse_alloc", .value = VALUE_CHANGE, .arm = METRIC_BARE },
	{ "vm.change.compact_stall_count", UNIT_COUNT,
	  "direct compactions, by /proc/vmstat", "vm", "compact_stall",
	  .value = VALUE_CHANGE, .arm = METRIC_BARE },
	{ "program.<name>.runs_count", UNIT_COUNT,
	  "runs of that BPF program", "probe", "runs_count",
	  .list = "programs", .arm = METRIC_STATS },
	{ "program.<name>.run_ns", UNIT_NS,
	  "time in all runs of that BPF program", "probe", "run_ns",
	  .list = "programs", .arm = METRIC_STATS },
	{}
};
/* clang-format on */

const char *metric_arm_name(enum metric_arm arm)
{
	return arm == METRIC_BARE    ? "bare"
	       : arm == METRIC_STATS ? "stats"
				     : "probed";
}
