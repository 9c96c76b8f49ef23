// SPDX-License-Identifier: GPL-2.0
/* Files for fuzzers; see files.h. */
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "files.h"

static char directory[] = "/tmp/pfd-fuzz.XXXXXX";

void files_fail(const char *what)
{
	printf("FUZZ: %s\n", what);
	fflush(stdout);
	abort();
}

static int remove_one(const char *path, const struct stat *status, int type,
		      struct FTW *place)
{
	(void)status;
	(void)type;
	(void)place;
	return remove(path);
}

static void end(void)
{
	nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

bool files_begin(void)
{
	static bool begun;

	if (begun)
		return false;
	begun = true;
	if (!mkdtemp(directory) || chdir(directory) || atexit(end))
		files_fail("cannot make a directory to work in");
	return true;
}

void files_write(const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "we");
	bool written = file && fwrite(bytes, 1, size, file) == size;

	if (!file || fclose(file) || !written)
		files_fail("cannot write a file");
}

void files_mkdir(const char *path)
{
	if (mkdir(path, 0777))
		files_fail("cannot make a directory");
}
