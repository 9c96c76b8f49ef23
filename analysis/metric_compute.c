// SPDX-License-Identifier: GPL-2.0
/* Metrics that are more than a member of a record; see metric_compute.h. */
#include <math.h>
#include "metric.h"
#include "metric_compute.h"
#include "record.h"
#include "unavailable.h"

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

static const json_t *find_record(const json_t *records, const char *type)
{
	size_t i;

	for (i = 0; i < json_array_size(records); i++) {
		if (record_is(json_array_get(records, i), type))
			return json_array_get(records, i);
	}
	return NULL;
}

/* A function that was never enqueued has no record, and counts as 0. */
double metric_callbacks_enqueued(const json_t *header, const json_t *records)
{
	const json_t *probe = find_record(records, "probe");
	double sum = 0;
	size_t i;

	if (!probe || unavailable_reason(probe, "callback"))
		return NAN;
	for (i = 0; i < json_array_size(records); i++) {
		const json_t *record = json_array_get(records, i);

		if (record_is(record, "callback") &&
		    metric_is_table_callback(header,
					     record_text(record, "function")))
			sum += record_count(record, "enqueued_count");
	}
	return sum;
}

double metric_callbacks_per_page(const json_t *header, const json_t *records)
{
	double freed =
		record_count(find_record(records, "page"), "freed_count");

	return freed > 0 ? metric_callbacks_enqueued(header, records) / freed
			 : NAN;
}

double metric_double_share(const json_t *header, const json_t *records)
{
	const json_t *record = find_record(records, "double_rcu");
	double twice = record_count(record, "double_count");
	double once = record_count(record, "single_count");

	(void)header;
	return once + twice > 0 ? twice / (once + twice) : NAN;
}

/* An operation that is not one task's own is in no such sum. */
double metric_op_instructions(const json_t *header, const json_t *records)
{
	double sum = NAN;
	size_t i;

	(void)header;
	for (i = 0; i < json_array_size(records); i++) {
		const json_t *op = json_array_get(records, i);

		if (record_is(op, "op") &&
		    !record_is_null(op, "instructions_count"))
			sum = (isnan(sum) ? 0 : sum) +
			      record_hist(op, "instructions_count", "sum");
	}
	return sum;
}
