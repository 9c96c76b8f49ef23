// SPDX-License-Identifier: GPL-2.0
/*
 * The replay where callbacks are told of by their functions only, and where a
 * table is its struct page: what is counted must not depend on it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "log.h"

#define HEAD 0xc000000008000000ull /* a batch's, at the start of its page */

static struct test_log *by_functions(void **state)
{
	struct test_log *log = *state;

	log->machine.by_functions = true;
	return log;
}

/* The struct page of the batch at HEAD. */
static uint64_t batch_page(void)
{
	return VMEMMAP + 64 * ((HEAD & 0x0fffffffffffffffull) / PAGE_BYTES);
}

static void callback_is_seen(void **state)
{
	struct test_log *log = by_functions(state);
	json_t *r;

	log_add_batch(log, 0, 1000, HEAD, 0, 0, 3)->seq = 4;
	log_add(log, 1, 3000, EVENT_ENTERED, HEAD, BATCH);
	log_add(log, 1, 3100, EVENT_PAGE_FREED, log_page(0), 0)->seq = 12;
	log_add(log, 1, 3200, EVENT_LEFT, 0, BATCH);
	log_replay(log);

	r = log_record(log, "callback", "function", "tlb_remove_table_rcu");
	assert_int_equal(log_number(r, "invoked_count"), 1);
	assert_int_equal(log_number(r, "wait_ns.sum"), 2000);
	assert_int_equal(log_number(r, "run_ns.sum"), 200);
	/* Nobody can know who queued what others wait for. */
	assert_true(json_is_null(json_object_get(r, "earlier_count")));
	r = log_record(log, "page", NULL, NULL);
	assert_int_equal(log_number(r, "freed_by_batch_count"), 1);
	assert_int_equal(log_number(r, "one_callback_count"), 1);
}

/* pte_free_now() of a page that was not deferred, from inside a batch. */
static void direct_call_is_none(void **state)
{
	struct test_log *log = by_functions(state);
	json_t *r;

	log_add_batch(log, 0, 1000, HEAD, 0, 0, 3);
	log_add(log, 1, 3000, EVENT_ENTERED, HEAD, BATCH);
	log_add(log, 1, 3050, EVENT_ENTERED, log_head(0), OWN);
	log_add(log, 1, 3100, EVENT_PAGE_FREED, log_page(0), 0);
	log_add(log, 1, 3150, EVENT_LEFT, 0, OWN);
	log_add(log, 1, 3200, EVENT_LEFT, 0, BATCH);
	log_replay(log);

	assert_int_equal(log->replay.callbacks.count, 1);
	r = log_record(log, "callback", "function", "tlb_remove_table_rcu");
	assert_int_equal(log_number(r, "run_ns.sum"), 200);
	r = log_record(log, "page", NULL, NULL);
	assert_int_equal(log_number(r, "freed_by_batch_count"), 1);
}

/* The calls were missed: what they freed tells of them. */
static void missed_call(void **state)
{
	struct test_log *log = by_functions(state);
	json_t *r;

	log_add_batch(log, 0, 1000, HEAD, 0, 0, 3);
	log_add(log, 0, 1500, EVENT_DEFERRED, log_table(1, 0), 0);
	log_add(log, 0, 1500, EVENT_QUEUED, log_head(1), OWN);
	log_add(log, 1, 3000, EVENT_PAGE_FREED, log_page(0), 0);
	log_add(log, 1, 3100, EVENT_PAGE_FREED, batch_page(), 0);
	log_add(log, 1, 4500, EVENT_PAGE_FREED, log_page(1), 0);
	log_replay(log);

	r = log_record(log, "callback", "function", "tlb_remove_table_rcu");
	assert_int_equal(log_number(r, "outstanding_count"), 0);
	assert_int_equal(log_number(r, "wait_ns.sum"), 2000);
	r = log_record(log, "callback", "function", "own");
	assert_int_equal(log_number(r, "outstanding_count"), 0);
	assert_int_equal(log_number(r, "wait_ns.sum"), 3000);
	r = log_record(log, "page", NULL, NULL);
	assert_int_equal(log_number(r, "freed_by_batch_count"), 1);
	assert_int_equal(log_number(r, "freed_by_own_count"), 1);
	assert_int_equal(log_number(r, "freed_at_once_count"), 0);
	assert_int_equal(log_number(r, "no_callback_count"), 0);
}

/* It freed none of the pages that are watched. */
static void missed_batch(void **state)
{
	struct test_log *log = by_functions(state);
	json_t *r;

	log_add_batch(log, 0, 1000, HEAD, 0, 0, 3);
	log_add(log, 1, 3000, EVENT_PAGE_FREED, batch_page(), 0);
	log_replay(log);

	r = log_record(log, "callback", "function", "tlb_remove_table_rcu");
	assert_int_equal(log_number(r, "outstanding_count"), 0);
	r = log_record(log, "page", NULL, NULL);
	assert_int_equal(log_number(r, "outstanding_count"), 1);
}

/* x86: a batch holds struct pages, and only those of PTEs are told of. */
static void levels_are_told(void **state)
{
	struct test_log *log = by_functions(state);
	uint64_t *tables;
	struct event *e;
	json_t *r;

	log->machine.tables_are_pages = true;
	log_add(log, 0, 900, EVENT_PTE_TABLE, log_page(0), 0);
	e = log_add_batch(log, 0, 1000, HEAD, 0, 0, 2);
	tables = (uint64_t *)(e + 1);
	tables[0] = log_page(0);
	tables[1] = log_page(1); /* of PMDs, perhaps */
	log_add(log, 1, 3000, EVENT_ENTERED, HEAD, BATCH);
	log_add(log, 1, 3100, EVENT_PAGE_FREED, log_page(0), 0);
	log_add(log, 1, 3150, EVENT_PAGE_FREED, log_page(1), 0);
	log_add(log, 1, 3200, EVENT_LEFT, 0, BATCH);
	log_replay(log);

	r = log_record(log, "table", "path", "munmap");
	assert_int_equal(log_number(r, "unlinked_count"), 1);
	assert_int_equal(log_number(r, "put_count"), 1);
	r = log_record(log, "page", NULL, NULL);
	assert_int_equal(log_number(r, "tracked_count"), 1);
	assert_int_equal(log_number(r, "freed_by_batch_count"), 1);
	assert_int_equal(log->replay.tables.unknown_levels, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(callback_is_seen, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(direct_call_is_none, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(missed_call, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(missed_batch, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(levels_are_told, log_setup,
						log_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
