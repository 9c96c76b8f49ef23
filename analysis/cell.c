// SPDX-License-Identifier: GPL-2.0
/* Reading one cell of a run; see cell.h. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cell.h"
#include "kept.h"
#include "message.h"
#include "reader.h"
#include "record.h"
#include "unavailable.h"

/* The first reason stays. */
static int set_invalid(struct cell *cell, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int set_invalid(struct cell *cell, const char *format, ...)
{
	va_list args;
	int size;

	if (cell->invalid)
		return 0;
	va_start(args, format);
	size = vasprintf(&cell->invalid, format, args);
	va_end(args);
	if (size >= 0)
		return 0;
	cell->invalid = NULL;
	return -ENOMEM;
}

static int take_header(struct cell *cell, json_t *header)
{
	const char *target = record_text(header, "target");

	cell->header = json_incref(header);
	cell->variant = record_text(header, "variant");
	cell->arm = record_text(header, "arm");
	cell->seed = json_integer_value(json_object_get(header, "seed"));
	cell->evidence = evidence_of_target(target);
	/* Evidence of two kinds is never in one group. */
	if (!strcmp(target, "exact"))
		target = "";
	if (asprintf(&cell->config, "%s %s %s smp%lld rcu-%s%s%s",
		     record_text(header, "pages"), record_text(header, "mmu"),
		     record_text(header, "cpu"),
		     json_integer_value(json_object_get(header, "smp")),
		     record_text(header, "rcu"), *target ? " " : "",
		     target) < 0) {
		cell->config = NULL;
		return -ENOMEM;
	}
	return 0;
}

int cell_judge(struct cell *cell, const json_t *verdict)
{
	const json_t *reasons = json_object_get(verdict, "reasons");
	const json_t *reason = json_array_get(reasons, 0);
	size_t i;

	if (json_is_true(json_object_get(verdict, "valid")))
		return 0;
	cell->model_only = json_array_size(reasons) > 0;
	for (i = 0; i < json_array_size(reasons); i++)
		cell->model_only &=
			!strcmp(record_text(json_array_get(reasons, i), "code"),
				"model");
	if (!reason)
		return set_invalid(cell, "record: not valid, without a reason");
	return set_invalid(cell, "%s: %s", record_text(reason, "code"),
			   record_text(reason, "text"));
}

/*
 * The job: the workload and its parameters, without which two cells of one
 * workload could not be told apart.
 */
static int set_job(struct cell *cell, const json_t *records)
{
	json_t *parameters = NULL;
	const char *name;
	json_t *value;
	size_t size;
	FILE *job;
	size_t i;

	job = open_memstream(&cell->job, &size);
	if (!job)
		return -ENOMEM;
	if (cell->header)
		fputs(record_text(cell->header, "workload"), job);
	for (i = 0; i < json_array_size(records) && !parameters; i++)
		parameters = json_object_get(json_array_get(records, i),
					     "parameters");
	json_object_foreach (parameters, name, value) {
		fprintf(job, " %s=%" JSON_INTEGER_FORMAT, name,
			json_integer_value(value));
	}
	return fclose(job) ? -ENOMEM : 0;
}

/* What is wrong with where this line stands, or NULL. */
static const char *misplaced(const struct cell *cell, const struct shape *shape,
			     bool ended)
{
	bool header = !strcmp(shape->type, "header");

	if (ended)
		return "comes after the verdict";
	if (!cell->header && !header)
		return "is not the header";
	if (cell->header && header)
		return "is a second header";
	return NULL;
}

/*
 * Reads the lines into records[]; stops at the first that is not right, since
 * the host wrote this file whole.
 */
static int read_records(struct cell *cell, struct reader *reader,
			json_t *records)
{
	char error[SHAPE_ERROR_SIZE];
	const struct shape *shape;
	bool ended = false;
	json_t *record;
	int result = 0;

	while (!result && !cell->invalid) {
		enum reader_status status;
		const char *wrong = NULL;

		status = reader_next(reader, &record, &shape, error);
		if (status == READER_FAILED)
			return set_invalid(cell, "record: records.jsonl: %s",
					   strerror(errno));
		if (status == READER_END)
			break;
		if (status == READER_RECORD)
			wrong = misplaced(cell, shape, ended);
		else
			wrong = error;
		if (wrong) {
			json_decref(record);
			return set_invalid(cell,
					   "record: records.jsonl line %lu %s",
					   reader->number, wrong);
		}
		if (!cell->header) {
			result = take_header(cell, record);
		} else if (!strcmp(shape->type, "verdict")) {
			ended = true;
			result = cell_judge(cell, record);
		}
		if (!result && json_array_append(records, record))
			result = -ENOMEM;
		json_decref(record);
	}
	if (!result && !ended)
		result = set_invalid(cell, "truncated: no verdict");
	return result;
}

/* Names the claims that the probe had no way of checking. */
static int set_unchecked(struct cell *cell, const json_t *truth,
			 const json_t *probe)
{
	const json_t *tables = json_object_get(truth, "tables");
	const char *comma = "";
	size_t size;
	FILE *list;
	size_t i;

	list = open_memstream(&cell->unchecked, &size);
	if (!list)
		return -ENOMEM;
	for (i = 0; i < json_array_size(tables); i++) {
		const json_t *claim = json_array_get(tables, i);
		const char *path = record_text(claim, "path");

		if (!unavailable_path(probe, path))
			continue;
		fprintf(list, "%s%s %s", comma, path,
			record_text(claim, "level"));
		comma = ", ";
	}
	if (fclose(list))
		return -ENOMEM;
	if (!size) {
		free(cell->unchecked);
		cell->unchecked = NULL;
	}
	return 0;
}

/* A record's list of what was not to be had, or NULL. */
static json_t *take_unavailable(const json_t *record)
{
	json_t *list = json_object_get(record, "unavailable");

	return json_array_size(list) ? json_incref(list) : NULL;
}

/* Keeps what the report says of a whole cell, besides its metrics. */
static int take_facts(struct cell *cell, const json_t *records)
{
	const json_t *probe = NULL, *truth = NULL, *hardware = NULL;
	const char *unclaimed;
	size_t i;

	model_begin(&cell->facts, cell->header);
	for (i = 0; i < json_array_size(records); i++) {
		const json_t *record = json_array_get(records, i);

		model_add(&cell->facts, record);
		if (record_is(record, "probe"))
			probe = record;
		else if (record_is(record, "truth"))
			truth = record;
		else if (record_is(record, "hardware"))
			hardware = record;
	}
	cell->unavailable = take_unavailable(probe);
	cell->uncounted = take_unavailable(hardware);
	unclaimed = record_text(truth, "unclaimed");
	if (unclaimed) {
		cell->unclaimed = strdup(unclaimed);
		if (!cell->unclaimed)
			return -ENOMEM;
	}
	return set_unchecked(cell, truth, probe);
}

int cell_load(struct cell *cell, const char *cells_dir, const char *name,
	      cell_visit_fn *visit, void *context)
{
	json_t *records = json_array();
	char path[PATH_MAX];
	struct reader reader;
	int result;

	memset(&reader, 0, sizeof(reader));
	cell->name = strdup(name);
	if (cell->name)
		make_printable(cell->name, strlen(cell->name));
	cell->variant = cell->arm = "";
	result = cell->name && records ? 0 : -ENOMEM;
	if (result)
		goto free;
	if (snprintf(path, sizeof(path), "%s/%s/records.jsonl", cells_dir,
		     name) >= PATH_MAX) {
		result = -ENAMETOOLONG;
		goto free;
	}
	result = reader_open(&reader, path);
	if (result == -ENOMEM)
		goto free;
	if (result)
		result = set_invalid(cell, "truncated: no records (%s)",
				     strerror(-result));
	else
		result = read_records(cell, &reader, records);
	if (!result)
		result = set_job(cell, records);
	if (!result && !cell->config) {
		cell->config = strdup("");
		result = cell->config ? 0 : -ENOMEM;
	}
	if (!result && (!cell->invalid || cell->model_only))
		result = take_facts(cell, records);
	if (!result && !cell->invalid)
		result = metrics_extract(&cell->metrics, cell->header, records);
	if (!result && !cell->invalid && visit)
		result = visit(cell, records, context);
free:
	reader_close(&reader);
	json_decref(records);
	return result;
}

void cell_free(struct cell *cell)
{
	metrics_free(&cell->metrics);
	json_decref(cell->header);
	json_decref(cell->unavailable);
	json_decref(cell->uncounted);
	kept_free(cell->kept);
	free(cell->unclaimed);
	free(cell->unchecked);
	free(cell->invalid);
	free(cell->config);
	free(cell->job);
	free(cell->label);
	free(cell->name);
	memset(cell, 0, sizeof(*cell));
}
