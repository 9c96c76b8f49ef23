// SPDX-License-Identifier: GPL-2.0
/*
 * The ledger of pages: how they were freed, the double RCU, pinned memory.
 * Each record of it can be wrong by itself, or against another.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "cells.h"
#include "checks.h"
#include "message.h"

#define HUGE_COUNT "9223372036854775807"

/* Edits of a cell, and what must be said about it; NULL: nothing. */
struct wrong {
	const char *edits, *reason;
};

static void check_wrongs(const char *guest, const struct wrong *wrong)
{
	check_edited(guest, "", NULL);
	for (; wrong->edits; wrong++)
		check_edited(guest, wrong->edits, wrong->reason);
}

static void wrong_pages_are_found(void **state)
{
	static const struct wrong wrongs[] = {
		{"page.tracked_count=1", "pages: tracked 1 is not freed 1"},
		{"page.freed_count=2; page.outstanding_count=0",
		 "pages: 1 waits for 2 freed"},
		{"page.waited_one_count=0",
		 "pages: freed 1, but that is not how many waited, or were"},
		{"page.waited_none_count=" HUGE_COUNT,
		 "pages: freed 1, but that is not how many waited, or were"},
		{"page.one_callback_count=0",
		 "pages: freed 1, but that is not how many sat through"},
		{"page.more_callbacks_count=" HUGE_COUNT,
		 "pages: freed 1, but that is not how many sat through"},
		{"page.one_callback_count=0; page.no_callback_count=1", NULL},
		{"page.freed_by_destroy_count=1",
		 "pages: freed 1, but that is not how many came to their end"},
		{"page.waited_one_count=0; page.one_callback_count=0;"
		 "page.not_owed_count=1",
		 "pages: 1 last waits for 1 freed, 1 of them not owed"},
		{},
	};

	(void)state;
	check_wrongs(cell_guest, wrongs);
}

static void wrong_double_waits_are_found(void **state)
{
	static const struct wrong wrongs[] = {
		{"double_rcu.single_count=1",
		 "1 single + 2 double pages of 2 freed and owed"},
		{"double_rcu.single_count=" HUGE_COUNT,
		 "single + 2 double pages of 2 freed and owed"},
		{"double_rcu.double_count=1",
		 "2 first and 2 second waits of 1 double pages"},
		{"double_rcu.extra_callbacks_count=1",
		 "1 extra callbacks for 2 double pages"},
		{"double_rcu.extra_callback_run_ns=null", NULL},
		{"double_rcu.extra_callbacks_count=1",
		 "2 run times of 1 extra callbacks"},
		{"page.two_callbacks_count=1; page.one_callback_count=1",
		 "2 double pages, but only 1 + 0 sat through two callbacks"},
		{"page.freed_by_own_count=1; page.freed_by_destroy_count=1",
		 "2 double pages, but only 1 freed by a callback of their own"},
		{"double_rcu.second_held_byte_ns=1310721",
		 "1310721 byte ns in the second wait are not 65536 bytes x 20"},
		/* First and second wait come one after the other. */
		{"double_rcu.held_byte_ns=2490367",
		 "pages were held for 2490367 byte ns, double ones alone for"},
		{"double_rcu.held_byte_ns=2490368", NULL},
		{"double_rcu.held_byte_ns=2621441",
		 "pages were held for 2621441 byte ns, all pages for"},
		{"callback.function=\"unknown_cb\"",
		 "2 call_rcu() of pages' own from inside a batch, but 0 by"},
		{},
	};
	char *guest = cell_double();

	(void)state;
	check_wrongs(guest, wrongs);
	free(guest);
}

static void wrong_pinned_memory_is_found(void **state)
{
	static const struct wrong wrongs[] = {
		{"pinned.table_series_bytes=[1,2]",
		 "pinned: series of 2 and 3 points"},
		{"pinned.table_peak_bytes=511",
		 "table_series_bytes has 512, above table_peak_bytes 511"},
		{"pinned.page_series_bytes=[0,131072,0]",
		 "page_series_bytes has 131072, above page_peak_bytes 65536"},
		/* (3 + 1) x 2 ns x 512 bytes */
		{"pinned.table_byte_ns=4608",
		 "table_byte_ns 4608 is more than 512 bytes for 4 x 2 ns"},
		{"pinned.table_byte_ns=4096", NULL},
		{"pinned.page_byte_ns=" HUGE_COUNT,
		 "is more than 65536 bytes for 4 x 2 ns"},
		{"pinned.interval_ns=" HUGE_COUNT
		 ";pinned.page_byte_ns=" HUGE_COUNT,
		 NULL},
		{"pinned.page_peak_bytes=0; pinned.page_series_bytes=[0,0,0]",
		 "page_byte_ns 65536 is more than 0 bytes"},
		{"pinned.page_peak_bytes=65537",
		 "page_peak_bytes 65537 is no whole number of pages"},
		{"pinned.left_bytes=513; pinned.drain_ns=null",
		 "pinned: 513 bytes left, above the peak"},
		{"pinned.left_bytes=256",
		 "pinned: 256 bytes left, but no page is outstanding"},
		{"pinned.drain_ns=null",
		 "0 bytes left and never drained, but no page is outstanding"},
		{},
	};
	char *guest = cell_double();

	(void)state;
	check_wrongs(guest, wrongs);
	/* With a page that never came to its end. */
	check_edited(cell_guest, "pinned.left_bytes=0", NULL);
	free(guest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK_TEST(wrong_pages_are_found),
		CHECK_TEST(wrong_double_waits_are_found),
		CHECK_TEST(wrong_pinned_memory_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
