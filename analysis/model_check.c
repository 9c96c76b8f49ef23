// SPDX-License-Identifier: GPL-2.0
/* Holding variants to their cost models; see model.h. */
#include "model.h"
#include "record.h"

static bool is(const struct model_facts *facts, const char *path,
	       const char *word)
{
	return !strcmp(record_text(facts->header, path), word);
}

/* Where a callback is queued at a page's last put, it frees the page. */
static bool callback_frees(const struct model_facts *facts)
{
	if (is(facts, "tlb_call_rcu", "page") ||
	    is(facts, "tlb_call_rcu", "page-at-put"))
		return facts->direct_watched && !facts->kernel_unlinked;
	return (is(facts, "defer_call_rcu", "page") ||
		is(facts, "defer_call_rcu", "page-if-deferred")) &&
	       (is(facts, "tlb_call_rcu", "page-if-deferred") ||
		is(facts, "tlb_call_rcu", "never"));
}

static void check_freed(const struct model_facts *facts,
			struct reasons *reasons)
{
	json_int_t freed = facts->pages_by_own, invoked = facts->own_invoked;

	/* What was queued before the probe looked may be of a page unseen. */
	if (freed - facts->own_earlier > invoked ||
	    (freed < invoked && callback_frees(facts)))
		reasons_add(reasons, REASON_MODEL,
			    "%lld callbacks of the variant's own were invoked, "
			    "%lld pages freed by theirs",
			    invoked, freed);
}

static void check_own(const struct model_facts *facts,
		      const struct model_prediction *by,
		      struct reasons *reasons)
{
	json_int_t own = facts->own_enqueued;

	if (!model_within(&by->own, own))
		reasons_add(reasons, REASON_MODEL,
			    "%lld call_rcu() of the variant's own, %s %lld by "
			    "its model (%s)",
			    own, own < by->own.min ? "at least" : "at most",
			    own < by->own.min ? by->own.min : by->own.max,
			    by->own_of);
	check_freed(facts, reasons);
}

void model_check(const struct model_facts *facts, struct reasons *reasons)
{
	struct model_prediction by;

	if (!model_predict(facts, &by))
		return;
	if (by.own_known)
		check_own(facts, &by, reasons);
	if (!model_within(&by.extra, facts->extra))
		reasons_add(reasons, REASON_MODEL,
			    "%lld call_rcu() from inside a batch's callback, "
			    "at most %lld by its model",
			    facts->extra, by.extra.max);
	/* Others may be freed by pte_frag_destroy(), or without a batch. */
	if (facts->pages_by_batch && by.waits.min > 1)
		reasons_add(reasons, REASON_MODEL,
			    "%lld pages were freed by a batch's callback, "
			    "after which each should wait for another",
			    facts->pages_by_batch);
	if (facts->pages_by_batch && is(facts, "tlb_call_rcu", "page-at-put"))
		reasons_add(reasons, REASON_MODEL,
			    "%lld pages were freed by a batch's callback, none "
			    "by its model",
			    facts->pages_by_batch);
	if (facts->double_pages && !by.waits.open && by.waits.max < 2)
		reasons_add(reasons, REASON_MODEL,
			    "%lld pages of the TLB path waited for two "
			    "callbacks, at most %lld by its model",
			    facts->double_pages, by.waits.max);
}
