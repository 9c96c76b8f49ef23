// SPDX-License-Identifier: GPL-2.0
/*
 * Metrics: each number has the value that its record gives it, and what was
 * not measured has none, which is not 0.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "cells.h"
#include "metric.h"
#include "near.h"

/* Lines of records, as a list. */
static json_t *load_lines(const char *lines)
{
	json_t *list = json_array();
	char *text = strdup(lines);
	char *rest = text;
	char *line;

	assert_non_null(text);
	while ((line = strsep(&rest, "\n")) && *line)
		assert_int_equal(
			json_array_append_new(list, json_loads(line, 0, NULL)),
			0);
	free(text);
	return list;
}

/* Edits of header and guest as cell_edit() does them; metrics_free() after. */
static struct metrics extract(const char *header_edits, const char *guest,
			      const char *guest_edits)
{
	char *header_text = cell_edit(cell_header, header_edits);
	char *guest_text = cell_edit(guest, guest_edits);
	json_t *header = json_loads(header_text, 0, NULL);
	json_t *records = load_lines(guest_text);
	struct metrics metrics;

	assert_int_equal(metrics_extract(&metrics, header, records), 0);
	json_decref(records);
	json_decref(header);
	free(guest_text);
	free(header_text);
	return metrics;
}

static void assert_value(const struct metrics *metrics, const char *name,
			 double value)
{
	double got = metrics_value(metrics, name);

	assert_true(metric_is_known(name));
	if (isnan(value) ? !isnan(got) : !(fabs(got - value) <= 1e-12))
		fail_msg("%s is %g, not %g", name, got, value);
}

static void metrics_have_their_values(void **state)
{
	struct metrics metrics = extract("", cell_guest, "");

	(void)state;
	assert_value(&metrics, "op.collapse.mean_ns", 10);
	assert_value(&metrics, "op.collapse.instructions_mean_count", 10);
	assert_value(&metrics, "ops.instructions_count", 10);
	assert_value(&metrics, "work.instructions_count", 1000);
	/* own_cb only: the kernel's other callbacks are not about tables. */
	assert_value(&metrics, "callback.enqueued_count", 2);
	assert_value(&metrics, "callback.per_freed_page", 2);
	assert_value(&metrics, "callback.other_cb.enqueued_count", 7);
	assert_value(&metrics, "table.defer.pte.unlinked_count", 2);
	assert_value(&metrics, "page.freed_by_own_count", 1);
	assert_value(&metrics, "double_rcu.double_count", 0);
	assert_value(&metrics, "pinned.page_peak_bytes", 65536);
	assert_value(&metrics, "pinned.table_byte_seconds", 1280e-9);
	assert_value(&metrics, "softirq.rcu_core_ns", 10);
	assert_value(&metrics, "softirq.ksoftirqd_rcu_core_ns", 0);
	assert_value(&metrics, "softirq.batch_callbacks_max_count", 10);
	assert_value(&metrics, "vm.change.pgfree_count", 4);
	assert_value(&metrics, "vm.change.page_tables_bytes", 0);
	/* null, an empty histogram, nothing to divide by, no such name */
	assert_value(&metrics, "op.collapse.cycles_mean_count", NAN);
	assert_value(&metrics, "work.task_clock_ns", NAN);
	assert_value(&metrics, "callback.own_cb.run_mean_ns", NAN);
	assert_value(&metrics, "callback.other_cb.wait_mean_ns", NAN);
	assert_value(&metrics, "double_rcu.double_share", NAN);
	assert_value(&metrics, "double_rcu.second_wait_mean_ns", NAN);
	assert_value(&metrics, "pinned.drain_ns", NAN);
	assert_value(&metrics, "vm.change.pgalloc_count", NAN);
	metrics_free(&metrics);
}

/* Of the PMU: what it counted, and not a 0 for what it did not. */
static void named_events_have_their_values(void **state)
{
	struct metrics metrics = extract(
		"", cell_guest,
		"+{\"type\":\"hardware\",\"scope\":\"machine\",\"events\":["
		"{\"name\":\"dTLB-load-misses\",\"count\":42,"
		"\"enabled_ns\":10,\"running_ns\":5},"
		"{\"name\":\"PM_TABLEWALK_CYC\",\"count\":0,"
		"\"enabled_ns\":10,\"running_ns\":10}],\"unavailable\":["
		"{\"name\":\"iTLB-load-misses\",\"reason\":\"none\"}]}");

	(void)state;
	assert_value(&metrics, "hardware.dTLB-load-misses.count", 42);
	assert_value(&metrics, "hardware.PM_TABLEWALK_CYC.count", 0);
	assert_value(&metrics, "hardware.iTLB-load-misses.count", NAN);
	metrics_free(&metrics);
}

static void double_waits_have_their_values(void **state)
{
	char *guest = cell_double();
	struct metrics metrics = extract("", guest, "");

	(void)state;
	assert_value(&metrics, "double_rcu.double_share", 1);
	assert_value(&metrics, "double_rcu.first_wait_mean_ns", 9);
	assert_value(&metrics, "double_rcu.second_wait_mean_ns", 10);
	assert_value(&metrics, "double_rcu.extra_callback_run_ns", 3);
	assert_value(&metrics, "double_rcu.held_byte_seconds", 2621440e-9);
	assert_value(&metrics, "double_rcu.second_held_byte_seconds",
		     1310720e-9);
	metrics_free(&metrics);
	metrics = extract("", guest, "double_rcu.single_count=6");
	assert_value(&metrics, "double_rcu.double_share", 0.25);
	metrics_free(&metrics);
	free(guest);
}

/* Negative ones too: memory that was given back. */
static void vm_changes_are_summed(void **state)
{
	struct metrics metrics =
		extract("", cell_guest,
			"vm.before={\"pgalloc_dma\":1,\"pgalloc_normal\":2,"
			"\"pgalloc\":100,\"pgfree\":9,\"pgfree_x\":1};"
			"vm.after={\"pgalloc_dma\":11,\"pgalloc_normal\":22,"
			"\"pgalloc\":900,\"pgfree\":5,\"pgfree_x\":99}");

	(void)state;
	assert_value(&metrics, "vm.change.pgalloc_count", 30);
	assert_value(&metrics, "vm.change.pgfree_count", -4);
	metrics_free(&metrics);
}

/* Without a probe nobody counted. */
static void what_nobody_counted_is_absent(void **state)
{
	struct metrics metrics =
		extract("", "", "+{\"type\":\"end\",\"exit_status\":0}");

	(void)state;
	assert_int_equal(metrics.count, 0);
	metrics_free(&metrics);
	metrics = extract("", cell_guest,
			  "-callback; -callback; -softirq; probe.unavailable="
			  "[{\"record\":\"callback\",\"reason\":\"x\"}]");
	assert_value(&metrics, "callback.enqueued_count", NAN);
	assert_value(&metrics, "callback.per_freed_page", NAN);
	assert_value(&metrics, "softirq.batch_mean_ns", NAN);
	assert_value(&metrics, "page.freed_count", 1);
	metrics_free(&metrics);
}

/* Its figures include what the statistics cost, and must not be quoted. */
static void stats_gives_run_times_only(void **state)
{
	struct metrics metrics = extract(
		"header.arm=\"stats\"", cell_guest,
		"probe.programs=[{\"name\":\"on_defer\",\"attach\":\"x\","
		"\"missed_count\":0,\"harmless\":null,\"runs_count\":7,"
		"\"run_ns\":900}]");

	(void)state;
	assert_int_equal(metrics.count, 2);
	assert_value(&metrics, "program.on_defer.runs_count", 7);
	assert_value(&metrics, "program.on_defer.run_ns", 900);
	metrics_free(&metrics);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(metrics_have_their_values),
		cmocka_unit_test(named_events_have_their_values),
		cmocka_unit_test(double_waits_have_their_values),
		cmocka_unit_test(vm_changes_are_summed),
		cmocka_unit_test(what_nobody_counted_is_absent),
		cmocka_unit_test(stats_gives_run_times_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
