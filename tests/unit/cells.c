// SPDX-License-Identifier: GPL-2.0
/* Cells made up for tests; see cells.h. */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <jansson.h>
#include "cells.h"

const char cell_header[] =
	"{\"type\":\"header\",\"schema\":2,\"cell\":\"c1\",\"variant\":\"v1\","
	"\"pages\":\"64k\",\"mmu\":\"radix\",\"cpu\":\"power9\",\"smp\":2,"
	"\"rcu\":\"default\",\"workload\":\"w\",\"arm\":\"probed\",\"seed\":1,"
	"\"target\":\"exact\",\"release\":\"6.12-v1\","
	"\"callbacks\":[\"own_cb\"],\"defer_call_rcu\":\"page\","
	"\"tlb_call_rcu\":\"page\",\"tlb_grace_periods_min\":1,"
	"\"tlb_grace_periods_max\":2,\"correct\":true,\"swept\":null}\n";

const char cell_guest[] =
	"{\"type\":\"boot\",\"release\":\"6.12-v1\",\"page_size_bytes\":65536,"
	"\"mmu\":\"radix\",\"cpus_count\":2,\"cmdline\":\"seed=1\"}\n"
	"{\"type\":\"callback\",\"function\":\"own_cb\",\"enqueued_count\":2,"
	"\"invoked_count\":1,\"outstanding_count\":1,\"earlier_count\":0,"
	"\"wait_ns\":" CELL_HIST_1 ",\"run_ns\":null}\n"
	"{\"type\":\"callback\",\"function\":\"other_cb\","
	"\"enqueued_count\":7,\"invoked_count\":0,\"outstanding_count\":7,"
	"\"earlier_count\":9,\"wait_ns\":" CELL_HIST_0 ",\"run_ns\":" //
	CELL_HIST_0 "}\n"
	"{\"type\":\"grace_period\",\"started_count\":2,\"completed_count\":1,"
	"\"forced_count\":0,\"expedited_count\":0,\"duration_ns\":" CELL_HIST_1
	"}\n"
	"{\"type\":\"table\",\"path\":\"defer\",\"level\":\"pte\","
	"\"unlinked_count\":2,\"put_count\":1,\"in_flight_count\":1,"
	"\"put_with_page_count\":1,\"wait_ns\":" CELL_HIST_1 "}\n"
	"{\"type\":\"page\",\"tracked_count\":2,\"freed_count\":1,"
	"\"outstanding_count\":1,\"waited_none_count\":0,"
	"\"waited_one_count\":1,\"waited_two_count\":0,"
	"\"waited_more_count\":0,\"not_owed_count\":0,"
	"\"no_callback_count\":0,\"one_callback_count\":1,"
	"\"two_callbacks_count\":0,\"more_callbacks_count\":0,"
	"\"freed_by_batch_count\":0,\"freed_by_own_count\":1,"
	"\"freed_at_once_count\":0,\"freed_by_destroy_count\":0,"
	"\"wait_ns\":" CELL_HIST_1 ",\"last_wait_ns\":" CELL_HIST_1 "}\n"
	"{\"type\":\"double_rcu\",\"single_count\":0,\"double_count\":0,"
	"\"extra_callbacks_count\":0,\"first_wait_ns\":" CELL_HIST_0
	",\"second_wait_ns\":" CELL_HIST_0 ",\"extra_callback_run_ns\":null,"
	"\"held_byte_ns\":0,\"second_held_byte_ns\":0}\n"
	"{\"type\":\"pinned\",\"table_peak_bytes\":512,"
	"\"page_peak_bytes\":65536,\"table_byte_ns\":1280,"
	"\"page_byte_ns\":65536,\"drain_ns\":null,\"left_bytes\":256,"
	"\"interval_ns\":2,\"table_series_bytes\":[256,512,256],"
	"\"page_series_bytes\":[0,65536,0]}\n"
	"{\"type\":\"softirq\",\"rcu_core_ns\":" CELL_HIST_1
	",\"ksoftirqd_rcu_core_ns\":" CELL_HIST_0 ",\"batch_ns\":" CELL_HIST_1
	",\"batch_callbacks_count\":" CELL_HIST_1
	",\"batch_queued_count\":" CELL_HIST_1 "}\n"
	"{\"type\":\"probe\",\"programs\":[{\"name\":\"on_defer\",\"attach\":"
	"\"kprobe/pte_free_defer\",\"missed_count\":0,\"harmless\":null,"
	"\"runs_count\":null,\"run_ns\":null}],\"lost\":{\"events\":0},"
	"\"log_bytes\":4096,\"log_used_bytes\":128,\"unavailable\":[]}\n"
	"{\"type\":\"op\",\"kind\":\"collapse\",\"latency_ns\":" CELL_HIST_1
	",\"instructions_count\":" CELL_HIST_1 ",\"cycles_count\":null}\n"
	"{\"type\":\"work\",\"instructions_count\":1000,\"cycles_count\":2000,"
	"\"task_clock_ns\":null}\n"
	"{\"type\":\"vm\",\"before\":{\"pgfree\":5,\"page_tables_bytes\":4096},"
	"\"after\":{\"pgfree\":9,\"page_tables_bytes\":4096}}\n"
	"{\"type\":\"truth\",\"workload\":\"w\",\"seed\":1,"
	"\"parameters\":{\"processes\":17},\"facts\":{},\"tables\":[{\"path\":"
	"\"defer\",\"level\":\"pte\",\"unlinked_count\":2}],"
	"\"unclaimed\":null}\n"
	"{\"type\":\"end\",\"exit_status\":0}\n";

const char cell_console[] =
	"[    0.000000] Linux version 6.12-v1\n"
	"[    0.100000] WARNING: nvram corruption detected: 0-length "
	"partition\n"
	"[    0.200000] DEBUG: not a bug\n";

static char *directory(void)
{
	static char name[64] = "";

	return name;
}

void cell_enter(void)
{
	snprintf(directory(), 64, "/tmp/pfd-unit.XXXXXX");
	assert_non_null(mkdtemp(directory()));
	assert_int_equal(chdir(directory()), 0);
}

void cell_verified(void)
{
	static const char *const variants[] = {
		"v1",
		"v2",
		"v3",
		"a",
		"b",
		"z",
		"landed-fixed",
		"a-variant-with-a-name-of-32-chars"};
	static const char *const where[] = {"64k\tradix", "64k\thash",
					    "4k\tradix", "4k\thash"};
	FILE *file = fopen("verified.tsv", "we");
	size_t i, j;

	assert_non_null(file);
	for (i = 0; i < sizeof(variants) / sizeof(variants[0]); i++)
		for (j = 0; j < sizeof(where) / sizeof(where[0]); j++)
			fprintf(file, "%s\t%s\tpass\t\n", variants[i],
				where[j]);
	assert_int_equal(fclose(file), 0);
}

static int remove_one(const char *path, const struct stat *status, int flag,
		      struct FTW *ftw)
{
	(void)status;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void cell_leave(void)
{
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(nftw(directory(), remove_one, 8, FTW_DEPTH | FTW_PHYS),
			 0);
}

void cell_write_bytes(const char *path, const void *bytes, size_t size)
{
	FILE *file;

	/* Some file systems flush to disk what replaces another file. */
	(void)remove(path);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

void cell_write(const char *path, const char *text)
{
	cell_write_bytes(path, text, strlen(text));
}

char *cell_read(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	assert_non_null(file);
	/* No file of a test has a NUL byte in it. */
	if (getdelim(&text, &size, '\0', file) < 0) {
		free(text);
		text = strdup("");
	}
	assert_non_null(text);
	assert_int_equal(fclose(file), 0);
	return text;
}

char *cell_replace(const char *text, const char *from, const char *to)
{
	const char *found = strstr(text, from);
	char *result = NULL;

	assert_non_null(found);
	assert_true(asprintf(&result, "%.*s%s%s", (int)(found - text), text, to,
			     found + strlen(from)) >= 0);
	return result;
}

/* Sets "member.member" of a record. */
static void set_member(json_t *record, char *path, const char *value)
{
	json_t *json = json_loads(value, JSON_DECODE_ANY, NULL);
	char *dot;

	assert_non_null(json);
	while ((dot = strchr(path, '.'))) {
		*dot = '\0';
		record = json_object_get(record, path);
		assert_non_null(record);
		path = dot + 1;
	}
	assert_int_equal(json_object_set_new(record, path, json), 0);
}

/* One edit of the line, if it is of that type; *line is replaced. */
static bool edit_line(char **line, const char *edit)
{
	json_t *record = json_loads(*line, 0, NULL);
	char *copy = strdup(edit), *path, *value;
	const char *type;
	bool found;

	assert_non_null(record);
	assert_non_null(copy);
	value = strchr(copy, '=');
	if (value)
		*value++ = '\0';
	path = copy + (*copy == '-');
	type = strsep(&path, ".");
	type += *type == '-';
	found = !strcmp(type,
			json_string_value(json_object_get(record, "type")));
	if (found) {
		free(*line);
		*line = NULL;
		if (value) {
			assert_non_null(path);
			set_member(record, path, value);
			*line = json_dumps(record, JSON_COMPACT);
		}
	}
	json_decref(record);
	free(copy);
	return found;
}

/* One edit of a text of lines, which is replaced. */
static char *edit_text(char *text, const char *edit)
{
	char *rest = text, *line, *result;
	bool done = false;
	size_t size;
	FILE *out;

	out = open_memstream(&result, &size);
	assert_non_null(out);
	if (*edit == '+') {
		fprintf(out, "%s\n", edit + 1);
		done = true;
	}
	while ((line = strsep(&rest, "\n")) && *line) {
		char *copy = strdup(line);

		assert_non_null(copy);
		if (!done)
			done = edit_line(&copy, edit);
		if (copy)
			fprintf(out, "%s\n", copy);
		free(copy);
	}
	assert_int_equal(fclose(out), 0);
	if (!done)
		fail_msg("nothing to edit: %s", edit);
	free(text);
	return result;
}

char *cell_edit(const char *text, const char *edits)
{
	char *copy = strdup(edits), *result = strdup(text), *rest = copy;
	char *edit;

	assert_non_null(copy);
	assert_non_null(result);
	while ((edit = strsep(&rest, ";"))) {
		edit += strspn(edit, " ");
		if (*edit)
			result = edit_text(result, edit);
	}
	free(copy);
	return result;
}

/* Of two values below 32. */
#define HIST_2(a, b, sum)                                                      \
	"{\"count\":2,\"sum\":" #sum ",\"min\":" #a ",\"max\":" #b             \
	",\"buckets\":[[" #a ",1],[" #b ",1]]}"

char *cell_double(void)
{
	return cell_edit(
		cell_guest,
		"callback.invoked_count=2; callback.outstanding_count=0;"
		"callback.wait_ns=" HIST_2(9, 11, 20) //
		";table.path=\"munmap\"; table.put_count=2;"
		"table.in_flight_count=0; table.put_with_page_count=0;"
		"table.wait_ns=" HIST_2(8, 10, 18) //
		";page.freed_count=2; page.outstanding_count=0;"
		"page.waited_one_count=0; page.waited_two_count=2;"
		"page.one_callback_count=0; page.two_callbacks_count=2;"
		"page.freed_by_own_count=2;"
		"page.wait_ns=" HIST_2(18, 22, 40)	 //
		";page.last_wait_ns=" HIST_2(18, 22, 40) //
		";double_rcu.double_count=2;"
		"double_rcu.extra_callbacks_count=2;"
		"double_rcu.first_wait_ns=" HIST_2(8, 10, 18)	     //
		";double_rcu.second_wait_ns=" HIST_2(9, 11, 20)	     //
		";double_rcu.extra_callback_run_ns=" HIST_2(1, 2, 3) //
		";double_rcu.held_byte_ns=2621440;"
		"double_rcu.second_held_byte_ns=1310720;"
		"pinned.drain_ns=5; pinned.left_bytes=0;"
		"truth.tables=[{\"path\":\"munmap\",\"level\":\"pte\","
		"\"unlinked_count\":2}]");
}
