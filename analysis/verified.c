// SPDX-License-Identifier: GPL-2.0
/* What the gate found; see verified.h. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "message.h"
#include "shape.h"
#include "verified.h"
#include "whole_file.h"

#define COLUMNS	  5
#define MAX_BYTES (1u << 20)
#define MAX_LINES 10000

static const char *const words[] = {
	[VERIFIED_UNKNOWN] = "unknown",
	[VERIFIED_PASS] = "pass",
	[VERIFIED_FAIL] = "fail",
};

/* The state of that word, or -1. */
static int state_of(const char *word)
{
	int i;

	for (i = 0; i < (int)(sizeof(words) / sizeof(words[0])); i++) {
		if (!strcmp(words[i], word))
			return i;
	}
	return -1;
}

/* Splits a line where it lies; false unless it has COLUMNS fields. */
static bool split(char *line, char *field[COLUMNS])
{
	size_t i;

	for (i = 0; i < COLUMNS; i++) {
		field[i] = strsep(&line, "\t");
		if (!field[i])
			return false;
	}
	/* It goes onto a terminal. */
	make_printable(field[4], strlen(field[4]));
	return !line && shape_is_name(field[0]) && shape_is_name(field[1]) &&
	       shape_is_name(field[2]) && state_of(field[3]) >= 0;
}

static int add_line(struct verified *verified, char *field[COLUMNS])
{
	struct verified_line *lines, *line;

	lines = reallocarray(verified->lines, verified->count + 1,
			     sizeof(*lines));
	if (!lines)
		return -ENOMEM;
	verified->lines = lines;
	line = &lines[verified->count++];
	*line = (struct verified_line){
		.variant = strdup(field[0]),
		.pages = strdup(field[1]),
		.mmu = strdup(field[2]),
		.text = strdup(field[4]),
		.state = state_of(field[3]),
	};
	return line->variant && line->pages && line->mmu && line->text
		       ? 0
		       : -ENOMEM;
}

static int add_lines(struct verified *verified, const char *path, char *text,
		     size_t size)
{
	const char *end = text + size;
	char *field[COLUMNS];
	size_t number = 0;

	while (text < end) {
		char *line = text, *stop = memchr(line, '\n', end - line);

		text = stop ? stop + 1 : line + strlen(line) + 1;
		if (stop)
			*stop = '\0';
		/* A NUL in it would hide what comes behind. */
		if (++number > MAX_LINES || !stop ||
		    memchr(line, '\0', stop - line) || !split(line, field)) {
			message("%s: line %zu is not variant, pages, mmu, "
				"pass, fail or unknown, and a text, with TABs "
				"between",
				path, number);
			return -EINVAL;
		}
		if (add_line(verified, field)) {
			message("cannot read %s: out of memory", path);
			return -ENOMEM;
		}
	}
	return 0;
}

int verified_read(struct verified *verified, const char *path)
{
	char *text;
	size_t size;
	int result = read_whole_file(path, MAX_BYTES, &text, &size);

	if (result == -ENOENT)
		return 0;
	if (result) {
		message("cannot read %s: %s", path, whole_file_problem(result));
		return result;
	}
	result = add_lines(verified, path, text, size);
	free(text);
	return result;
}

void verified_free(struct verified *verified)
{
	size_t i;

	for (i = 0; i < verified->count; i++) {
		free(verified->lines[i].variant);
		free(verified->lines[i].pages);
		free(verified->lines[i].mmu);
		free(verified->lines[i].text);
	}
	free(verified->lines);
	memset(verified, 0, sizeof(*verified));
}

const struct verified_line *verified_find(const struct verified *verified,
					  const char *variant,
					  const char *pages, const char *mmu)
{
	size_t i;

	for (i = 0; i < verified->count; i++) {
		const struct verified_line *line = &verified->lines[i];

		if (!strcmp(line->variant, variant) &&
		    !strcmp(line->pages, pages) && !strcmp(line->mmu, mmu))
			return line;
	}
	return NULL;
}

enum verified_state verified_state(const struct verified *verified,
				   const char *variant, const char *pages,
				   const char *mmu)
{
	const struct verified_line *line =
		verified_find(verified, variant, pages, mmu);

	return line ? line->state : VERIFIED_UNKNOWN;
}

int verified_rank(enum verified_state state)
{
	static const int ranks[] = {
		[VERIFIED_PASS] = 0,
		[VERIFIED_UNKNOWN] = 1,
		[VERIFIED_FAIL] = 2,
	};

	return ranks[state];
}

const char *verified_name(enum verified_state state)
{
	return words[state];
}

const char *verified_mark(enum verified_state state)
{
	static const char *const marks[] = {
		[VERIFIED_UNKNOWN] = "?",
		[VERIFIED_PASS] = "",
		[VERIFIED_FAIL] = "!",
	};

	return marks[state];
}

const char *verified_meaning(enum verified_state state)
{
	static const char *const meanings[] = {
		[VERIFIED_UNKNOWN] = "not verified (./run.sh verify)",
		[VERIFIED_PASS] = "passed the gate",
		[VERIFIED_FAIL] = "failed the gate (./run.sh verify)",
	};

	return meanings[state];
}
