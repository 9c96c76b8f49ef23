// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <ini.h>

#include "ini_file.h"

#define FILE_MAX_BYTES 65536
/* libinih's own limit is 200, unless built otherwise, and it cuts silently. */
#define LINE_MAX_BYTES 198

int plan_fail(struct plan_error *error, const char *format, ...)
{
	va_list args;
	char *c;

	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	for (c = error->text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	return -EINVAL;
}

/* Reads at most FILE_MAX_BYTES; the result is to be freed. */
static char *read_text(const char *path, struct plan_error *error)
{
	size_t length = 0;
	ssize_t n = 0;
	char *text;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		plan_fail(error, "cannot open %s: %s", path, strerror(errno));
		return NULL;
	}
	text = malloc(FILE_MAX_BYTES + 1);
	if (!text) {
		plan_fail(error, "%s: out of memory", path);
		goto out;
	}
	while (length < FILE_MAX_BYTES) {
		n = read(fd, text + length, FILE_MAX_BYTES - length);
		if (n <= 0)
			break;
		length += n;
	}
	if (n < 0)
		plan_fail(error, "cannot read %s: %s", path, strerror(errno));
	else if (length == FILE_MAX_BYTES)
		plan_fail(error,
			  "%s is longer than %d bytes: is it the right file?",
			  path, FILE_MAX_BYTES - 1);
	else if (memchr(text, '\0', length))
		plan_fail(error, "%s holds a zero byte: is it the right file?",
			  path);
	else {
		text[length] = '\0';
		goto out;
	}
	free(text);
	text = NULL;
out:
	close(fd);
	return text;
}

static int check_lines(const char *path, const char *text,
		       struct plan_error *error)
{
	size_t length;
	int line;

	for (line = 1; *text; line++) {
		length = strcspn(text, "\n");
		if (length > LINE_MAX_BYTES)
			return plan_fail(error,
					 "%s line %d is longer than %d bytes: "
					 "continue a list in an indented line",
					 path, line, LINE_MAX_BYTES);
		text += length;
		text += *text == '\n';
	}
	return 0;
}

struct reading {
	ini_setter set;
	void *context;
	struct plan_error *error;
	int err;
};

static int handle(void *user, const char *section, const char *name,
		  const char *value)
{
	struct reading *reading = user;

	if (!reading->err)
		reading->err = reading->set(reading->context, section, name,
					    value ? value : "", reading->error);
	return !reading->err;
}

int ini_file_read(const char *path, ini_setter set, void *context,
		  struct plan_error *error)
{
	struct reading reading = {set, context, error, 0};
	struct plan_error why;
	char *text;
	int line, err;

	text = read_text(path, error);
	if (!text)
		return -EINVAL;
	err = check_lines(path, text, error);
	if (err)
		goto out;
	line = ini_parse_string(text, handle, &reading);
	if (reading.err) {
		why = *error;
		err = plan_fail(error, "%s line %d: %s", path, line, why.text);
	} else if (line) {
		err = plan_fail(
			error,
			"%s line %d is neither [section] nor name = value",
			path, line);
	}
out:
	free(text);
	return err;
}
