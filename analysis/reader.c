// SPDX-License-Identifier: GPL-2.0
/* Reading untrusted JSON Lines; see reader.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "reader.h"
#include "whole_file.h"

/* Of what is read at once: cells are 14 KB, a file's own buffer is 4. */
#define BLOCK_SIZE (1u << 16)

int reader_open(struct reader *reader, const char *path)
{
	int result;

	memset(reader, 0, sizeof(*reader));
	reader->line = malloc(READER_MAX_LINE + BLOCK_SIZE);
	if (!reader->line)
		return -ENOMEM;
	result = open_regular(path, &reader->file);
	if (!result)
		setvbuf(reader->file, reader->line + READER_MAX_LINE, _IOFBF,
			BLOCK_SIZE);
	return result;
}

void reader_close(struct reader *reader)
{
	if (reader->file)
		fclose(reader->file);
	free(reader->line);
	memset(reader, 0, sizeof(*reader));
}

enum line_status {
	LINE_OK,
	LINE_LONG,
	LINE_CUT,
	LINE_BEYOND,
	LINE_END,
	LINE_FAILED,
};

/* Reads one line; what does not fit is skipped, to go on with the next. */
static enum line_status read_line(struct reader *reader)
{
	bool too_long = false;
	int c;

	reader->size = 0;
	errno = 0;
	while ((c = getc_unlocked(reader->file)) != EOF && c != '\n') {
		if (reader->bytes++ == READER_MAX_BYTES) {
			reader->number++;
			return LINE_BEYOND;
		}
		if (reader->size < READER_MAX_LINE)
			reader->line[reader->size++] = c;
		else
			too_long = true;
	}
	if (c == EOF && ferror(reader->file)) {
		if (!errno)
			errno = EIO;
		return LINE_FAILED;
	}
	if (c == EOF && !reader->size)
		return LINE_END;
	if (reader->number++ == READER_MAX_LINES)
		return LINE_BEYOND;
	if (c == EOF)
		return LINE_CUT;
	reader->bytes++;
	return too_long ? LINE_LONG : LINE_OK;
}

enum reader_status reader_next(struct reader *reader, json_t **record,
			       const struct shape **shape,
			       char error[SHAPE_ERROR_SIZE])
{
	json_error_t json_error;

	*record = NULL;
	*shape = NULL;
	switch (read_line(reader)) {
	case LINE_END:
		return READER_END;
	case LINE_FAILED:
		return READER_FAILED;
	case LINE_CUT:
		snprintf(error, SHAPE_ERROR_SIZE, "has no end");
		return READER_CUT;
	case LINE_BEYOND:
		snprintf(error, SHAPE_ERROR_SIZE,
			 "is beyond %u lines or %u bytes, not read further",
			 READER_MAX_LINES, READER_MAX_BYTES);
		return READER_CUT;
	case LINE_LONG:
		snprintf(error, SHAPE_ERROR_SIZE, "is longer than %u bytes",
			 READER_MAX_LINE);
		return READER_BAD;
	case LINE_OK:
		break;
	}
	*record = json_loadb(reader->line, reader->size, JSON_REJECT_DUPLICATES,
			     &json_error);
	if (!*record) {
		if (json_error_code(&json_error) == json_error_out_of_memory) {
			errno = ENOMEM;
			return READER_FAILED;
		}
		/* jansson's own text may quote the line: leave it out. */
		snprintf(error, SHAPE_ERROR_SIZE, "is not JSON at byte %d",
			 json_error.position);
		return READER_BAD;
	}
	*shape = shape_check(*record, error);
	if (!*shape) {
		json_decref(*record);
		*record = NULL;
		return READER_BAD;
	}
	return READER_RECORD;
}
