// SPDX-License-Identifier: GPL-2.0
/* Turns what a boot left behind into a cell's records; see check.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>
#include "check.h"
#include "console.h"
#include "ledger.h"
#include "message.h"
#include "reader.h"

static int write_record(FILE *out, const json_t *record)
{
	errno = 0;
	if (json_dumpf(record, out, JSON_COMPACT) || putc('\n', out) == EOF)
		return errno ? -errno : -EIO;
	return 0;
}

/* The host's own record: anything wrong with it is not the guest's fault. */
static json_t *read_header(const char *path)
{
	char error[SHAPE_ERROR_SIZE] = "is not there";
	enum reader_status status = READER_FAILED;
	const struct shape *shape;
	struct reader reader;
	json_t *header = NULL;
	int result;

	result = reader_open(&reader, path);
	if (!result) {
		status = reader_next(&reader, &header, &shape, error);
		result = -errno;
	}
	if (status == READER_FAILED) {
		message("cannot read the header, %s: %s", path,
			strerror(-result));
	} else if (status != READER_RECORD) {
		message("the header is not valid, %s: line 1 %s", path, error);
	} else if (strcmp(shape->type, "header") ||
		   json_integer_value(json_object_get(header, "schema")) !=
			   SHAPE_SCHEMA) {
		message("the header is not valid, %s: it is of another type or "
			"schema",
			path);
		json_decref(header);
		header = NULL;
	}
	reader_close(&reader);
	return header;
}

/* Checks and copies the guest's records; negative errno when that failed. */
static int copy_guest(const char *path, struct ledger *ledger, FILE *out)
{
	char error[SHAPE_ERROR_SIZE];
	enum reader_status status;
	const struct shape *shape;
	struct reader reader;
	json_t *record;
	bool keep;
	int result;

	result = reader_open(&reader, path);
	if (result == -ENOENT) /* never booted far enough to write anything */
		result = 0;
	if (result || !reader.file)
		goto close;
	do {
		status = reader_next(&reader, &record, &shape, error);
		if (status == READER_RECORD) {
			result = ledger_add(ledger, shape, record,
					    reader.number, &keep);
			if (!result && keep)
				result = write_record(out, record);
			json_decref(record);
		} else if (status == READER_BAD) {
			ledger->ended = false;
			reasons_add(ledger->reasons, REASON_RECORD,
				    "line %lu %s", reader.number, error);
		} else if (status == READER_CUT) {
			ledger->ended = false;
			reasons_add(ledger->reasons, REASON_TRUNCATED,
				    "line %lu %s", reader.number, error);
		} else if (status == READER_FAILED) {
			result = -errno;
		}
	} while (!result && (status == READER_RECORD || status == READER_BAD));
close:
	reader_close(&reader);
	return result;
}

static int check_console(const char *path, struct reasons *reasons)
{
	FILE *console = fopen(path, "re");
	int result;

	if (!console && errno == ENOENT) {
		reasons_add(reasons, REASON_CONSOLE,
			    "there is no console text to judge by");
		return 0;
	}
	if (!console)
		return -errno;
	result = console_check(console, reasons);
	fclose(console);
	return result;
}

static void check_ending(const struct check *check, struct reasons *reasons)
{
	if (check->timed_out)
		reasons_add(reasons, REASON_TIMEOUT,
			    "stopped, because its time was up");
	if (check->exit_status)
		reasons_add(reasons, REASON_EXIT,
			    "the machine ended with status %d",
			    check->exit_status);
}

static void report_verdict(const json_t *verdict, unsigned long count,
			   FILE *report)
{
	const json_t *reasons = json_object_get(verdict, "reasons");
	const json_t *first = json_array_get(reasons, 0);

	if (!first) {
		fprintf(report, "valid\n");
		return;
	}
	fprintf(report, "invalid: %s: %s",
		json_string_value(json_object_get(first, "code")),
		json_string_value(json_object_get(first, "text")));
	if (count > 1)
		fprintf(report, " (+%lu more)", count - 1);
	fputc('\n', report);
}

/* Everything that goes into the file; negative errno after a message. */
static int write_cell(const struct check *check, const json_t *header,
		      struct reasons *reasons, FILE *out, json_t **verdict)
{
	const char *path = check->out;
	struct ledger ledger;
	int result;

	result = ledger_init(&ledger, header, reasons);
	if (!result)
		result = write_record(out, header);
	if (!result) {
		path = check->guest;
		result = copy_guest(path, &ledger, out);
	}
	if (!result) {
		path = check->console;
		result = check_console(path, reasons);
	}
	if (result)
		goto free;
	path = check->out;
	check_ending(check, reasons);
	result = ledger_finish(&ledger);
	if (result)
		goto free;
	*verdict = reasons_verdict(reasons);
	result = *verdict ? write_record(out, *verdict) : -ENOMEM;
free:
	if (result)
		message("cannot check the cell, %s: %s", path,
			strerror(-result));
	ledger_free(&ledger);
	return result;
}

/* Opens a new file beside `path`, whose name goes to temporary[]. */
static FILE *open_beside(const char *path, char temporary[PATH_MAX])
{
	FILE *out;
	int size;
	int fd;

	size = snprintf(temporary, PATH_MAX, "%s.new.%ld", path,
			(long)getpid());
	if (size >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return NULL;
	out = fdopen(fd, "w");
	if (!out) {
		close(fd);
		unlink(temporary);
	}
	return out;
}

int check_cell(const struct check *check, FILE *report)
{
	struct reasons reasons = {};
	char temporary[PATH_MAX];
	json_t *verdict = NULL;
	int status = STAT_FAILED;
	FILE *out = NULL;
	json_t *header;
	int result;

	header = read_header(check->header);
	if (!header)
		goto free;
	out = open_beside(check->out, temporary);
	if (!out) {
		message("cannot write %s: %s", check->out, strerror(errno));
		goto free;
	}
	result = write_cell(check, header, &reasons, out, &verdict);
	if (fclose(out) && !result) {
		result = -errno;
		message("cannot write %s: %s", check->out, strerror(errno));
	}
	if (!result && rename(temporary, check->out)) {
		result = -errno;
		message("cannot write %s: %s", check->out, strerror(errno));
	}
	if (result) {
		unlink(temporary);
		goto free;
	}
	status = reasons_count(&reasons) ? STAT_INVALID : STAT_OK;
	report_verdict(verdict, reasons_count(&reasons), report);
free:
	json_decref(verdict);
	json_decref(header);
	reasons_free(&reasons);
	return status;
}
