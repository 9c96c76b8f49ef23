// SPDX-License-Identifier: GPL-2.0
/* Metrics, out of a cell's records; see metric.h. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "metric.h"

static const char *text_of(const json_t *record, const char *name)
{
	return json_string_value(json_object_get(record, name));
}

static double number_of(const json_t *record, const char *name)
{
	return json_integer_value(json_object_get(record, name));
}

static bool is_type(const json_t *record, const char *type)
{
	return !strcmp(text_of(record, "type"), type);
}

bool metric_is_own_callback(const json_t *header, const char *function)
{
	const json_t *callbacks = json_object_get(header, "callbacks");
	size_t i;

	for (i = 0; i < json_array_size(callbacks); i++) {
		if (!strcmp(json_string_value(json_array_get(callbacks, i)),
			    function))
			return true;
	}
	return false;
}

bool metric_is_table_callback(const json_t *header, const char *function)
{
	return metric_is_own_callback(header, function) ||
	       !strcmp(function, TLB_CALLBACK);
}

/* A function that was never enqueued has no record, and counts as 0. */
static double callbacks_enqueued(const json_t *header, const json_t *records)
{
	bool probed = false;
	double sum = 0;
	size_t i;

	for (i = 0; i < json_array_size(records); i++) {
		const json_t *record = json_array_get(records, i);

		probed |= is_type(record, "probe");
		if (is_type(record, "callback") &&
		    metric_is_table_callback(header,
					     text_of(record, "function")))
			sum += number_of(record, "enqueued_count");
	}
	return probed ? sum : NAN;
}

static double callbacks_per_page(const json_t *header, const json_t *records)
{
	double freed = 0;
	size_t i;

	for (i = 0; i < json_array_size(records); i++) {
		const json_t *record = json_array_get(records, i);

		if (is_type(record, "page"))
			freed += number_of(record, "freed_count");
	}
	return freed > 0 ? callbacks_enqueued(header, records) / freed : NAN;
}

/* clang-format off */
const struct metric_def metric_defs[] = {
	{ "op.<kind>.mean_ns", UNIT_NS, "mean latency of that operation",
	  "op", "latency_ns", .value = VALUE_MEAN, .quiet_cost = true },
	{ "op.<kind>.max_ns", UNIT_NS, "longest latency of that operation",
	  "op", "latency_ns", .value = VALUE_MAX, .quiet_cost = true },
	{ "callback.enqueued_count", UNIT_COUNT,
	  "call_rcu() calls for page tables: " TLB_CALLBACK
	  " and the variant's own functions", .compute = callbacks_enqueued },
	{ "callback.per_freed_page", UNIT_RATIO,
	  "callback.enqueued_count / page.freed_count",
	  .compute = callbacks_per_page },
	{ "callback.<function>.enqueued_count", UNIT_COUNT,
	  "call_rcu() calls with that function", "callback", "enqueued_count",
	  .value = VALUE_COUNT },
	{ "callback.<function>.wait_mean_ns", UNIT_NS,
	  "mean wait from call_rcu() to invocation", "callback", "wait_ns",
	  .value = VALUE_MEAN },
	{ "callback.<function>.run_mean_ns", UNIT_NS,
	  "mean time inside the callback", "callback", "run_ns", .value = VALUE_MEAN },
	{ "grace_period.completed_count", UNIT_COUNT,
	  "normal grace periods that ended", "grace_period",
	  "completed_count", .value = VALUE_COUNT },
	{ "grace_period.duration_mean_ns", UNIT_NS,
	  "mean duration of a normal grace period", "grace_period",
	  "duration_ns", .value = VALUE_MEAN },
	{ "table.<path>.<level>.unlinked_count", UNIT_COUNT,
	  "page tables unlinked on that path", "table", "unlinked_count",
	  .value = VALUE_COUNT },
	{ "table.<path>.<level>.wait_mean_ns", UNIT_NS,
	  "mean wait of a table from unlink to put", "table", "wait_ns",
	  .value = VALUE_MEAN },
	{ "page.freed_count", UNIT_COUNT,
	  "page-table pages freed after a table of theirs was unlinked",
	  "page", "freed_count", .value = VALUE_COUNT },
	{ "page.last_wait_mean_ns", UNIT_NS,
	  "mean wait of a page from its last unlink to its real end", "page",
	  "last_wait_ns", .value = VALUE_MEAN },
	{ "page.waited_none_count", UNIT_COUNT,
	  "pages freed with no full grace period after their last unlink",
	  "page", "waited_none_count", .value = VALUE_COUNT },
	{ "page.waited_one_count", UNIT_COUNT,
	  "pages freed after one full grace period", "page",
	  "waited_one_count", .value = VALUE_COUNT },
	{ "page.waited_two_count", UNIT_COUNT,
	  "pages freed after two full grace periods", "page",
	  "waited_two_count", .value = VALUE_COUNT },
	{ "page.waited_more_count", UNIT_COUNT,
	  "pages freed after three or more full grace periods", "page",
	  "waited_more_count", .value = VALUE_COUNT },
	{ "page.wait_mean_ns", UNIT_NS,
	  "mean wait of a page from its first unlink to its real end", "page",
	  "wait_ns", .value = VALUE_MEAN },
	{ "page.wait_p99_ns", UNIT_NS,
	  "the wait that 99 % of the pages do not exceed", "page", "wait_ns",
	  .value = VALUE_P99 },
	{}
};
/* clang-format on */

/* Writes def's pattern with the record's members filled in. */
static void fill_pattern(char name[METRIC_NAME_SIZE],
			 const struct metric_def *def, const json_t *record)
{
	const char *from = def->pattern;
	size_t size = 0;
	char member[32];

	while (*from && size < METRIC_NAME_SIZE - 1) {
		size_t length = strcspn(from, ">") - 1;

		if (*from != '<' || length >= sizeof(member)) {
			name[size++] = *from++;
			continue;
		}
		memcpy(member, from + 1, length);
		member[length] = '\0';
		size += snprintf(name + size, METRIC_NAME_SIZE - size, "%s",
				 text_of(record, member));
		if (size >= METRIC_NAME_SIZE)
			size = METRIC_NAME_SIZE - 1;
		from += length + 2;
	}
	name[size] = '\0';
}

static double member_value(const struct metric_def *def, const json_t *record)
{
	struct hist hist;

	if (def->value == VALUE_COUNT)
		return number_of(record, def->member);
	if (hist_from_json(json_object_get(record, def->member), &hist) ||
	    !hist.count)
		return NAN; /* null, or nothing was measured */
	if (def->value == VALUE_MAX)
		return hist.max;
	if (def->value == VALUE_P99)
		return stats_hist_quantile(&hist, 0.99);
	return stats_hist_mean(&hist);
}

static int append_metric(struct metrics *metrics, const struct metric_def *def,
			 const char *name, double value)
{
	struct metric *list;

	if (isnan(value))
		return 0;
	list = reallocarray(metrics->list, metrics->count + 1, sizeof(*list));
	if (!list)
		return -ENOMEM;
	metrics->list = list;
	list[metrics->count].name = strdup(name);
	if (!list[metrics->count].name)
		return -ENOMEM;
	list[metrics->count].def = def;
	list[metrics->count].value = value;
	metrics->count++;
	return 0;
}

static int extract_def(struct metrics *metrics, const struct metric_def *def,
		       const json_t *header, const json_t *records)
{
	char name[METRIC_NAME_SIZE];
	int result = 0;
	size_t i;

	if (def->compute)
		return append_metric(metrics, def, def->pattern,
				     def->compute(header, records));
	for (i = 0; i < json_array_size(records) && !result; i++) {
		const json_t *record = json_array_get(records, i);

		if (!is_type(record, def->type))
			continue;
		fill_pattern(name, def, record);
		result = append_metric(metrics, def, name,
				       member_value(def, record));
	}
	return result;
}

static size_t prefix_size(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? (size_t)(dot - name) : 0;
}

/* The first metric in the table that shares the pattern up to its last dot. */
static const struct metric_def *family(const struct metric_def *def)
{
	const struct metric_def *first = metric_defs;
	size_t size = prefix_size(def->pattern);

	while (prefix_size(first->pattern) != size ||
	       strncmp(first->pattern, def->pattern, size))
		first++;
	return first;
}

int metric_compare(const struct metric *a, const struct metric *b)
{
	size_t size_a = prefix_size(a->name);
	size_t size_b = prefix_size(b->name);
	int order;

	if (family(a->def) != family(b->def))
		return family(a->def) < family(b->def) ? -1 : 1;
	order = strncmp(a->name, b->name, size_a < size_b ? size_a : size_b);
	if (order)
		return order;
	if (size_a != size_b)
		return size_a < size_b ? -1 : 1;
	return (a->def > b->def) - (a->def < b->def);
}

static int compare(const void *a, const void *b)
{
	return metric_compare(a, b);
}

int metrics_extract(struct metrics *metrics, const json_t *header,
		    const json_t *records)
{
	const struct metric_def *def;
	int result = 0;

	memset(metrics, 0, sizeof(*metrics));
	for (def = metric_defs; def->pattern && !result; def++)
		result = extract_def(metrics, def, header, records);
	if (metrics->count)
		qsort(metrics->list, metrics->count, sizeof(*metrics->list),
		      compare);
	return result;
}

double metrics_value(const struct metrics *metrics, const char *name)
{
	size_t i;

	for (i = 0; i < metrics->count; i++) {
		if (!strcmp(metrics->list[i].name, name))
			return metrics->list[i].value;
	}
	return NAN;
}

void metrics_free(struct metrics *metrics)
{
	size_t i;

	for (i = 0; i < metrics->count; i++)
		free(metrics->list[i].name);
	free(metrics->list);
	memset(metrics, 0, sizeof(*metrics));
}

/* Whether a pattern, whose <...> stand for any text, matches a name. */
static bool pattern_matches(const char *pattern, const char *name)
{
	while (*pattern && *pattern != '<' && *pattern == *name) {
		pattern++;
		name++;
	}
	if (*pattern != '<')
		return *pattern == *name;
	pattern += strcspn(pattern, ">") + 1;
	while (*name++) {
		if (pattern_matches(pattern, name))
			return true;
	}
	return false;
}

bool metric_is_known(const char *name)
{
	const struct metric_def *def;

	for (def = metric_defs; def->pattern; def++) {
		if (pattern_matches(def->pattern, name))
			return true;
	}
	return false;
}
