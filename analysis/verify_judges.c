// SPDX-License-Identifier: GPL-2.0
/* The gate's judges; see verify_judges.h and docs/gate.md. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "record.h"
#include "verify_console.h"
#include "verify_judges.h"

/* Keeps the first of each judge. `stack` is borrowed and may be NULL. */
static int note(struct verify_row *row, enum verify_judge judge,
		const json_t *header, const char *cell, const json_t *stack,
		const char *format, ...) __attribute__((format(printf, 6, 7)));

static int note(struct verify_row *row, enum verify_judge judge,
		const json_t *header, const char *cell, const json_t *stack,
		const char *format, ...)
{
	struct verify_finding *first = &row->first[judge];
	va_list args;
	int size;

	if (first->text)
		return 0;
	va_start(args, format);
	size = vasprintf(&first->text, format, args);
	va_end(args);
	if (size < 0) {
		first->text = NULL;
		return -ENOMEM;
	}
	first->judge = judge;
	first->stack = json_incref((json_t *)stack);
	first->cell = strdup(cell);
	first->workload = strdup(record_text(header, "workload"));
	first->smp = record_count(header, "smp");
	return first->cell && first->workload ? 0 : -ENOMEM;
}

/* Whose finding a reason for a cell to be invalid is. */
static enum verify_judge judge_of(const char *code, const char *workload)
{
	static const char *const of_kernel[] = {"console", "timeout", "exit",
						"boot", "truncated"};
	size_t i;

	for (i = 0; i < sizeof(of_kernel) / sizeof(of_kernel[0]); i++) {
		if (strcmp(code, of_kernel[i]))
			continue;
		/* What a selftest finds ends the guest with a status. */
		if (strcmp(code, "console") &&
		    !strncmp(workload, "kselftest-", strlen("kselftest-")))
			return JUDGE_SELFTEST;
		return JUDGE_KERNEL;
	}
	return JUDGE_NONE;
}

static bool has_reason(const struct judged *judged, const char *code)
{
	const json_t *reasons = json_object_get(judged->verdict, "reasons");
	size_t i;

	for (i = 0; i < json_array_size(reasons); i++) {
		if (!strcmp(record_text(json_array_get(reasons, i), "code"),
			    code))
			return true;
	}
	return false;
}

/* What the check of the cell says; *failed, *undecided: what follows. */
static int add_reasons(struct verify_row *row, const struct judged *judged,
		       const char *cell, bool *failed, bool *undecided)
{
	const json_t *reasons = json_object_get(judged->verdict, "reasons");
	const char *workload = record_text(judged->header, "workload");
	bool never_ran =
		has_reason(judged, "boot") && !has_reason(judged, "console");
	int result = 0;
	size_t i;

	for (i = 0; i < json_array_size(reasons) && !result; i++) {
		const json_t *reason = json_array_get(reasons, i);
		const char *code = record_text(reason, "code");
		/* A busy host, or no kernel at all: nothing was tried yet. */
		enum verify_judge judge =
			never_ran ? JUDGE_NONE : judge_of(code, workload);
		char *selftest = NULL;
		json_t *stack = NULL;

		if (judge == JUDGE_NONE)
			*undecided = true;
		else
			*failed = true;
		if (judge == JUDGE_KERNEL && !row->first[judge].text)
			stack = verify_console_stack(cell);
		if (judge == JUDGE_SELFTEST && !row->first[judge].text)
			selftest = verify_console_selftest(cell);
		result = note(row, judge, judged->header, cell, stack, "%s: %s",
			      code, selftest ?: record_text(reason, "text"));
		free(selftest);
		json_decref(stack);
	}
	return result;
}

/* What the console says that it did not say to the check of its time. */
static int add_console(struct verify_row *row, const struct judged *judged,
		       const char *cell, bool *failed)
{
	json_t *stack;
	char *found;
	int result;

	if (has_reason(judged, "console"))
		return 0;
	result = verify_console_check(cell, &found);
	if (result || !found)
		return result;
	*failed = true;
	stack = verify_console_stack(cell);
	result = note(row, JUDGE_KERNEL, judged->header, cell, stack,
		      "console: %s", found);
	json_decref(stack);
	free(found);
	return result;
}

static json_int_t shared_pages(const struct judged *judged)
{
	return record_count(json_object_get(judged->contract, "checked"),
			    "shared_pages_count");
}

/*
 * Who hands a page to several processes has to say so (pages_kept); else it may
 * be a page whose end was not seen.
 */
static bool is_undeclared(const struct judged *judged)
{
	return shared_pages(judged) &&
	       !record_count(judged->header, "pages_kept");
}

static int add_shared(struct verify_row *row, const struct judged *judged,
		      const char *cell, bool *undecided)
{
	if (!is_undeclared(judged))
		return 0;
	*undecided = true;
	return note(row, JUDGE_NONE, judged->header, cell, NULL,
		    "contract: %lld pages with tables of several processes, "
		    "and no pages_kept in variant.ini",
		    shared_pages(judged));
}

/* "by pte_free_defer()", or how else the table left its page table. */
static const char *unlink_text(const char *unlink)
{
	if (!strcmp(unlink, "defer"))
		return "a table that pte_free_defer() took";
	if (!strcmp(unlink, "tlb"))
		return "a table that tlb_remove_table() took";
	return "no table unlinked";
}

/*
 * How many pages may be left at the end: what the variant says that its CPUs
 * keep for tables to come; and since then processes share pages, those in which
 * there may be tables that were handed out before the probe looked.
 */
static json_int_t may_be_left(const struct judged *judged)
{
	json_int_t kept = record_count(judged->header, "pages_kept") *
			  record_count(judged->header, "smp");

	if (!kept)
		return 0;
	return kept + record_count(json_object_get(judged->vm, "before"),
				   "nr_page_table_pages");
}

static bool keeps(const struct judged *judged)
{
	const json_t *list = json_object_get(judged->contract, "violations");
	json_int_t left = 0;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		const json_t *violation = json_array_get(list, i);

		if (!strcmp(record_text(violation, "kind"), "leaked"))
			left += record_count(violation, "count");
	}
	return left <= may_be_left(judged);
}

/* Whether events were lost, without which others may look like violations. */
static bool lost_events(const struct judged *judged)
{
	/* What may have hidden a violation, and cannot have made one up. */
	static const char *const others[] = {"pages_ended_unseen_count",
					     "kernel messages lost",
					     "debug objects given up"};
	const json_t *reasons = json_object_get(judged->verdict, "reasons");
	size_t i, j;

	for (i = 0; i < json_array_size(reasons); i++) {
		const json_t *reason = json_array_get(reasons, i);
		const char *text = record_text(reason, "text");

		if (strcmp(record_text(reason, "code"), "loss"))
			continue;
		for (j = 0; j < sizeof(others) / sizeof(others[0]); j++)
			if (!strncmp(text, others[j], strlen(others[j])))
				break;
		if (j == sizeof(others) / sizeof(others[0]))
			return true;
	}
	return false;
}

/*
 * Where events were lost, only one kind needs no more than what was seen; and
 * it is one that loses events by itself (bpf/callbacks.c).
 */
static bool counts(const struct judged *judged, const json_t *violation)
{
	const char *kind = record_text(violation, "kind");

	/* What is shared by who does not say so is not decided. */
	if (!strcmp(kind, "leaked") && (keeps(judged) || is_undeclared(judged)))
		return false;
	return !lost_events(judged) || !strcmp(kind, "queued-twice");
}

static int add_violations(struct verify_row *row, const struct judged *judged,
			  const char *cell, bool *failed)
{
	const json_t *list = json_object_get(judged->contract, "violations");
	int result = 0;
	size_t i;

	for (i = 0; i < json_array_size(list) && !result; i++) {
		const json_t *violation = json_array_get(list, i);
		const json_t *first = json_object_get(violation, "first");

		if (!counts(judged, violation))
			continue;
		*failed = true;
		result = note(row, JUDGE_CONTRACT, judged->header, cell,
			      json_object_get(first, "stack"),
			      "%s: %s, %s (%lld times)",
			      record_text(violation, "kind"),
			      unlink_text(record_text(violation, "unlink")),
			      record_text(violation, "end"),
			      record_count(violation, "count"));
	}
	return result;
}

static int add_weaker(struct verify_row *row, const json_t *contract)
{
	const json_t *list = json_object_get(contract, "weaker");
	char key[300];
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);

		snprintf(key, sizeof(key), "%s, %s",
			 record_text(item, "unlink"), record_text(item, "end"));
		if (json_object_set_new(
			    row->weaker, key,
			    json_integer(record_count(row->weaker, key) +
					 record_count(item, "count"))))
			return -ENOMEM;
	}
	return 0;
}

int verify_judge(struct verify_row *row, const struct judged *judged,
		 const char *cell)
{
	bool failed = false, undecided = false;
	int result;

	row->cells++;
	result = add_reasons(row, judged, cell, &failed, &undecided);
	if (!result)
		result = add_console(row, judged, cell, &failed);
	if (!result)
		result = add_violations(row, judged, cell, &failed);
	if (!result)
		result = add_shared(row, judged, cell, &undecided);
	if (!result)
		result = add_weaker(row, judged->contract);
	if (!result && !failed && !undecided && !judged->verdict) {
		undecided = true;
		result = note(row, JUDGE_NONE, judged->header, cell, NULL,
			      "truncated: no verdict");
	}
	/* Arms without the probe leave all to the kernel. */
	if (!result && !failed && !undecided && !judged->contract &&
	    strcmp(record_text(judged->header, "arm"), "bare")) {
		undecided = true;
		result = note(row, JUDGE_NONE, judged->header, cell, NULL,
			      "record: no contract, so nothing was checked");
	}
	row->failed += failed;
	row->undecided += !failed && undecided;
	return result;
}
