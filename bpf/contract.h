/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The contract of a freed page table, and whether the kernel kept to it; the
 * record is `contract` (docs/records.md):
 *
 *	A table that was handed to pte_free_defer() or tlb_remove_table() may
 *	still be walked by who found it before it was unlinked. Until a full
 *	RCU grace period has passed its page must not be freed, the table not be
 *	handed out again, and the page's destructor not be run, which frees the
 *	lock that such a walker may take. No rcu_head may be queued while it is
 *	queued. And in the end the page must be freed.
 *
 * Part of the replay (replay.h), only where struct machine has `contract`. All
 * functions may be called without, and then do nothing.
 */
#ifndef PFD_CONTRACT_H
#define PFD_CONTRACT_H

#include "replay.h"

struct pending;

int contract_init(struct replay *r);
void contract_free(struct replay *r);

/*
 * A table of PTEs or PMDs was unlinked; on what path says what is owed. (PUD
 * tables are of a slab, whose pages are not theirs.)
 */
void contract_unlinked(struct replay *r, uint64_t table, const struct event *e,
		       enum table_path path);
/* Whether that free is of what its task gave to tlb_remove_table() last. */
bool contract_is_removed(struct replay *r, const struct event *e);
/* EVENT_ASKED, _HANDED, _MM_EXITS, _REMOVED, _SYNCED, _DESTROYED */
void contract_event(struct replay *r, const struct event *e);
/* That head was queued, and is pending: since `earlier`, if not NULL. */
void contract_queued(struct replay *r, const struct event *e,
		     const struct pending *earlier);
void contract_invoked(struct replay *r, const struct event *e,
		      const struct pending *p);
/* Before pages_freed(). */
void contract_page_freed(struct replay *r, const struct event *e, uint32_t cpu);

/* After all events; pages that a pending callback may yet free do not count. */
void contract_still_pending(struct replay *r, const struct pending *p);
void contract_count_left(struct replay *r);

/*
 * What could not be judged: tables asked for of which it was not seen which
 * they were; pages whose end nobody saw, or that were still to come.
 */
uint64_t contract_lost_tables(const struct replay *r);
uint64_t contract_lost_pages(const struct replay *r);
int contract_write(struct replay *r, FILE *out);

#endif
