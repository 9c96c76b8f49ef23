// SPDX-License-Identifier: GPL-2.0
/* Conversion of histograms to and from JSON; see hist_json.h. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "hist_json.h"

static int set_number(json_t *object, const char *name, __u64 value)
{
	if (value > INT64_MAX)
		return -ERANGE;
	return json_object_set_new(object, name, json_integer(value));
}

static int append_number(json_t *array, __u64 value)
{
	if (value > INT64_MAX)
		return -ERANGE;
	return json_array_append_new(array, json_integer(value));
}

static json_t *buckets_to_json(const struct hist *hist)
{
	json_t *buckets = json_array();
	json_t *pair;
	__u32 i;

	for (i = 0; i < HIST_BUCKETS; i++) {
		if (!hist->bucket[i])
			continue;
		pair = json_array();
		if (append_number(pair, hist_lower(i)) ||
		    append_number(pair, hist->bucket[i])) {
			json_decref(pair);
			json_decref(buckets);
			return NULL;
		}
		if (json_array_append_new(buckets, pair)) {
			json_decref(buckets);
			return NULL;
		}
	}
	return buckets;
}

json_t *hist_to_json(const struct hist *hist)
{
	json_t *json = json_object();

	/* jansson's functions fail on a NULL they are given: check once. */
	if (set_number(json, "count", hist->count) ||
	    set_number(json, "sum", hist->sum) ||
	    set_number(json, "min", hist->count ? hist->min : 0) ||
	    set_number(json, "max", hist->max) ||
	    json_object_set_new(json, "buckets", buckets_to_json(hist))) {
		json_decref(json);
		return NULL;
	}
	return json;
}

static bool get_number(const json_t *json, __u64 *value)
{
	if (!json_is_integer(json) || json_integer_value(json) < 0)
		return false;
	*value = json_integer_value(json);
	return true;
}

/* Fills hist->bucket[]; *first and *last are the outermost bucket in use. */
static int buckets_from_json(const json_t *buckets, struct hist *hist,
			     __u32 *first, __u32 *last)
{
	__u64 total = 0;
	size_t i;

	if (!json_is_array(buckets))
		return -EINVAL;
	for (i = 0; i < json_array_size(buckets); i++) {
		const json_t *pair = json_array_get(buckets, i);
		__u64 lower, times;
		__u32 index;

		if (json_array_size(pair) != 2 ||
		    !get_number(json_array_get(pair, 0), &lower) ||
		    !get_number(json_array_get(pair, 1), &times) || !times)
			return -EINVAL;
		index = hist_index(lower);
		if (hist_lower(index) != lower || (i && index <= *last))
			return -EINVAL;
		if (__builtin_add_overflow(total, times, &total))
			return -EINVAL;
		hist->bucket[index] = times;
		if (!i)
			*first = index;
		*last = index;
	}
	return total == hist->count ? 0 : -EINVAL;
}

/* Whether values that lie in the buckets first..last can have this sum. */
static bool sum_fits(const struct hist *hist, __u32 first, __u32 last)
{
	__u64 least = 0, most = 0;
	bool any = false; /* more than can be said in 64 bits */
	__u32 i;

	for (i = first; i <= last; i++) {
		__u64 times = hist->bucket[i];
		__u64 low = hist_lower(i), high = hist->max, part;

		if (!times)
			continue;
		if (low < hist->min)
			low = hist->min;
		if (i + 1 < HIST_BUCKETS && hist_lower(i + 1) - 1 < high)
			high = hist_lower(i + 1) - 1;
		if (__builtin_mul_overflow(low, times, &part) ||
		    __builtin_add_overflow(least, part, &least))
			return false;
		any |= __builtin_mul_overflow(high, times, &part) ||
		       __builtin_add_overflow(most, part, &most);
	}
	return hist->sum >= least && (any || hist->sum <= most);
}

int hist_from_json(const json_t *json, struct hist *hist)
{
	__u32 first = 0, last = 0;

	memset(hist, 0, sizeof(*hist));
	if (json_object_size(json) != 5 ||
	    !get_number(json_object_get(json, "count"), &hist->count) ||
	    !get_number(json_object_get(json, "sum"), &hist->sum) ||
	    !get_number(json_object_get(json, "min"), &hist->min) ||
	    !get_number(json_object_get(json, "max"), &hist->max))
		return -EINVAL;
	if (buckets_from_json(json_object_get(json, "buckets"), hist, &first,
			      &last))
		return -EINVAL;
	if (!hist->count)
		return hist->sum || hist->min || hist->max ? -EINVAL : 0;
	if (hist_index(hist->min) != first || hist_index(hist->max) != last ||
	    hist->min > hist->max)
		return -EINVAL;
	return sum_fits(hist, first, last) ? 0 : -EINVAL;
}
