// SPDX-License-Identifier: GPL-2.0
/* RCU callbacks: queued, invoked, run. */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include "contract.h"
#include "hist_json.h"
#include "instruments.h"
#include "write.h"

/* That function, which is new if it was not seen yet; NULL: out of memory. */
static struct function *function_at(struct replay *r, uint64_t address)
{
	struct callbacks *c = &r->callbacks;
	struct function *function, **more;
	size_t i;

	for (i = 0; i < c->count; i++)
		if (c->functions[i]->address == address)
			return c->functions[i]->same ?: c->functions[i];
	more = reallocarray(c->functions, c->count + 1, sizeof(*more));
	function = calloc(1, sizeof(*function));
	if (more)
		c->functions = more;
	if (!more || !function) {
		free(function);
		r->error = -ENOMEM;
		return NULL;
	}
	function->address = address;
	r->machine.name_function(r->machine.context, address, function->name);
	for (i = 0; i < c->count && !function->same; i++)
		if (!strcmp(c->functions[i]->name, function->name))
			function->same = c->functions[i];
	c->functions[c->count++] = function;
	return function->same ?: function;
}

/* Whether it is the callback of a batch that queues another. */
static bool by_batch(const struct replay *r, const struct event *queued,
		     uint32_t cpu)
{
	const struct running *running = running_callback(r, cpu, queued->task);

	return running && running->function &&
	       running->function->address == r->machine.table_batch_callback;
}

void callbacks_queued(struct replay *r, const struct event *e, uint32_t cpu)
{
	struct function *function = function_at(r, e->detail);
	struct pending *p;
	uint64_t page;

	if (!function)
		return;
	function->queued++;
	p = tree_find(&r->callbacks.pending, e->object);
	contract_queued(r, e, p);
	if (p) {
		r->queued_twice++;
		return;
	}
	p = tree_add(r, &r->callbacks.pending, e->object, sizeof(*p));
	if (!p)
		return;
	p->queued_ns = e->time_ns;
	p->function = function;
	p->event = e;
	if (e->count)
		tables_batch_queued(r, e);
	if (page_of_head(r, e, &page)) {
		p->extra = by_batch(r, e, cpu);
		pages_own_queued(r, page, e, p->extra);
	}
}

/* The callback before this event on this CPU is over. */
void callbacks_end_run(struct replay *r, uint32_t cpu, uint64_t now)
{
	struct running *running = &r->running[cpu];
	uint64_t run_ns = now - running->start_ns;

	if (running->active && !r->machine.offloaded && running->function) {
		hist_add(&running->function->run, run_ns, 1);
		if (running->extra)
			hist_add(&r->pages->extra_run, run_ns, 1);
	}
	running->active = false;
}

void callbacks_invoked(struct replay *r, const struct event *e, uint32_t cpu)
{
	struct pending *p = tree_find(&r->callbacks.pending, e->object);
	struct function *function = p ? p->function : function_at(r, e->detail);
	struct running *running = &r->running[cpu];
	uint64_t page;

	if (!function)
		return;
	*running = (struct running){.active = true,
				    .head = e->object,
				    .start_ns = e->time_ns,
				    .task = e->task,
				    .function = function};
	if (!p) {
		function->earlier++;
		return;
	}
	running->extra = p->extra;
	function->invoked++;
	hist_add(&function->wait, e->time_ns - p->queued_ns, 1);
	if (p->event->count)
		tables_batch_invoked(r, p, e->time_ns);
	if (page_of_head(r, p->event, &page))
		pages_own_invoked(r, page, p->queued_ns);
	contract_invoked(r, e, p);
	tree_remove(&r->callbacks.pending, p);
}

const struct pending *callbacks_pending(const struct replay *r, uint64_t head)
{
	return tree_find(&r->callbacks.pending, head);
}

void callbacks_entered(struct replay *r, const struct event *e, uint32_t cpu)
{
	/* Else it is called directly, or was queued by somebody else. */
	if (tree_find(&r->callbacks.pending, e->object))
		callbacks_invoked(r, e, cpu);
}

void callbacks_left(struct replay *r, const struct event *e, uint32_t cpu)
{
	const struct running *running = &r->running[cpu];

	if (running->active && running->function &&
	    running->function->address == e->detail)
		callbacks_end_run(r, cpu, e->time_ns);
}

static void count_left(const void *node, VISIT which, void *closure)
{
	struct pending *const *p = node;

	if (which != postorder && which != leaf)
		return;
	(*p)->function->outstanding++;
	if ((*p)->event->count)
		tables_batch_left(closure, *p);
	contract_still_pending(closure, *p);
}

void callbacks_count_left(struct replay *r)
{
	twalk_r(r->callbacks.pending, count_left, r);
}

int callbacks_write(struct replay *r, FILE *out)
{
	const struct callbacks *c = &r->callbacks;
	int error = 0;
	size_t i;

	for (i = 0; i < c->count && !error; i++) {
		const struct function *f = c->functions[i];

		if (f->same)
			continue;
		error = write_record(
			json_pack(
				"{ss, ss, sI, sI, sI, so, so, so}", "type",
				"callback", "function", f->name,
				"enqueued_count", (json_int_t)f->queued,
				"invoked_count", (json_int_t)f->invoked,
				"outstanding_count", (json_int_t)f->outstanding,
				"earlier_count",
				r->machine.by_functions
					? json_null()
					: json_integer((json_int_t)f->earlier),
				"wait_ns", hist_to_json(&f->wait), "run_ns",
				r->machine.offloaded ? json_null()
						     : hist_to_json(&f->run)),
			out);
	}
	return error;
}

void callbacks_free(struct callbacks *c)
{
	size_t i;

	tree_free(&c->pending);
	for (i = 0; i < c->count; i++)
		free(c->functions[i]);
	free(c->functions);
}
