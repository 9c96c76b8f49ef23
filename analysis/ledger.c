// SPDX-License-Identifier: GPL-2.0
/* The checks that make a cell's numbers count; see ledger.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "ledger.h"
#include "metric.h"
#include "model.h"

static const char *text_of(const json_t *record, const char *name)
{
	return json_string_value(json_object_get(record, name));
}

static json_int_t count_of(const json_t *record, const char *name)
{
	return json_integer_value(json_object_get(record, name));
}

static json_int_t hist_count_of(const json_t *record, const char *name)
{
	return count_of(json_object_get(record, name), "count");
}

/* total = part + other, where the sum of any two counts may overflow. */
static bool adds_up(json_int_t total, json_int_t part, json_int_t other)
{
	return part <= total && total - part == other;
}

int ledger_init(struct ledger *ledger, const json_t *header,
		struct reasons *reasons)
{
	memset(ledger, 0, sizeof(*ledger));
	ledger->header = header;
	ledger->reasons = reasons;
	ledger->seen = json_object();
	ledger->unlinked = json_object();
	return ledger->seen && ledger->unlinked ? 0 : -ENOMEM;
}

void ledger_free(struct ledger *ledger)
{
	json_decref(ledger->seen);
	json_decref(ledger->unlinked);
	json_decref(ledger->truth);
	memset(ledger, 0, sizeof(*ledger));
}

static void check_boot(struct ledger *ledger, const json_t *boot)
{
	const json_t *header = ledger->header;
	json_int_t page_size =
		strcmp(text_of(header, "pages"), "64k") ? 4096 : 65536;

	ledger->booted = true;
	if (strcmp(text_of(boot, "release"), text_of(header, "release")))
		reasons_add(ledger->reasons, REASON_RELEASE,
			    "%s booted, %s was meant to",
			    text_of(boot, "release"),
			    text_of(header, "release"));
	if (count_of(boot, "page_size_bytes") != page_size)
		reasons_add(ledger->reasons, REASON_BOOT,
			    "pages are %lld bytes, not %lld",
			    count_of(boot, "page_size_bytes"), page_size);
	if (strcmp(text_of(boot, "mmu"), text_of(header, "mmu")))
		reasons_add(ledger->reasons, REASON_BOOT,
			    "the MMU is %s, not %s", text_of(boot, "mmu"),
			    text_of(header, "mmu"));
	if (count_of(boot, "cpus_count") != count_of(header, "smp"))
		reasons_add(ledger->reasons, REASON_BOOT, "%lld CPUs, not %lld",
			    count_of(boot, "cpus_count"),
			    count_of(header, "smp"));
}

static void check_callback(struct ledger *ledger, const json_t *callback)
{
	json_int_t enqueued = count_of(callback, "enqueued_count");
	json_int_t invoked = count_of(callback, "invoked_count");
	json_int_t outstanding = count_of(callback, "outstanding_count");
	json_int_t waits = hist_count_of(callback, "wait_ns");

	if (!strcmp(text_of(callback, "function"), TLB_CALLBACK) &&
	    count_of(callback, "earlier_count"))
		ledger->earlier_tables = true;
	if (metric_is_own_callback(ledger->header,
				   text_of(callback, "function")))
		ledger->own_enqueued += enqueued;
	if (!adds_up(enqueued, invoked, outstanding))
		reasons_add(ledger->reasons, REASON_CONSERVATION,
			    "callback %s: enqueued %lld is not invoked %lld "
			    "+ outstanding %lld",
			    text_of(callback, "function"), enqueued, invoked,
			    outstanding);
	if (waits != invoked)
		reasons_add(ledger->reasons, REASON_CONSERVATION,
			    "callback %s: %lld waits for %lld invoked",
			    text_of(callback, "function"), waits, invoked);
}

static void check_grace_period(struct ledger *ledger, const json_t *gp)
{
	json_int_t started = count_of(gp, "started_count");
	json_int_t completed = count_of(gp, "completed_count");
	json_int_t durations = hist_count_of(gp, "duration_ns");

	if (started - completed != 0 && started - completed != 1)
		reasons_add(ledger->reasons, REASON_CONSERVATION,
			    "grace periods: %lld started, %lld completed",
			    started, completed);
	if (durations > completed)
		reasons_add(ledger->reasons, REASON_CONSERVATION,
			    "grace periods: %lld durations for %lld completed",
			    durations, completed);
}

static int check_table(struct ledger *ledger, const json_t *table)
{
	json_int_t unlinked = count_of(table, "unlinked_count");
	json_int_t put = count_of(table, "put_count");
	json_int_t in_flight = count_of(table, "in_flight_count");
	json_int_t with_page = count_of(table, "put_with_page_count");
	json_int_t waits = hist_count_of(table, "wait_ns");
	char key[64];

	snprintf(key, sizeof(key), "%s %s", text_of(table, "path"),
		 text_of(table, "level"));
	if (!adds_up(unlinked, put, in_flight))
		reasons_add(ledger->reasons, REASON_CONSERVATION,
			    "table %s: unlinked %lld is not put %lld "
			    "+ in flight %lld",
			    key, unlinked, put, in_flight);
	if (waits != put)
		reasons_add(ledger->reasons, REASON_CONSERVATION,
			    "table %s: %lld waits for %lld put", key, waits,
			    put);
	if (with_page > put)
		reasons_add(ledger->reasons, REASON_CONSERVATION,
			    "table %s: %lld put with their page, %lld put", key,
			    with_page, put);
	return json_object_set_new(ledger->unlinked, key,
				   json_integer(unlinked))
		       ? -ENOMEM
		       : 0;
}

/* Every page freed is owed a grace period or not, and waited for some. */
static void check_page_waits(struct ledger *ledger, const json_t *page,
			     json_int_t freed)
{
	static const char *const waited[] = {
		"waited_none_count", "waited_one_count", "waited_two_count",
		"waited_more_count", "not_owed_count"};
	json_int_t left = freed, not_owed = count_of(page, "not_owed_count");
	size_t i;

	for (i = 0; i < sizeof(waited) / sizeof(waited[0]) && left >= 0; i++)
		left -= count_of(page, waited[i]);
	if (left)
		reasons_add(ledger->reasons, REASON_CONSERVATION,
			    "pages: freed %lld, but that is not how many "
			    "waited or were not owed a grace period",
			    freed);
	else if (!adds_up(freed, not_owed, hist_count_of(page, "last_wait_ns")))
		reasons_add(ledger->reasons, REASON_CONSERVATION,
			    "pages: %lld last waits for %lld freed, %lld of "
			    "them not owed one",
			    hist_count_of(page, "last_wait_ns"), freed,
			    not_owed);
}

static void check_page(struct ledger *ledger, const json_t *page)
{
	json_int_t tracked = count_of(page, "tracked_count");
	json_int_t freed = count_of(page, "freed_count");
	json_int_t outstanding = count_of(page, "outstanding_count");
	json_int_t waits = hist_count_of(page, "wait_ns");

	ledger->pages_tracked = tracked;
	if (!adds_up(tracked, freed, outstanding))
		reasons_add(ledger->reasons, REASON_CONSERVATION,
			    "pages: tracked %lld is not freed %lld "
			    "+ outstanding %lld",
			    tracked, freed, outstanding);
	if (waits != freed)
		reasons_add(ledger->reasons, REASON_CONSERVATION,
			    "pages: %lld waits for %lld freed", waits, freed);
	check_page_waits(ledger, page, freed);
}

static void check_probe(struct ledger *ledger, const json_t *probe)
{
	const json_t *programs = json_object_get(probe, "programs");
	json_t *lost = json_object_get(probe, "lost");
	const char *name;
	json_t *number;
	size_t i;

	ledger->probed = true;
	for (i = 0; i < json_array_size(programs); i++) {
		const json_t *program = json_array_get(programs, i);
		json_int_t missed = count_of(program, "missed_count");

		if (missed &&
		    json_is_null(json_object_get(program, "harmless")))
			reasons_add(ledger->reasons, REASON_LOSS,
				    "program %s was not run %lld times",
				    text_of(program, "name"), missed);
	}
	json_object_foreach (lost, name, number) {
		if (json_integer_value(number))
			reasons_add(ledger->reasons, REASON_LOSS,
				    "%s: %" JSON_INTEGER_FORMAT " lost", name,
				    json_integer_value(number));
	}
}

static void check_end(struct ledger *ledger, const json_t *end)
{
	json_int_t status = count_of(end, "exit_status");

	if (status)
		reasons_add(ledger->reasons, REASON_EXIT,
			    "the guest's job ended with status %lld", status);
}

/* 1: it is the second of its kind; 0: it is not. */
static int seen_before(struct ledger *ledger, const struct shape *shape,
		       const json_t *record)
{
	char key[512];
	int size = snprintf(key, sizeof(key), "%s", shape->type);
	size_t i;

	for (i = 0; i < 2 && shape->keys[i]; i++)
		size += snprintf(key + size, sizeof(key) - size, " %s",
				 text_of(record, shape->keys[i]));
	if (json_object_get(ledger->seen, key))
		return 1;
	return json_object_set_new(ledger->seen, key, json_true()) ? -ENOMEM
								   : 0;
}

static int check_record(struct ledger *ledger, const struct shape *shape,
			json_t *record)
{
	if (!strcmp(shape->type, "boot"))
		check_boot(ledger, record);
	else if (!strcmp(shape->type, "callback"))
		check_callback(ledger, record);
	else if (!strcmp(shape->type, "grace_period"))
		check_grace_period(ledger, record);
	else if (!strcmp(shape->type, "table"))
		return check_table(ledger, record);
	else if (!strcmp(shape->type, "page"))
		check_page(ledger, record);
	else if (!strcmp(shape->type, "probe"))
		check_probe(ledger, record);
	else if (!strcmp(shape->type, "truth"))
		ledger->truth = json_incref(record);
	else if (!strcmp(shape->type, "end"))
		check_end(ledger, record);
	return 0;
}

int ledger_add(struct ledger *ledger, const struct shape *shape, json_t *record,
	       unsigned long line, bool *keep)
{
	bool bare = !strcmp(text_of(ledger->header, "arm"), "bare");
	const char *wrong = NULL;
	int again = 0;

	*keep = false;
	ledger->ended = !strcmp(shape->type, "end");
	if (shape->by_host)
		wrong = "is not the guest's to write";
	else if (shape->by_probe && bare)
		wrong = "does not belong in the arm bare";
	else
		again = seen_before(ledger, shape, record);
	if (again < 0)
		return again;
	if (again)
		wrong = "is the second of its kind";
	if (wrong) {
		reasons_add(ledger->reasons, REASON_RECORD, "line %lu (%s) %s",
			    line, shape->type, wrong);
		return 0;
	}
	*keep = true;
	return check_record(ledger, shape, record);
}

static void check_claim(struct ledger *ledger, const json_t *claim)
{
	json_int_t claimed = count_of(claim, "unlinked_count");
	json_int_t seen;
	char key[64];

	snprintf(key, sizeof(key), "%s %s", text_of(claim, "path"),
		 text_of(claim, "level"));
	seen = count_of(ledger->unlinked, key);
	if (seen != claimed)
		reasons_add(ledger->reasons, REASON_TRUTH,
			    "table %s: the workload unlinked %lld, the probe "
			    "saw %lld",
			    key, claimed, seen);
}

static void check_truth(struct ledger *ledger)
{
	const json_t *truth = ledger->truth;
	const json_t *tables = json_object_get(truth, "tables");
	size_t i;

	if (!truth) {
		reasons_add(ledger->reasons, REASON_TRUTH,
			    "no truth record: the workload did not finish");
		return;
	}
	if (strcmp(text_of(truth, "workload"),
		   text_of(ledger->header, "workload")))
		reasons_add(ledger->reasons, REASON_TRUTH,
			    "the workload was %s, not %s",
			    text_of(truth, "workload"),
			    text_of(ledger->header, "workload"));
	if (count_of(truth, "seed") != count_of(ledger->header, "seed"))
		reasons_add(ledger->reasons, REASON_TRUTH,
			    "the seed was %lld, not %lld",
			    count_of(truth, "seed"),
			    count_of(ledger->header, "seed"));
	if (strcmp(text_of(ledger->header, "arm"), "probed"))
		return; /* nobody was looking */
	for (i = 0; i < json_array_size(tables); i++)
		check_claim(ledger, json_array_get(tables, i));
}

int ledger_finish(struct ledger *ledger)
{
	if (!ledger->booted)
		reasons_add(ledger->reasons, REASON_BOOT,
			    "no boot record: the guest's init did not start");
	if (!ledger->ended)
		reasons_add(ledger->reasons, REASON_TRUNCATED,
			    "the guest's last record is not `end`");
	check_truth(ledger);
	model_check(ledger);
	if (!strcmp(text_of(ledger->header, "arm"), "probed") &&
	    !ledger->probed)
		reasons_add(ledger->reasons, REASON_LOSS,
			    "no probe record: nothing says what it lost");
	return ledger->reasons->error;
}
