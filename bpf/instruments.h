/* SPDX-License-Identifier: GPL-2.0 */
/* What the instruments of a replay (replay.h) offer to it and to each other. */
#ifndef PFD_INSTRUMENTS_H
#define PFD_INSTRUMENTS_H

#include "replay.h"

struct json_t;

/* A queued RCU callback. */
struct pending {
	uint64_t head; /* first: the trees compare by it */
	uint64_t queued_ns;
	struct function *function;
	const struct event *event; /* EVENT_QUEUED, with the tables */
	bool extra;		   /* see struct running */
};

/* A table that was unlinked, from event_table(). */
struct table {
	uint64_t address;
	uint32_t level;
};

struct table event_table(const struct event *e, uint32_t i);

/* The address of a table's struct page, or of the one a callback is for. */
uint64_t page_of_table(const struct replay *r, uint64_t table);
bool page_of_head(const struct replay *r, const struct event *queued,
		  uint64_t *page);

/* The callback that task executes on that CPU, or NULL. */
const struct running *running_callback(const struct replay *r, uint32_t cpu,
				       uint64_t task);

/* Full grace periods between two moments, by RCU's number. */
uint64_t full_grace_periods(uint64_t then, uint64_t now);

/*
 * How a page ends: in a callback, or else by pte_frag_destroy(), if that was
 * called for it, or elsewhere.
 */
enum page_end page_end(const struct replay *r, bool destroyed,
		       const struct running *running);

/* Trees (search.h) of structures that begin with a uint64_t key. */
void *tree_find(void *const *root, uint64_t key);
/* Returns the new one, zeroed but for its key, or NULL with r->error set. */
void *tree_add(struct replay *r, void **root, uint64_t key, size_t size);
void tree_remove(void **root, void *node);
void tree_free(void **root);

void callbacks_queued(struct replay *r, const struct event *e, uint32_t cpu);
void callbacks_invoked(struct replay *r, const struct event *e, uint32_t cpu);
/* The same where only functions tell: a call, by RCU if that was queued. */
void callbacks_entered(struct replay *r, const struct event *e, uint32_t cpu);
void callbacks_left(struct replay *r, const struct event *e, uint32_t cpu);
void callbacks_end_run(struct replay *r, uint32_t cpu, uint64_t now);
const struct pending *callbacks_pending(const struct replay *r, uint64_t head);
void callbacks_count_left(struct replay *r);
int callbacks_write(struct replay *r, FILE *out);
void callbacks_free(struct callbacks *c);

int tables_init(struct replay *r);
/* A table that goes into a batch is of PTEs; others are not told of. */
void tables_told(struct replay *r, const struct event *e);
void tables_batch_put(struct replay *r, const struct event *e);
void tables_batch_queued(struct replay *r, const struct event *e);
void tables_batch_invoked(struct replay *r, const struct pending *p,
			  uint64_t now);
void tables_batch_left(struct replay *r, const struct pending *p);
/* Of batches that were never queued: all their tables were put. */
void tables_count_put(struct replay *r);
void tables_deferred(struct replay *r, const struct event *e, uint32_t cpu);
void tables_freed(struct replay *r, const struct event *e, uint32_t cpu);
void tables_pmd_freed(struct replay *r, const struct event *e, uint32_t cpu);
/* A table of path defer is put with its page. */
void tables_deferred_put(struct replay *r, uint64_t wait_ns);
void tables_deferred_left(struct replay *r, uint64_t count);
int tables_write(struct replay *r, FILE *out);
void tables_free(struct replay *r);

void pages_unlinked(struct replay *r, uint64_t page, const struct event *e,
		    enum table_path path);
void pages_not_owed(struct replay *r, uint64_t page, uint64_t now);
void pages_batch_invoked(struct replay *r, uint64_t page,
			 const struct pending *p);
void pages_own_queued(struct replay *r, uint64_t page, const struct event *e,
		      bool by_batch);
void pages_own_invoked(struct replay *r, uint64_t page, uint64_t queued_ns);
void pages_destroyed(struct replay *r, const struct event *e);
/* The heads that a page's end may be owed to: its batch's, its own, or 0. */
bool pages_wait_for(const struct replay *r, uint64_t page, uint64_t *batch,
		    uint64_t *own);
void pages_freed(struct replay *r, const struct event *e, uint32_t cpu);
void pages_count_left(struct replay *r);
int pages_write(struct replay *r, FILE *out);
void pages_free(struct replay *r);

/* Callbacks whose call was missed, by the pages that are freed: unseen.c. */
void unseen_before_free(struct replay *r, const struct event *e, uint32_t cpu);
void unseen_after_free(struct replay *r, const struct event *e, uint32_t cpu);

/* count tables more, or less, are unlinked and not free; pages likewise. */
void pinned_change(struct replay *r, uint64_t time_ns, int64_t tables,
		   int64_t pages);
int pinned_write(struct replay *r, FILE *out);
void pinned_free(struct pinned *p);

void grace_periods_event(struct replay *r, const struct event *e);
int grace_periods_write(struct replay *r, FILE *out);

int softirq_init(struct replay *r);
void softirq_event(struct replay *r, const struct event *e, uint32_t cpu);
int softirq_write(struct replay *r, FILE *out);
void softirq_free(struct replay *r);

#endif
