// SPDX-License-Identifier: GPL-2.0
/* The table of record types, in the order they have in a cell; see shape.h. */
#include "shape.h"

#define CHOICES(...)                                                           \
	.kind = MEMBER_CHOICE, .choices = (const char *const[])                \
	{                                                                      \
		__VA_ARGS__, NULL                                              \
	}
#define LIST(...)                                                              \
	.kind = MEMBER_LIST, .members = (const struct member[])                \
	{                                                                      \
		__VA_ARGS__,                                                   \
		{                                                              \
		}                                                              \
	}
#define OBJECT(...)                                                            \
	.kind = MEMBER_OBJECT, .members = (const struct member[])              \
	{                                                                      \
		__VA_ARGS__,                                                   \
		{                                                              \
		}                                                              \
	}
#define MEMBERS(...)                                                           \
	.members = (const struct member[])                                     \
	{                                                                      \
		__VA_ARGS__,                                                   \
		{                                                              \
		}                                                              \
	}

#define COUNT(name_)                                                           \
	{                                                                      \
		.name = (name_), .kind = MEMBER_COUNT                          \
	}
#define BOOL(name_)                                                            \
	{                                                                      \
		.name = (name_), .kind = MEMBER_BOOL                           \
	}
#define NAME(name_)                                                            \
	{                                                                      \
		.name = (name_), .kind = MEMBER_NAME                           \
	}
#define LINE(name_)                                                            \
	{                                                                      \
		.name = (name_), .kind = MEMBER_LINE                           \
	}
#define LINES(name_)                                                           \
	{                                                                      \
		.name = (name_), .kind = MEMBER_LINES                          \
	}
#define LINE_OR_NULL(name_)                                                    \
	{                                                                      \
		.name = (name_), .kind = MEMBER_LINE_OR_NULL                   \
	}
#define HIST(name_)                                                            \
	{                                                                      \
		.name = (name_), .kind = MEMBER_HIST                           \
	}
#define HIST_OR_NULL(name_)                                                    \
	{                                                                      \
		.name = (name_), .kind = MEMBER_HIST_OR_NULL                   \
	}
#define COUNT_OR_NULL(name_)                                                   \
	{                                                                      \
		.name = (name_), .kind = MEMBER_COUNT_OR_NULL                  \
	}
#define DIGIT_OR_NULL(name_)                                                   \
	{                                                                      \
		.name = (name_), .kind = MEMBER_DIGIT_OR_NULL                  \
	}
#define SERIES(name_)                                                          \
	{                                                                      \
		.name = (name_), .kind = MEMBER_SERIES                         \
	}
#define NAMES(name_)                                                           \
	{                                                                      \
		.name = (name_), .kind = MEMBER_NAMES                          \
	}
#define VIOLATIONS(name_)                                                      \
	{                                                                      \
		.name = (name_),                                               \
		LIST({.name = "kind",                                          \
		      CHOICES("freed-early", "handed-out-early",               \
			      "queued-twice", "destructor-early", "leaked")},  \
		     {.name = "unlink", CHOICES("defer", "tlb", "none")},      \
		     {.name = "end",                                           \
		      CHOICES("batch", "callback", "at-once",                  \
			      "pte_frag_destroy", "handed-out", "queued",      \
			      "invoked", "never")},                            \
		     COUNT("count"),                                           \
		     {.name = "first",                                         \
		      OBJECT(COUNT("time_ns"), COUNT("unlinked_ns"),           \
			     LINE("page"), LINE("table"),                      \
			     LINE("gp_seq_unlinked"), LINE("gp_seq"),          \
			     LINES("stack"))})                                 \
	}
#define NUMBERS(name_)                                                         \
	{                                                                      \
		.name = (name_), .kind = MEMBER_NUMBERS                        \
	}

#define PATH                                                                   \
	{                                                                      \
		.name = "path", CHOICES("munmap", "exit", "defer", "direct",   \
					"fallback", "kernel")                  \
	}
#define LEVEL                                                                  \
	{                                                                      \
		.name = "level", CHOICES("pte", "pmd", "pud")                  \
	}
#define MMU                                                                    \
	{                                                                      \
		.name = "mmu", CHOICES("radix", "hash", "other")               \
	}

/* plans/variant.c */
#define MODEL_WORDS                                                            \
	"unknown", "never", "table", "page", "page-if-deferred",               \
		"page-if-last", "page-and-grace-period", "page-at-put"

/* clang-format off */
const struct shape shapes[] = {
	{ .type = "header", .by_host = true, MEMBERS(
		COUNT("schema"), NAME("cell"), NAME("variant"),
		{ .name = "pages", CHOICES("64k", "4k") }, MMU,
		NAME("cpu"), COUNT("smp"),
		{ .name = "rcu", CHOICES("default", "nocb", "lazy") },
		NAME("workload"),
		{ .name = "arm", CHOICES("bare", "probed", "stats",
					"checked", "bare-again",
					"probed-again") },
		COUNT("seed"),
		{ .name = "target", CHOICES("exact", "tcg", "kvm", "host",
					   "kexec", "ssh") },
		LINE("release"),
		NAMES("callbacks"),
		{ .name = "defer_call_rcu", CHOICES(MODEL_WORDS) },
		{ .name = "tlb_call_rcu", CHOICES(MODEL_WORDS) },
		DIGIT_OR_NULL("tlb_grace_periods_min"),
		DIGIT_OR_NULL("tlb_grace_periods_max"),
		{ .name = "pages_kept", .kind = MEMBER_COUNT, .optional = true },
		BOOL("correct"), LINE_OR_NULL("swept")) },
	{ .type = "boot", MEMBERS(
		LINE("release"), COUNT("page_size_bytes"), MMU,
		COUNT("cpus_count"), LINE("cmdline")) },
	{ .type = "callback", .by_probe = true, .keys = { "function" }, MEMBERS(
		NAME("function"), COUNT("enqueued_count"),
		COUNT("invoked_count"), COUNT("outstanding_count"),
		COUNT_OR_NULL("earlier_count"), HIST("wait_ns"),
		HIST_OR_NULL("run_ns")) },
	{ .type = "grace_period", .by_probe = true, MEMBERS(
		COUNT("started_count"), COUNT("completed_count"),
		COUNT("forced_count"), COUNT("expedited_count"),
		HIST("duration_ns")) },
	{ .type = "table", .by_probe = true, .keys = { "path", "level" },
	  MEMBERS(
		PATH, LEVEL, COUNT("unlinked_count"), COUNT("put_count"),
		COUNT("in_flight_count"), COUNT("put_with_page_count"),
		HIST("wait_ns")) },
	{ .type = "page", .by_probe = true, MEMBERS(
		COUNT("tracked_count"), COUNT("freed_count"),
		COUNT("outstanding_count"), COUNT("waited_none_count"),
		COUNT("waited_one_count"), COUNT("waited_two_count"),
		COUNT("waited_more_count"), COUNT("not_owed_count"),
		COUNT("no_callback_count"), COUNT("one_callback_count"),
		COUNT("two_callbacks_count"), COUNT("more_callbacks_count"),
		COUNT("freed_by_batch_count"), COUNT("freed_by_own_count"),
		COUNT("freed_at_once_count"), COUNT("freed_by_destroy_count"),
		HIST("wait_ns"), HIST("last_wait_ns")) },
	{ .type = "double_rcu", .by_probe = true, MEMBERS(
		COUNT("single_count"), COUNT("double_count"),
		COUNT("extra_callbacks_count"), HIST("first_wait_ns"),
		HIST("second_wait_ns"), HIST_OR_NULL("extra_callback_run_ns"),
		COUNT("held_byte_ns"), COUNT("second_held_byte_ns")) },
	{ .type = "pinned", .by_probe = true, MEMBERS(
		COUNT("table_peak_bytes"), COUNT("page_peak_bytes"),
		COUNT("table_byte_ns"), COUNT("page_byte_ns"),
		COUNT_OR_NULL("drain_ns"), COUNT("left_bytes"),
		COUNT("interval_ns"), SERIES("table_series_bytes"),
		SERIES("page_series_bytes")) },
	{ .type = "softirq", .by_probe = true, MEMBERS(
		HIST("rcu_core_ns"), HIST("ksoftirqd_rcu_core_ns"),
		HIST("batch_ns"), HIST("batch_callbacks_count"),
		HIST("batch_queued_count")) },
	{ .type = "contract", .by_probe = true, .by_check = true, MEMBERS(
		{ .name = "checked", OBJECT(
			COUNT("tables_count"), COUNT("pages_count"),
			COUNT("fragments_count"),
			{ .name = "shared_pages_count", .kind = MEMBER_COUNT,
			  .optional = true }) },
		VIOLATIONS("violations"),
		VIOLATIONS("weaker")) },
	{ .type = "probe", .by_probe = true, MEMBERS(
		{ .name = "programs", LIST(NAME("name"), LINE("attach"),
					   COUNT("missed_count"),
					   LINE_OR_NULL("harmless"),
					   COUNT_OR_NULL("runs_count"),
					   COUNT_OR_NULL("run_ns")) },
		NUMBERS("lost"), COUNT("log_bytes"), COUNT("log_used_bytes"),
		{ .name = "unavailable", LIST(NAME("record"),
					      LINE("reason")) }) },
	{ .type = "op", .keys = { "kind" }, MEMBERS(
		NAME("kind"), HIST("latency_ns"),
		HIST_OR_NULL("instructions_count"),
		HIST_OR_NULL("cycles_count")) },
	{ .type = "work", MEMBERS(
		COUNT_OR_NULL("instructions_count"),
		COUNT_OR_NULL("cycles_count"),
		COUNT_OR_NULL("task_clock_ns")) },
	{ .type = "hardware", MEMBERS(
		{ .name = "scope", CHOICES("machine", "workload") },
		{ .name = "events", LIST(NAME("name"), COUNT("count"),
					 COUNT("enabled_ns"),
					 COUNT("running_ns")) },
		{ .name = "unavailable", LIST(NAME("name"),
					      LINE("reason")) }) },
	{ .type = "vm", MEMBERS(NUMBERS("before"), NUMBERS("after")) },
	{ .type = "truth", MEMBERS(
		NAME("workload"), COUNT("seed"), NUMBERS("parameters"),
		NUMBERS("facts"),
		{ .name = "tables", LIST(PATH, LEVEL,
					 COUNT("unlinked_count")) },
		LINE_OR_NULL("unclaimed")) },
	{ .type = "end", MEMBERS(COUNT("exit_status")) },
	{ .type = "verdict", .by_host = true, MEMBERS(
		BOOL("valid"),
		{ .name = "reasons", LIST(
			{ .name = "code", CHOICES("boot", "release",
				"truncated", "record", "conservation", "truth", "model",
				"loss", "console", "timeout", "exit") },
			LINE("text")) }) },
	{}
};
/* clang-format on */
