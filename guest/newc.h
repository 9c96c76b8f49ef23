/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFD_GUEST_NEWC_H
#define PFD_GUEST_NEWC_H

/*
 * A cpio archive of the kind that a kernel unpacks at boot ("newc";
 * Documentation/driver-api/early-userspace/buffer-format.rst). All functions
 * return 0, or -1 with errno set.
 */
#include <stdio.h>

/* Adds a directory; whoever adds files to it does that first. */
int newc_directory(FILE *archive, const char *name);

/* Adds what there is at path, as name, without a leading slash. */
int newc_file(FILE *archive, const char *name, const char *path,
	      unsigned int permissions);

/* The end of the archive, padded so that another may follow. */
int newc_end(FILE *archive);

/* Appends a file as it is: another archive. */
int newc_append(FILE *archive, const char *path);

#endif
