// SPDX-License-Identifier: GPL-2.0
/*
 * Holds the events of a log against the contract; see contract.h.
 *
 * Whether a full grace period has passed is asked of RCU's own number. A false
 * alarm is not possible by it: the number at an unlink (rcu_state's) is read
 * before the variant can have called call_rcu(), which takes its own later; and
 * the one at an end (the root node's) is set before any CPU learns from a leaf
 * that the grace period is over. Both are read where the thing happens, so that
 * it does not matter in which order CPUs wrote their logs. Expedited grace
 * periods are not counted, which no page table waits for.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "contract_state.h"
#include "write.h"

int contract_init(struct replay *r)
{
	if (!r->machine.contract)
		return 0;
	r->contract = calloc(1, sizeof(*r->contract));
	return r->contract ? 0 : -ENOMEM;
}

void contract_free(struct replay *r)
{
	if (!r->contract)
		return;
	tree_free(&r->contract->pages);
	tree_free(&r->contract->asking);
	tree_free(&r->contract->mms);
	tree_free(&r->contract->removed);
	free(r->contract);
}

static struct contract_page *track(struct replay *r, uint64_t page)
{
	struct contract_page *state = find_page(r, page);

	if (state)
		return state;
	return tree_add(r, &r->contract->pages, page,
			sizeof(*state) + tables_of_page(r) *
						 sizeof(state->fragments[0]));
}

static struct fragment *fragment_of(const struct replay *r,
				    struct contract_page *state, uint64_t table)
{
	uint64_t offset = table & ((1ull << r->machine.page_shift) - 1);

	return &state->fragments[offset * tables_of_page(r) >>
				 r->machine.page_shift];
}

static struct mm *mm_at(struct replay *r, uint64_t address)
{
	struct mm *mm = tree_find(&r->contract->mms, address);

	return mm ?: tree_add(r, &r->contract->mms, address, sizeof(*mm));
}

static struct owner owner_at(struct replay *r, uint64_t address)
{
	struct mm *mm = mm_at(r, address);

	return (struct owner){mm, mm ? mm->exits : 0};
}

static void belongs_to(struct replay *r, struct contract_page *state,
		       const struct owner *owner)
{
	if (!state->shared && state->owner.mm &&
	    (state->owner.mm != owner->mm ||
	     state->owner.exits != owner->exits)) {
		state->shared = true;
		r->contract->shared_pages++;
	}
	state->owner = *owner;
}

static bool is_early(const struct unlinked *unlinked, uint64_t seq)
{
	return unlinked->event &&
	       !full_grace_periods(unlinked->event->seq, seq);
}

void contract_violation(struct violations *violations, enum violation_kind kind,
			enum unlinked_by by, int end, const struct event *e,
			uint64_t seq, const struct unlinked *unlinked,
			uint64_t page)
{
	struct violation v = {.time_ns = e->time_ns,
			      .page = page,
			      .seq = seq,
			      .stack = e->stack};

	if (unlinked && unlinked->event) {
		v.unlinked_ns = unlinked->event->time_ns;
		v.seq_unlinked = unlinked->event->seq;
		v.table = unlinked->table;
	}
	violations_add(violations, kind, by, end, &v);
}

/* Something came to its end: was a grace period owed that did not pass? */
static void check_owed(struct replay *r, const struct owed *owed,
		       enum violation_kind kind, int end, const struct event *e,
		       uint64_t page)
{
	enum unlinked_by by = last_owed(owed);
	const struct unlinked *last = &owed->by[by];

	/* If the last has waited for one, so have all before it. */
	if (by != BY_NONE && is_early(last, e->seq)) {
		contract_violation(&r->contract->violations, kind, by, end, e,
				   e->seq, last, page);
		return;
	}
	last = &owed->by[BY_NONE];
	if (is_early(last, e->seq))
		contract_violation(&r->contract->weaker, kind, BY_TLB, end, e,
				   e->seq, last, page);
}

static void removed(struct replay *r, const struct event *e)
{
	struct removed *removed = tree_find(&r->contract->removed, e->task);

	if (!removed)
		removed = tree_add(r, &r->contract->removed, e->task,
				   sizeof(*removed));
	if (!removed)
		return;
	removed->event = e;
	removed->synced = false;
}

static void synced(struct replay *r, const struct event *e)
{
	struct removed *removed = tree_find(&r->contract->removed, e->task);
	char name[NAME_SIZE] = "";

	if (!removed)
		return;
	r->machine.name_function(r->machine.context, e->object, name);
	if (!strcmp(name, "tlb_remove_table_smp_sync"))
		removed->synced = true;
}

static const struct removed *removal_of(struct replay *r, const struct event *e)
{
	const struct removed *removed =
		tree_find(&r->contract->removed, e->task);

	return removed && removed->event->object == e->object ? removed : NULL;
}

bool contract_is_removed(struct replay *r, const struct event *e)
{
	return r->contract && removal_of(r, e);
}

/* What an unlink owes; one that is told of late does not hide a later one. */
static void owe(struct owed *owed, enum unlinked_by by,
		const struct unlinked *unlinked)
{
	const struct event *last = owed->by[by].event;

	if (!last || last->time_ns <= unlinked->event->time_ns)
		owed->by[by] = *unlinked;
}

void contract_unlinked(struct replay *r, uint64_t table, const struct event *e,
		       enum table_path path)
{
	enum unlinked_by by = path == PATH_DEFER ? BY_DEFER : BY_TLB;
	struct unlinked unlinked = {e, table};
	const struct removed *removed;
	struct contract_page *state;
	struct fragment *fragment;

	if (!r->contract)
		return;
	/*
	 * With no memory for a batch its task itself frees a table: after IPIs,
	 * in 7.2 after synchronize_rcu(), unless the architecture puts it
	 * (arch_tlb_put_table()): then its page waits.
	 */
	if (path == PATH_FALLBACK && !(e->flags & EVENT_FALLBACK)) {
		removed = removal_of(r, e);
		if (removed) {
			unlinked.event = removed->event;
			by = removed->synced ? BY_NONE : BY_TLB;
		}
	}
	state = path == PATH_DIRECT || path == PATH_KERNEL
			? find_page(r, page_of_table(r, table))
			: track(r, page_of_table(r, table));
	if (!state)
		return;
	state->destroyed = false;
	fragment = fragment_of(r, state, table);
	fragment->owner = (struct owner){};
	if (path == PATH_DIRECT || path == PATH_KERNEL)
		return; /* nobody sees it any more, and nothing is owed */
	r->contract->tables_checked++;
	owe(&state->owed, by, &unlinked);
	owe(&fragment->owed, by, &unlinked);
	if (path == PATH_DEFER && !state->owner.mm)
		state->owner = owner_at(r, e->detail);
}

/*
 * One that was seen to ask, but not which table it got. If it asked while the
 * programs were being attached, its return went by before there was one.
 */
void contract_lost(struct replay *r, const struct asking *asking)
{
	if (asking->time_ns >= r->machine.begin_ns)
		r->contract->lost_tables++;
}

static void asked(struct replay *r, const struct event *e)
{
	struct contract *c = r->contract;
	struct asking *asking = tree_find(&c->asking, e->task);
	struct owner owner = owner_at(r, e->object);

	if (asking)
		contract_lost(r, asking);
	else
		asking = tree_add(r, &c->asking, e->task, sizeof(*asking));
	if (!asking || !owner.mm)
		return;
	asking->owner = owner;
	asking->time_ns = e->time_ns;
}

static void handed(struct replay *r, const struct event *e)
{
	struct contract *c = r->contract;
	struct asking *asking = tree_find(&c->asking, e->task);
	struct contract_page *state;
	struct fragment *fragment;

	if (e->object) {
		state = track(r, page_of_table(r, e->object));
		if (!state)
			return;
		c->fragments_checked++;
		fragment = fragment_of(r, state, e->object);
		check_owed(r, &fragment->owed, HANDED_OUT_EARLY, END_HANDED, e,
			   state->page);
		*fragment = (struct fragment){};
		if (asking) {
			belongs_to(r, state, &asking->owner);
			fragment->owner = asking->owner;
		}
	}
	if (asking)
		tree_remove(&c->asking, asking);
}

void contract_event(struct replay *r, const struct event *e)
{
	struct contract_page *state;
	struct mm *mm;

	if (!r->contract)
		return;
	if (e->kind == EVENT_ASKED) {
		asked(r, e);
	} else if (e->kind == EVENT_HANDED) {
		handed(r, e);
	} else if (e->kind == EVENT_REMOVED) {
		removed(r, e);
	} else if (e->kind == EVENT_SYNCED) {
		synced(r, e);
	} else if (e->kind == EVENT_DESTROYED) {
		state = find_page(r, page_of_table(r, e->object));
		if (state)
			state->destroyed = true;
	} else {
		mm = mm_at(r, e->object);
		if (mm)
			mm->exits++;
	}
}

/* The page's own head, and what it says of the destructor. */
static void check_destructor(struct replay *r, struct contract_page *state,
			     const struct event *e, int end)
{
	enum unlinked_by by = last_owed(&state->owed);
	const struct unlinked *last = &state->owed.by[by];

	if (by == BY_NONE || !(e->flags & EVENT_NO_TABLE) || state->destructed)
		return;
	state->destructed = true;
	/*
	 * If it ran since the callback was queued, nothing says when: but the
	 * grace period that is over now had to be waited for first.
	 */
	if (end == END_QUEUED && !is_early(last, e->seq))
		return;
	contract_violation(&r->contract->violations, DESTRUCTOR_EARLY, by, end,
			   e, e->seq, last, state->page);
}

void contract_queued(struct replay *r, const struct event *e,
		     const struct pending *earlier)
{
	struct contract_page *state = NULL;
	uint64_t page = 0;

	if (!r->contract)
		return;
	if (page_of_head(r, e, &page))
		state = find_page(r, page);
	if (earlier)
		contract_violation(&r->contract->violations, QUEUED_TWICE,
				   BY_NONE, END_QUEUED, e, e->seq, NULL, page);
	else if (state && !e->count)
		check_destructor(r, state, e, END_QUEUED);
}

void contract_invoked(struct replay *r, const struct event *e,
		      const struct pending *p)
{
	struct contract_page *state;
	uint64_t page;

	if (!r->contract || p->event->count ||
	    !page_of_head(r, p->event, &page))
		return;
	state = find_page(r, page);
	if (state)
		check_destructor(r, state, e, END_INVOKED);
}

void contract_page_freed(struct replay *r, const struct event *e, uint32_t cpu)
{
	struct contract_page *state;

	if (!r->contract)
		return;
	r->contract->seq = e->seq;
	state = find_page(r, e->object);
	if (!state)
		return;
	if (last_owed(&state->owed) != BY_NONE ||
	    state->owed.by[BY_NONE].event) {
		r->contract->pages_checked++;
		check_owed(r, &state->owed, FREED_EARLY,
			   page_end(r, state->destroyed,
				    running_callback(r, cpu, e->task)),
			   e, state->page);
	}
	tree_remove(&r->contract->pages, state);
}

uint64_t contract_lost_tables(const struct replay *r)
{
	return r->contract ? r->contract->lost_tables : 0;
}

uint64_t contract_lost_pages(const struct replay *r)
{
	return r->contract ? r->contract->lost_pages : 0;
}

int contract_write(struct replay *r, FILE *out)
{
	const struct contract *c = r->contract;

	if (!c)
		return 0;
	return write_record(
		json_pack(
			"{ss, s{sI, sI, sI, sI}, so, so}", "type", "contract",
			"checked", "tables_count",
			(json_int_t)c->tables_checked, "pages_count",
			(json_int_t)c->pages_checked, "fragments_count",
			(json_int_t)c->fragments_checked, "shared_pages_count",
			(json_int_t)c->shared_pages, "violations",
			violations_to_json(&c->violations, &r->machine),
			"weaker", violations_to_json(&c->weaker, &r->machine)),
		out);
}
