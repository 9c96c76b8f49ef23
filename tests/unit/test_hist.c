// SPDX-License-Identifier: GPL-2.0
/*
 * Histograms: a value in the wrong bucket, or one lost between the guest and
 * the host, would falsify every latency there is.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "hist_json.h"

/* Every bucket starts where the one before ends. */
static void buckets_leave_no_gap(void **state)
{
	__u32 i;

	(void)state;
	for (i = 0; i < HIST_BUCKETS; i++) {
		assert_int_equal(hist_index(hist_lower(i)), i);
		if (i)
			assert_int_equal(hist_index(hist_lower(i) - 1), i - 1);
	}
	assert_int_equal(hist_index(HIST_MAX_VALUE), HIST_BUCKETS - 1);
}

/* The resolution that docs/records.md promises. */
static void buckets_are_narrow(void **state)
{
	__u32 i;

	(void)state;
	for (i = 32; i < HIST_BUCKETS - 1; i++)
		assert_true((hist_lower(i + 1) - hist_lower(i)) * 32 <=
			    hist_lower(i));
}

static void huge_values_are_counted(void **state)
{
	struct hist hist = {};

	(void)state;
	hist_add(&hist, UINT64_MAX, 1);
	assert_int_equal(hist.count, 1);
	assert_int_equal(hist.bucket[HIST_BUCKETS - 1], 1);
	assert_true(hist.max == UINT64_MAX);
}

/* What each CPU counted, put together, is what one would have counted. */
static void merge_is_adding_all(void **state)
{
	static const __u64 values[] = {40, 0, 31, 32, 33, 1 << 20, 40};
	struct hist all = {}, parts[2] = {}, merged = {};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		hist_add(&all, values[i], i + 1);
		hist_add(&parts[i % 2], values[i], i + 1);
	}
	hist_merge(&merged, &parts[0]);
	hist_merge(&merged, &parts[1]);
	assert_memory_equal(&all, &merged, sizeof(all));
}

/* An empty part has no minimum that could become everybody's. */
static void merging_nothing_changes_nothing(void **state)
{
	struct hist hist = {}, empty = {};

	(void)state;
	hist_add(&hist, 5, 1);
	hist_merge(&hist, &empty);
	assert_int_equal(hist.min, 5);
}

static void check_round_trip(const struct hist *hist, const char *expected)
{
	json_t *json = hist_to_json(hist);
	struct hist again;
	char *text;

	assert_non_null(json);
	text = json_dumps(json, JSON_COMPACT);
	assert_non_null(text);
	assert_string_equal(text, expected);
	assert_int_equal(hist_from_json(json, &again), 0);
	assert_memory_equal(hist, &again, sizeof(again));
	free(text);
	json_decref(json);
}

/* Members in the documented order: exact cells are compared byte by byte. */
static void json_is_as_documented(void **state)
{
	struct hist hist = {};

	(void)state;
	check_round_trip(&hist, "{\"count\":0,\"sum\":0,\"min\":0,\"max\":0,"
				"\"buckets\":[]}");
	hist_add(&hist, 300, 1);
	hist_add(&hist, 400, 1);
	hist_add(&hist, 500, 1);
	check_round_trip(&hist, "{\"count\":3,\"sum\":1200,\"min\":300,"
				"\"max\":500,\"buckets\":[[296,1],[400,1],"
				"[496,1]]}");
}

static void json_holds_the_largest(void **state)
{
	struct hist hist = {};

	(void)state;
	hist_add(&hist, HIST_MAX_VALUE, 2);
	hist_add(&hist, HIST_MAX_VALUE * 4, 1);
	check_round_trip(&hist, "{\"count\":3,\"sum\":13194139533306,"
				"\"min\":2199023255551,\"max\":8796093022204,"
				"\"buckets\":[[2164663517184,3]]}");
}

static void json_cannot_hold_more(void **state)
{
	struct hist hist = {};

	(void)state;
	hist_add(&hist, UINT64_MAX, 1);
	assert_null(hist_to_json(&hist));
}

/* Each is wrong in one way only. */
static void damaged_json_is_refused(void **state)
{
	static const char *const texts[] = {
		"[]",
		"{\"count\":1,\"sum\":9,\"min\":9,\"max\":9}",
		"{\"count\":1,\"sum\":9,\"min\":9,\"max\":9,\"buckets\":{}}",
		/* buckets do not sum to count */
		"{\"count\":2,\"sum\":18,\"min\":9,\"max\":9,"
		"\"buckets\":[[9,1]]}",
		/* an unknown member */
		"{\"count\":1,\"sum\":9,\"min\":9,\"max\":9,"
		"\"buckets\":[[9,1]],\"x\":1}",
		/* negative; a real; a string */
		"{\"count\":1,\"sum\":9,\"min\":-9,\"max\":9,"
		"\"buckets\":[[9,1]]}",
		"{\"count\":1,\"sum\":9.0,\"min\":9,\"max\":9,"
		"\"buckets\":[[9,1]]}",
		"{\"count\":\"1\",\"sum\":9,\"min\":9,\"max\":9,"
		"\"buckets\":[[9,1]]}",
		/* no bucket starts at 33333 */
		"{\"count\":1,\"sum\":33333,\"min\":33333,\"max\":33333,"
		"\"buckets\":[[33333,1]]}",
		/* out of order, twice, empty, too short, too long */
		"{\"count\":2,\"sum\":17,\"min\":8,\"max\":9,"
		"\"buckets\":[[9,1],[8,1]]}",
		"{\"count\":2,\"sum\":18,\"min\":9,\"max\":9,"
		"\"buckets\":[[9,1],[9,1]]}",
		"{\"count\":1,\"sum\":9,\"min\":9,\"max\":9,"
		"\"buckets\":[[8,0],[9,1]]}",
		"{\"count\":1,\"sum\":9,\"min\":9,\"max\":9,"
		"\"buckets\":[[9]]}",
		"{\"count\":1,\"sum\":9,\"min\":9,\"max\":9,"
		"\"buckets\":[[9,1,1]]}",
		/* min, max and sum that the buckets rule out */
		"{\"count\":1,\"sum\":9,\"min\":8,\"max\":9,"
		"\"buckets\":[[9,1]]}",
		"{\"count\":1,\"sum\":9,\"min\":9,\"max\":10,"
		"\"buckets\":[[9,1]]}",
		"{\"count\":1,\"sum\":8,\"min\":9,\"max\":9,"
		"\"buckets\":[[9,1]]}",
		"{\"count\":1,\"sum\":10,\"min\":9,\"max\":9,"
		"\"buckets\":[[9,1]]}",
		"{\"count\":3,\"sum\":1200,\"min\":300,\"max\":500,"
		"\"buckets\":[[296,1],[384,1],[496,1]]}",
		/* counts that only add up because they overflow */
		"{\"count\":1,\"sum\":9,\"min\":8,\"max\":10,\"buckets\":"
		"[[8,9223372036854775807],[9,9223372036854775807],[10,3]]}",
		/* nothing was counted, yet there is a sum */
		"{\"count\":0,\"sum\":1,\"min\":0,\"max\":0,\"buckets\":[]}",
	};
	struct hist hist;
	size_t i;

	(void)state;
	assert_int_equal(hist_from_json(NULL, &hist), -EINVAL);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		json_t *json = json_loads(texts[i], 0, NULL);

		assert_non_null(json);
		if (!hist_from_json(json, &hist))
			fail_msg("accepted: %s", texts[i]);
		json_decref(json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buckets_leave_no_gap),
		cmocka_unit_test(buckets_are_narrow),
		cmocka_unit_test(huge_values_are_counted),
		cmocka_unit_test(merge_is_adding_all),
		cmocka_unit_test(merging_nothing_changes_nothing),
		cmocka_unit_test(json_is_as_documented),
		cmocka_unit_test(json_holds_the_largest),
		cmocka_unit_test(json_cannot_hold_more),
		cmocka_unit_test(damaged_json_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
