// SPDX-License-Identifier: GPL-2.0
/* The checks that make a cell's numbers count; see ledger.h. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include "balance.h"
#include "ledger.h"
#include "record.h"
#include "unavailable.h"

int ledger_init(struct ledger *ledger, const json_t *header,
		struct reasons *reasons)
{
	memset(ledger, 0, sizeof(*ledger));
	ledger->header = header;
	ledger->reasons = reasons;
	ledger->seen = json_object();
	ledger->unlinked = json_object();
	model_begin(&ledger->facts, header);
	return ledger->seen && ledger->unlinked ? 0 : -ENOMEM;
}

void ledger_free(struct ledger *ledger)
{
	json_decref(ledger->seen);
	json_decref(ledger->unlinked);
	memset(ledger, 0, sizeof(*ledger));
}

static bool is_arm(const struct ledger *ledger, const char *arm)
{
	const char *name = record_text(ledger->header, "arm");
	size_t size = strlen(arm);

	/* bare-again is bare. */
	return !strncmp(name, arm, size) &&
	       (!name[size] || !strcmp(name + size, "-again"));
}

/* The record that there is one of, or NULL. */
static const json_t *seen_record(const struct ledger *ledger, const char *type)
{
	return json_object_get(ledger->seen, type);
}

static json_int_t page_bytes(const struct ledger *ledger)
{
	return strcmp(record_text(ledger->header, "pages"), "64k") ? 4096
								   : 65536;
}

static void check_boot(struct ledger *ledger, const json_t *boot)
{
	const json_t *header = ledger->header;

	if (strcmp(record_text(boot, "release"),
		   record_text(header, "release")))
		reasons_add(ledger->reasons, REASON_RELEASE,
			    "%s booted, %s was meant to",
			    record_text(boot, "release"),
			    record_text(header, "release"));
	if (record_count(boot, "page_size_bytes") != page_bytes(ledger))
		reasons_add(ledger->reasons, REASON_BOOT,
			    "pages are %lld bytes, not %lld",
			    record_count(boot, "page_size_bytes"),
			    page_bytes(ledger));
	if (strcmp(record_text(boot, "mmu"), record_text(header, "mmu")))
		reasons_add(ledger->reasons, REASON_BOOT,
			    "the MMU is %s, not %s", record_text(boot, "mmu"),
			    record_text(header, "mmu"));
	if (record_count(boot, "cpus_count") != record_count(header, "smp"))
		reasons_add(ledger->reasons, REASON_BOOT, "%lld CPUs, not %lld",
			    record_count(boot, "cpus_count"),
			    record_count(header, "smp"));
}

static void check_callback(struct ledger *ledger, const json_t *callback)
{
	const json_int_t counts[] = {
		record_count(callback, "invoked_count"),
		record_count(callback, "earlier_count"),
	};
	size_t i;

	balance_callback(callback, ledger->reasons);
	for (i = 0; i < 2; i++)
		ledger->invoked = counts[i] > INT64_MAX - ledger->invoked
					  ? INT64_MAX
					  : ledger->invoked + counts[i];
}

static int check_table(struct ledger *ledger, const json_t *table)
{
	char key[64];

	balance_table(table, ledger->reasons);
	snprintf(key, sizeof(key), "%s %s", record_text(table, "path"),
		 record_text(table, "level"));
	return json_object_set_new(
		       ledger->unlinked, key,
		       json_integer(record_count(table, "unlinked_count")))
		       ? -ENOMEM
		       : 0;
}

static void check_end(struct ledger *ledger, const json_t *end)
{
	json_int_t status = record_count(end, "exit_status");

	if (status)
		reasons_add(ledger->reasons, REASON_EXIT,
			    "the guest's job ended with status %lld", status);
}

/* 1: it is the second of its kind; 0: it is not. */
static int seen_before(struct ledger *ledger, const struct shape *shape,
		       json_t *record)
{
	char key[512];
	int size = snprintf(key, sizeof(key), "%s", shape->type);
	size_t i;

	for (i = 0; i < 2 && shape->keys[i]; i++)
		size += snprintf(key + size, sizeof(key) - size, " %s",
				 record_text(record, shape->keys[i]));
	if (json_object_get(ledger->seen, key))
		return 1;
	/* Of those that there may be many of, only that they were there. */
	if (shape->keys[0])
		record = json_true();
	return json_object_set(ledger->seen, key, record) ? -ENOMEM : 0;
}

static int check_record(struct ledger *ledger, const json_t *record)
{
	struct reasons *reasons = ledger->reasons;

	model_add(&ledger->facts, record);
	if (record_is(record, "boot"))
		check_boot(ledger, record);
	else if (record_is(record, "callback"))
		check_callback(ledger, record);
	else if (record_is(record, "grace_period"))
		balance_grace_period(record, reasons);
	else if (record_is(record, "table"))
		return check_table(ledger, record);
	else if (record_is(record, "page"))
		balance_page(record, reasons);
	else if (record_is(record, "contract"))
		balance_contract(record, reasons);
	else if (record_is(record, "probe"))
		balance_probe(record, record_text(ledger->header, "arm"),
			      reasons);
	else if (record_is(record, "op"))
		balance_op(record, reasons);
	else if (record_is(record, "vm"))
		balance_vm(record, reasons);
	else if (record_is(record, "end"))
		check_end(ledger, record);
	return 0;
}

int ledger_add(struct ledger *ledger, const struct shape *shape, json_t *record,
	       unsigned long line, bool *keep)
{
	const char *wrong = NULL;
	int again = 0;

	*keep = false;
	ledger->ended = !strcmp(shape->type, "end");
	if (shape->by_host)
		wrong = "is not the guest's to write";
	else if (shape->by_probe && is_arm(ledger, "bare"))
		wrong = "does not belong in the arm bare";
	else if (shape->by_check && !is_arm(ledger, "checked"))
		wrong = "belongs in the arm checked only";
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
	return check_record(ledger, record);
}

static void check_claim(struct ledger *ledger, const json_t *claim)
{
	json_int_t claimed = record_count(claim, "unlinked_count");
	json_int_t seen;
	char key[64];

	if (unavailable_path(seen_record(ledger, "probe"),
			     record_text(claim, "path")))
		return; /* the report says that it was not checked */
	snprintf(key, sizeof(key), "%s %s", record_text(claim, "path"),
		 record_text(claim, "level"));
	seen = record_count(ledger->unlinked, key);
	if (seen != claimed)
		reasons_add(ledger->reasons, REASON_TRUTH,
			    "table %s: the workload unlinked %lld, the probe "
			    "saw %lld",
			    key, claimed, seen);
}

static void check_truth(struct ledger *ledger)
{
	const json_t *truth = seen_record(ledger, "truth");
	const json_t *tables = json_object_get(truth, "tables");
	size_t i;

	if (!truth) {
		reasons_add(ledger->reasons, REASON_TRUTH,
			    "no truth record: the workload did not finish");
		return;
	}
	if (strcmp(record_text(truth, "workload"),
		   record_text(ledger->header, "workload")))
		reasons_add(ledger->reasons, REASON_TRUTH,
			    "the workload was %s, not %s",
			    record_text(truth, "workload"),
			    record_text(ledger->header, "workload"));
	if (record_count(truth, "seed") != record_count(ledger->header, "seed"))
		reasons_add(ledger->reasons, REASON_TRUTH,
			    "the seed was %lld, not %lld",
			    record_count(truth, "seed"),
			    record_count(ledger->header, "seed"));
	if (is_arm(ledger, "bare"))
		return; /* nobody was looking */
	for (i = 0; i < json_array_size(tables); i++)
		check_claim(ledger, json_array_get(tables, i));
}

/* What one record of the probe says of another. */
static void check_softirq(struct ledger *ledger)
{
	const json_t *softirq = seen_record(ledger, "softirq");
	const json_t *probe = seen_record(ledger, "probe");
	json_int_t cpus = record_count(ledger->header, "smp");

	if (softirq)
		balance_softirq(softirq,
				unavailable_reason(probe, "callback")
					? -1
					: ledger->invoked,
				cpus, ledger->reasons);
}

static void check_pages(struct ledger *ledger)
{
	const json_t *page = seen_record(ledger, "page");
	const json_t *twice = seen_record(ledger, "double_rcu");
	const json_t *pinned = seen_record(ledger, "pinned");

	if (twice)
		balance_double_rcu(twice, page, page_bytes(ledger),
				   ledger->reasons);
	if (pinned)
		balance_pinned(pinned, page, page_bytes(ledger),
			       ledger->reasons);
	/* A callback that variant.ini does not name would escape the model. */
	if (!ledger->facts.blind &&
	    ledger->facts.extra > ledger->facts.own_enqueued)
		reasons_add(ledger->reasons, REASON_CONSERVATION,
			    "%lld call_rcu() of pages' own from inside a "
			    "batch, but %lld by the callbacks that "
			    "variant.ini names",
			    ledger->facts.extra, ledger->facts.own_enqueued);
}

/* A record that the probe always has is there, or the probe says why not. */
static void check_complete(struct ledger *ledger)
{
	const json_t *probe = seen_record(ledger, "probe");
	const struct shape *shape;

	if (is_arm(ledger, "bare"))
		return;
	if (!probe) {
		reasons_add(ledger->reasons, REASON_LOSS,
			    "no probe record: nothing says what it lost");
		return;
	}
	unavailable_check(probe, ledger->seen, ledger->reasons);
	for (shape = shapes; shape->type; shape++) {
		if (!shape->by_probe || shape->keys[0] ||
		    (shape->by_check && !is_arm(ledger, "checked")) ||
		    seen_record(ledger, shape->type) ||
		    unavailable_reason(probe, shape->type))
			continue;
		reasons_add(ledger->reasons, REASON_LOSS,
			    "no %s record, and the probe does not say why",
			    shape->type);
	}
}

int ledger_finish(struct ledger *ledger)
{
	if (!seen_record(ledger, "boot"))
		reasons_add(ledger->reasons, REASON_BOOT,
			    "no boot record: the guest's init did not start");
	if (!ledger->ended)
		reasons_add(ledger->reasons, REASON_TRUNCATED,
			    "the guest's last record is not `end`");
	check_truth(ledger);
	check_pages(ledger);
	check_softirq(ledger);
	model_check(&ledger->facts, ledger->reasons);
	check_complete(ledger);
	return ledger->reasons->error;
}
