// SPDX-License-Identifier: GPL-2.0
/* The variants' cost models; see model.h. */
#include <stdint.h>
#include <string.h>
#include "metric.h"
#include "model.h"
#include "record.h"

static bool is(const struct model_facts *facts, const char *path,
	       const char *word)
{
	return !strcmp(record_text(facts->header, path), word);
}

static json_int_t min_of(json_int_t a, json_int_t b)
{
	return a < b ? a : b;
}

static json_int_t max_of(json_int_t a, json_int_t b)
{
	return a > b ? a : b;
}

/* No sum of what is added here can be trusted not to overflow. */
static json_int_t sum_of(json_int_t a, json_int_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

/*
 * PTE_FRAG_NR: H_PTE_FRAG_NR and RADIX_PTE_FRAG_NR in
 * arch/powerpc/include/asm/book3s/64/{hash,radix}-{4k,64k}.h.
 */
static json_int_t tables_per_page(const json_t *header)
{
	if (strcmp(record_text(header, "pages"), "64k"))
		return 1;
	return strcmp(record_text(header, "mmu"), "radix") ? 16 : 256;
}

void model_begin(struct model_facts *facts, const json_t *header)
{
	memset(facts, 0, sizeof(*facts));
	facts->header = header;
	facts->tables_per_page = tables_per_page(header);
}

static void add_callback(struct model_facts *facts, const json_t *record)
{
	const char *function = record_text(record, "function");

	if (!strcmp(function, TLB_CALLBACK) &&
	    record_count(record, "earlier_count"))
		facts->earlier = true;
	if (!metric_is_own_callback(facts->header, function))
		return;
	facts->own_enqueued = sum_of(facts->own_enqueued,
				     record_count(record, "enqueued_count"));
	facts->own_invoked = sum_of(facts->own_invoked,
				    record_count(record, "invoked_count"));
	facts->own_earlier = sum_of(facts->own_earlier,
				    record_count(record, "earlier_count"));
}

static void add_table(struct model_facts *facts, const json_t *record)
{
	json_int_t unlinked = record_count(record, "unlinked_count");
	const char *path = record_text(record, "path");

	if (!strcmp(path, "direct"))
		facts->direct_watched = true;
	if (strcmp(record_text(record, "level"), "pte"))
		return;
	if (!strcmp(path, "defer"))
		facts->deferred = unlinked;
	else if (!strcmp(path, "fallback"))
		facts->fallback_unlinked = unlinked;
	else if (!strcmp(path, "kernel"))
		facts->kernel_unlinked = unlinked;
	else if (!strcmp(path, "munmap") || !strcmp(path, "exit"))
		facts->tlb_unlinked = sum_of(facts->tlb_unlinked, unlinked);
}

static void add_page(struct model_facts *facts, const json_t *record)
{
	facts->pages_tracked = record_count(record, "tracked_count");
	facts->pages_freed = record_count(record, "freed_count");
	facts->pages_destroyed = record_count(record, "freed_by_destroy_count");
	facts->pages_by_batch = record_count(record, "freed_by_batch_count");
	facts->pages_by_own = record_count(record, "freed_by_own_count");
	facts->no_callback = record_count(record, "no_callback_count");
	facts->one_callback = record_count(record, "one_callback_count");
	facts->two_callbacks = record_count(record, "two_callbacks_count");
	facts->more_callbacks = record_count(record, "more_callbacks_count");
}

static void add_probe(struct model_facts *facts, const json_t *probe)
{
	static const char *const needed[] = {
		"callback",	"page",	      "double_rcu",  "table",
		"table.munmap", "table.exit", "table.defer",
	};
	const json_t *list = json_object_get(probe, "unavailable");
	size_t i, j;

	facts->probed = true;
	for (i = 0; i < json_array_size(list); i++) {
		const char *name =
			record_text(json_array_get(list, i), "record");

		/* A kernel without pte_free_defer() is no riddle to this. */
		if (!strcmp(name, "table.defer") &&
		    is(facts, "defer_call_rcu", "never"))
			continue;
		for (j = 0; j < sizeof(needed) / sizeof(needed[0]); j++)
			facts->blind |= !strcmp(name, needed[j]);
	}
}

void model_add(struct model_facts *facts, const json_t *record)
{
	if (record_is(record, "callback")) {
		add_callback(facts, record);
	} else if (record_is(record, "table")) {
		add_table(facts, record);
	} else if (record_is(record, "page")) {
		add_page(facts, record);
	} else if (record_is(record, "double_rcu")) {
		facts->single_pages = record_count(record, "single_count");
		facts->double_pages = record_count(record, "double_count");
		facts->extra = record_count(record, "extra_callbacks_count");
	} else if (record_is(record, "probe")) {
		add_probe(facts, record);
	}
}

/* Pages that must have had a deferral: each has room for only so many. */
static json_int_t deferral_pages(const struct model_facts *facts)
{
	json_int_t tables = facts->tables_per_page;

	return facts->deferred / tables + !!(facts->deferred % tables);
}

/* Once for each page, at its last put, on whatever path. */
static void predict_page(const struct model_facts *facts,
			 struct model_prediction *out)
{
	/*
	 * Not when pte_frag_destroy() puts last. Pages that are not free yet
	 * may have been queued or not.
	 */
	out->own.min = facts->pages_freed - facts->pages_destroyed;
	out->own.max = sum_of(facts->pages_tracked - facts->pages_destroyed,
			      facts->kernel_unlinked);
	/* Pages all of whose tables went a path that nobody watched. */
	out->own.open = !facts->direct_watched;
	out->own_of = "one a page, but not when an exit puts it last";
}

/* Where the last put of a page is not that of a table that a batch holds. */
static void predict_page_if_last(const struct model_facts *facts,
				 struct model_prediction *out)
{
	bool shared = facts->tables_per_page > 1;

	out->own.min = shared ? 0 : facts->deferred;
	out->own.max = facts->pages_tracked - facts->pages_destroyed;
	out->own.open = shared && !facts->direct_watched;
	out->own_of = "one a page, if its last table is in no batch";
}

/* Once for each page, but only if one of its tables was deferred. */
static void predict_page_if_deferred(const struct model_facts *facts,
				     struct model_prediction *out)
{
	json_int_t not_queued =
		sum_of(max_of(facts->pages_tracked - facts->pages_freed, 0),
		       facts->pages_destroyed);

	out->own.max = min_of(facts->deferred,
			      facts->pages_tracked - facts->pages_destroyed);
	out->own.min = max_of(deferral_pages(facts) - not_queued, 0);
	out->own_of = "one a page, if a table was deferred";
}

static void predict_defer(const struct model_facts *facts,
			  struct model_prediction *out)
{
	if (is(facts, "defer_call_rcu", "never")) {
		out->own_of = "never";
	} else if (is(facts, "defer_call_rcu", "table")) {
		out->own.min = out->own.max = facts->deferred;
		out->own_of = "one a deferred table";
	} else if (is(facts, "defer_call_rcu", "page-and-grace-period")) {
		/*
		 * Each stands for one deferral at least. A variant may defer
		 * what finds no batch, too.
		 */
		out->own.min = deferral_pages(facts);
		out->own.max =
			sum_of(facts->deferred, facts->fallback_unlinked);
		out->own_of = "one a page and grace period with deferrals";
	} else if (is(facts, "defer_call_rcu", "page-if-last")) {
		predict_page_if_last(facts, out);
	} else {
		predict_page_if_deferred(facts, out);
	}
}

static void predict_tlb(const struct model_facts *facts,
			struct model_prediction *out)
{
	/* A page of one table only: it was deferred, or it was not. */
	bool both = (facts->deferred || facts->earlier) &&
		    facts->tables_per_page > 1;

	out->waits = (struct model_range){.min = 1, .max = 1};
	if (is(facts, "tlb_call_rcu", "page")) {
		out->extra.max = facts->pages_tracked;
		out->waits.min = out->waits.max = 2;
	} else if (is(facts, "tlb_call_rcu", "page-if-deferred")) {
		out->extra.max = both ? out->own.max : 0;
		out->extra.open = both && facts->earlier;
		out->waits.max = both ? 2 : 1;
	} else if (!is(facts, "tlb_call_rcu", "never") &&
		   !is(facts, "tlb_call_rcu", "page-at-put")) {
		out->extra.max = facts->tlb_unlinked;
		out->own.max = sum_of(out->own.max, facts->tlb_unlinked);
		if (is(facts, "tlb_call_rcu", "table"))
			out->own.min =
				sum_of(out->own.min, facts->tlb_unlinked);
		out->waits.open = true;
	}
}

/* What variant.ini says of every configuration, where that is narrower. */
static void narrow_waits(const struct model_facts *facts,
			 struct model_range *waits)
{
	if (!record_is_null(facts->header, "tlb_grace_periods_min"))
		waits->min = max_of(
			waits->min,
			record_count(facts->header, "tlb_grace_periods_min"));
	if (record_is_null(facts->header, "tlb_grace_periods_max"))
		return;
	if (waits->open)
		waits->max = INT64_MAX;
	waits->max = min_of(waits->max, record_count(facts->header,
						     "tlb_grace_periods_max"));
	waits->open = false;
}

bool model_predict(const struct model_facts *facts,
		   struct model_prediction *prediction)
{
	memset(prediction, 0, sizeof(*prediction));
	if (!facts->probed || facts->blind ||
	    is(facts, "defer_call_rcu", "unknown") ||
	    is(facts, "tlb_call_rcu", "unknown"))
		return false;
	if (is(facts, "tlb_call_rcu", "page") ||
	    is(facts, "tlb_call_rcu", "page-at-put"))
		predict_page(facts, prediction);
	else
		predict_defer(facts, prediction);
	predict_tlb(facts, prediction);
	narrow_waits(facts, &prediction->waits);
	prediction->own_known = !facts->earlier;
	prediction->extra.open |= facts->earlier && prediction->extra.max;
	return true;
}

bool model_within(const struct model_range *range, json_int_t value)
{
	return value >= range->min && (range->open || value <= range->max);
}
