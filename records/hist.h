/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Log-linear histogram, shared by BPF programs, guest tools and host tools.
 *
 * Values are nanoseconds (or any other count), 0 .. HIST_MAX_VALUE; larger
 * ones are put into the last bucket. Below 32 every value has a bucket of its
 * own; from there on every power of two is divided into 32 buckets of equal
 * width, so that a bucket's width is at most 1/32 of its lower bound.
 *
 * Plain data, no locking: either each CPU has its own, or only one writes.
 * Header only and free of library calls, because BPF includes it too; there
 * the includer provides __u32 and __u64.
 */
#ifndef PFD_HIST_H
#define PFD_HIST_H

#ifndef __bpf__
#include <linux/types.h>
#endif

#define HIST_SUB_BITS  5
#define HIST_SUB       (1u << HIST_SUB_BITS)
#define HIST_MAX_BITS  41 /* 2^41 ns: 36 minutes */
#define HIST_BUCKETS   ((HIST_MAX_BITS - HIST_SUB_BITS + 1) * HIST_SUB)
#define HIST_MAX_VALUE ((1ull << HIST_MAX_BITS) - 1)

struct hist {
	__u64 count;
	__u64 sum;
	__u64 min; /* meaningless while count is 0 */
	__u64 max;
	__u64 bucket[HIST_BUCKETS];
};

/* The position of the highest bit that is set; value is not 0. */
static inline __u32 hist_log2(__u64 value)
{
	__u32 bit = 0;

	if (value >> 32) {
		bit += 32;
		value >>= 32;
	}
	if (value >> 16) {
		bit += 16;
		value >>= 16;
	}
	if (value >> 8) {
		bit += 8;
		value >>= 8;
	}
	if (value >> 4) {
		bit += 4;
		value >>= 4;
	}
	if (value >> 2) {
		bit += 2;
		value >>= 2;
	}
	return bit + (value >> 1);
}

/* The bucket that holds a value: 0 .. HIST_BUCKETS - 1. */
static inline __u32 hist_index(__u64 value)
{
	__u32 shift;

	if (value > HIST_MAX_VALUE)
		value = HIST_MAX_VALUE;
	if (value < HIST_SUB)
		return value;
	shift = hist_log2(value) - HIST_SUB_BITS;
	return (shift + 1) * HIST_SUB + ((value >> shift) & (HIST_SUB - 1));
}

/* The smallest value that falls into a bucket. */
static inline __u64 hist_lower(__u32 index)
{
	__u32 shift;

	if (index < HIST_SUB)
		return index;
	shift = index / HIST_SUB - 1;
	return (__u64)(HIST_SUB + index % HIST_SUB) << shift;
}

/* Adds `times` occurrences of a value. */
static inline void hist_add(struct hist *h, __u64 value, __u64 times)
{
	__u32 index = hist_index(value);

	if (!times)
		return;
	if (!h->count || value < h->min)
		h->min = value;
	if (value > h->max)
		h->max = value;
	h->count += times;
	h->sum += value * times;
	if (index < HIST_BUCKETS)
		h->bucket[index] += times;
}

/* All but the buckets, of `count` values, which may be none. */
static inline void hist_merge_totals(struct hist *to, __u64 count, __u64 sum,
				     __u64 min, __u64 max)
{
	if (!count)
		return;
	if (!to->count || min < to->min)
		to->min = min;
	if (max > to->max)
		to->max = max;
	to->count += count;
	to->sum += sum;
}

/* Adds everything in `from` to `to`. */
static inline void hist_merge(struct hist *to, const struct hist *from)
{
	__u32 i;

	hist_merge_totals(to, from->count, from->sum, from->min, from->max);
	for (i = 0; i < HIST_BUCKETS; i++)
		to->bucket[i] += from->bucket[i];
}

#endif
