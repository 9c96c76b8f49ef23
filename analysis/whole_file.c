// SPDX-License-Identifier: GPL-2.0
/* Small files that are not trusted; see whole_file.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "whole_file.h"

int open_regular(const char *path, FILE **file)
{
	struct stat status;
	int result = 0;
	int fd;

	*file = NULL;
	/* A pipe must not keep us waiting for somebody to write into it. */
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &status))
		result = -errno;
	else if (!S_ISREG(status.st_mode))
		result = -EINVAL;
	if (!result) {
		*file = fdopen(fd, "r");
		result = *file ? 0 : -errno;
	}
	if (result)
		close(fd);
	return result;
}

int read_whole_file(const char *path, size_t most, char **text, size_t *size)
{
	FILE *file;
	int result = open_regular(path, &file);

	*text = NULL;
	*size = 0;
	if (result)
		return result;
	*text = malloc(most + 1);
	if (!*text) {
		fclose(file);
		return -ENOMEM;
	}
	errno = 0;
	/* One more than may be there. */
	*size = fread(*text, 1, most + 1, file);
	if (ferror(file))
		result = errno ? -errno : -EIO;
	else if (*size > most)
		result = -EFBIG;
	else
		(*text)[*size] = '\0';
	fclose(file);
	if (result) {
		free(*text);
		*text = NULL;
	}
	return result;
}

const char *whole_file_problem(int result)
{
	if (result == -EINVAL)
		return "it is not a regular file";
	if (result == -EFBIG)
		return "it is larger than any of its kind";
	return strerror(-result);
}
