// SPDX-License-Identifier: GPL-2.0
/* What the gate found; see verified.h. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "message.h"
#include "shape.h"
#include "verified.h"

#define COLUMNS	  5
#define LINES_MAX 10000

/* Splits a line where it lies; false unless it has COLUMNS fields. */
static bool split(char *line, char *field[COLUMNS])
{
	size_t i;

	line[strcspn(line, "\r\n")] = '\0';
	for (i = 0; i < COLUMNS; i++) {
		field[i] = strsep(&line, "\t");
		if (!field[i])
			return false;
	}
	return !line && shape_is_name(field[0]) && shape_is_name(field[1]) &&
	       shape_is_name(field[2]);
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
		.state = !strcmp(field[3], "pass")   ? VERIFIED_PASS
			 : !strcmp(field[3], "fail") ? VERIFIED_FAIL
						     : VERIFIED_UNKNOWN,
	};
	return line->variant && line->pages && line->mmu && line->text
		       ? 0
		       : -ENOMEM;
}

int verified_read(struct verified *verified, const char *path)
{
	char *line = NULL, *field[COLUMNS];
	size_t size = 0, number = 0;
	int result = 0;
	FILE *file;

	file = fopen(path, "re");
	if (!file && errno == ENOENT)
		return 0;
	if (!file) {
		result = -errno;
		message("cannot read %s: %s", path, strerror(errno));
		return result;
	}
	while (!result && getline(&line, &size, file) > 0) {
		if (++number > LINES_MAX || !split(line, field)) {
			message("%s: line %zu is not variant, pages, mmu, pass "
				"or fail, and a text, with TABs between",
				path, number);
			result = -EINVAL;
		} else if (add_line(verified, field)) {
			message("cannot read %s: out of memory", path);
			result = -ENOMEM;
		}
	}
	free(line);
	fclose(file);
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
