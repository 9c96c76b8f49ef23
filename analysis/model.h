/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The variants' cost models: what a variant.ini claims, which the header
 * carries, turned into numbers for one cell.
 *
 *	model_begin
 *	model_add	for each record, in any order
 *	model_predict
 */
#ifndef PFD_MODEL_H
#define PFD_MODEL_H

#include <stdbool.h>
#include <jansson.h>
#include "reasons.h"

/* What a prediction starts from, and what it is held against. */
struct model_facts {
	const json_t *header; /* borrowed; of the shape `header` */
	json_int_t tables_per_page;
	json_int_t deferred; /* PTE tables by path */
	json_int_t tlb_unlinked, kernel_unlinked;
	json_int_t fallback_unlinked; /* there was no memory for a batch */
	bool direct_watched;
	json_int_t pages_tracked, pages_freed;
	json_int_t pages_destroyed, pages_by_batch, pages_by_own; /* freed */
	json_int_t own_enqueued; /* call_rcu() of the variant's own */
	json_int_t own_invoked;	 /* those callbacks, seen enqueued */
	json_int_t own_earlier;	 /* invoked as well, enqueued unseen */
	json_int_t extra;	 /* of these, from inside a batch's callback */
	json_int_t single_pages, double_pages; /* freed, of the TLB path */
	json_int_t no_callback, one_callback, two_callbacks, more_callbacks;
	bool probed;
	bool earlier; /* tables unlinked before the probe, put after */
	bool blind;   /* the kernel could not give what is needed */
};

struct model_range {
	json_int_t min, max;
	bool open; /* there is no max */
};

struct model_prediction {
	/*
	 * call_rcu() of the variant's own; nothing is known of it when tables
	 * were on their way before the probe looked, as with lazy callbacks:
	 * they are in nobody's count, but end here.
	 */
	bool own_known;
	struct model_range own;
	const char *own_of; /* the rule, for people */
	struct model_range extra;
	/* Callbacks, one after the other, that free a page of the TLB path. */
	struct model_range waits;
};

/* The header must live as long as the facts are used. */
void model_begin(struct model_facts *facts, const json_t *header);

void model_add(struct model_facts *facts, const json_t *record);

/*
 * False when nothing can be said: no probe, no model, or a kernel that could
 * not be watched.
 */
bool model_predict(const struct model_facts *facts,
		   struct model_prediction *prediction);

bool model_within(const struct model_range *range, json_int_t value);

/* Adds a reason for everything that is not as predicted. */
void model_check(const struct model_facts *facts, struct reasons *reasons);

#endif
