// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "contract_log.h"

int contract_setup(void **state)
{
	int error = log_setup(state);
	struct test_log *log = *state;

	log->machine.contract = true;
	return error;
}

void defer(struct test_log *log, uint64_t time_ns, unsigned int table,
	   uint64_t seq)
{
	struct event *e = log_add(log, 0, time_ns, EVENT_DEFERRED,
				  log_table(0, table), MM);

	e->seq = seq;
	e->stack = 9;
}

struct event *free_page(struct test_log *log, uint64_t time_ns, uint64_t seq)
{
	struct event *e =
		log_add(log, 1, time_ns, EVENT_PAGE_FREED, log_page(0), 0);

	e->seq = seq;
	e->stack = 7;
	return e;
}

void hand_out(struct test_log *log, uint64_t time_ns, uint64_t mm,
	      unsigned int table, uint64_t seq)
{
	struct event *e;

	log_add(log, 1, time_ns, EVENT_ASKED, mm, 0)->task = TASK;
	e = log_add(log, 1, time_ns + 10, EVENT_HANDED, log_table(0, table), 0);
	e->task = TASK;
	e->seq = seq;
}

static const json_t *only(const struct test_log *log, const char *list)
{
	const json_t *record = log_record(log, "contract", NULL, NULL);
	const json_t *found = json_object_get(record, list);

	assert_int_equal(json_array_size(found), 1);
	return json_array_get(found, 0);
}

/* One violation, or one that is `weaker`, and nothing else. */
const json_t *expect(struct test_log *log, const char *list, const char *kind,
		     const char *unlink, const char *end, int count)
{
	const char *other = strcmp(list, "weaker") ? "weaker" : "violations";
	const json_t *v;

	log_replay(log);
	v = only(log, list);
	assert_string_equal(json_string_value(json_object_get(v, "kind")),
			    kind);
	assert_string_equal(json_string_value(json_object_get(v, "unlink")),
			    unlink);
	assert_string_equal(json_string_value(json_object_get(v, "end")), end);
	assert_int_equal(log_number(v, "count"), count);
	assert_int_equal(
		json_array_size(json_object_get(
			log_record(log, "contract", NULL, NULL), other)),
		0);
	return json_object_get(v, "first");
}

void expect_nothing(struct test_log *log)
{
	const json_t *record;

	log_replay(log);
	record = log_record(log, "contract", NULL, NULL);
	assert_int_equal(json_array_size(json_object_get(record, "violations")),
			 0);
	assert_int_equal(json_array_size(json_object_get(record, "weaker")), 0);
}

void own_queued(struct test_log *log, uint64_t time_ns, uint64_t seq,
		unsigned int flags)
{
	struct event *e =
		log_add(log, 0, time_ns, EVENT_QUEUED, log_head(0), OWN);

	e->seq = seq;
	e->flags = flags;
}
