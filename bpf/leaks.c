// SPDX-License-Identifier: GPL-2.0
/* The contract's last question (contract.h): which pages did not come back. */
#include <search.h>
#include "contract_state.h"

static void set_pending(struct replay *r, uint64_t page)
{
	struct contract_page *state = find_page(r, page);

	if (state)
		state->pending = true;
}

void contract_still_pending(struct replay *r, const struct pending *p)
{
	uint64_t page;
	uint32_t i;

	if (!r->contract)
		return;
	for (i = 0; i < p->event->count; i++)
		set_pending(r,
			    page_of_table(r, event_table(p->event, i).address));
	if (page_of_head(r, p->event, &page))
		set_pending(r, page);
}

static bool is_there(const struct replay *r, const struct contract_page *state)
{
	return r->machine.is_table(r->machine.context, state->page);
}

/*
 * Whether somebody who lives has tables there, or may get some: whose page it
 * is, if it is nobody else's.
 */
static bool in_use(const struct replay *r, const struct contract_page *state)
{
	uint64_t i;

	if (!state->owner.mm || (!state->shared && lives(&state->owner)))
		return true;
	for (i = 0; i < tables_of_page(r); i++)
		if (lives(&state->fragments[i].owner))
			return true;
	return false;
}

/*
 * A page is leaked if nothing may free it any more: nobody who lives uses it,
 * no callback is under way, and it is a page of tables yet. If it is none, its
 * end was missed; if a callback is under way after all that waiting, its end is
 * yet to come. Either decides nothing. Where pages are shared, none may end
 * unseen: nobody's exit would explain it.
 */
static void count_left(const void *node, VISIT which, void *closure)
{
	struct contract_page *const *state = node;
	struct replay *r = closure;
	const struct unlinked *last;
	struct event end = {.time_ns = r->machine.end_ns};
	enum unlinked_by by;
	bool used;

	if (which != postorder && which != leaf)
		return;
	by = last_owed(&(*state)->owed);
	last = &(*state)->owed.by[by];
	if (by == BY_NONE)
		return;
	r->contract->pages_checked++;
	used = in_use(r, *state);
	if (used && !r->contract->shared_pages)
		return;
	if (!is_there(r, *state) || (!used && (*state)->pending)) {
		r->contract->lost_pages++;
		return;
	}
	if (used)
		return;
	end.stack = last->event->stack;
	contract_violation(&r->contract->violations, LEAKED, by, END_NEVER,
			   &end, r->contract->seq, last, (*state)->page);
}

static void count_asking(const void *node, VISIT which, void *closure)
{
	struct asking *const *asking = node;

	if (which == postorder || which == leaf)
		contract_lost(closure, *asking);
}

void contract_count_left(struct replay *r)
{
	if (!r->contract)
		return;
	twalk_r(r->contract->pages, count_left, r);
	twalk_r(r->contract->asking, count_asking, r);
}
