// SPDX-License-Identifier: GPL-2.0
/* Page tables: unlinked and put, by path and level. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "contract.h"
#include "hist_json.h"
#include "instruments.h"
#include "write.h"

static const char *const path_names[PATHS] = {
	[PATH_MUNMAP] = "munmap",     [PATH_EXIT] = "exit",
	[PATH_DEFER] = "defer",	      [PATH_DIRECT] = "direct",
	[PATH_FALLBACK] = "fallback", [PATH_KERNEL] = "kernel",
};

static const char *const level_names[LEVELS] = {
	[LEVEL_PTE] = "pte",
	[LEVEL_PMD] = "pmd",
	[LEVEL_PUD] = "pud",
};

int tables_init(struct replay *r)
{
	int path, level;

	r->tables.deferred = calloc(r->machine.cpus, sizeof(uint64_t));
	if (!r->tables.deferred)
		return -ENOMEM;
	for (path = 0; path < PATHS; path++)
		for (level = 0; level < LEVELS; level++) {
			struct table_stats **stats =
				&r->tables.stats[path][level];

			*stats = calloc(1, sizeof(**stats));
			if (!*stats)
				return -ENOMEM;
		}
	return 0;
}

void tables_free(struct replay *r)
{
	int path, level;

	tree_free(&r->tables.put_batches);
	tree_free(&r->tables.told);
	free(r->tables.deferred);
	for (path = 0; path < PATHS; path++)
		for (level = 0; level < LEVELS; level++)
			free(r->tables.stats[path][level]);
}

static enum table_path batch_path(const struct event *e)
{
	return e->flags & EVENT_EXITING ? PATH_EXIT : PATH_MUNMAP;
}

/* A table that is told apart, and the batch it is in, once that is queued. */
struct told {
	uint64_t table; /* the tree's key */
	const struct event *batch;
};

void tables_told(struct replay *r, const struct event *e)
{
	struct told *told = tree_find(&r->tables.told, e->object);

	if (!told)
		told = tree_add(r, &r->tables.told, e->object, sizeof(*told));
	if (told) /* again: its page was freed, and is a table again */
		told->batch = NULL;
}

/* Table i of a batch; of no level if that is not known. */
static struct table batch_table(const struct replay *r, const struct event *e,
				uint32_t i)
{
	struct table table = event_table(e, i);
	struct told *told;

	if (!r->machine.tables_are_pages)
		return table;
	table.level = LEVELS;
	told = tree_find(&r->tables.told, table.address);
	if (told && (!told->batch || told->batch == e)) {
		told->batch = e;
		table.level = LEVEL_PTE;
	}
	return table;
}

/* A batch whose PTE tables were put, but for those with which it is queued. */
struct put_batch {
	uint64_t batch; /* the tree's key */
	const struct event *event;
};

static uint64_t pte_tables(const struct event *e)
{
	uint64_t count = 0;
	uint32_t i;

	for (i = 0; i < e->count; i++)
		count += event_table(e, i).level == LEVEL_PTE;
	return count;
}

static void unlinked(struct replay *r, const struct event *e, uint32_t i)
{
	enum table_path path = batch_path(e);
	struct table table = batch_table(r, e, i);

	r->tables.stats[path][table.level]->unlinked++;
	if (table.level == LEVEL_PTE)
		pages_unlinked(r, page_of_table(r, table.address), e, path);
}

static void hold_to_contract(struct replay *r, const struct event *e)
{
	uint32_t i;

	for (i = 0; i < e->count; i++) {
		struct table table = batch_table(r, e, i);

		if (table.level == LEVEL_PTE || table.level == LEVEL_PMD)
			contract_unlinked(r, table.address, e, batch_path(e));
	}
}

/* All but that many were put as soon as they were unlinked. */
static void settle(struct replay *r, struct put_batch *put, uint64_t left)
{
	struct table_stats *stats =
		r->tables.stats[batch_path(put->event)][LEVEL_PTE];
	uint64_t tables = pte_tables(put->event);

	if (left < tables) {
		stats->put += tables - left;
		hist_add(&stats->wait, 0, tables - left);
	}
	tree_remove(&r->tables.put_batches, put);
}

static struct put_batch *put_batch_of(struct replay *r, const struct event *e)
{
	return tree_find(&r->tables.put_batches, e->object);
}

void tables_batch_put(struct replay *r, const struct event *e)
{
	struct put_batch *put = put_batch_of(r, e);
	uint32_t i;

	/* It was left empty, and its page is a batch again. */
	if (put)
		settle(r, put, 0);
	hold_to_contract(r, e);
	for (i = 0; i < e->count; i++)
		if (event_table(e, i).level == LEVEL_PTE)
			unlinked(r, e, i);
	put = tree_add(r, &r->tables.put_batches, e->object, sizeof(*put));
	if (put)
		put->event = e;
}

void tables_count_put(struct replay *r)
{
	while (r->tables.put_batches)
		settle(r, *(struct put_batch **)r->tables.put_batches, 0);
}

void tables_batch_queued(struct replay *r, const struct event *e)
{
	struct put_batch *put = put_batch_of(r, e);
	uint32_t i;

	if (!put)
		hold_to_contract(r, e);
	for (i = 0; i < e->count; i++) {
		uint32_t level = batch_table(r, e, i).level;

		if (level >= LEVELS)
			r->tables.unknown_levels +=
				!r->machine.tables_are_pages;
		else if (!put || level != LEVEL_PTE)
			unlinked(r, e, i);
	}
	if (put)
		settle(r, put, pte_tables(e));
}

void tables_batch_invoked(struct replay *r, const struct pending *p,
			  uint64_t now)
{
	enum table_path path = batch_path(p->event);
	uint32_t i;

	for (i = 0; i < p->event->count; i++) {
		struct table table = batch_table(r, p->event, i);
		struct table_stats *stats;

		if (table.level >= LEVELS)
			continue;
		stats = r->tables.stats[path][table.level];
		stats->put++;
		hist_add(&stats->wait, now - p->queued_ns, 1);
		if (table.level == LEVEL_PTE)
			pages_batch_invoked(r, page_of_table(r, table.address),
					    p);
	}
}

void tables_batch_left(struct replay *r, const struct pending *p)
{
	enum table_path path = batch_path(p->event);
	uint32_t i;

	for (i = 0; i < p->event->count; i++) {
		struct table table = batch_table(r, p->event, i);

		if (table.level < LEVELS)
			r->tables.stats[path][table.level]->in_flight++;
	}
}

void tables_deferred(struct replay *r, const struct event *e, uint32_t cpu)
{
	r->tables.stats[PATH_DEFER][LEVEL_PTE]->unlinked++;
	r->tables.deferred[cpu] = e->object;
	pages_unlinked(r, page_of_table(r, e->object), e, PATH_DEFER);
	contract_unlinked(r, e->object, e, PATH_DEFER);
}

void tables_deferred_put(struct replay *r, uint64_t wait_ns)
{
	struct table_stats *stats = r->tables.stats[PATH_DEFER][LEVEL_PTE];

	stats->put++;
	stats->with_page++;
	hist_add(&stats->wait, wait_ns, 1);
}

void tables_deferred_left(struct replay *r, uint64_t count)
{
	r->tables.stats[PATH_DEFER][LEVEL_PTE]->in_flight += count;
}

static enum table_path freed_path(const struct event *e, const char *caller)
{
	if (e->flags & EVENT_KERNEL)
		return PATH_KERNEL;
	/* From tlb_remove_table_one(): callbacks are out of the way here. */
	if (e->flags & EVENT_FALLBACK || !strcmp(caller, "__tlb_remove_table"))
		return PATH_FALLBACK;
	return PATH_DIRECT;
}

/*
 * By a batch's callback, or a page's own; or nobody knows, as the programs that
 * tell of callbacks are gone.
 */
static bool is_by_callback(struct replay *r, const struct event *e,
			   uint32_t cpu)
{
	return running_callback(r, cpu, e->task) ||
	       e->time_ns >= r->machine.detach_ns;
}

void tables_freed(struct replay *r, const struct event *e, uint32_t cpu)
{
	char caller[NAME_SIZE] = "";
	struct table_stats *stats;
	enum table_path path;
	bool own;

	if (is_by_callback(r, e, cpu))
		return;
	if (e->detail)
		r->machine.name_function(r->machine.context, e->detail, caller);
	/* They tell themselves: EVENT_TABLES_PUT, EVENT_FALLBACK. */
	if (!strcmp(caller, "arch_tlb_put_tables") ||
	    !strcmp(caller, "arch_tlb_put_table"))
		return;
	path = freed_path(e, caller);
	/*
	 * pte_free_defer() itself, in variants that free so, does it before
	 * anything else is freed; then that address may be another table's.
	 */
	own = path == PATH_DIRECT && r->tables.deferred[cpu] == e->object;
	r->tables.deferred[cpu] = 0;
	if (own)
		return;
	contract_unlinked(r, e->object, e, path);
	stats = r->tables.stats[path][LEVEL_PTE];
	stats->unlinked++;
	stats->put++;
	hist_add(&stats->wait, 0, 1);
	pages_not_owed(r, page_of_table(r, e->object), e->time_ns);
}

/* No record counts these; but they are held to the contract. */
void tables_pmd_freed(struct replay *r, const struct event *e, uint32_t cpu)
{
	if (!is_by_callback(r, e, cpu))
		contract_unlinked(r, e->object, e,
				  contract_is_removed(r, e) ? PATH_FALLBACK
							    : PATH_DIRECT);
}

int tables_write(struct replay *r, FILE *out)
{
	int path, level, error = 0;

	for (path = 0; path < PATHS && !error; path++) {
		for (level = 0; level < LEVELS && !error; level++) {
			const struct table_stats *s =
				r->tables.stats[path][level];

			if (!s->unlinked)
				continue;
			error = write_record(
				json_pack("{ss, ss, ss, sI, sI, sI, sI, so}",
					  "type", "table", "path",
					  path_names[path], "level",
					  level_names[level], "unlinked_count",
					  (json_int_t)s->unlinked, "put_count",
					  (json_int_t)s->put, "in_flight_count",
					  (json_int_t)s->in_flight,
					  "put_with_page_count",
					  (json_int_t)s->with_page, "wait_ns",
					  hist_to_json(&s->wait)),
				out);
		}
	}
	return error;
}
