// SPDX-License-Identifier: GPL-2.0
/* The variants' cost models; see model.h. */
#include <stdbool.h>
#include <string.h>
#include "ledger.h"
#include "model.h"

static bool is(const struct ledger *ledger, const char *path, const char *word)
{
	return !strcmp(json_string_value(json_object_get(ledger->header, path)),
		       word);
}

void model_check(struct ledger *ledger)
{
	json_int_t deferred = json_integer_value(
		json_object_get(ledger->unlinked, "defer pte"));
	json_int_t own = ledger->own_enqueued, most;
	const char *of;

	/*
	 * Tables that were on their way before the probe looked, as lazy RCU
	 * callbacks may be for seconds, are in nobody's count, but end here.
	 */
	if (ledger->earlier_tables)
		return;
	if (!ledger->probed || is(ledger, "defer_call_rcu", "unknown") ||
	    is(ledger, "tlb_call_rcu", "unknown"))
		return;
	if (is(ledger, "tlb_call_rcu", "page")) {
		/* Once for each page, at its last put, on whatever path. */
		most = ledger->pages_tracked;
		of = "one a page";
	} else if (is(ledger, "defer_call_rcu", "page")) {
		/* Likewise, but only if one of its tables was deferred. */
		most = deferred ? ledger->pages_tracked : 0;
		of = "one a page, if a table was deferred";
	} else if (is(ledger, "defer_call_rcu", "never")) {
		most = 0;
		of = "never";
	} else {
		/*
		 * table: each deferral calls it. page-and-grace-period: some
		 * do, or have the callback do it once more on their behalf.
		 */
		most = deferred;
		of = "one a deferred table";
	}
	if (own > most)
		reasons_add(ledger->reasons, REASON_MODEL,
			    "%lld call_rcu() of the variant's own, at most "
			    "%lld by its model (%s)",
			    own, most, of);
	if (is(ledger, "defer_call_rcu", "table") && own < deferred)
		reasons_add(ledger->reasons, REASON_MODEL,
			    "%lld call_rcu() of the variant's own, but %lld "
			    "tables were deferred",
			    own, deferred);
}
