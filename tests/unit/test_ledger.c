// SPDX-License-Identifier: GPL-2.0
/*
 * The ledger: each way in which a cell's records can be wrong must be found
 * and named. What is wrong with pages has test_ledger_pages.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "cells.h"
#include "checks.h"
#include "message.h"

#define HUGE_COUNT "9223372036854775807"

/* Edits of a good cell, and what must be said about it; NULL: nothing. */
struct wrong {
	const char *edits, *reason;
};

static void check_wrongs(const struct wrong *wrong)
{
	for (; wrong->edits; wrong++)
		check_edited(cell_guest, wrong->edits, wrong->reason);
}

static void wrong_boots_are_found(void **state)
{
	static const struct wrong wrongs[] = {
		{"boot.release=\"6.12-v2\"",
		 "6.12-v2 booted, 6.12-v1 was meant to"},
		{"boot.page_size_bytes=4096",
		 "pages are 4096 bytes, not 65536"},
		{"boot.mmu=\"hash\"", "the MMU is hash, not radix"},
		{"boot.cpus_count=1", "1 CPUs, not 2"},
		{"-boot", "no boot record"},
		{"end.exit_status=3", "the guest's job ended with status 3"},
		{"-end", "the guest's last record is not `end`"},
		{},
	};

	(void)state;
	check_wrongs(wrongs);
}

static void wrong_records_are_found(void **state)
{
	static const struct wrong wrongs[] = {
		{"+{\"type\":\"end\",\"exit_status\":0}",
		 "line 16 (end) is the second of its kind"},
		{"callback.function=\"other_cb\"",
		 "line 3 (callback) is the second of its kind"},
		{"+{\"type\":\"verdict\",\"valid\":true,\"reasons\":[]}",
		 "line 1 (verdict) is not the guest's to write"},
		{"op.type=\"opera\"", "line 11 is of an unknown type, opera"},
		{"op.latency_ns.buckets=[[10,2]]",
		 "line 11 (op): latency_ns is not a histogram"},
		{"op.instructions_count=" CELL_HIST_0,
		 "op collapse: instructions_count of 0 operations, 1 were"},
		{"op.cycles_count=" CELL_HIST_0,
		 "op collapse: cycles_count of 0 operations, 1 were done"},
		{"op.cycles_count=" CELL_HIST_1, NULL},
		{"vm.before.pgalloc_normal=1",
		 "vm: pgalloc_normal was read before, but not after"},
		{"vm.after.pgalloc_normal=1", "vm: 2 names before, 3 after"},
		{},
	};

	(void)state;
	check_wrongs(wrongs);
}

static void wrong_sums_are_found(void **state)
{
	static const struct wrong wrongs[] = {
		{"callback.enqueued_count=3",
		 "callback own_cb: enqueued 3 is not invoked 1"},
		{"callback.enqueued_count=3; callback.invoked_count=2",
		 "callback own_cb: 1 waits for 2 invoked"},
		/* outstanding that makes up for it by overflowing */
		{"callback.enqueued_count=0; callback.invoked_count=" HUGE_COUNT
		 "; callback.outstanding_count=" HUGE_COUNT,
		 "callback own_cb: enqueued 0 is not invoked"},
		{"grace_period.started_count=3",
		 "grace periods: 3 started, 1 completed"},
		{"grace_period.started_count=0",
		 "grace periods: 0 started, 1 completed"},
		{"grace_period.started_count=0; grace_period.completed_count=0",
		 "grace periods: 1 durations for 0 completed"},
		{"table.in_flight_count=0",
		 "table defer pte: unlinked 2 is not put 1"},
		{"table.put_count=2; table.in_flight_count=0",
		 "table defer pte: 1 waits for 2 put"},
		{"table.put_with_page_count=2",
		 "table defer pte: 2 put with their page, 1 put"},
		/* On this path there is no other put to be seen. */
		{"table.put_with_page_count=0",
		 "table defer pte: 0 put with their page, 1 put"},
		{"softirq.batch_callbacks_count=" CELL_HIST_0,
		 "softirq: 1 batches, callbacks of 0, queues of 1"},
		{"softirq.batch_queued_count=" CELL_HIST_0,
		 "softirq: 1 batches, callbacks of 1, queues of 0"},
		{"softirq.batch_ns=" CELL_HIST_0,
		 "softirq: 0 batches, callbacks of 1, queues of 1"},
		/* 10 in one batch; 1 + 9 were invoked. */
		{"softirq.batch_callbacks_count={\"count\":1,\"sum\":11,"
		 "\"min\":11,\"max\":11,\"buckets\":[[11,1]]}",
		 "softirq: batches of 11 callbacks, but 10 were invoked"},
		{"callback.earlier_count=40", NULL},
		{"callback.earlier_count=41",
		 "softirq: batches of 10 callbacks, but 51 were invoked"},
		{"callback.earlier_count=" HUGE_COUNT,
		 "softirq: batches of 10 callbacks, but " HUGE_COUNT},
		{},
	};

	(void)state;
	check_wrongs(wrongs);
}

#define CLAIM(path, level, count)                                              \
	"truth.tables=[{\"path\":\"" path "\",\"level\":\"" level              \
	"\",\"unlinked_count\":" #count "}]"

static void false_claims_are_found(void **state)
{
	static const struct wrong wrongs[] = {
		{CLAIM("defer", "pte", 3),
		 "table defer pte: the workload unlinked 3, the probe saw 2"},
		{CLAIM("defer", "pmd", 2),
		 "table defer pmd: the workload unlinked 2, the probe saw 0"},
		{CLAIM("fallback", "pte", 2),
		 "table fallback pte: the workload unlinked 2, the probe saw"},
		{CLAIM("kernel", "pte", 1),
		 "table kernel pte: the workload unlinked 1, the probe saw 0"},
		/* A claim of none is kept by a probe that saw none. */
		{CLAIM("defer", "pmd", 0), NULL},
		{"truth.unclaimed=\"nobody knows\"; truth.tables=[]", NULL},
		{"truth.workload=\"x\"", "the workload was x, not w"},
		{"truth.seed=2", "the seed was 2, not 1"},
		{"-truth", "no truth record"},
		{},
	};

	(void)state;
	check_wrongs(wrongs);
}

static void losses_are_found(void **state)
{
	static const struct wrong wrongs[] = {
		{"probe.lost.events=5", "events: 5 lost"},
		{"probe.programs=[{\"name\":\"on_defer\",\"attach\":\"x\","
		 "\"missed_count\":4,\"harmless\":null,\"runs_count\":null,"
		 "\"run_ns\":null}]",
		 "program on_defer was not run 4 times"},
		/* A miss that loses nothing, for a reason the probe gives. */
		{"probe.programs=[{\"name\":\"on_defer\",\"attach\":\"x\","
		 "\"missed_count\":4,\"harmless\":\"why\",\"runs_count\":null,"
		 "\"run_ns\":null}]",
		 NULL},
		{"probe.log_used_bytes=4097",
		 "the probe's log has 4096 bytes, 4097 were used"},
		{"probe.log_used_bytes=4096", NULL},
		{"-grace_period", "no grace_period record, and the probe does"},
		{"-page", "no page record, and the probe does not say why"},
		{"-double_rcu", "no double_rcu record, and the probe does not"},
		{"-pinned", "no pinned record, and the probe does not say why"},
		{"-softirq", "no softirq record, and the probe does not say"},
		{"-probe", "no probe record: nothing says what it lost"},
		{},
	};

	(void)state;
	check_wrongs(wrongs);
}

#define UNAVAILABLE(record)                                                    \
	"probe.unavailable=[{\"record\":\"" record "\",\"reason\":\"no such "  \
	"symbol\"}]"

/* A kernel without something is not a cell that is wrong. */
static void what_is_unavailable_is_left_out(void **state)
{
	static const struct wrong wrongs[] = {
		{"-softirq;" UNAVAILABLE("softirq"), NULL},
		{UNAVAILABLE("softirq"),
		 "softirq is unavailable, but there is a record"},
		{UNAVAILABLE("table.defer"),
		 "table.defer is unavailable, but there is a record"},
		{UNAVAILABLE("tables"),
		 "tables is unavailable, which is no record of its"},
		{UNAVAILABLE("op"), "op is unavailable, which is no record"},
		{CLAIM("fallback", "pte", 2) ";" UNAVAILABLE("table.fallback"),
		 NULL},
		{CLAIM("fallback", "pte", 2) ";" UNAVAILABLE("table.direct"),
		 "table fallback pte: the workload unlinked 2, the probe saw"},
		{},
	};

	(void)state;
	check_wrongs(wrongs);
}

static char *bare_guest(void)
{
	return cell_edit(cell_guest,
			 "-callback; -callback; -grace_period; -table; -page;"
			 "-double_rcu; -pinned; -softirq; -probe");
}

static void bare_cells_have_no_probe(void **state)
{
	char *header = cell_replace(cell_header, "probed", "bare");
	char *guest = bare_guest();

	(void)state;
	cell_write("header", header);
	check_edited(cell_guest, "",
		     "line 2 (callback) does not belong in the arm bare");
	check_edited(cell_guest, "",
		     "line 9 (softirq) does not belong in the arm bare");
	check_edited(guest, "", NULL);
	/* The same, where there should have been a probe. */
	cell_write("header", cell_header);
	check_edited(guest, "", "the workload unlinked 2, the probe saw 0");
	check_edited(guest, "", "no probe record: nothing says what it lost");
	free(guest);
	free(header);
}

#define PROGRAM(runs, ns)                                                      \
	"probe.programs=[{\"name\":\"on_defer\",\"attach\":\"x\","             \
	"\"missed_count\":0,\"harmless\":null,\"runs_count\":" #runs           \
	",\"run_ns\":" #ns "}]"

/* The arm stats is one with a probe, whose programs are timed. */
static void only_stats_has_run_times(void **state)
{
	char *header = cell_replace(cell_header, "probed", "stats");

	(void)state;
	check_edited(cell_guest, PROGRAM(7, 900),
		     "has the kernel's run-time statistics, which only");
	check_edited(cell_guest, PROGRAM(null, 900),
		     "has the kernel's run-time statistics, which only");
	cell_write("header", header);
	check_edited(cell_guest, PROGRAM(7, 900), NULL);
	check_edited(cell_guest, PROGRAM(7, null),
		     "has no run-time statistics, which the arm stats is for");
	check_edited(cell_guest, PROGRAM(7, 900) ";" CLAIM("defer", "pte", 3),
		     "the workload unlinked 3, the probe saw 2");
	check_edited(cell_guest, PROGRAM(7, 900) ";-page",
		     "no page record, and the probe does not say why");
	free(header);
}

#define VIOLATION(count)                                                       \
	"{\"kind\":\"freed-early\",\"unlink\":\"defer\",\"end\":\"at-once\","  \
	"\"count\":" #count ",\"first\":{\"time_ns\":2,\"unlinked_ns\":1,"     \
	"\"page\":\"0x1\",\"table\":\"0x2\",\"gp_seq_unlinked\":\"0x4\","      \
	"\"gp_seq\":\"0x4\",\"stack\":[\"a+0x1/0x2\"]}}"

#define CONTRACT(violations)                                                   \
	"+{\"type\":\"contract\",\"checked\":{\"tables_count\":1,"             \
	"\"pages_count\":1,\"fragments_count\":0},\"violations\":[" violations \
	"],\"weaker\":[]}"

/*
 * The verdict on a kernel is not the ledger's: a cell in which the contract was
 * broken is valid. But only the arm that checks it can say anything.
 */
static void only_checked_has_a_contract(void **state)
{
	char *header = cell_replace(cell_header, "probed", "checked");

	(void)state;
	check_edited(cell_guest, CONTRACT(""),
		     "(contract) belongs in the arm checked only");
	cell_write("header", header);
	check_edited(cell_guest, CONTRACT(""), NULL);
	check_edited(cell_guest, CONTRACT(VIOLATION(3)), NULL);
	check_edited(cell_guest, "",
		     "no contract record, and the probe does not say why");
	check_edited(cell_guest, CONTRACT(VIOLATION(0)),
		     "freed-early, defer, at-once happened 0 times");
	check_edited(cell_guest, CONTRACT(VIOLATION(1) "," VIOLATION(2)),
		     "freed-early, defer, at-once is listed twice");
	check_edited(cell_guest, CONTRACT("{}"),
		     "violations is not a list of what it should hold");
	check_edited(cell_guest, CONTRACT("") ";contract.weaker=[3]",
		     "weaker is not a list of what it should hold");
	check_edited(cell_guest, CONTRACT("") ";contract.checked={}",
		     "checked is not an object of what it should hold");
	free(header);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK_TEST(wrong_boots_are_found),
		CHECK_TEST(wrong_records_are_found),
		CHECK_TEST(wrong_sums_are_found),
		CHECK_TEST(false_claims_are_found),
		CHECK_TEST(losses_are_found),
		CHECK_TEST(what_is_unavailable_is_left_out),
		CHECK_TEST(bare_cells_have_no_probe),
		CHECK_TEST(only_stats_has_run_times),
		CHECK_TEST(only_checked_has_a_contract),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
