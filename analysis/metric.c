// SPDX-License-Identifier: GPL-2.0
/* Metrics, out of a cell's records; see metric.h. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "metric.h"
#include "record.h"

#define NSEC_PER_SEC 1e9

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
				 record_text(record, member));
		if (size >= METRIC_NAME_SIZE)
			size = METRIC_NAME_SIZE - 1;
		from += length + 2;
	}
	name[size] = '\0';
}

/* What needs no buckets does without: filling them is most of the work. */
static double hist_value(const struct metric_def *def, const json_t *member)
{
	double count = record_count(member, "count");
	double sum = record_count(member, "sum");
	struct hist hist;

	if (!json_is_object(member))
		return NAN; /* null */
	if (def->value == VALUE_SUM)
		return sum;
	if (!(count > 0))
		return NAN; /* nothing was measured */
	if (def->value == VALUE_MAX)
		return record_count(member, "max");
	if (def->value == VALUE_MEAN)
		return sum / count;
	return hist_from_json(member, &hist) ? NAN
					     : stats_hist_quantile(&hist, 0.99);
}

/* The sum of all numbers whose name is `name`, or begins as "name*" says. */
static double sum_of_names(json_t *numbers, const char *name)
{
	size_t size = strcspn(name, "*");
	double sum = NAN;
	const char *key;
	json_t *number;

	json_object_foreach (numbers, key, number) {
		if (strncmp(key, name, size) || (!name[size] && key[size]))
			continue;
		sum = (isnan(sum) ? 0 : sum) + json_integer_value(number);
	}
	return sum;
}

static double member_value(const struct metric_def *def, const json_t *record)
{
	const json_t *member = json_object_get(record, def->member);

	switch (def->value) {
	case VALUE_COUNT:
		return json_is_integer(member) ? json_integer_value(member)
					       : NAN;
	case VALUE_PER_SECOND:
		return json_is_integer(member)
			       ? json_integer_value(member) / NSEC_PER_SEC
			       : NAN;
	case VALUE_CHANGE:
		return sum_of_names(json_object_get(record, "after"),
				    def->member) -
		       sum_of_names(json_object_get(record, "before"),
				    def->member);
	default:
		return hist_value(def, member);
	}
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

	while (strncmp(first->pattern, def->pattern, size) ||
	       prefix_size(first->pattern) != size)
		first++;
	return first;
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
	list[metrics->count].family = family(def);
	list[metrics->count].value = value;
	metrics->count++;
	return 0;
}

static int extract_member(struct metrics *metrics, const struct metric_def *def,
			  const json_t *record)
{
	char name[METRIC_NAME_SIZE];

	fill_pattern(name, def, record);
	return append_metric(metrics, def, name, member_value(def, record));
}

/* What a definition finds in one record of its type. */
static int extract_def(struct metrics *metrics, const struct metric_def *def,
		       const json_t *record)
{
	const json_t *list;
	int result = 0;
	size_t i;

	if (!def->list)
		return extract_member(metrics, def, record);
	list = json_object_get(record, def->list);
	for (i = 0; i < json_array_size(list) && !result; i++)
		result = extract_member(metrics, def, json_array_get(list, i));
	return result;
}

int metric_compare(const struct metric *a, const struct metric *b)
{
	size_t size_a = prefix_size(a->name);
	size_t size_b = prefix_size(b->name);
	int order;

	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
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

/* What the statistics cost is in all that the arm stats has. */
static bool is_of_arm(const struct metric_def *def, const json_t *header)
{
	bool stats = !strcmp(record_text(header, "arm"), "stats");

	return (def->arm == METRIC_STATS) == stats;
}

static int extract_record(struct metrics *metrics, const json_t *header,
			  const json_t *record)
{
	const char *type = record_text(record, "type");
	const struct metric_def *def;
	int result = 0;

	for (def = metric_defs; def->pattern && !result; def++) {
		if (def->type && !strcmp(def->type, type) &&
		    is_of_arm(def, header))
			result = extract_def(metrics, def, record);
	}
	return result;
}

int metrics_extract(struct metrics *metrics, const json_t *header,
		    const json_t *records)
{
	const struct metric_def *def;
	int result = 0;
	size_t i;

	memset(metrics, 0, sizeof(*metrics));
	for (i = 0; i < json_array_size(records) && !result; i++)
		result = extract_record(metrics, header,
					json_array_get(records, i));
	for (def = metric_defs; def->pattern && !result; def++) {
		if (def->compute && is_of_arm(def, header))
			result = append_metric(metrics, def, def->pattern,
					       def->compute(header, records));
	}
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
