/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFD_MODEL_H
#define PFD_MODEL_H

struct ledger;

/*
 * Holds the variant's own call_rcu() calls to what its cost model (the
 * header's defer_call_rcu and tlb_call_rcu) allows for the tables and pages
 * that were seen. To be called when all records have been added.
 */
void model_check(struct ledger *ledger);

#endif
