// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "load.h"
#include "settings.h"

static void keep(struct setting *s, char *text)
{
	char *open = strchr(text, '[');

	if (open) {
		text = open + 1;
		text[strcspn(text, "]")] = '\0';
	}
	text[strcspn(text, "\n")] = '\0';
	snprintf(s->was, sizeof(s->was), "%.*s", (int)sizeof(s->was) - 1, text);
}

/* Some files of debugfs cannot seek, nor need to. */
static ssize_t read_value(int fd, char *text, size_t size)
{
	ssize_t got = pread(fd, text, size, 0);

	return got < 0 && errno == ESPIPE ? read(fd, text, size) : got;
}

static ssize_t write_value(int fd, const char *value, size_t size)
{
	ssize_t got = pwrite(fd, value, size, 0);

	return got < 0 && errno == ESPIPE ? write(fd, value, size) : got;
}

int setting_change(struct load *load, struct setting *s, const char *value)
{
	size_t size = strlen(value);
	char text[256];
	ssize_t got;

	if (!s->fd) {
		s->fd = open(s->path, O_RDWR | O_CLOEXEC);
		if (s->fd < 0) {
			s->fd = 0;
			return load_error(load, s->path, -errno);
		}
		got = read_value(s->fd, text, sizeof(text) - 1);
		if (got < 0)
			return load_error(load, s->path, -errno);
		text[got] = '\0';
		keep(s, text);
	}
	got = write_value(s->fd, value, size);
	return got == (ssize_t)size
		       ? 0
		       : load_error(load, s->path, got < 0 ? -errno : -EIO);
}

int setting_change_number(struct load *load, struct setting *s, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	return setting_change(load, s, text);
}

int setting_restore(struct load *load, struct setting *s)
{
	int error;

	if (!s->fd)
		return 0;
	error = setting_change(load, s, s->was);
	close(s->fd);
	s->fd = 0;
	return error;
}

int setting_read_number(struct load *load, const char *path, uint64_t *value)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error = 0;
	char text[32];
	ssize_t got;

	if (fd < 0)
		return load_error(load, path, -errno);
	got = read(fd, text, sizeof(text) - 1);
	if (got < 0)
		error = -errno;
	close(fd);
	if (!error) {
		text[got] = '\0';
		if (sscanf(text, "%" SCNu64, value) != 1)
			error = -EINVAL;
	}
	return error ? load_error(load, path, error) : 0;
}
