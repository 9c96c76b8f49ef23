// SPDX-License-Identifier: GPL-2.0
/*
 * Pages of PTE tables: from the first table unlinked to their real end, with
 * every grace period and every RCU callback on the way.
 */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include "hist_json.h"
#include "instruments.h"
#include "write.h"

struct page_state {
	uint64_t page;	   /* struct page's address; the tree's key */
	uint64_t first_ns; /* first unlink */
	/* The last unlink that RCU has to cover; last_ns 0: there was none. */
	uint64_t last_ns, last_seq;
	enum table_path last_path;
	/* Of which callbacks that were queued since then were invoked. */
	uint32_t callbacks;
	const struct event *batch;     /* the last that counted */
	uint64_t own_queued_ns;	       /* its own callback, 0: never */
	uint64_t own_head, batch_head; /* of the last unlink; or 0 */
	bool own_queued_by_batch; /* by a batch's callback, since last_ns */
	bool destroyed;
	uint64_t tables; /* unlinked, that RCU has to cover */
	/* When its deferred tables were unlinked. */
	uint64_t *deferred_ns;
	uint32_t deferred, room;
};

static struct page_state *track(struct replay *r, uint64_t page, uint64_t now)
{
	struct page_state *state = tree_find(&r->pages->tracked_tree, page);

	if (state)
		return state;
	state = tree_add(r, &r->pages->tracked_tree, page, sizeof(*state));
	if (state) {
		state->first_ns = now;
		r->pages->tracked++;
	}
	return state;
}

static void remember_deferral(struct replay *r, struct page_state *state,
			      uint64_t now)
{
	uint32_t room = state->room ? 2 * state->room : 4;
	uint64_t *more;

	if (state->deferred == state->room) {
		more = reallocarray(state->deferred_ns, room, sizeof(*more));
		if (!more) {
			r->error = -ENOMEM;
			return;
		}
		state->deferred_ns = more;
		state->room = room;
	}
	state->deferred_ns[state->deferred++] = now;
}

void pages_unlinked(struct replay *r, uint64_t page, const struct event *e,
		    enum table_path path)
{
	struct page_state *state = track(r, page, e->time_ns);

	if (!state)
		return;
	state->last_ns = e->time_ns;
	state->last_seq = e->seq;
	state->last_path = path;
	state->batch_head = e->kind == EVENT_QUEUED ? e->object : 0;
	state->callbacks = 0;
	state->own_queued_by_batch = false;
	state->tables++;
	if (path == PATH_DEFER)
		remember_deferral(r, state, e->time_ns);
	pinned_change(r, e->time_ns, 1, 0);
}

void pages_not_owed(struct replay *r, uint64_t page, uint64_t now)
{
	track(r, page, now);
}

/* Called for each table of the batch: counts once. */
void pages_batch_invoked(struct replay *r, uint64_t page,
			 const struct pending *p)
{
	struct page_state *state = tree_find(&r->pages->tracked_tree, page);

	if (!state || p->queued_ns < state->last_ns || state->batch == p->event)
		return;
	state->batch = p->event;
	state->callbacks++;
}

void pages_own_queued(struct replay *r, uint64_t page, const struct event *e,
		      bool by_batch)
{
	struct page_state *state = tree_find(&r->pages->tracked_tree, page);

	r->pages->extra_callbacks += by_batch;
	if (!state)
		return;
	state->own_queued_ns = e->time_ns;
	state->own_head = e->object;
	state->own_queued_by_batch = by_batch;
}

void pages_own_invoked(struct replay *r, uint64_t page, uint64_t queued_ns)
{
	struct page_state *state = tree_find(&r->pages->tracked_tree, page);

	if (state && queued_ns >= state->last_ns)
		state->callbacks++;
}

/*
 * The exiting process gives up the fragments that were never handed out. If
 * they were the last, the page is freed right away.
 */
void pages_destroyed(struct replay *r, const struct event *e)
{
	uint64_t page = page_of_table(r, e->object);
	struct page_state *state = tree_find(&r->pages->tracked_tree, page);

	if (state)
		state->destroyed = true;
}

/*
 * One has passed since `then` once the number is (then + 7) & ~3
 * (rcu_seq_snap(), kernel/rcu/rcu.h).
 */
uint64_t full_grace_periods(uint64_t then, uint64_t now)
{
	uint64_t first = (then + 7) & ~3ull, done = now & ~3ull;

	/* It starts at -1200 (rcu_state, kernel/rcu/tree.c), and wraps. */
	return (int64_t)(done - first) < 0 ? 0 : (done - first) / 4 + 1;
}

enum page_end page_end(const struct replay *r, bool destroyed,
		       const struct running *running)
{
	if (running)
		return running->function->address ==
				       r->machine.table_batch_callback
			       ? END_BATCH
			       : END_OWN;
	return destroyed ? END_DESTROY : END_AT_ONCE;
}

/* The double RCU: a second wait begins where the first one ends. */
static void count_tlb_page(struct replay *r, const struct page_state *state,
			   uint64_t now)
{
	uint64_t bytes = 1ull << r->machine.page_shift, second;
	struct pages *pages = r->pages;

	pages->held_byte_ns += bytes * (now - state->last_ns);
	if (!state->own_queued_by_batch) {
		pages->single++;
		return;
	}
	second = now - state->own_queued_ns;
	pages->twice++;
	hist_add(&pages->first_wait, state->own_queued_ns - state->last_ns, 1);
	hist_add(&pages->second_wait, second, 1);
	pages->second_held_byte_ns += bytes * second;
}

static void count_owed(struct replay *r, const struct page_state *state,
		       const struct event *e)
{
	struct pages *pages = r->pages;
	uint64_t periods = full_grace_periods(state->last_seq, e->seq);

	pages->periods[periods < WAITS ? periods : WAITS - 1]++;
	pages->callbacks[state->callbacks < WAITS ? state->callbacks
						  : WAITS - 1]++;
	hist_add(&pages->last_wait, e->time_ns - state->last_ns, 1);
	if (state->last_path != PATH_DEFER)
		count_tlb_page(r, state, e->time_ns);
	/* From its last table on, nothing but RCU held the page. */
	pinned_change(r, state->last_ns, 0, 1);
	pinned_change(r, e->time_ns, -(int64_t)state->tables, -1);
	r->pinned.last_end_ns = e->time_ns;
}

bool pages_wait_for(const struct replay *r, uint64_t page, uint64_t *batch,
		    uint64_t *own)
{
	const struct page_state *state =
		tree_find(&r->pages->tracked_tree, page);

	if (!state)
		return false;
	*batch = state->batch_head;
	*own = state->own_head;
	return true;
}

void pages_freed(struct replay *r, const struct event *e, uint32_t cpu)
{
	struct page_state *state =
		tree_find(&r->pages->tracked_tree, e->object);
	const struct running *running = running_callback(r, cpu, e->task);
	struct pages *pages = r->pages;
	uint32_t i;

	if (!state)
		return;
	pages->freed++;
	pages->rechecked += !!(e->flags & EVENT_RECHECKED);
	pages->ends[page_end(r, state->destroyed, running)]++;
	hist_add(&pages->wait, e->time_ns - state->first_ns, 1);
	if (state->last_ns)
		count_owed(r, state, e);
	else
		pages->not_owed++;
	for (i = 0; i < state->deferred; i++)
		tables_deferred_put(r, e->time_ns - state->deferred_ns[i]);
	free(state->deferred_ns);
	tree_remove(&pages->tracked_tree, state);
}

static void count_left(const void *node, VISIT which, void *closure)
{
	struct page_state *const *state = node;

	if (which == postorder || which == leaf)
		tables_deferred_left(closure, (*state)->deferred);
}

void pages_count_left(struct replay *r)
{
	twalk_r(r->pages->tracked_tree, count_left, r);
}

static void count_node(const void *node, VISIT which, void *closure)
{
	uint64_t *count = closure;

	(void)node;
	*count += which == postorder || which == leaf;
}

static int write_double(const struct replay *r, FILE *out)
{
	const struct pages *p = r->pages;

	return write_record(
		json_pack("{ss, sI, sI, sI, so, so, so, sI, sI}", "type",
			  "double_rcu", "single_count", (json_int_t)p->single,
			  "double_count", (json_int_t)p->twice,
			  "extra_callbacks_count",
			  (json_int_t)p->extra_callbacks, "first_wait_ns",
			  hist_to_json(&p->first_wait), "second_wait_ns",
			  hist_to_json(&p->second_wait),
			  "extra_callback_run_ns",
			  r->machine.offloaded ? json_null()
					       : hist_to_json(&p->extra_run),
			  "held_byte_ns", (json_int_t)p->held_byte_ns,
			  "second_held_byte_ns",
			  (json_int_t)p->second_held_byte_ns),
		out);
}

int pages_write(struct replay *r, FILE *out)
{
	const struct pages *p = r->pages;
	uint64_t outstanding = 0;
	int error;

	twalk_r(p->tracked_tree, count_node, &outstanding);
	error = write_record(
		json_pack(
			"{ss, sI, sI, sI, sI, sI, sI, sI, sI, sI, sI, sI, sI, "
			"sI, sI, sI, sI, so, so}",
			"type", "page", "tracked_count", (json_int_t)p->tracked,
			"freed_count", (json_int_t)p->freed,
			"outstanding_count", (json_int_t)outstanding,
			"waited_none_count", (json_int_t)p->periods[0],
			"waited_one_count", (json_int_t)p->periods[1],
			"waited_two_count", (json_int_t)p->periods[2],
			"waited_more_count", (json_int_t)p->periods[3],
			"not_owed_count", (json_int_t)p->not_owed,
			"no_callback_count", (json_int_t)p->callbacks[0],
			"one_callback_count", (json_int_t)p->callbacks[1],
			"two_callbacks_count", (json_int_t)p->callbacks[2],
			"more_callbacks_count", (json_int_t)p->callbacks[3],
			"freed_by_batch_count", (json_int_t)p->ends[END_BATCH],
			"freed_by_own_count", (json_int_t)p->ends[END_OWN],
			"freed_at_once_count", (json_int_t)p->ends[END_AT_ONCE],
			"freed_by_destroy_count",
			(json_int_t)p->ends[END_DESTROY], "wait_ns",
			hist_to_json(&p->wait), "last_wait_ns",
			hist_to_json(&p->last_wait)),
		out);
	return error ? error : write_double(r, out);
}

static void free_deferred(const void *node, VISIT which, void *closure)
{
	struct page_state *const *state = node;

	(void)closure;
	if (which == postorder || which == leaf)
		free((*state)->deferred_ns);
}

void pages_free(struct replay *r)
{
	if (!r->pages)
		return;
	twalk_r(r->pages->tracked_tree, free_deferred, NULL);
	tree_free(&r->pages->tracked_tree);
	free(r->pages);
}
