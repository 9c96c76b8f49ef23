// SPDX-License-Identifier: GPL-2.0
/* Takes the events of all CPUs in the order of time; see replay.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "contract.h"
#include "instruments.h"

/* An event and where it is from. */
struct entry {
	const struct event *event;
	uint32_t cpu;
};

struct entries {
	struct entry *entry;
	size_t count;
	uint64_t cut; /* logs that were not read to their end */
};

static size_t event_bytes(const struct event *e)
{
	return sizeof(*e) + e->count * sizeof(uint64_t);
}

struct table event_table(const struct event *e, uint32_t i)
{
	uint64_t word = ((const uint64_t *)(e + 1))[i];

	return (struct table){word & ~0xfull, word & 0xf};
}

/*
 * Adds the events of one CPU, up to that many bytes. One whose writer is still
 * at it ends the list: it has no time yet.
 */
static void add_events(struct entries *all, const struct cpu_log *log,
		       uint64_t bytes, uint32_t cpu)
{
	const char *at = (const char *)log->events, *end = at + bytes;

	while (at + sizeof(struct event) <= end) {
		const struct event *e = (const void *)at;

		if (!e->time_ns || e->count > BATCH_MAX) {
			all->cut++;
			return;
		}
		all->entry[all->count++] = (struct entry){e, cpu};
		at += event_bytes(e);
	}
}

/* By time; on one CPU, an event that interrupts another may be told first. */
static int compare(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	if (a->event->time_ns != b->event->time_ns)
		return a->event->time_ns < b->event->time_ns ? -1 : 1;
	if (a->cpu != b->cpu)
		return a->cpu < b->cpu ? -1 : 1;
	return (a->event > b->event) - (a->event < b->event);
}

static int collect(const struct cpu_log *const *logs, uint32_t cpus,
		   uint64_t log_bytes, struct entries *all)
{
	uint64_t *used = calloc(cpus, sizeof(*used));
	int error = used ? 0 : -ENOMEM;
	size_t most = 0;
	uint32_t cpu;

	*all = (struct entries){};
	/* The logs may grow meanwhile. */
	for (cpu = 0; cpu < cpus && !error; cpu++) {
		used[cpu] = logs[cpu]->used_bytes;
		if (used[cpu] > log_bytes)
			used[cpu] = log_bytes;
		most += used[cpu] / sizeof(struct event);
	}
	all->entry = calloc(most + 1, sizeof(*all->entry));
	if (!all->entry)
		error = -ENOMEM;
	for (cpu = 0; cpu < cpus && !error; cpu++)
		add_events(all, logs[cpu], used[cpu], cpu);
	if (!error)
		qsort(all->entry, all->count, sizeof(*all->entry), compare);
	free(used);
	return error;
}

uint64_t page_of_table(const struct replay *r, uint64_t table)
{
	/* The linear mapping begins at 0xc000000000000000. */
	uint64_t pfn = (table & 0x0fffffffffffffffull) >> r->machine.page_shift;

	if (r->machine.tables_are_pages)
		return table;
	return r->machine.vmemmap_address + pfn * r->machine.page_struct_bytes;
}

/* vmemmap has a region of the address space for itself. */
static bool in_vmemmap(const struct replay *r, uint64_t address)
{
	return !((address - r->machine.vmemmap_address) >> 48);
}

bool page_of_head(const struct replay *r, const struct event *queued,
		  uint64_t *page)
{
	uint64_t at = queued->object;

	/* Where vmemmap is need not be known: most are no page that counts. */
	if (r->machine.tables_are_pages) {
		*page = at - at % r->machine.page_struct_bytes;
		return !queued->count;
	}
	if (!in_vmemmap(r, at) && !queued->count)
		at = queued->behind;
	if (!in_vmemmap(r, at))
		return false;
	*page = at - (at - r->machine.vmemmap_address) %
			     r->machine.page_struct_bytes;
	/* In a page itself it may be anywhere, elsewhere names the page. */
	return at == queued->object || at == *page;
}

const struct running *running_callback(const struct replay *r, uint32_t cpu,
				       uint64_t task)
{
	const struct running *running = &r->running[cpu];

	/* A kthread may have been preempted between two callbacks. */
	if (!running->active || (r->machine.offloaded && running->task != task))
		return NULL;
	return running;
}

int replay_init(struct replay *r, const struct machine *machine)
{
	int error;

	*r = (struct replay){.machine = *machine};
	r->running = calloc(machine->cpus, sizeof(*r->running));
	r->pages = calloc(1, sizeof(*r->pages));
	r->grace_periods = calloc(1, sizeof(*r->grace_periods));
	error = r->running && r->pages && r->grace_periods ? 0 : -ENOMEM;
	if (!error)
		error = tables_init(r);
	if (!error)
		error = softirq_init(r);
	if (!error)
		error = contract_init(r);
	if (error)
		replay_free(r);
	return error;
}

void replay_free(struct replay *r)
{
	callbacks_free(&r->callbacks);
	tables_free(r);
	pages_free(r);
	pinned_free(&r->pinned);
	softirq_free(r);
	contract_free(r);
	free(r->grace_periods);
	free(r->running);
	*r = (struct replay){};
}

static void replay_event(struct replay *r, const struct event *e, uint32_t cpu)
{
	switch (e->kind) {
	case EVENT_QUEUED:
		callbacks_queued(r, e, cpu);
		break;
	case EVENT_INVOKED:
		callbacks_end_run(r, cpu, e->time_ns);
		callbacks_invoked(r, e, cpu);
		break;
	case EVENT_BATCH_ENDED:
		callbacks_end_run(r, cpu, e->time_ns);
		softirq_event(r, e, cpu);
		break;
	case EVENT_ENTERED:
		callbacks_entered(r, e, cpu);
		break;
	case EVENT_LEFT:
		callbacks_left(r, e, cpu);
		break;
	case EVENT_PTE_TABLE:
		tables_told(r, e);
		break;
	case EVENT_DEFERRED:
		tables_deferred(r, e, cpu);
		break;
	case EVENT_TABLES_PUT:
		tables_batch_put(r, e);
		break;
	case EVENT_FREED:
		tables_freed(r, e, cpu);
		break;
	case EVENT_PMD_FREED:
		tables_pmd_freed(r, e, cpu);
		break;
	case EVENT_DESTROYED:
		pages_destroyed(r, e);
		contract_event(r, e);
		break;
	case EVENT_PAGE_FREED:
		contract_page_freed(r, e, cpu);
		unseen_before_free(r, e, cpu);
		pages_freed(r, e, cpu);
		unseen_after_free(r, e, cpu);
		break;
	case EVENT_ASKED:
	case EVENT_HANDED:
	case EVENT_MM_EXITS:
	case EVENT_REMOVED:
	case EVENT_SYNCED:
		contract_event(r, e);
		break;
	case EVENT_BATCH_STARTED:
	case EVENT_CORE_ENTERED:
	case EVENT_CORE_LEFT:
		softirq_event(r, e, cpu);
		break;
	default:
		grace_periods_event(r, e);
	}
}

int replay_logs(struct replay *r, const struct cpu_log *const *logs,
		uint64_t log_bytes)
{
	struct entries all;
	size_t i;

	r->error = collect(logs, r->machine.cpus, log_bytes, &all);
	r->logs_cut = all.cut;
	for (i = 0; i < all.count && !r->error; i++)
		replay_event(r, all.entry[i].event, all.entry[i].cpu);
	if (!r->error) {
		tables_count_put(r);
		callbacks_count_left(r);
		pages_count_left(r);
		contract_count_left(r);
	}
	free(all.entry);
	return r->error;
}

int replay_write(struct replay *r, const struct available *available, FILE *out)
{
	int error = 0;

	if (available->callback)
		error = callbacks_write(r, out);
	if (!error && available->grace_period)
		error = grace_periods_write(r, out);
	if (!error && available->table)
		error = tables_write(r, out);
	if (!error && available->page)
		error = pages_write(r, out);
	if (!error && available->page)
		error = pinned_write(r, out);
	if (!error && available->softirq)
		error = softirq_write(r, out);
	if (!error && available->contract)
		error = contract_write(r, out);
	return error;
}

int64_t replay_pending(const struct machine *machine,
		       const struct cpu_log *const *logs, uint64_t log_bytes)
{
	struct replay r = {.machine = *machine};
	struct entries all;
	int64_t count = 0;
	void *heads = NULL;
	size_t i;

	r.error = collect(logs, machine->cpus, log_bytes, &all);
	for (i = 0; i < all.count && !r.error; i++) {
		const struct event *e = all.entry[i].event;
		void *head = tree_find(&heads, e->object);

		if (e->kind == EVENT_QUEUED && !head) {
			tree_add(&r, &heads, e->object, sizeof(uint64_t));
			count++;
		} else if (head && (e->kind == EVENT_INVOKED ||
				    e->kind == EVENT_ENTERED)) {
			tree_remove(&heads, head);
			count--;
		}
	}
	tree_free(&heads);
	free(all.entry);
	return r.error ? r.error : count;
}
