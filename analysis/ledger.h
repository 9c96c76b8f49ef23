/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ledger of one cell: holds what the guest wrote against what was booted,
 * against itself (conservation), against what the workload knows it did
 * (truth), against the variant's model and against what the probe lost.
 * docs/records.md has the equations.
 *
 *	ledger_init
 *	ledger_add	for each record of the guest, in order
 *	ledger_finish	once
 *	ledger_free
 *
 * Every function but ledger_free returns 0, or -ENOMEM. What is wrong with
 * the records goes to `reasons`, which the caller owns.
 */
#ifndef PFD_LEDGER_H
#define PFD_LEDGER_H

#include <stdbool.h>
#include <jansson.h>
#include "model.h"
#include "reasons.h"
#include "shape.h"

struct ledger {
	const json_t *header; /* borrowed; of the shape `header` */
	struct reasons *reasons;
	json_t *seen;	  /* by "type": the record; "type key key": true */
	json_t *unlinked; /* "path level" to unlinked_count */
	struct model_facts facts;
	json_int_t invoked; /* by all callback records, seen enqueued or not */
	bool ended;	    /* the last record was `end` */
};

int ledger_init(struct ledger *ledger, const json_t *header,
		struct reasons *reasons);

/*
 * Takes one record of a known shape, from that line. *keep says whether it
 * belongs into the cell's records; a second one of its kind does not.
 */
int ledger_add(struct ledger *ledger, const struct shape *shape, json_t *record,
	       unsigned long line, bool *keep);

int ledger_finish(struct ledger *ledger);

void ledger_free(struct ledger *ledger);

#endif
