// SPDX-License-Identifier: GPL-2.0
/* From gate runs to verdicts; see verify.h. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "message.h"
#include "reader.h"
#include "record.h"
#include "verify.h"
#include "verify_console.h"

/* The records of one cell that a verdict needs; NULL: not there. */
struct judged {
	json_t *header, *verdict, *contract;
};

static void judged_free(struct judged *judged)
{
	json_decref(judged->header);
	json_decref(judged->verdict);
	json_decref(judged->contract);
}

/* A file that is damaged leaves members out, which decides nothing. */
static int read_judged(struct judged *judged, const char *path)
{
	const struct {
		const char *type;
		json_t **record;
	} wanted[] = {
		{"header", &judged->header},
		{"verdict", &judged->verdict},
		{"contract", &judged->contract},
	};
	char error[SHAPE_ERROR_SIZE];
	const struct shape *shape;
	enum reader_status status;
	struct reader reader;
	json_t *record;
	int result;
	size_t i;

	result = reader_open(&reader, path);
	while (!result && (status = reader_next(&reader, &record, &shape,
						error)) == READER_RECORD) {
		for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
			if (strcmp(shape->type, wanted[i].type) ||
			    *wanted[i].record)
				continue;
			*wanted[i].record = json_incref(record);
		}
		json_decref(record);
	}
	reader_close(&reader);
	return result == -ENOENT ? 0 : result;
}

static struct verify_row *find_row(struct verify *verify, const json_t *header)
{
	const char *variant = record_text(header, "variant");
	const char *pages = record_text(header, "pages");
	const char *mmu = record_text(header, "mmu");
	struct verify_row *rows, *row;
	size_t i;

	for (i = 0; i < verify->count; i++) {
		row = &verify->rows[i];
		if (!strcmp(row->variant, variant) &&
		    !strcmp(row->pages, pages) && !strcmp(row->mmu, mmu))
			return row;
	}
	rows = reallocarray(verify->rows, verify->count + 1, sizeof(*rows));
	if (!rows)
		return NULL;
	verify->rows = rows;
	row = &rows[verify->count++];
	*row = (struct verify_row){
		.variant = strdup(variant),
		.pages = strdup(pages),
		.mmu = strdup(mmu),
		.weaker = json_object(),
	};
	return row->variant && row->pages && row->mmu && row->weaker ? row
								     : NULL;
}

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
	int result = 0;
	size_t i;

	for (i = 0; i < json_array_size(reasons) && !result; i++) {
		const json_t *reason = json_array_get(reasons, i);
		const char *code = record_text(reason, "code");
		enum verify_judge judge = judge_of(code, workload);
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

/*
 * Who hands a page to several processes cannot be held to pages coming back,
 * and has to say so; else it may be a page whose end was not seen.
 */
static int add_shared(struct verify_row *row, const struct judged *judged,
		      const char *cell, bool *undecided)
{
	const json_t *checked = json_object_get(judged->contract, "checked");
	long long pages = record_count(checked, "shared_pages_count");

	if (!pages || record_count(judged->header, "pages_kept"))
		return 0;
	*undecided = true;
	return note(row, JUDGE_NONE, judged->header, cell, NULL,
		    "contract: %lld pages with tables of several processes, "
		    "and no pages_kept in variant.ini",
		    pages);
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
 * Whether no more pages are left than the variant says that its CPUs keep for
 * tables to come.
 */
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
	return left <= record_count(judged->header, "pages_kept") *
			       record_count(judged->header, "smp");
}

/*
 * Where events were lost, only one kind needs no more than what was seen; and
 * it is one that loses events by itself (bpf/callbacks.c).
 */
static bool counts(const struct judged *judged, const json_t *violation)
{
	const char *kind = record_text(violation, "kind");

	if (!strcmp(kind, "leaked") && keeps(judged))
		return false;
	return !has_reason(judged, "loss") || !strcmp(kind, "queued-twice");
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

static int add_judged(struct verify *verify, const struct judged *judged,
		      const char *cell)
{
	bool failed = false, undecided = false;
	struct verify_row *row;
	int result;

	row = find_row(verify, judged->header);
	if (!row)
		return -ENOMEM;
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

static int add_cell(struct verify *verify, const char *cells, const char *name)
{
	struct judged judged = {};
	char path[PATH_MAX], *cell;
	int result;

	if (snprintf(path, sizeof(path), "%s/%s/records.jsonl", cells, name) >=
	    PATH_MAX)
		return -ENAMETOOLONG;
	result = read_judged(&judged, path);
	/* A directory that says of no cell what it is would be a silent pass.
	 */
	if (!result && !judged.header) {
		message("%s: no record says what this is: remove the cell, and "
			"it is run again",
			path);
		result = -EBADMSG;
	}
	if (!result) {
		if (asprintf(&cell, "%s/%s", cells, name) < 0)
			result = -ENOMEM;
		if (!result) {
			result = add_judged(verify, &judged, cell);
			free(cell);
		}
	}
	judged_free(&judged);
	return result;
}

/* A directory that has a status is a cell that ended. */
static int is_cell(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && !strstr(entry->d_name, ".tmp");
}

int verify_add(struct verify *verify, const char *dir)
{
	struct dirent **names;
	char path[PATH_MAX];
	int count, i, result = 0;

	if (snprintf(path, sizeof(path), "%s/cells", dir) >= PATH_MAX) {
		message("%s: the name is too long", dir);
		return STAT_USAGE;
	}
	/* Sorted, so that the first finding is the same each time. */
	count = scandir(path, &names, is_cell, alphasort);
	if (count < 0) {
		message("%s: not a run that can be read (%s: %s)", dir, path,
			strerror(errno));
		return STAT_USAGE;
	}
	for (i = 0; i < count; i++) {
		if (!result)
			result = add_cell(verify, path, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	if (!result)
		return STAT_OK;
	message("cannot read %s: %s", path, strerror(-result));
	return STAT_FAILED;
}

static int compare(const void *left, const void *right)
{
	const struct verify_row *a = left, *b = right;
	int order = strcmp(a->variant, b->variant);

	/* 64k before 4k, radix before hash. */
	if (!order)
		order = -strverscmp(a->pages, b->pages);
	return order ? order : -strcmp(a->mmu, b->mmu);
}

void verify_finish(struct verify *verify)
{
	if (verify->count)
		qsort(verify->rows, verify->count, sizeof(*verify->rows),
		      compare);
}

enum verified_state verify_state(const struct verify_row *row)
{
	if (row->failed)
		return VERIFIED_FAIL;
	return row->undecided ? VERIFIED_UNKNOWN : VERIFIED_PASS;
}

const struct verify_finding *verify_first(const struct verify_row *row)
{
	size_t judge;

	for (judge = 0; judge < JUDGES; judge++) {
		if (row->first[judge].text)
			return &row->first[judge];
	}
	return NULL;
}

static void free_row(struct verify_row *row)
{
	size_t judge;

	for (judge = 0; judge < JUDGES; judge++) {
		free(row->first[judge].text);
		free(row->first[judge].cell);
		free(row->first[judge].workload);
		json_decref(row->first[judge].stack);
	}
	json_decref(row->weaker);
	free(row->variant);
	free(row->pages);
	free(row->mmu);
}

void verify_free(struct verify *verify)
{
	size_t i;

	for (i = 0; i < verify->count; i++)
		free_row(&verify->rows[i]);
	free(verify->rows);
	memset(verify, 0, sizeof(*verify));
}
