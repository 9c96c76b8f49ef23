// SPDX-License-Identifier: GPL-2.0
/*
 * Page-table memory that is unlinked but not free: how much, for how long.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "instruments.h"
#include "write.h"

#define POINTS 512

void pinned_change(struct replay *r, uint64_t time_ns, int64_t tables,
		   int64_t pages)
{
	size_t room = r->pinned.room ? 2 * r->pinned.room : 1024;
	int64_t page_bytes = 1ll << r->machine.page_shift;
	struct pinned *p = &r->pinned;
	struct change *more;

	if (p->count == p->room) {
		more = reallocarray(p->changes, room, sizeof(*more));
		if (!more) {
			r->error = -ENOMEM;
			return;
		}
		p->changes = more;
		p->room = room;
	}
	p->changes[p->count++] = (struct change){
		.time_ns = time_ns,
		.table_bytes = tables * (page_bytes / r->machine.fragments),
		.page_bytes = pages * page_bytes,
	};
}

static int compare(const void *left, const void *right)
{
	const struct change *a = left, *b = right;

	return (a->time_ns > b->time_ns) - (a->time_ns < b->time_ns);
}

/* What is made of the changes, in one pass. */
struct sums {
	uint64_t table_bytes, page_bytes; /* now */
	uint64_t table_peak, page_peak, table_byte_ns, page_byte_ns;
	json_t *tables, *pages; /* series */
};

static void pass_time(struct sums *s, uint64_t ns)
{
	s->table_byte_ns += s->table_bytes * ns;
	s->page_byte_ns += s->page_bytes * ns;
}

static void add_point(struct sums *s)
{
	json_array_append_new(s->tables,
			      json_integer((json_int_t)s->table_bytes));
	json_array_append_new(s->pages,
			      json_integer((json_int_t)s->page_bytes));
}

static void add_up(const struct pinned *p, uint64_t begin_ns,
		   uint64_t interval_ns, struct sums *s)
{
	uint64_t now = begin_ns, point = begin_ns + interval_ns;
	size_t i;

	for (i = 0; i < p->count; i++) {
		const struct change *c = &p->changes[i];

		for (; point < c->time_ns; point += interval_ns)
			add_point(s);
		pass_time(s, c->time_ns - now);
		now = c->time_ns;
		s->table_bytes += c->table_bytes;
		s->page_bytes += c->page_bytes;
		/* Of what happens at the same time, only the outcome. */
		if (i + 1 < p->count && p->changes[i + 1].time_ns == now)
			continue;
		if (s->table_bytes > s->table_peak)
			s->table_peak = s->table_bytes;
		if (s->page_bytes > s->page_peak)
			s->page_peak = s->page_bytes;
	}
	if (p->count)
		add_point(s);
}

int pinned_write(struct replay *r, FILE *out)
{
	uint64_t begin_ns = r->machine.begin_ns, end_ns = begin_ns;
	struct sums s = {.tables = json_array(), .pages = json_array()};
	uint64_t interval_ns, drain_ns = 0;
	struct pinned *p = &r->pinned;

	if (p->count) {
		qsort(p->changes, p->count, sizeof(*p->changes), compare);
		end_ns = p->changes[p->count - 1].time_ns;
		if (p->changes[0].time_ns < begin_ns)
			begin_ns = p->changes[0].time_ns;
	}
	interval_ns = (end_ns - begin_ns) / POINTS + 1;
	if (s.tables && s.pages)
		add_up(p, begin_ns, interval_ns, &s);
	if (p->last_end_ns > r->machine.end_ns)
		drain_ns = p->last_end_ns - r->machine.end_ns;
	return write_record(
		json_pack("{ss, sI, sI, sI, sI, sI, sI, sI, so, so}", "type",
			  "pinned", "table_peak_bytes",
			  (json_int_t)s.table_peak, "page_peak_bytes",
			  (json_int_t)s.page_peak, "table_byte_ns",
			  (json_int_t)s.table_byte_ns, "page_byte_ns",
			  (json_int_t)s.page_byte_ns, "drain_ns",
			  (json_int_t)drain_ns, "left_bytes",
			  (json_int_t)s.table_bytes, "interval_ns",
			  (json_int_t)interval_ns, "table_series_bytes",
			  s.tables, "page_series_bytes", s.pages),
		out);
}

void pinned_free(struct pinned *p)
{
	free(p->changes);
}
