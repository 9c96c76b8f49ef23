// SPDX-License-Identifier: GPL-2.0
/* What plots need of a probed cell; see kept.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "kept.h"
#include "record.h"

/* Whether the record is of those, and in which member its waits are. */
static const char *waits_member(enum kept_wait wait, const json_t *header,
				const json_t *record)
{
	const char *function;

	if (wait == KEPT_PAGE)
		return record_is(record, "page") ? "last_wait_ns" : NULL;
	if (wait == KEPT_SECOND)
		return record_is(record, "double_rcu") ? "second_wait_ns"
						       : NULL;
	if (!record_is(record, "callback"))
		return NULL;
	function = record_text(record, "function");
	if (!strcmp(function, TLB_CALLBACK))
		return wait == KEPT_TLB ? "wait_ns" : NULL;
	return wait == KEPT_OWN && metric_is_table_callback(header, function)
		       ? "wait_ns"
		       : NULL;
}

static int take_buckets(struct kept_hist *kept, const struct hist *hist)
{
	size_t size = 0;
	__u32 i;

	for (i = 0; i < HIST_BUCKETS; i++)
		size += !!hist->bucket[i];
	kept->count = hist->count;
	kept->sum = hist->sum;
	kept->min = hist->min;
	kept->max = hist->max;
	if (!size)
		return 0;
	kept->buckets = calloc(size, sizeof(*kept->buckets));
	if (!kept->buckets)
		return -ENOMEM;
	for (i = 0; i < HIST_BUCKETS; i++) {
		if (!hist->bucket[i])
			continue;
		kept->buckets[kept->size++] =
			(struct kept_bucket){i, hist->bucket[i]};
	}
	return 0;
}

static int take_waits(struct kept_hist *kept, enum kept_wait wait,
		      const json_t *header, const json_t *records)
{
	struct hist all = {}, one;
	size_t i;

	for (i = 0; i < json_array_size(records); i++) {
		const json_t *record = json_array_get(records, i);
		const char *member = waits_member(wait, header, record);

		if (!member)
			continue;
		if (hist_from_json(json_object_get(record, member), &one))
			return -EINVAL;
		hist_merge(&all, &one);
	}
	return take_buckets(kept, &all);
}

static void take_double(struct kept *kept, const json_t *header,
			const json_t *records)
{
	const char *pages = record_text(header, "pages");
	double page_bytes = strcmp(pages, "64k") ? 4096 : 65536;
	size_t i;

	for (i = 0; i < json_array_size(records); i++) {
		const json_t *record = json_array_get(records, i);
		double twice;

		if (!record_is(record, "double_rcu"))
			continue;
		twice = record_count(record, "double_count");
		kept->tlb_pages += record_count(record, "single_count") + twice;
		kept->twice += twice;
		kept->wait_ns +=
			record_count(record, "held_byte_ns") / page_bytes;
		kept->second_ns += record_count(record, "second_held_byte_ns") /
				   page_bytes;
	}
}

int kept_take(struct cell *cell, const json_t *records, void *context)
{
	struct kept *kept;
	int result = 0;
	int wait;

	(void)context;
	if (strcmp(cell->arm, "probed"))
		return 0;
	kept = calloc(1, sizeof(*kept));
	if (!kept)
		return -ENOMEM;
	for (wait = 0; wait < KEPT_WAITS && !result; wait++)
		result = take_waits(&kept->waits[wait], wait, cell->header,
				    records);
	take_double(kept, cell->header, records);
	cell->kept = kept;
	return result;
}

void kept_merge(struct hist *to, const struct kept_hist *from)
{
	size_t i;

	hist_merge_totals(to, from->count, from->sum, from->min, from->max);
	for (i = 0; i < from->size; i++)
		to->bucket[from->buckets[i].index] += from->buckets[i].times;
}

void kept_free(struct kept *kept)
{
	size_t i;

	for (i = 0; kept && i < KEPT_WAITS; i++)
		free(kept->waits[i].buckets);
	free(kept);
}
