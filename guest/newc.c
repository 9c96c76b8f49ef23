// SPDX-License-Identifier: GPL-2.0
/* A cpio archive for the kernel; see newc.h. */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "newc.h"

/* To a block: initramfs.c wants 4, and cpio(1) warns of anything else. */
#define BLOCK 512

static int pad(FILE *archive, long to)
{
	long at = ftell(archive);

	if (at < 0)
		return -1;
	for (; at % to; at++)
		if (putc('\0', archive) == EOF)
			return -1;
	return 0;
}

static int header(FILE *archive, const char *name, unsigned int mode,
		  uint64_t size)
{
	/* An inode number of its own for each: no hard links. */
	long number = ftell(archive);

	if (size > UINT32_MAX) {
		errno = EFBIG;
		return -1;
	}
	if (number < 0 ||
	    fprintf(archive, "070701%08lX%08X%08X%08X%08X%08X%08X", number + 1,
		    mode, 0, 0, 1, 0, (unsigned int)size) < 0 ||
	    fprintf(archive, "%08X%08X%08X%08X%08zX%08X%s%c", 0, 0, 0, 0,
		    strlen(name) + 1, 0, name, '\0') < 0)
		return -1;
	return pad(archive, 4);
}

static int copy(FILE *archive, FILE *from, uint64_t *size)
{
	char buffer[1 << 16];
	size_t count;

	*size = 0;
	while ((count = fread(buffer, 1, sizeof(buffer), from)) > 0) {
		if (fwrite(buffer, 1, count, archive) != count)
			return -1;
		*size += count;
	}
	return ferror(from) ? -1 : 0;
}

int newc_directory(FILE *archive, const char *name)
{
	return header(archive, name, S_IFDIR | 0755, 0);
}

int newc_file(FILE *archive, const char *name, const char *path,
	      unsigned int permissions)
{
	FILE *from = fopen(path, "re");
	uint64_t size;
	struct stat s;
	int error;

	if (!from)
		return -1;
	error = fstat(fileno(from), &s) ||
		header(archive, name, S_IFREG | permissions,
		       (uint64_t)s.st_size) ||
		copy(archive, from, &size);
	/* It grew or shrank meanwhile: the header is wrong. */
	if (!error && size != (uint64_t)s.st_size) {
		errno = EAGAIN;
		error = 1;
	}
	fclose(from);
	return error ? -1 : pad(archive, 4);
}

int newc_end(FILE *archive)
{
	if (header(archive, "TRAILER!!!", 0, 0))
		return -1;
	return pad(archive, BLOCK);
}

int newc_append(FILE *archive, const char *path)
{
	FILE *from = fopen(path, "re");
	uint64_t size;
	int error;

	if (!from)
		return -1;
	error = copy(archive, from, &size);
	fclose(from);
	return error;
}
