// SPDX-License-Identifier: GPL-2.0
/*
 * The contract's checker: a kernel that breaks it is found, by the right name,
 * and one that keeps to it is never accused. (test_leaks.c: pages that do not
 * come back.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "contract_log.h"

/*
 * The callback runs as soon as its CPU's leaf node knows, when rcu_state's
 * number still is that of the grace period: the root's number counts.
 */
static void full_grace_period(void **state)
{
	struct test_log *log = *state;

	defer(log, 1000, 0, 4);
	free_page(log, 3000, 8);
	defer(log, 4000, 0, 9);
	free_page(log, 6000, 16);
	log_add_batch(log, 0, 7000, HEAD, 0, 1, 2)->seq = 17;
	log_add(log, 1, 9000, EVENT_INVOKED, HEAD, BATCH);
	free_page(log, 9100, 24);
	expect_nothing(log);
	assert_int_equal(log_number(log_record(log, "contract", NULL, NULL),
				    "checked.tables_count"),
			 4);
	assert_int_equal(log_number(log_record(log, "contract", NULL, NULL),
				    "checked.pages_count"),
			 3);
}

/* The end of a grace period that was under way is not enough. */
static void freed_early(void **state)
{
	struct test_log *log = *state;
	const json_t *first;

	defer(log, 1000, 3, 5);
	log_add(log, 1, 2000, EVENT_DESTROYED, log_table(0, 4), 0);
	free_page(log, 2010, 8);
	defer(log, 3000, 3, 8);
	log_add(log, 1, 3500, EVENT_DESTROYED, log_table(0, 4), 0);
	free_page(log, 3510, 8);
	first = expect(log, "violations", "freed-early", "defer",
		       "pte_frag_destroy", 2);
	assert_int_equal(log_number(first, "time_ns"), 2010);
	assert_int_equal(log_number(first, "unlinked_ns"), 1000);
	assert_string_equal(
		json_string_value(json_object_get(first, "gp_seq_unlinked")),
		"0x5");
	assert_string_equal(json_string_value(json_object_get(first, "gp_seq")),
			    "0x8");
	first = json_object_get(first, "stack");
	assert_int_equal(json_array_size(first), 2);
	assert_string_equal(json_string_value(json_array_get(first, 0)),
			    "frame+0x60");
}

/* After 300 grace periods the number is 0. */
static void number_wraps(void **state)
{
	struct test_log *log = *state;

	defer(log, 1000, 0, -8);
	free_page(log, 3000, 0);
	defer(log, 4000, 0, -4);
	free_page(log, 5000, 0);
	defer(log, 6000, 0, -4);
	free_page(log, 6100, -4);
	assert_int_equal(log_number(expect(log, "violations", "freed-early",
					   "defer", "at-once", 1),
				    "time_ns"),
			 6100);
}

/* A batch that is freed with a page before its time. */
static void freed_early_by_tlb(void **state)
{
	struct test_log *log = *state;

	defer(log, 1000, 0, 4);
	log_add_put(log, 0, 2000, HEAD, 0, 1, 2)->seq = 8;
	free_page(log, 2100, 8);
	expect(log, "violations", "freed-early", "tlb", "at-once", 1);
}

static struct event *of_pmds(struct event *batch)
{
	uint64_t *table = (uint64_t *)(batch + 1);
	unsigned int i;

	for (i = 0; i < batch->count; i++)
		table[i] |= LEVEL_PMD;
	return batch;
}

static void pmd_table_waits(void **state)
{
	struct test_log *log = *state;

	of_pmds(log_add_batch(log, 0, 1000, HEAD, 0, 4, 1))->seq = 4;
	hand_out(log, 1100, MM, 8, 4);
	hand_out(log, 1200, MM, 4, 4);
	free_page(log, 3000, 8);
	expect(log, "violations", "handed-out-early", "tlb", "handed-out", 1);
}

/* With 4K pages and hash, where a PTE table has a page to itself. */
static void pmd_tables_share_a_page(void **state)
{
	struct test_log *log = *state;

	log->machine.fragments = 1;
	of_pmds(log_add_batch(log, 0, 1000, HEAD, 0, 4, 1))->seq = 4;
	hand_out(log, 1100, MM, 8, 4);
	free_page(log, 3000, 8);
	expect_nothing(log);
}

/* Shown to the architecture, which is to leave them in the batch. */
static void pmd_table_put_early(void **state)
{
	struct test_log *log = *state;

	of_pmds(log_add_put(log, 0, 1000, HEAD, 0, 4, 1))->seq = 4;
	free_page(log, 1100, 4);
	expect(log, "violations", "freed-early", "tlb", "at-once", 1);
}

static struct event *by_task(struct test_log *log, uint64_t time,
			     enum event_kind kind, uint64_t object,
			     uint64_t seq)
{
	struct event *e = log_add(log, 0, time, kind, object, 0);

	e->task = TASK;
	e->seq = seq;
	return e;
}

static void remove_table(struct test_log *log, uint64_t time, unsigned int i,
			 uint64_t seq)
{
	by_task(log, time, EVENT_REMOVED, log_table(0, i), seq);
}

/* By __tlb_remove_table(). */
static void free_table(struct test_log *log, uint64_t time, unsigned int i,
		       uint64_t seq)
{
	by_task(log, time, EVENT_FREED, log_table(0, i), seq)->detail = OTHER;
}

/*
 * tlb_remove_table_one(): it is removed, IPIs are waited for by `function`, it
 * is freed.
 */
static void free_one(struct test_log *log, uint64_t time, uint64_t function,
		     unsigned int i, uint64_t seq)
{
	remove_table(log, time - 20, i, seq);
	by_task(log, time - 10, EVENT_SYNCED, function, 0);
	free_table(log, time, i, seq);
}

/* No memory for a batch: IPIs and a free, which 6.12 does on purpose. */
static void fallback_is_weaker(void **state)
{
	struct test_log *log = *state;

	defer(log, 1000, 0, 4);
	/* It did not free the page then, and is not who does. */
	log_add(log, 0, 1900, EVENT_DESTROYED, log_table(0, 2), 0);
	free_one(log, 2000, SYNC, 1, 8);
	free_page(log, 2100, 8);
	expect(log, "weaker", "freed-early", "tlb", "at-once", 1);
}

static void fallback_alone(void **state)
{
	struct test_log *log = *state;

	free_one(log, 2000, SYNC, 1, 8);
	free_page(log, 2100, 8);
	expect(log, "weaker", "freed-early", "tlb", "at-once", 1);
}

static void fallback_without_ipis(void **state)
{
	struct test_log *log = *state;

	free_one(log, 2000, OTHER, 1, 8);
	free_page(log, 2100, 8);
	expect(log, "violations", "freed-early", "tlb", "at-once", 1);
}

/* As since 7.2: what passes after that is judged as after any other unlink. */
static void fallback_by_rcu(void **state)
{
	struct test_log *log = *state;

	remove_table(log, 1000, 1, 4);
	free_table(log, 2000, 1, 8);
	free_page(log, 2100, 8);
	expect_nothing(log);
}

static void fallback_by_half_of_rcu(void **state)
{
	struct test_log *log = *state;

	remove_table(log, 1000, 1, 5);
	free_table(log, 2000, 1, 8);
	free_page(log, 2100, 8);
	expect(log, "violations", "freed-early", "tlb", "at-once", 1);
}

/* It waits after the free: what is waited for after one table is not for the
 * next.
 */
static void fallback_waits_late(void **state)
{
	struct test_log *log = *state;

	remove_table(log, 1000, 1, 4);
	free_table(log, 1010, 1, 4);
	by_task(log, 1020, EVENT_SYNCED, SYNC, 0);
	remove_table(log, 2000, 2, 8);
	free_table(log, 2010, 2, 8);
	by_task(log, 2020, EVENT_SYNCED, SYNC, 0);
	free_page(log, 2100, 8);
	expect(log, "violations", "freed-early", "tlb", "at-once", 1);
}

static void fallback_with_ipis_of_another(void **state)
{
	struct test_log *log = *state;

	remove_table(log, 1000, 1, 4);
	by_task(log, 1010, EVENT_SYNCED, SYNC, 0)->task = TASK + 1;
	free_table(log, 1020, 1, 4);
	free_page(log, 2100, 4);
	expect(log, "violations", "freed-early", "tlb", "at-once", 1);
}

/* A table whose task has waited long does not pay for one removed meanwhile. */
static void fallback_hides_no_later_one(void **state)
{
	struct test_log *log = *state;

	remove_table(log, 1000, 1, 4);
	log_add_batch(log, 1, 2000, HEAD, 0, 2, 1)->seq = 5;
	free_table(log, 3000, 1, 8);
	free_page(log, 3100, 8);
	expect(log, "violations", "freed-early", "tlb", "at-once", 1);
}

static void fallback_of_pmd_table(void **state)
{
	struct test_log *log = *state;

	remove_table(log, 1000, 4, 4);
	by_task(log, 1020, EVENT_PMD_FREED, log_table(0, 4), 4);
	free_page(log, 1100, 4);
	expect(log, "violations", "freed-early", "tlb", "at-once", 1);
}

static void fallback_of_pmd_table_by_ipis(void **state)
{
	struct test_log *log = *state;

	remove_table(log, 1000, 4, 4);
	by_task(log, 1010, EVENT_SYNCED, SYNC, 0);
	by_task(log, 1020, EVENT_PMD_FREED, log_table(0, 4), 4);
	free_page(log, 1100, 4);
	expect(log, "weaker", "freed-early", "tlb", "at-once", 1);
}

/* pmd_free(): nobody has seen it. And a batch's callback frees it in time. */
static void pmd_table_owes_nothing(void **state)
{
	struct test_log *log = *state;

	by_task(log, 1000, EVENT_PMD_FREED, log_table(0, 4), 4);
	free_page(log, 1100, 4);
	remove_table(log, 2000, 4, 4);
	of_pmds(log_add_batch(log, 0, 2100, HEAD, 0, 4, 1))->seq = 4;
	log_add(log, 0, 3000, EVENT_INVOKED, HEAD, BATCH)->task = TASK;
	by_task(log, 3010, EVENT_PMD_FREED, log_table(0, 4), 8);
	free_page(log, 3020, 8);
	expect_nothing(log);
}

/* By a batch's callback, which nobody saw, as the programs are taken off. */
static void freed_as_programs_go(void **state)
{
	struct test_log *log = *state;

	log->machine.detach_ns = 2000;
	free_table(log, 2010, 1, 4);
	free_page(log, 2100, 4);
	expect_nothing(log);
}

/* arch_tlb_put_table() promises that the page waits. */
static void fallback_of_the_architecture_waits(void **state)
{
	struct test_log *log = *state;
	struct event *e;

	e = log_add(log, 0, 2000, EVENT_FREED, log_table(0, 1), 0);
	e->seq = 8;
	e->flags = EVENT_FALLBACK;
	free_page(log, 2100, 8);
	expect(log, "violations", "freed-early", "tlb", "at-once", 1);
}

/* But not for a table that was deferred a moment ago. */
static void fallback_excuses_nothing(void **state)
{
	struct test_log *log = *state;

	defer(log, 1000, 0, 4);
	free_one(log, 2000, SYNC, 1, 4);
	free_page(log, 2100, 4);
	expect(log, "violations", "freed-early", "defer", "at-once", 1);
}

static void handed_out_early(void **state)
{
	struct test_log *log = *state;

	hand_out(log, 500, MM, 2, 4);
	defer(log, 1000, 2, 4);
	defer(log, 1500, 3, 4);
	hand_out(log, 2000, MM, 2, 4);
	/* What was said once is not said again. */
	hand_out(log, 2050, MM, 2, 4);
	/* Not the table: the page has another that waits. */
	hand_out(log, 2100, MM, 4, 4);
	hand_out(log, 3000, MM, 3, 8);
	free_page(log, 4000, 12);
	expect(log, "violations", "handed-out-early", "defer", "handed-out", 1);
	assert_int_equal(log_number(log_record(log, "contract", NULL, NULL),
				    "checked.fragments_count"),
			 5);
}

static void queued_twice(void **state)
{
	struct test_log *log = *state;

	defer(log, 1000, 0, 4);
	log_add(log, 0, 1010, EVENT_QUEUED, log_head(0), OWN);
	log_add(log, 0, 1020, EVENT_QUEUED, log_head(0), OWN);
	expect(log, "violations", "queued-twice", "none", "queued", 1);
}

static void own_invoked(struct test_log *log, uint64_t time_ns, uint64_t seq,
			unsigned int flags)
{
	struct event *e =
		log_add(log, 0, time_ns, EVENT_INVOKED, log_head(0), OWN);

	e->seq = seq;
	e->flags = flags;
}

static void destructor_before_call_rcu(void **state)
{
	struct test_log *log = *state;

	defer(log, 1000, 0, 4);
	own_queued(log, 1010, 4, EVENT_NO_TABLE);
	own_invoked(log, 3000, 8, EVENT_NO_TABLE);
	free_page(log, 3010, 8);
	expect(log, "violations", "destructor-early", "defer", "queued", 1);
}

static void destructor_after_call_rcu(void **state)
{
	struct test_log *log = *state;

	defer(log, 1000, 0, 4);
	own_queued(log, 1010, 4, 0);
	own_invoked(log, 3000, 8, EVENT_NO_TABLE);
	free_page(log, 3010, 8);
	expect(log, "violations", "destructor-early", "defer", "invoked", 1);
}

/* Where all tables had waited, or where it runs in the callback. */
static void destructor_in_time(void **state)
{
	struct test_log *log = *state;

	defer(log, 1000, 0, 4);
	own_queued(log, 2000, 8, EVENT_NO_TABLE);
	own_invoked(log, 4000, 12, EVENT_NO_TABLE);
	free_page(log, 4010, 12);
	defer(log, 5000, 0, 12);
	own_queued(log, 5010, 12, 0);
	own_invoked(log, 7000, 16, 0);
	free_page(log, 7010, 16);
	/* Nobody's table, but a head in some struct page: a slab's. */
	own_queued(log, 8000, 16, EVENT_NO_TABLE);
	own_invoked(log, 9000, 20, EVENT_NO_TABLE);
	expect_nothing(log);
}

/* What was handed out unseen may have been handed out early. */
static void unseen_is_lost(void **state)
{
	struct test_log *log = *state;

	log_add(log, 1, 100, EVENT_ASKED, MM, 0)->task = TASK;
	hand_out(log, 500, MM, 5, 4);
	log_add(log, 1, 700, EVENT_ASKED, MM, 0)->task = TASK;
	log_replay(log);
	assert_int_equal(contract_lost_tables(&log->replay), 2);
}

/* The probe's own faults while it attaches its programs, one by one. */
static void half_attached_is_not_lost(void **state)
{
	struct test_log *log = *state;

	log->machine.begin_ns = 400;
	log_add(log, 1, 100, EVENT_ASKED, MM, 0)->task = TASK;
	hand_out(log, 500, MM, 5, 4);
	log_add(log, 1, 200, EVENT_ASKED, MM, 0)->task = TASK + 1;
	log_replay(log);
	assert_int_equal(contract_lost_tables(&log->replay), 0);
}

static void nothing_unless_asked_for(void **state)
{
	struct test_log *log = *state;
	size_t i;

	log->machine.contract = false;
	defer(log, 1000, 0, 4);
	free_page(log, 1100, 4);
	log_replay(log);
	for (i = 0; i < json_array_size(log->records); i++)
		assert_string_not_equal(
			json_string_value(json_object_get(
				json_array_get(log->records, i), "type")),
			"contract");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CONTRACT_TEST(full_grace_period),
		CONTRACT_TEST(freed_early),
		CONTRACT_TEST(number_wraps),
		CONTRACT_TEST(freed_early_by_tlb),
		CONTRACT_TEST(pmd_table_waits),
		CONTRACT_TEST(pmd_tables_share_a_page),
		CONTRACT_TEST(pmd_table_put_early),
		CONTRACT_TEST(fallback_is_weaker),
		CONTRACT_TEST(fallback_without_ipis),
		CONTRACT_TEST(fallback_by_rcu),
		CONTRACT_TEST(fallback_by_half_of_rcu),
		CONTRACT_TEST(fallback_waits_late),
		CONTRACT_TEST(fallback_with_ipis_of_another),
		CONTRACT_TEST(fallback_hides_no_later_one),
		CONTRACT_TEST(fallback_of_pmd_table),
		CONTRACT_TEST(fallback_of_pmd_table_by_ipis),
		CONTRACT_TEST(pmd_table_owes_nothing),
		CONTRACT_TEST(freed_as_programs_go),
		CONTRACT_TEST(fallback_alone),
		CONTRACT_TEST(fallback_of_the_architecture_waits),
		CONTRACT_TEST(fallback_excuses_nothing),
		CONTRACT_TEST(handed_out_early),
		CONTRACT_TEST(queued_twice),
		CONTRACT_TEST(destructor_before_call_rcu),
		CONTRACT_TEST(destructor_after_call_rcu),
		CONTRACT_TEST(destructor_in_time),
		CONTRACT_TEST(unseen_is_lost),
		CONTRACT_TEST(half_attached_is_not_lost),
		CONTRACT_TEST(nothing_unless_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
