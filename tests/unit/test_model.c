// SPDX-License-Identifier: GPL-2.0
/*
 * Cost models: what a variant says it costs is held against what was counted,
 * and what is said must follow from the counts.
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
#include "model.h"

static void write_header(const char *defer, const char *tlb, const char *edits)
{
	char *words, *header;

	assert_true(asprintf(&words,
			     "header.defer_call_rcu=\"%s\";"
			     "header.tlb_call_rcu=\"%s\";%s",
			     defer, tlb, edits) >= 0);
	header = cell_edit(cell_header, words);
	cell_write("header", header);
	free(header);
	free(words);
}

#define WAITS(min, max)                                                        \
	"header.tlb_grace_periods_min=" #min                                   \
	";header.tlb_grace_periods_max=" #max

#define EARLIER                                                                \
	"+{\"type\":\"callback\",\"function\":\"tlb_remove_table_rcu\","       \
	"\"enqueued_count\":0,\"invoked_count\":0,"                            \
	"\"outstanding_count\":0,\"earlier_count\":1,\"wait_ns\":" CELL_HIST_0 \
	",\"run_ns\":null}"

#define NO_DEFERRALS                                                           \
	"-table; probe.unavailable=[{\"record\":\"table.defer\","              \
	"\"reason\":\"x\"}]"

/*
 * The good cell has 2 calls of the variant's own, 2 deferrals of tables of
 * which 256 share a page, and 2 pages, of which one is free.
 */
static void deferrals_are_held_to_the_model(void **state)
{
	static const struct {
		const char *defer, *tlb, *edits;
		const char *reason; /* NULL: valid */
	} models[] = {
		{"unknown", "never", "", NULL},
		{"never", "page", "", NULL},
		{"page", "page-if-deferred", "", NULL},
		{"table", "never", "", NULL},
		{"page-and-grace-period", "never", "", NULL},
		/* Tables unlinked before the probe looked end here. */
		{"never", "never", EARLIER, NULL},
		{"never", "never", "",
		 "2 call_rcu() of the variant's own, at most 0"},
		{"page", "page",
		 "page.tracked_count=1; page.outstanding_count=0; "
		 "+{\"type\":\"table\",\"path\":\"direct\",\"level\":\"pte\","
		 "\"unlinked_count\":0,\"put_count\":0,\"in_flight_count\":0,"
		 "\"put_with_page_count\":0,\"wait_ns\":" CELL_HIST_0 "}",
		 "2 call_rcu() of the variant's own, at most 1"},
		/* Nobody watched the path on which the other page may be. */
		{"page", "page",
		 "page.tracked_count=1; page.outstanding_count=0;"
		 "pinned.left_bytes=0; pinned.drain_ns=0",
		 NULL},
		{"page", "page",
		 "callback.enqueued_count=0; callback.invoked_count=0;"
		 "callback.outstanding_count=0; callback.wait_ns=" CELL_HIST_0,
		 "0 call_rcu() of the variant's own, at least 1"},
		{"page", "page-if-deferred",
		 "table.path=\"munmap\"; truth.tables=[]",
		 "2 call_rcu() of the variant's own, at most 0"},
		{"page", "page-if-deferred", "page.tracked_count=1",
		 "2 call_rcu() of the variant's own, at most 1"},
		{"table", "never",
		 "callback.enqueued_count=1; callback.outstanding_count=0",
		 "1 call_rcu() of the variant's own, at least 2"},
		{"page-and-grace-period", "never",
		 "callback.enqueued_count=3; callback.outstanding_count=2",
		 "3 call_rcu() of the variant's own, at most 2"},
		{"page-and-grace-period", "never",
		 "callback.enqueued_count=0; callback.invoked_count=0;"
		 "callback.outstanding_count=0; callback.wait_ns=" CELL_HIST_0,
		 "0 call_rcu() of the variant's own, at least 1"},
		/* 0: what no batch holds was not watched. */
		{"page-if-last", "never", "", NULL},
		{"page-if-last", "never",
		 "page.freed_by_own_count=0; page.freed_by_destroy_count=1",
		 NULL},
		/* What is queued at the last put frees the page. */
		{"page", "page-if-deferred",
		 "page.freed_by_own_count=0; page.freed_by_destroy_count=1",
		 "1 callbacks of the variant's own were invoked, 0 pages"},
		{"page-and-grace-period", "never",
		 "page.freed_by_own_count=0; page.freed_by_destroy_count=1",
		 NULL},
		/* But of one that was queued unseen the page may be unseen. */
		{"page", "page-if-deferred", "callback.earlier_count=1", NULL},
		{"page-and-grace-period", "never",
		 "callback.invoked_count=0; callback.outstanding_count=2;"
		 "callback.wait_ns=" CELL_HIST_0,
		 "0 callbacks of the variant's own were invoked, 1 pages"},
		/* No pte_free_defer() there: whoever never defers knew. */
		{"never", "never", NO_DEFERRALS,
		 "2 call_rcu() of the variant's own, at most 0"},
		{"page", "page-if-deferred", NO_DEFERRALS, NULL},
		/* What cannot be known is not held against anybody. */
		{"never", "never",
		 "-page; probe.unavailable=[{\"record\":\"page\",\"reason\":"
		 "\"x\"}]",
		 NULL},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		write_header(models[i].defer, models[i].tlb, "");
		check_edited(cell_guest, models[i].edits, models[i].reason);
	}
}

/* The two pages of this one went the TLB path, and waited twice. */
static void double_waits_are_held_to_the_model(void **state)
{
	static const struct {
		const char *tlb, *header, *edits;
		const char *reason; /* NULL: valid */
	} models[] = {
		{"page", "", "", NULL},
		{"page", WAITS(2, 2), "", NULL},
		{"page", WAITS(null, null), "", NULL},
		{"page", WAITS(1, 1), "",
		 "2 pages of the TLB path waited for two callbacks, at most 1"},
		{"page-if-deferred", "", "",
		 "2 call_rcu() from inside a batch's callback, at most 0"},
		{"page-if-deferred", "", "",
		 "2 pages of the TLB path waited for two callbacks, at most 1"},
		{"never", WAITS(1, 2), "",
		 "2 pages of the TLB path waited for two callbacks, at most 1"},
		{"page-at-put", "", "",
		 "2 call_rcu() from inside a batch's callback, at most 0"},
		{"page-at-put", WAITS(1, 1), "",
		 "2 pages of the TLB path waited for two callbacks, at most 1"},
		{"page-at-put", "",
		 "double_rcu.single_count=1; page.freed_by_batch_count=1;"
		 "double_rcu.double_count=1; page.freed_by_own_count=1;"
		 "page.one_callback_count=1; page.two_callbacks_count=1",
		 "1 pages were freed by a batch's callback, none by its model"},
		/* One of the two was deferred, and the page is still marked. */
		{"page-if-deferred", "",
		 "table.path=\"defer\"; table.put_with_page_count=2;"
		 "truth.tables=[]",
		 NULL},
		/* What was on its way before changes nothing of that. */
		{"never", "", EARLIER,
		 "2 pages of the TLB path waited for two callbacks, at most 1"},
		{"never", "", EARLIER,
		 "2 call_rcu() from inside a batch's callback, at most 0"},
		{"page-if-deferred", "", EARLIER, NULL},
		{"page", "",
		 "double_rcu.single_count=1; page.freed_by_batch_count=1;"
		 "double_rcu.double_count=1; page.freed_by_own_count=1;"
		 "page.one_callback_count=1; page.two_callbacks_count=1",
		 "1 pages were freed by a batch's callback, after which each"},
	};
	char *guest = cell_double();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		write_header("page", models[i].tlb, models[i].header);
		check_edited(guest, models[i].edits, models[i].reason);
	}
	free(guest);
}

static struct model_prediction predict(const struct model_facts *facts)
{
	struct model_prediction prediction;

	assert_true(model_predict(facts, &prediction));
	return prediction;
}

static void assert_range(struct model_range range, long long min, long long max)
{
	assert_int_equal(range.open, max < 0);
	assert_int_equal(range.min, min);
	if (max >= 0)
		assert_int_equal(range.max, max);
}

/* thp-collapse on 64K with hash, as measured: 16 tables share a page. */
static void predictions_follow_from_counts(void **state)
{
	json_t *header = json_loads(cell_header, 0, NULL);
	struct model_facts facts;

	(void)state;
	json_object_set_new(header, "mmu", json_string("hash"));
	model_begin(&facts, header);
	facts.probed = true;
	facts.direct_watched = true;
	facts.deferred = 816;
	facts.pages_tracked = 70;
	facts.pages_freed = 68;
	facts.pages_destroyed = 16;
	assert_range(predict(&facts).own, 52, 54);
	assert_range(predict(&facts).waits, 2, 2);
	facts.direct_watched = false;
	assert_range(predict(&facts).own, 52, -1);
	json_object_set_new(header, "tlb_call_rcu",
			    json_string("page-if-deferred"));
	/* 51 pages at least, less 16 destroyed, less 2 that may not be put. */
	assert_range(predict(&facts).own, 33, 54);
	assert_range(predict(&facts).waits, 1, 2);
	json_object_set_new(header, "defer_call_rcu",
			    json_string("page-and-grace-period"));
	json_object_set_new(header, "tlb_call_rcu", json_string("never"));
	assert_range(predict(&facts).own, 51, 816);
	assert_range(predict(&facts).extra, 0, 0);
	assert_range(predict(&facts).waits, 1, 1);
	/* A variant may defer tables for which there was no batch. */
	facts.fallback_unlinked = 4;
	assert_range(predict(&facts).own, 51, 820);
	facts.fallback_unlinked = 0;
	json_object_set_new(header, "defer_call_rcu",
			    json_string("page-if-last"));
	assert_range(predict(&facts).own, 0, -1);
	facts.direct_watched = true;
	assert_range(predict(&facts).own, 0, 54);
	json_object_set_new(header, "tlb_call_rcu", json_string("page-at-put"));
	assert_range(predict(&facts).own, 52, 54);
	assert_range(predict(&facts).extra, 0, 0);
	assert_range(predict(&facts).waits, 1, 1);
	json_object_set_new(header, "defer_call_rcu",
			    json_string("page-and-grace-period"));
	json_object_set_new(header, "tlb_call_rcu", json_string("never"));
	/* Where a table fills its page, one deferral is one page. */
	json_object_set_new(header, "pages", json_string("4k"));
	model_begin(&facts, header);
	facts.probed = true;
	facts.deferred = facts.pages_tracked = facts.pages_freed = 816;
	assert_range(predict(&facts).own, 816, 816);
	json_object_set_new(header, "defer_call_rcu",
			    json_string("page-if-last"));
	assert_range(predict(&facts).own, 816, 816);
	json_object_set_new(header, "defer_call_rcu", json_string("page"));
	json_object_set_new(header, "tlb_call_rcu",
			    json_string("page-if-deferred"));
	assert_range(predict(&facts).own, 816, 816);
	assert_range(predict(&facts).extra, 0, 0);
	assert_range(predict(&facts).waits, 1, 1);
	json_decref(header);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK_TEST(deferrals_are_held_to_the_model),
		CHECK_TEST(double_waits_are_held_to_the_model),
		cmocka_unit_test(predictions_follow_from_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
