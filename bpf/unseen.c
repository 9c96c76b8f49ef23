// SPDX-License-Identifier: GPL-2.0
/*
 * Callbacks that are told of by their functions only (EVENT_ENTERED), and whose
 * call was missed: it interrupted another kprobe's program. The end of a page
 * was not missed, since that is a trace event, and gives them away:
 *
 *	a page of tables that is freed while the batch with its last table is
 *	pending, or its own rcu_head: that callback has begun;
 *	the page of a batch that is freed: its callback is over.
 */
#include "instruments.h"

static bool missed(const struct replay *r)
{
	return r->machine.by_functions && !r->machine.tables_are_pages;
}

/* Where that page lies; the inverse of page_of_table(). */
static uint64_t address_of_page(const struct replay *r, uint64_t page)
{
	uint64_t pfn = (page - r->machine.vmemmap_address) /
		       r->machine.page_struct_bytes;

	return 0xc000000000000000ull | pfn << r->machine.page_shift;
}

static bool invoke(struct replay *r, const struct event *freed, uint64_t head,
		   uint32_t cpu)
{
	struct event e = *freed;
	const struct pending *p = head ? callbacks_pending(r, head) : NULL;

	if (!p)
		return false;
	e.kind = EVENT_ENTERED;
	e.object = head;
	e.detail = p->event->detail;
	callbacks_invoked(r, &e, cpu);
	r->running[cpu].unseen = true;
	return true;
}

void unseen_before_free(struct replay *r, const struct event *e, uint32_t cpu)
{
	uint64_t batch, own;

	if (!missed(r) || running_callback(r, cpu, e->task) ||
	    !pages_wait_for(r, e->object, &batch, &own))
		return;
	if (!invoke(r, e, own, cpu))
		invoke(r, e, batch, cpu);
}

void unseen_after_free(struct replay *r, const struct event *e, uint32_t cpu)
{
	const struct running *running = &r->running[cpu];
	uint64_t head;

	if (!missed(r) || e->object < r->machine.vmemmap_address)
		return;
	head = address_of_page(r, e->object);
	if (!running->active)
		invoke(r, e, head, cpu);
	/* A page's own callback does nothing after it. */
	if (running->active && running->unseen &&
	    (running->head == head ||
	     (running->head - e->object < r->machine.page_struct_bytes)))
		callbacks_end_run(r, cpu, e->time_ns);
}
