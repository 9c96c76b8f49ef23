/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What must hold in one record of the probe or the workload, or between two.
 * Called by the ledger; whatever does not hold becomes a reason.
 */
#ifndef PFD_BALANCE_H
#define PFD_BALANCE_H

#include <stdbool.h>
#include <jansson.h>
#include "reasons.h"

/* total = part + other, where the sum of any two counts may overflow. */
static inline bool adds_up(json_int_t total, json_int_t part, json_int_t other)
{
	return part <= total && total - part == other;
}

/* balance_events.c */
void balance_callback(const json_t *callback, struct reasons *reasons);
void balance_grace_period(const json_t *gp, struct reasons *reasons);
void balance_table(const json_t *table, struct reasons *reasons);
void balance_op(const json_t *op, struct reasons *reasons);
void balance_vm(const json_t *vm, struct reasons *reasons);

/*
 * invoked: callbacks by all `callback` records, seen enqueued or not; negative
 * when they are not known.
 */
void balance_softirq(const json_t *softirq, json_int_t invoked, json_int_t cpus,
		     struct reasons *reasons);

/* arm: the header's. */
void balance_probe(const json_t *probe, const char *arm,
		   struct reasons *reasons);

/* balance_contract.c */
void balance_contract(const json_t *contract, struct reasons *reasons);

/* balance_pages.c; the other records may be NULL, when they are not there. */
void balance_page(const json_t *page, struct reasons *reasons);
void balance_double_rcu(const json_t *record, const json_t *page,
			json_int_t page_bytes, struct reasons *reasons);
void balance_pinned(const json_t *pinned, const json_t *page,
		    json_int_t page_bytes, struct reasons *reasons);

#endif
