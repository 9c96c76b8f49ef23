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
#include "verify_judges.h"

static void judged_free(struct judged *judged)
{
	json_decref(judged->header);
	json_decref(judged->verdict);
	json_decref(judged->contract);
	json_decref(judged->vm);
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
		{"vm", &judged->vm},
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

static int add_cell(struct verify *verify, const char *cells, const char *name)
{
	struct judged judged = {};
	struct verify_row *row;
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
			row = find_row(verify, judged.header);
			result = row ? verify_judge(row, &judged, cell)
				     : -ENOMEM;
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
