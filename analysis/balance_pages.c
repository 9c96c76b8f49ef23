// SPDX-License-Identifier: GPL-2.0
/* Pages of page tables, and the memory they hold; see balance.h. */
#include "balance.h"
#include "record.h"

/* Whether these members add up to total; each may be as large as can be. */
static bool sum_is(const json_t *record, json_int_t total,
		   const char *const *members)
{
	for (; *members && total >= 0; members++)
		total -= record_count(record, *members);
	return !total;
}

/* Every page that was freed is counted three times over. */
static void balance_freed(const json_t *page, struct reasons *reasons)
{
	static const struct {
		const char *members[6];
		const char *what;
	} sums[] = {
		{{"waited_none_count", "waited_one_count", "waited_two_count",
		  "waited_more_count", "not_owed_count"},
		 "waited, or were not owed a grace period"},
		{{"no_callback_count", "one_callback_count",
		  "two_callbacks_count", "more_callbacks_count",
		  "not_owed_count"},
		 "sat through callbacks, or were not owed a grace period"},
		{{"freed_by_batch_count", "freed_by_own_count",
		  "freed_at_once_count", "freed_by_destroy_count"},
		 "came to their end somewhere"},
	};
	json_int_t freed = record_count(page, "freed_count");
	size_t i;

	for (i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		if (!sum_is(page, freed, sums[i].members))
			reasons_add(reasons, REASON_CONSERVATION,
				    "pages: freed %lld, but that is not how "
				    "many %s",
				    freed, sums[i].what);
	}
}

void balance_page(const json_t *page, struct reasons *reasons)
{
	json_int_t tracked = record_count(page, "tracked_count");
	json_int_t freed = record_count(page, "freed_count");
	json_int_t outstanding = record_count(page, "outstanding_count");
	json_int_t not_owed = record_count(page, "not_owed_count");
	json_int_t waits = record_hist(page, "wait_ns", "count");
	json_int_t last = record_hist(page, "last_wait_ns", "count");

	if (!adds_up(tracked, freed, outstanding))
		reasons_add(reasons, REASON_CONSERVATION,
			    "pages: tracked %lld is not freed %lld "
			    "+ outstanding %lld",
			    tracked, freed, outstanding);
	if (waits != freed)
		reasons_add(reasons, REASON_CONSERVATION,
			    "pages: %lld waits for %lld freed", waits, freed);
	balance_freed(page, reasons);
	if (!adds_up(freed, not_owed, last))
		reasons_add(reasons, REASON_CONSERVATION,
			    "pages: %lld last waits for %lld freed, %lld of "
			    "them not owed one",
			    last, freed, not_owed);
}

/* a x b, which may be more than 64 bits hold. */
static __int128 product(json_int_t a, json_int_t b)
{
	return (__int128)a * b;
}

/* Double pages are among the pages, and each has the one extra callback. */
static void balance_double_pages(const json_t *record, const json_t *page,
				 struct reasons *reasons)
{
	json_int_t single = record_count(record, "single_count");
	json_int_t twice = record_count(record, "double_count");
	json_int_t owed = record_count(page, "freed_count") -
			  record_count(page, "not_owed_count");
	json_int_t two = record_count(page, "two_callbacks_count");
	json_int_t more = record_count(page, "more_callbacks_count");
	json_int_t own = record_count(page, "freed_by_own_count");

	if (single > owed || twice > owed - single)
		reasons_add(reasons, REASON_CONSERVATION,
			    "double RCU: %lld single + %lld double pages of "
			    "%lld freed and owed a grace period",
			    single, twice, owed);
	if ((__int128)two + more < twice)
		reasons_add(reasons, REASON_CONSERVATION,
			    "double RCU: %lld double pages, but only %lld "
			    "+ %lld sat through two callbacks or more",
			    twice, two, more);
	if (twice > own)
		reasons_add(reasons, REASON_CONSERVATION,
			    "double RCU: %lld double pages, but only %lld "
			    "freed by a callback of their own",
			    twice, own);
}

/* The second wait is part of the whole one, and of whole pages. */
static void balance_held(const json_t *record, const json_t *page,
			 json_int_t page_bytes, struct reasons *reasons)
{
	json_int_t held = record_count(record, "held_byte_ns");
	json_int_t second = record_count(record, "second_held_byte_ns");
	json_int_t first_ns = record_hist(record, "first_wait_ns", "sum");
	json_int_t second_ns = record_hist(record, "second_wait_ns", "sum");
	json_int_t last_ns = record_hist(page, "last_wait_ns", "sum");

	if (product(page_bytes, second_ns) != second)
		reasons_add(reasons, REASON_CONSERVATION,
			    "double RCU: %lld byte ns in the second wait are "
			    "not %lld bytes x %lld ns",
			    second, page_bytes, second_ns);
	if (product(page_bytes, first_ns) + second > held)
		reasons_add(reasons, REASON_CONSERVATION,
			    "double RCU: pages were held for %lld byte ns, "
			    "double ones alone for %lld bytes x %lld ns "
			    "+ %lld",
			    held, page_bytes, first_ns, second);
	if (page && product(page_bytes, last_ns) < held)
		reasons_add(reasons, REASON_CONSERVATION,
			    "double RCU: pages were held for %lld byte ns, "
			    "all pages for %lld bytes x %lld ns",
			    held, page_bytes, last_ns);
}

void balance_double_rcu(const json_t *record, const json_t *page,
			json_int_t page_bytes, struct reasons *reasons)
{
	json_int_t twice = record_count(record, "double_count");
	json_int_t extra = record_count(record, "extra_callbacks_count");
	json_int_t first = record_hist(record, "first_wait_ns", "count");
	json_int_t second = record_hist(record, "second_wait_ns", "count");
	json_int_t runs = record_hist(record, "extra_callback_run_ns", "count");

	if (first != twice || second != twice)
		reasons_add(reasons, REASON_CONSERVATION,
			    "double RCU: %lld first and %lld second waits of "
			    "%lld double pages",
			    first, second, twice);
	if (extra < twice)
		reasons_add(reasons, REASON_CONSERVATION,
			    "double RCU: %lld extra callbacks for %lld double "
			    "pages",
			    extra, twice);
	if (runs > extra)
		reasons_add(reasons, REASON_CONSERVATION,
			    "double RCU: %lld run times of %lld extra "
			    "callbacks",
			    runs, extra);
	if (page)
		balance_double_pages(record, page, reasons);
	balance_held(record, page, page_bytes, reasons);
}

/* No point is above the peak; all is inside the box that peak and time make. */
static void balance_series(const json_t *pinned, const char *series_name,
			   const char *peak_name, const char *integral_name,
			   struct reasons *reasons)
{
	const json_t *series = json_object_get(pinned, series_name);
	json_int_t peak = record_count(pinned, peak_name);
	json_int_t integral = record_count(pinned, integral_name);
	size_t count = json_array_size(series);
	json_int_t most = 0;
	__int128 room;
	size_t i;

	for (i = 0; i < count; i++) {
		json_int_t point =
			json_integer_value(json_array_get(series, i));

		most = point > most ? point : most;
	}
	if (most > peak)
		reasons_add(reasons, REASON_CONSERVATION,
			    "pinned: %s has %lld, above %s %lld", series_name,
			    most, peak_name, peak);
	/* What is left never has an end, wherever the series ends. */
	if (record_count(pinned, "left_bytes"))
		return;
	room = product(record_count(pinned, "interval_ns"), count + 1);
	if (integral > 0 && (!peak || integral / peak > room))
		reasons_add(reasons, REASON_CONSERVATION,
			    "pinned: %s %lld is more than %lld bytes for "
			    "%zu x %lld ns",
			    integral_name, integral, peak, count + 1,
			    record_count(pinned, "interval_ns"));
}

void balance_pinned(const json_t *pinned, const json_t *page,
		    json_int_t page_bytes, struct reasons *reasons)
{
	size_t tables =
		json_array_size(json_object_get(pinned, "table_series_bytes"));
	size_t pages =
		json_array_size(json_object_get(pinned, "page_series_bytes"));
	json_int_t left = record_count(pinned, "left_bytes");
	bool drained = !record_is_null(pinned, "drain_ns");

	if (tables != pages)
		reasons_add(reasons, REASON_CONSERVATION,
			    "pinned: series of %zu and %zu points", tables,
			    pages);
	balance_series(pinned, "table_series_bytes", "table_peak_bytes",
		       "table_byte_ns", reasons);
	balance_series(pinned, "page_series_bytes", "page_peak_bytes",
		       "page_byte_ns", reasons);
	if (left > record_count(pinned, "table_peak_bytes"))
		reasons_add(reasons, REASON_CONSERVATION,
			    "pinned: %lld bytes left, above the peak", left);
	if (record_count(pinned, "page_peak_bytes") % page_bytes)
		reasons_add(reasons, REASON_CONSERVATION,
			    "pinned: page_peak_bytes %lld is no whole number "
			    "of pages",
			    record_count(pinned, "page_peak_bytes"));
	if (page && !record_count(page, "outstanding_count") &&
	    (left || !drained))
		reasons_add(reasons, REASON_CONSERVATION,
			    "pinned: %lld bytes left%s, but no page is "
			    "outstanding",
			    left, drained ? "" : " and never drained");
}
