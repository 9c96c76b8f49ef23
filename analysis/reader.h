/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reads JSON Lines from a file that is not trusted: a guest may have died in
 * the middle of a line, or written anything at all. Memory and work are bounded
 * by the limits below, a hundred times what cells need: jansson keeps a line of
 * 1 MiB in 50 MiB at most, and goes 2048 levels deep.
 */
#ifndef PFD_READER_H
#define PFD_READER_H

#include <stdbool.h>
#include <stdio.h>
#include <jansson.h>
#include "shape.h"

#define READER_MAX_LINE	 (1u << 20)
#define READER_MAX_LINES 4096u
#define READER_MAX_BYTES (8u << 20)

struct reader {
	FILE *file;
	char *line;  /* READER_MAX_LINE bytes, and what is read ahead */
	size_t size; /* of the line read last, newline not counted */
	unsigned long number; /* of the line read last; the first is 1 */
	size_t bytes;	      /* read so far */
};

enum reader_status {
	READER_RECORD, /* a record of a known shape */
	READER_BAD,    /* a line that is none: the reason is in error */
	READER_CUT,    /* nor is this; and nothing behind it can be read */
	READER_END,    /* no further line */
	READER_FAILED, /* errno is set: reading failed, or no memory */
};

/*
 * Returns 0, or a negative errno value; -EINVAL: it is no regular file.
 * reader_close() in either case.
 */
int reader_open(struct reader *reader, const char *path);

/*
 * The next line. READER_RECORD fills *record, a new reference that the caller
 * owns, and *shape. READER_BAD and READER_CUT fill error with one line. After
 * READER_CUT, READER_END and READER_FAILED there is nothing more to read.
 */
enum reader_status reader_next(struct reader *reader, json_t **record,
			       const struct shape **shape,
			       char error[SHAPE_ERROR_SIZE]);

void reader_close(struct reader *reader);

#endif
