// SPDX-License-Identifier: GPL-2.0
/* The probe's replay: which records come of which events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "log.h"

#define HEAD 0xc000000001000000ull /* a batch's */

static json_t *page_of(const struct test_log *log)
{
	return log_record(log, "page", NULL, NULL);
}

/* munmap() where the batch's callback frees the page. */
static void one_wait(void **state)
{
	struct test_log *log = *state;
	json_t *r;

	log_add_batch(log, 0, 1000, HEAD, 0, 0, 3)->seq = 4;
	log_add(log, 1, 3000, EVENT_INVOKED, HEAD, BATCH);
	log_add(log, 1, 3100, EVENT_PAGE_FREED, log_page(0), 0)->seq = 12;
	log_add(log, 1, 3200, EVENT_BATCH_ENDED, 0, 1);
	log_replay(log);

	r = log_record(log, "callback", "function", "tlb_remove_table_rcu");
	assert_int_equal(log_number(r, "enqueued_count"), 1);
	assert_int_equal(log_number(r, "wait_ns.sum"), 2000);
	assert_int_equal(log_number(r, "run_ns.sum"), 200);
	r = log_record(log, "table", "path", "munmap");
	assert_int_equal(log_number(r, "put_count"), 3);
	assert_int_equal(log_number(r, "wait_ns.sum"), 6000);
	r = page_of(log);
	assert_int_equal(log_number(r, "freed_count"), 1);
	assert_int_equal(log_number(r, "one_callback_count"), 1);
	/* (4 + 7) & ~3 is 8: passed at 12, as is the one after. */
	assert_int_equal(log_number(r, "waited_two_count"), 1);
	assert_int_equal(log_number(r, "freed_by_batch_count"), 1);
	assert_int_equal(log_number(r, "last_wait_ns.sum"), 2100);
	r = log_record(log, "double_rcu", NULL, NULL);
	assert_int_equal(log_number(r, "single_count"), 1);
	assert_int_equal(log_number(r, "double_count"), 0);
	assert_int_equal(log_number(r, "held_byte_ns"), 2100 * PAGE_BYTES);
}

/* RCU's number starts at -1200: after 300 grace periods it is 0. */
static void number_wraps(void **state)
{
	struct test_log *log = *state;

	log_add(log, 0, 1000, EVENT_DEFERRED, log_table(0, 0), 0)->seq = -8;
	log_add(log, 0, 3000, EVENT_PAGE_FREED, log_page(0), 0)->seq = 0;
	log_add(log, 0, 4000, EVENT_DEFERRED, log_table(0, 0), 0)->seq = -4;
	log_add(log, 0, 5000, EVENT_PAGE_FREED, log_page(0), 0)->seq = -4;
	log_replay(log);

	assert_int_equal(log_number(page_of(log), "waited_two_count"), 1);
	assert_int_equal(log_number(page_of(log), "waited_none_count"), 1);
}

/* The same where the page is queued by the batch's callback. */
static void double_wait(void **state)
{
	struct test_log *log = *state;
	json_t *r;

	log_add_batch(log, 0, 1000, HEAD, 0, 0, 2);
	log_add(log, 0, 3000, EVENT_INVOKED, HEAD, BATCH);
	log_add(log, 0, 3100, EVENT_QUEUED, log_head(0), OWN);
	log_add(log, 0, 3200, EVENT_BATCH_ENDED, 0, 1);
	log_add(log, 1, 5000, EVENT_INVOKED, log_head(0), OWN);
	log_add(log, 1, 5040, EVENT_PAGE_FREED, log_page(0), 0);
	log_add(log, 1, 5070, EVENT_BATCH_ENDED, 0, 1);
	log_replay(log);

	r = log_record(log, "double_rcu", NULL, NULL);
	assert_int_equal(log_number(r, "double_count"), 1);
	assert_int_equal(log_number(r, "single_count"), 0);
	assert_int_equal(log_number(r, "extra_callbacks_count"), 1);
	assert_int_equal(log_number(r, "first_wait_ns.sum"), 2100);
	assert_int_equal(log_number(r, "second_wait_ns.sum"), 1940);
	assert_int_equal(log_number(r, "extra_callback_run_ns.sum"), 70);
	assert_int_equal(log_number(r, "second_held_byte_ns"),
			 1940 * PAGE_BYTES);
	r = page_of(log);
	assert_int_equal(log_number(r, "two_callbacks_count"), 1);
	assert_int_equal(log_number(r, "freed_by_own_count"), 1);
}

/* A callback that finds a later deferral, and queues itself once more. */
static void queued_again(void **state)
{
	struct test_log *log = *state;
	json_t *r;

	log_add(log, 0, 1000, EVENT_DEFERRED, log_table(0, 0), 0);
	log_add(log, 0, 1010, EVENT_QUEUED, log_head(0), OWN);
	log_add(log, 0, 2000, EVENT_DEFERRED, log_table(0, 1), 0);
	log_add(log, 0, 3000, EVENT_INVOKED, log_head(0), OWN);
	log_add(log, 0, 3010, EVENT_QUEUED, log_head(0), OWN);
	log_add(log, 0, 3020, EVENT_BATCH_ENDED, 0, 1);
	log_add(log, 0, 5000, EVENT_INVOKED, log_head(0), OWN);
	log_add(log, 0, 5010, EVENT_PAGE_FREED, log_page(0), 0);
	log_replay(log);

	r = page_of(log);
	/* The first one was queued before the last table was unlinked. */
	assert_int_equal(log_number(r, "one_callback_count"), 1);
	assert_int_equal(log_number(r, "wait_ns.sum"), 4010);
	assert_int_equal(log_number(r, "last_wait_ns.sum"), 3010);
	r = log_record(log, "table", "path", "defer");
	assert_int_equal(log_number(r, "put_with_page_count"), 2);
	assert_int_equal(log_number(r, "wait_ns.sum"), 4010 + 3010);
	r = log_record(log, "double_rcu", NULL, NULL);
	assert_int_equal(log_number(r, "single_count"), 0);
	assert_int_equal(log_number(r, "extra_callbacks_count"), 0);
	assert_int_equal(log->replay.queued_twice, 0);
}

/* The same where the rcu_head is beside the page, as with side-masks. */
static void head_beside(void **state)
{
	struct test_log *log = *state;
	json_t *r;

	log_add(log, 0, 1000, EVENT_DEFERRED, log_table(0, 0), 0);
	log_add(log, 0, 1010, EVENT_QUEUED, HEAD, OWN)->behind = log_page(0);
	log_add(log, 0, 2000, EVENT_DEFERRED, log_table(0, 1), 0);
	log_add(log, 0, 3000, EVENT_INVOKED, HEAD, OWN);
	log_add(log, 0, 3010, EVENT_QUEUED, HEAD, OWN)->behind = log_page(0);
	log_add(log, 0, 3020, EVENT_BATCH_ENDED, 0, 1);
	log_add(log, 0, 5000, EVENT_INVOKED, HEAD, OWN);
	log_add(log, 0, 5010, EVENT_PAGE_FREED, log_page(0), 0);
	/* What is behind this one is no page's address. */
	log_add(log, 0, 6000, EVENT_DEFERRED, log_table(1, 0), 0);
	log_add(log, 0, 6010, EVENT_QUEUED, HEAD, OWN)->behind = log_head(1);
	log_add(log, 0, 7000, EVENT_INVOKED, HEAD, OWN);
	log_add(log, 0, 7010, EVENT_PAGE_FREED, log_page(1), 0);
	log_replay(log);

	r = page_of(log);
	assert_int_equal(log_number(r, "one_callback_count"), 1);
	assert_int_equal(log_number(r, "no_callback_count"), 1);
	assert_int_equal(log_number(r, "freed_by_own_count"), 2);
}

/* The exit hole: freed with no callback and no grace period. */
static void destroyed(void **state)
{
	struct test_log *log = *state;
	json_t *r;

	log_add(log, 0, 1000, EVENT_DEFERRED, log_table(0, 0), 0)->seq = 5;
	log_add(log, 0, 2000, EVENT_DESTROYED, log_table(0, 1), 0);
	log_add(log, 0, 2010, EVENT_PAGE_FREED, log_page(0), 0)->seq = 8;
	log_replay(log);

	r = page_of(log);
	assert_int_equal(log_number(r, "no_callback_count"), 1);
	assert_int_equal(log_number(r, "waited_none_count"), 1);
	assert_int_equal(log_number(r, "freed_by_destroy_count"), 1);
}

/* Tables freed at once, and who did it. */
static void freed_at_once(void **state)
{
	struct test_log *log = *state;

	/* What pte_free_defer() itself frees, and what callbacks free. */
	log_add(log, 0, 1000, EVENT_DEFERRED, log_table(0, 0), 0);
	log_add(log, 0, 1001, EVENT_FREED, log_table(0, 0), 1);
	log_add(log, 1, 1000, EVENT_INVOKED, HEAD, BATCH);
	log_add(log, 1, 1001, EVENT_FREED, log_table(1, 0), OTHER);
	log_add(log, 1, 1002, EVENT_BATCH_ENDED, 0, 1);
	/* A deposited table; two without a batch; one of the kernel's. */
	log_add(log, 0, 2000, EVENT_FREED, log_table(2, 0), 1);
	log_add(log, 0, 2001, EVENT_FREED, log_table(2, 1), OTHER);
	log_add(log, 0, 2001, EVENT_FREED, log_table(2, 2), 0)->flags =
		EVENT_FALLBACK;
	log_add(log, 0, 2002, EVENT_FREED, log_table(3, 0), 1)->flags =
		EVENT_KERNEL;
	log_add(log, 0, 2003, EVENT_PAGE_FREED, log_page(2), 0);
	/* The address of a deferred one, when it is another's. */
	log_add(log, 0, 3000, EVENT_DEFERRED, log_table(4, 0), 0);
	log_add(log, 0, 9000, EVENT_FREED, log_table(4, 0), 0)->flags =
		EVENT_FALLBACK;
	log_add(log, 0, 9001, EVENT_FREED, log_table(4, 0), 1);
	log_replay(log);

	assert_int_equal(log_number(log_record(log, "table", "path", "direct"),
				    "put_count"),
			 2);
	assert_int_equal(
		log_number(log_record(log, "table", "path", "fallback"),
			   "put_count"),
		3);
	assert_int_equal(log_number(log_record(log, "table", "path", "kernel"),
				    "put_count"),
			 1);
	assert_int_equal(log_number(page_of(log), "not_owed_count"), 1);
	assert_int_equal(log_number(page_of(log), "freed_at_once_count"), 1);
	assert_int_equal(log_number(page_of(log), "outstanding_count"), 3);
	assert_int_equal(log_number(log_record(log, "callback", "function",
					       "tlb_remove_table_rcu"),
				    "earlier_count"),
			 1);
}

/* A kthread that invokes callbacks is preempted: others run on its CPU. */
static void preempted(void **state)
{
	struct test_log *log = *state;
	json_t *r;

	log->machine.offloaded = true;
	log_add_batch(log, 0, 1000, HEAD, 0, 0, 1);
	log_add_batch(log, 0, 1000, HEAD + 64, 1, 0, 1);
	log_add(log, 0, 3000, EVENT_INVOKED, HEAD, BATCH)->task = 7;
	log_add(log, 0, 3100, EVENT_PAGE_FREED, log_page(0), 0)->task = 7;
	log_add(log, 0, 3200, EVENT_PAGE_FREED, log_page(1), 0)->task = 8;
	log_replay(log);

	r = page_of(log);
	assert_int_equal(log_number(r, "freed_by_batch_count"), 1);
	assert_int_equal(log_number(r, "freed_at_once_count"), 1);
	r = log_record(log, "callback", "function", "tlb_remove_table_rcu");
	assert_int_equal(log_number(r, "outstanding_count"), 1);
	assert_true(json_is_null(json_object_get(r, "run_ns")));
	r = log_record(log, "table", "path", "munmap");
	assert_int_equal(log_number(r, "in_flight_count"), 1);
}

/* And queue what is none of that callback's. */
static void queued_by_another(void **state)
{
	struct test_log *log = *state;

	log->machine.offloaded = true;
	log_add_batch(log, 0, 1000, HEAD, 0, 0, 1);
	log_add(log, 0, 3000, EVENT_INVOKED, HEAD, BATCH)->task = 7;
	log_add(log, 0, 3100, EVENT_QUEUED, log_head(0), OWN)->task = 7;
	log_add(log, 0, 3200, EVENT_DEFERRED, log_table(1, 0), 0);
	log_add(log, 0, 3210, EVENT_QUEUED, log_head(1), OWN)->task = 8;
	log_replay(log);

	assert_int_equal(log_number(log_record(log, "double_rcu", NULL, NULL),
				    "extra_callbacks_count"),
			 1);
}

/* Tables put before any batch waits: the page's own callback is the wait. */
static void put_early(void **state)
{
	struct test_log *log = *state;
	json_t *r;

	log_add_put(log, 0, 1000, HEAD, 0, 0, 3)->seq = 4;
	/* Where frees are watched, each put is seen, too. */
	log_add(log, 0, 1010, EVENT_FREED, log_table(0, 0), PUTTER);
	log_add(log, 0, 1020, EVENT_QUEUED, log_head(0), OWN);
	/* The batch's page, which was left empty, is a batch again. */
	log_add_put(log, 1, 2000, HEAD, 1, 0, 2)->flags = EVENT_EXITING;
	log_add(log, 0, 3000, EVENT_INVOKED, log_head(0), OWN);
	log_add(log, 0, 3010, EVENT_PAGE_FREED, log_page(0), 0)->seq = 8;
	log_add(log, 0, 3020, EVENT_BATCH_ENDED, 0, 1);
	log_replay(log);

	r = log_record(log, "table", "path", "munmap");
	assert_int_equal(log_number(r, "unlinked_count"), 3);
	assert_int_equal(log_number(r, "put_count"), 3);
	assert_int_equal(log_number(r, "wait_ns.count"), 3);
	assert_int_equal(log_number(r, "wait_ns.sum"), 0);
	r = log_record(log, "table", "path", "exit");
	assert_int_equal(log_number(r, "put_count"), 2);
	assert_int_equal(log_number(r, "in_flight_count"), 0);
	r = page_of(log);
	assert_int_equal(log_number(r, "tracked_count"), 2);
	assert_int_equal(log_number(r, "one_callback_count"), 1);
	assert_int_equal(log_number(r, "waited_one_count"), 1);
	assert_int_equal(log_number(r, "freed_by_own_count"), 1);
	assert_int_equal(log_number(r, "last_wait_ns.sum"), 2010);
	r = log_record(log, "double_rcu", NULL, NULL);
	assert_int_equal(log_number(r, "single_count"), 1);
	assert_int_equal(log_number(r, "extra_callbacks_count"), 0);
}

/* All but the last table of a page are: that one waits in the batch. */
static void put_early_but_last(void **state)
{
	struct test_log *log = *state;
	json_t *r;

	log_add_put(log, 0, 1000, HEAD, 0, 0, 3);
	log_add_batch(log, 0, 1100, HEAD, 0, 2, 1);
	log_add_put(log, 1, 1200, HEAD + PAGE_BYTES, 1, 0, 1);
	log_add_batch(log, 1, 1300, HEAD + PAGE_BYTES, 1, 0, 1);
	log_add(log, 1, 3000, EVENT_INVOKED, HEAD, BATCH);
	log_add(log, 1, 3010, EVENT_PAGE_FREED, log_page(0), 0);
	log_add(log, 1, 3020, EVENT_BATCH_ENDED, 0, 1);
	log_replay(log);

	r = log_record(log, "table", "path", "munmap");
	assert_int_equal(log_number(r, "unlinked_count"), 4);
	assert_int_equal(log_number(r, "put_count"), 3);
	assert_int_equal(log_number(r, "in_flight_count"), 1);
	assert_int_equal(log_number(r, "wait_ns.sum"), 1900);
	r = page_of(log);
	assert_int_equal(log_number(r, "one_callback_count"), 1);
	assert_int_equal(log_number(r, "freed_by_batch_count"), 1);
	assert_int_equal(log_number(r, "last_wait_ns.sum"), 2010);
}

static void held_memory(void **state)
{
	struct test_log *log = *state;
	json_t *r, *series;

	log->machine.begin_ns = 1000;
	log->machine.end_ns = 4000;
	log_add(log, 0, 2000, EVENT_DEFERRED, log_table(0, 0), 0);
	log_add(log, 0, 3000, EVENT_DEFERRED, log_table(0, 1), 0);
	log_add(log, 0, 3500, EVENT_DEFERRED, log_table(1, 0), 0);
	log_add(log, 0, 6000, EVENT_PAGE_FREED, log_page(0), 0);
	log_replay(log);

	r = log_record(log, "pinned", NULL, NULL);
	assert_int_equal(log_number(r, "table_peak_bytes"), 3 * TABLE_BYTES);
	assert_int_equal(log_number(r, "page_peak_bytes"), PAGE_BYTES);
	/* Up to 6000 only, also for what is left. */
	assert_int_equal(log_number(r, "table_byte_ns"),
			 (4000 + 3000 + 2500) * TABLE_BYTES);
	assert_int_equal(log_number(r, "page_byte_ns"), 3000 * PAGE_BYTES);
	assert_int_equal(log_number(r, "drain_ns"), 2000);
	assert_int_equal(log_number(r, "left_bytes"), TABLE_BYTES);
	assert_int_equal(log_number(r, "interval_ns"), 5000 / 512 + 1);
	series = json_object_get(r, "table_series_bytes");
	assert_true(json_array_size(series) <= 512);
	assert_int_equal(json_array_size(series), 5000 / 10);
	assert_int_equal(json_integer_value(json_array_get(series, 99)),
			 TABLE_BYTES); /* at 2000 */
	assert_int_equal(json_integer_value(json_array_get(series, 499)),
			 TABLE_BYTES); /* at 6000 */
}

/* Looked at after a callback that may have freed it: also if it was seen. */
static void seen_twice(void **state)
{
	struct test_log *log = *state;

	log_add_batch(log, 0, 1000, HEAD, 0, 0, 1);
	log_add(log, 0, 3000, EVENT_INVOKED, HEAD, BATCH);
	log_add(log, 0, 3100, EVENT_PAGE_FREED, log_page(0), 0)->flags =
		EVENT_RECHECKED;
	log_add(log, 0, 3101, EVENT_PAGE_FREED, log_page(0), 0)->flags =
		EVENT_RECHECKED;
	log_replay(log);
	assert_int_equal(log_number(page_of(log), "freed_count"), 1);
	assert_int_equal(log_number(page_of(log), "freed_by_batch_count"), 1);
	assert_int_equal(log->replay.pages->rechecked, 1);
}

static void queued_twice(void **state)
{
	struct test_log *log = *state;

	log_add(log, 0, 1000, EVENT_QUEUED, log_head(0), OWN);
	log_add(log, 1, 2000, EVENT_QUEUED, log_head(0), OWN);
	log_replay(log);
	assert_int_equal(log->replay.queued_twice, 1);
}

static void softirqs(void **state)
{
	struct test_log *log = *state;
	json_t *r;

	log_add(log, 0, 1000, EVENT_CORE_ENTERED, 0, 0);
	log_add(log, 1, 1001, EVENT_CORE_ENTERED, 0, 0)->flags =
		EVENT_KSOFTIRQD;
	log_add(log, 0, 1100, EVENT_BATCH_STARTED, 0, 9)->task = 1;
	log_add(log, 1, 1150, EVENT_BATCH_STARTED, 0, 5)->task = 2;
	log_add(log, 0, 1400, EVENT_BATCH_ENDED, 0, 3)->task = 1;
	log_add(log, 1, 1250, EVENT_BATCH_ENDED, 0, 5)->task = 2;
	log_add(log, 0, 1500, EVENT_CORE_LEFT, 0, 0);
	log_add(log, 1, 1601, EVENT_CORE_LEFT, 0, 0);
	log_replay(log);

	r = log_record(log, "softirq", NULL, NULL);
	assert_int_equal(log_number(r, "rcu_core_ns.sum"), 500);
	assert_int_equal(log_number(r, "ksoftirqd_rcu_core_ns.sum"), 600);
	assert_int_equal(log_number(r, "batch_ns.sum"), 300 + 100);
	assert_int_equal(log_number(r, "batch_callbacks_count.sum"), 8);
	assert_int_equal(log_number(r, "batch_queued_count.sum"), 14);
}

static void grace_periods(void **state)
{
	struct test_log *log = *state;
	json_t *r;

	log_add(log, 0, 1000, EVENT_GP_ENDED, 0, 0); /* of before */
	log_add(log, 0, 2000, EVENT_GP_STARTED, 0, 0);
	log_add(log, 0, 2500, EVENT_GP_FORCED, 0, 0);
	log_add(log, 1, 3000, EVENT_GP_ENDED, 0, 0);
	log_add(log, 1, 4000, EVENT_GP_STARTED, 0, 0);
	log_replay(log);
	r = log_record(log, "grace_period", NULL, NULL);
	assert_int_equal(log_number(r, "started_count"), 2);
	assert_int_equal(log_number(r, "completed_count"), 1);
	assert_int_equal(log_number(r, "forced_count"), 1);
	assert_int_equal(log_number(r, "duration_ns.sum"), 1000);
}

/* While it is being written: only what is whole, and not beyond its end. */
static void unfinished(void **state)
{
	struct test_log *log = *state;
	const struct cpu_log *const *logs = (const void *)log->cpu;
	struct event *e;

	log_add(log, 0, 1000, EVENT_QUEUED, HEAD, OWN);
	log_add(log, 0, 1100, EVENT_QUEUED, HEAD + 16, OWN);
	log_add(log, 1, 1200, EVENT_INVOKED, HEAD, OWN);
	assert_int_equal(replay_pending(&log->machine, logs, LOG_BYTES), 1);
	e = log_add(log, 1, 0, EVENT_INVOKED, HEAD + 16, OWN);
	assert_int_equal(replay_pending(&log->machine, logs, LOG_BYTES), 1);
	e->time_ns = 1300;
	assert_int_equal(replay_pending(&log->machine, logs, LOG_BYTES), 0);
	/* The log is full: what is beyond its end was never written. */
	log->cpu[1]->used_bytes = 10 * LOG_BYTES;
	assert_int_equal(replay_pending(&log->machine, logs, LOG_BYTES), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_wait, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(number_wraps, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(double_wait, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(queued_again, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(head_beside, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(destroyed, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(freed_at_once, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(preempted, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(queued_by_another, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(put_early, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(put_early_but_last, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(held_memory, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(seen_twice, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(queued_twice, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(softirqs, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(grace_periods, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(unfinished, log_setup,
						log_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
