// SPDX-License-Identifier: GPL-2.0
/* Which pages the contract's checker calls leaked, lost, or neither. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "contract_log.h"

static void leaked(void **state)
{
	struct test_log *log = *state;
	const json_t *first;

	defer(log, 1000, 5, 4);
	log_add(log, 0, 2000, EVENT_MM_EXITS, MM, 0);
	first = expect(log, "violations", "leaked", "defer", "never", 1);
	/* Who deferred it: there is nobody else to show. */
	assert_string_equal(json_string_value(json_array_get(
				    json_object_get(first, "stack"), 0)),
			    "frame+0x80");
}

/* The process lives, and may need the rest of the page. */
static void not_leaked_by_the_living(void **state)
{
	struct test_log *log = *state;

	hand_out(log, 500, MM, 5, 4);
	defer(log, 1000, 5, 4);
	log_add(log, 0, 2000, EVENT_MM_EXITS, OTHER_MM, 0);
	expect_nothing(log);
}

/* Another mm at the address of one that exited is not that one. */
static void not_leaked_by_its_successor(void **state)
{
	struct test_log *log = *state;

	log_add(log, 0, 200, EVENT_MM_EXITS, MM, 0);
	hand_out(log, 500, MM, 5, 4);
	defer(log, 1000, 5, 4);
	expect_nothing(log);
}

static void not_leaked_if_still_queued(void **state)
{
	struct test_log *log = *state;

	defer(log, 1000, 5, 4);
	own_queued(log, 1010, 4, 0);
	log_add(log, 0, 2000, EVENT_MM_EXITS, MM, 0);
	expect_nothing(log);
	/* But nobody knows what becomes of it. */
	assert_int_equal(contract_lost_pages(&log->replay), 1);
}

/* Its end was missed, and it is something else by now. */
static void not_leaked_if_not_there(void **state)
{
	struct test_log *log = *state;

	defer(log, 1000, 5, 4);
	log_add(log, 0, 2000, EVENT_MM_EXITS, MM, 0);
	log->no_table = log_page(0);
	expect_nothing(log);
	assert_int_equal(contract_lost_pages(&log->replay), 1);
}

static long long shared_pages(struct test_log *log)
{
	return log_number(log_record(log, "contract", NULL, NULL),
			  "checked.shared_pages_count");
}

/* How many of these the variant may keep is not asked here. */
static void leaked_if_shared(void **state)
{
	struct test_log *log = *state;

	hand_out(log, 500, MM, 5, 4);
	hand_out(log, 600, OTHER_MM, 6, 4);
	defer(log, 1000, 5, 4);
	log_add(log, 0, 2000, EVENT_MM_EXITS, MM, 0);
	log_add(log, 0, 2100, EVENT_MM_EXITS, OTHER_MM, 0);
	expect(log, "violations", "leaked", "defer", "never", 1);
	assert_int_equal(shared_pages(log), 1);
	assert_int_equal(contract_lost_pages(&log->replay), 0);
}

/* The last to get a table there has gone, the first has not. */
static void not_leaked_if_one_lives(void **state)
{
	struct test_log *log = *state;

	hand_out(log, 500, MM, 5, 4);
	hand_out(log, 600, OTHER_MM, 6, 4);
	defer(log, 1000, 6, 4);
	log_add(log, 0, 2100, EVENT_MM_EXITS, OTHER_MM, 0);
	expect_nothing(log);
	assert_int_equal(shared_pages(log), 1);
	assert_int_equal(contract_lost_pages(&log->replay), 0);
}

/* It lives, but has no table there any more. */
static void leaked_if_given_back(void **state)
{
	struct test_log *log = *state;

	hand_out(log, 500, MM, 5, 4);
	hand_out(log, 600, OTHER_MM, 6, 4);
	defer(log, 1000, 5, 4);
	defer(log, 1100, 6, 4);
	log_add(log, 0, 2100, EVENT_MM_EXITS, OTHER_MM, 0);
	expect(log, "violations", "leaked", "defer", "never", 1);
}

/* Nor is who got a table there last, if it has given that back. */
static void leaked_if_the_last_gave_back(void **state)
{
	struct test_log *log = *state;

	hand_out(log, 500, MM, 5, 4);
	hand_out(log, 600, OTHER_MM, 6, 4);
	defer(log, 1000, 5, 4);
	defer(log, 1100, 6, 4);
	log_add(log, 0, 2100, EVENT_MM_EXITS, MM, 0);
	expect(log, "violations", "leaked", "defer", "never", 1);
}

/* That it is in use is no reason for its end not to be seen. */
static void not_there_if_shared(void **state)
{
	struct test_log *log = *state;

	hand_out(log, 500, MM, 5, 4);
	hand_out(log, 600, OTHER_MM, 6, 4);
	defer(log, 1000, 5, 4);
	log->no_table = log_page(0);
	expect_nothing(log);
	assert_int_equal(contract_lost_pages(&log->replay), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CONTRACT_TEST(leaked),
		CONTRACT_TEST(not_leaked_by_the_living),
		CONTRACT_TEST(not_leaked_by_its_successor),
		CONTRACT_TEST(not_leaked_if_still_queued),
		CONTRACT_TEST(not_leaked_if_not_there),
		CONTRACT_TEST(leaked_if_shared),
		CONTRACT_TEST(not_leaked_if_one_lives),
		CONTRACT_TEST(leaked_if_given_back),
		CONTRACT_TEST(leaked_if_the_last_gave_back),
		CONTRACT_TEST(not_there_if_shared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
