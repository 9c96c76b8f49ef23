// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "log.h"

uint64_t log_page(unsigned int p)
{
	return VMEMMAP + 64 * (0x100 + p);
}

uint64_t log_head(unsigned int p)
{
	return log_page(p) + 8;
}

uint64_t log_table(unsigned int p, unsigned int i)
{
	return 0xc000000000000000ull + (0x100 + p) * PAGE_BYTES +
	       i * TABLE_BYTES;
}

static void name_function(void *context, uint64_t address, char *name)
{
	(void)context;
	snprintf(name, NAME_SIZE, "%s",
		 address == BATCH    ? "tlb_remove_table_rcu"
		 : address == OWN    ? "own"
		 : address == OTHER  ? "__tlb_remove_table"
		 : address == PUTTER ? "arch_tlb_put_tables"
		 : address == SYNC   ? "tlb_remove_table_smp_sync"
				     : "somebody");
}

static void name_address(void *context, uint64_t address, char *name)
{
	(void)context;
	snprintf(name, NAME_SIZE, "frame+0x%x", (unsigned int)address);
}

/* Stack 6 has two frames, 0x60 and 0x61; and so on. */
static bool read_stack(void *context, uint32_t id, uint64_t *addresses)
{
	(void)context;
	addresses[0] = 16 * id;
	addresses[1] = 16 * id + 1;
	return true;
}

static bool is_table(void *context, uint64_t page)
{
	struct test_log *log = context;

	return page != log->no_table;
}

int log_setup(void **state)
{
	struct test_log *log = calloc(1, sizeof(*log));
	int cpu;

	assert_non_null(log);
	log->machine = (struct machine){
		.cpus = LOG_CPUS,
		.page_shift = 16,
		.fragments = 16,
		.vmemmap_address = VMEMMAP,
		.page_struct_bytes = 64,
		.table_batch_callback = BATCH,
		.name_function = name_function,
		.name_address = name_address,
		.read_stack = read_stack,
		.is_table = is_table,
		.context = log,
		.end_ns = 100000,
		.detach_ns = 200000,
	};
	for (cpu = 0; cpu < LOG_CPUS; cpu++) {
		log->cpu[cpu] = calloc(1, sizeof(struct cpu_log) + LOG_BYTES +
						  EVENT_MAX_BYTES);
		assert_non_null(log->cpu[cpu]);
	}
	*state = log;
	return 0;
}

int log_teardown(void **state)
{
	struct test_log *log = *state;
	int cpu;

	for (cpu = 0; cpu < LOG_CPUS; cpu++)
		free(log->cpu[cpu]);
	if (log->records)
		replay_free(&log->replay);
	json_decref(log->records);
	free(log);
	return 0;
}

static struct event *take_room(struct cpu_log *log, uint64_t bytes)
{
	struct event *e = (void *)((char *)log->events + log->used_bytes);

	assert_true(log->used_bytes < LOG_BYTES);
	log->used_bytes += bytes;
	return e;
}

struct event *log_add(struct test_log *log, unsigned int cpu, uint64_t time_ns,
		      enum event_kind kind, uint64_t object, uint64_t detail)
{
	struct event *e = take_room(log->cpu[cpu], sizeof(*e));

	*e = (struct event){.time_ns = time_ns,
			    .object = object,
			    .detail = detail,
			    .kind = kind};
	return e;
}

struct event *log_add_put(struct test_log *log, unsigned int cpu,
			  uint64_t time_ns, uint64_t batch, unsigned int page,
			  unsigned int first, unsigned int count)
{
	struct event *e =
		log_add_batch(log, cpu, time_ns, batch, page, first, count);

	e->kind = EVENT_TABLES_PUT;
	return e;
}

struct event *log_add_batch(struct test_log *log, unsigned int cpu,
			    uint64_t time_ns, uint64_t head, unsigned int page,
			    unsigned int first, unsigned int count)
{
	struct event *e = log_add(log, cpu, time_ns, EVENT_QUEUED, head, BATCH);
	uint64_t *table = (uint64_t *)(e + 1);
	unsigned int i;

	take_room(log->cpu[cpu], count * sizeof(*table));
	e->count = count;
	for (i = 0; i < count; i++)
		table[i] = log_table(page, first + i);
	return e;
}

void log_replay(struct test_log *log)
{
	static const struct available all = {true, true, true,
					     true, true, true};
	char *text = NULL, *line, *next;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(replay_init(&log->replay, &log->machine), 0);
	assert_int_equal(replay_logs(&log->replay,
				     (const struct cpu_log *const *)log->cpu,
				     LOG_BYTES),
			 0);
	assert_int_equal(replay_write(&log->replay, &all, out), 0);
	fclose(out);
	log->records = json_array();
	for (line = text; *line; line = next + 1) {
		next = strchr(line, '\n');
		assert_non_null(next);
		assert_int_equal(
			json_array_append_new(
				log->records,
				json_loadb(line, next - line, 0, NULL)),
			0);
	}
	free(text);
}

json_t *log_record(const struct test_log *log, const char *type,
		   const char *member, const char *value)
{
	json_t *record;
	size_t i;

	json_array_foreach (log->records, i, record) {
		const char *is = json_string_value(
			json_object_get(record, member ?: "type"));

		if (!strcmp(json_string_value(json_object_get(record, "type")),
			    type) &&
		    (!member || (is && !strcmp(is, value))))
			return record;
	}
	fail_msg("no record %s %s %s", type, member ?: "", value ?: "");
	return NULL;
}

json_int_t log_number(const json_t *record, const char *member)
{
	const char *dot = strchr(member, '.');
	char name[64];

	snprintf(name, sizeof(name), "%.*s",
		 dot ? (int)(dot - member) : (int)strlen(member), member);
	record = json_object_get(record, name);
	if (dot)
		record = json_object_get(record, dot + 1);
	assert_true(json_is_integer(record));
	return json_integer_value(record);
}
