/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What plots need of a probed cell besides its metrics. It is taken while the
 * run is read, so that nothing is read twice; the buckets in use are all that
 * is kept of a histogram, some KB of a cell.
 */
#ifndef PFD_KEPT_H
#define PFD_KEPT_H

#include "hist_json.h"
#include "run.h"

/* What waits. */
enum kept_wait {
	KEPT_PAGE,   /* pages: last unlink to real end */
	KEPT_TLB,    /* tlb_remove_table_rcu */
	KEPT_OWN,    /* the variant's own callbacks, together */
	KEPT_SECOND, /* of pages that waited twice, the second time */
	KEPT_WAITS,
};

struct kept_hist {
	__u64 count, sum, min, max;
	size_t size;
	struct kept_bucket {
		__u32 index;
		__u64 times;
	} * buckets;
};

struct kept {
	struct kept_hist waits[KEPT_WAITS];
	double tlb_pages, twice;   /* of the TLB path; of these, waited twice */
	double wait_ns, second_ns; /* of all these pages together */
};

/*
 * For run_visit(): fills cell->kept where the arm is `probed`. Returns 0 or a
 * negative errno value. `context` is not used.
 */
int kept_take(struct cell *cell, const json_t *records, void *context);

/* Adds it to a whole one. */
void kept_merge(struct hist *to, const struct kept_hist *from);

/* NULL: nothing. */
void kept_free(struct kept *kept);

#endif
