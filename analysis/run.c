// SPDX-License-Identifier: GPL-2.0
/* The cells of a run; see run.h. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "cell.h"
#include "message.h"
#include "record.h"
#include "run.h"

static bool is_directory(const char *dir, const char *name)
{
	char path[PATH_MAX];
	struct stat status;

	if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= PATH_MAX)
		return false;
	return !stat(path, &status) && S_ISDIR(status.st_mode);
}

/* The order of cells of one group. */
static int compare_in_group(const struct cell *cell, const char *variant,
			    const char *arm, long long seed)
{
	int order = strcmp(cell->variant, variant);

	if (!order)
		order = strcmp(cell->arm, arm);
	return order ? order : (cell->seed > seed) - (cell->seed < seed);
}

static int compare_cells(const void *left, const void *right)
{
	const struct cell *a = left, *b = right;
	int order = !!a->invalid - !!b->invalid;

	if (!order)
		order = strcmp(a->config, b->config);
	if (!order)
		/* Sizes of a sweep by number. */
		order = strverscmp(a->job, b->job);
	if (!order)
		order = compare_in_group(a, b->variant, b->arm, b->seed);
	return order ? order : strcmp(a->name, b->name);
}

static int read_cell(struct run *run, const char *cells_dir, const char *name,
		     cell_visit_fn *visit, void *context)
{
	struct cell *cells;

	cells = reallocarray(run->cells, run->count + 1, sizeof(*cells));
	if (!cells)
		return -ENOMEM;
	run->cells = cells;
	memset(&cells[run->count], 0, sizeof(*cells));
	/* Counted first: run_free() is to free what cell_load() left. */
	return cell_load(&cells[run->count++], cells_dir, name, visit, context);
}

/* One seed must not count twice: all but the first are left out. */
static int mark_repeated(struct run *run)
{
	size_t i;

	for (i = 1; i < run->count; i++) {
		const struct cell *first = &run->cells[i - 1];
		struct cell *cell = &run->cells[i];

		if (cell->invalid || !cell_same_group(first, cell) ||
		    strcmp(first->variant, cell->variant) ||
		    strcmp(first->arm, cell->arm) || first->seed != cell->seed)
			continue;
		cell->invalid = strdup("record: the same cell as another");
		if (!cell->invalid)
			return -ENOMEM;
	}
	qsort(run->cells, run->count, sizeof(*run->cells), compare_cells);
	return 0;
}

static int read_cells(struct run *run, const char *cells_dir, DIR *dir,
		      cell_visit_fn *visit, void *context)
{
	int result = 0;
	size_t i;

	while (!result) {
		const struct dirent *entry;

		errno = 0;
		entry = readdir(dir);
		if (!entry) {
			result = -errno;
			break;
		}
		if (entry->d_name[0] != '.' &&
		    is_directory(cells_dir, entry->d_name))
			result = read_cell(run, cells_dir, entry->d_name, visit,
					   context);
	}
	if (result || !run->count)
		return result;
	qsort(run->cells, run->count, sizeof(*run->cells), compare_cells);
	result = mark_repeated(run);
	for (i = 0; i < run->count; i++)
		run->valid_count += !run->cells[i].invalid;
	return result;
}

static int set_labels(struct run *run)
{
	size_t i;

	for (i = 0; i < run->count; i++) {
		struct cell *cell = &run->cells[i];
		const char *mark = "";

		if (cell->header) {
			cell->gate = verified_state(
				&run->verified, cell->variant,
				record_text(cell->header, "pages"),
				record_text(cell->header, "mmu"));
			mark = verified_mark(cell->gate);
		}
		if (asprintf(&cell->label, "%s%s", cell->variant, mark) < 0) {
			cell->label = NULL;
			return -ENOMEM;
		}
	}
	return 0;
}

static int compare_names(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;

	return strcmp(*a, *b);
}

static int list_variants(struct run *run)
{
	const char **names = calloc(run->count + 1, sizeof(*names));
	size_t i, count = 0;

	if (!names)
		return -ENOMEM;
	run->variants = names;
	for (i = 0; i < run->count; i++) {
		if (*run->cells[i].variant)
			names[count++] = run->cells[i].variant;
	}
	qsort(names, count, sizeof(*names), compare_names);
	for (i = 0; i < count; i++) {
		if (!i || strcmp(names[run->variant_count - 1], names[i]))
			names[run->variant_count++] = names[i];
	}
	return 0;
}

int run_load(struct run *run, const char *dir)
{
	return run_visit(run, dir, NULL, NULL);
}

int run_visit(struct run *run, const char *dir, cell_visit_fn *visit,
	      void *context)
{
	char path[PATH_MAX];
	int result;
	DIR *cells;

	memset(run, 0, sizeof(*run));
	if (snprintf(path, sizeof(path), "%s/cells", dir) >= PATH_MAX) {
		message("%s: the name is too long", dir);
		return STAT_USAGE;
	}
	cells = opendir(path);
	if (!cells) {
		message("%s: not a run that can be read (%s: %s)", dir, path,
			strerror(errno));
		return errno == ENOENT || errno == ENOTDIR ? STAT_USAGE
							   : STAT_FAILED;
	}
	run->dir = strdup(dir);
	result = run->dir ? read_cells(run, path, cells, visit, context)
			  : -ENOMEM;
	closedir(cells);
	if (result) {
		message("cannot read %s: %s", path, strerror(-result));
		return STAT_FAILED;
	}
	if (snprintf(path, sizeof(path), "%s/verified.tsv", dir) >= PATH_MAX ||
	    verified_read(&run->verified, path))
		return STAT_FAILED;
	if (set_labels(run) || list_variants(run)) {
		message("cannot read %s: %s", dir, strerror(ENOMEM));
		return STAT_FAILED;
	}
	return STAT_OK;
}

void run_free(struct run *run)
{
	size_t i;

	for (i = 0; i < run->count; i++)
		cell_free(&run->cells[i]);
	free(run->cells);
	free(run->variants);
	free(run->dir);
	verified_free(&run->verified);
	memset(run, 0, sizeof(*run));
}

void run_try_timed(struct run *run)
{
	size_t i;

	for (i = 0; i < run->count; i++) {
		struct cell *cell = &run->cells[i];

		if (!cell->header || cell->evidence != EVIDENCE_NONE)
			continue;
		cell->evidence = EVIDENCE_TIMED;
		run->tried = true;
	}
}

bool cell_same_group(const struct cell *a, const struct cell *b)
{
	return !strcmp(a->config, b->config) && !strcmp(a->job, b->job);
}

const struct cell *run_find(const struct run *run, size_t begin, size_t end,
			    const char *variant, const char *arm,
			    long long seed)
{
	while (begin < end) {
		size_t middle = begin + (end - begin) / 2;
		const struct cell *cell = &run->cells[middle];
		int order = compare_in_group(cell, variant, arm, seed);

		if (!order)
			return cell;
		if (order < 0)
			begin = middle + 1;
		else
			end = middle;
	}
	return NULL;
}

enum evidence cell_evidence(const struct cell *cell)
{
	return cell->evidence;
}

bool cell_of_one_boot(const struct cell *cell)
{
	return !strcmp(record_text(cell->header, "target"), "host");
}

bool run_has_evidence(const struct run *run, enum evidence evidence)
{
	size_t i;

	for (i = 0; i < run->valid_count; i++) {
		if (cell_evidence(&run->cells[i]) == evidence)
			return true;
	}
	return false;
}

const char *run_samples(const struct run *run)
{
	if (run->valid_count && cell_of_one_boot(&run->cells[0]))
		return "cells of one boot";
	return run_has_evidence(run, EVIDENCE_EXACT) ? "seeds" : "boots";
}

size_t run_group_end(const struct run *run, size_t begin)
{
	size_t end = begin;

	while (end < run->valid_count &&
	       cell_same_group(&run->cells[begin], &run->cells[end]))
		end++;
	return end;
}

int run_spread(const struct run *run, size_t begin, size_t end,
	       const char *variant, const char *arm, const char *metric,
	       struct spread *spread)
{
	double *values = calloc(end - begin + 1, sizeof(*values));
	size_t count = 0;
	size_t i;

	if (!values)
		return -ENOMEM;
	for (i = begin; i < end; i++) {
		const struct cell *cell = &run->cells[i];

		if (strcmp(cell->variant, variant) || strcmp(cell->arm, arm))
			continue;
		values[count] = metrics_value(&cell->metrics, metric);
		count += !isnan(values[count]);
	}
	*spread = stats_spread(values, count);
	free(values);
	return 0;
}

double run_median(const struct run *run, size_t begin, size_t end,
		  const char *variant, const char *arm, const char *metric,
		  int *error)
{
	struct spread spread = {.median = NAN};
	int result;

	result = run_spread(run, begin, end, variant, arm, metric, &spread);
	if (!result)
		return spread.median;
	*error = result;
	return NAN;
}

size_t run_variant_end(const struct run *run, size_t begin, size_t end)
{
	size_t i = begin;

	while (i < end &&
	       !strcmp(run->cells[i].variant, run->cells[begin].variant))
		i++;
	return i;
}

size_t run_find_arm(const struct run *run, size_t begin, size_t end,
		    const char *arm)
{
	size_t i;

	end = run_variant_end(run, begin, end);
	for (i = begin; i < end; i++) {
		if (!strcmp(run->cells[i].arm, arm))
			return i;
	}
	return begin;
}

size_t run_config_end(const struct run *run, size_t begin)
{
	size_t i = begin;

	while (i < run->valid_count &&
	       !strcmp(run->cells[i].config, run->cells[begin].config))
		i++;
	return i;
}
