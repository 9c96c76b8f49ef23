// SPDX-License-Identifier: GPL-2.0
/* Page tables: unlinked and put, by path and level. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
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

	free(r->tables.deferred);
	for (path = 0; path < PATHS; path++)
		for (level = 0; level < LEVELS; level++)
			free(r->tables.stats[path][level]);
}

static enum table_path batch_path(const struct event *e)
{
	return e->flags & EVENT_EXITING ? PATH_EXIT : PATH_MUNMAP;
}

void tables_batch_queued(struct replay *r, const struct event *e)
{
	enum table_path path = batch_path(e);
	uint32_t i;

	for (i = 0; i < e->count; i++) {
		struct table table = event_table(e, i);

		if (table.level >= LEVELS) {
			r->tables.unknown_levels++;
			continue;
		}
		r->tables.stats[path][table.level]->unlinked++;
		if (table.level == LEVEL_PTE)
			pages_unlinked(r, page_of_table(r, table.address), e,
				       path);
	}
}

void tables_batch_invoked(struct replay *r, const struct pending *p,
			  uint64_t now)
{
	enum table_path path = batch_path(p->event);
	uint32_t i;

	for (i = 0; i < p->event->count; i++) {
		struct table table = event_table(p->event, i);
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
		struct table table = event_table(p->event, i);

		if (table.level < LEVELS)
			r->tables.stats[path][table.level]->in_flight++;
	}
}

void tables_deferred(struct replay *r, const struct event *e, uint32_t cpu)
{
	r->tables.stats[PATH_DEFER][LEVEL_PTE]->unlinked++;
	r->tables.deferred[cpu] = e->object;
	pages_unlinked(r, page_of_table(r, e->object), e, PATH_DEFER);
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

/* tlb_remove_table_one() frees through it; callbacks do too, but see below. */
static bool called_by_tlb(const struct replay *r, uint64_t caller)
{
	char name[NAME_SIZE];

	r->machine.name_function(r->machine.context, caller, name);
	return !strcmp(name, "__tlb_remove_table");
}

/* A table is freed, and not by a batch's callback or a page's own. */
void tables_freed(struct replay *r, const struct event *e, uint32_t cpu)
{
	enum table_path path;
	struct table_stats *stats;

	if (running_callback(r, cpu, e->task))
		return;
	if (r->tables.deferred[cpu] == e->object) {
		/* pte_free_defer() itself, in variants that free so. */
		r->tables.deferred[cpu] = 0;
		return;
	}
	if (e->flags & EVENT_KERNEL)
		path = PATH_KERNEL;
	else if (called_by_tlb(r, e->detail))
		path = PATH_FALLBACK;
	else
		path = PATH_DIRECT;
	stats = r->tables.stats[path][LEVEL_PTE];
	stats->unlinked++;
	stats->put++;
	hist_add(&stats->wait, 0, 1);
	pages_not_owed(r, page_of_table(r, e->object), e->time_ns);
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
