/* SPDX-License-Identifier: GPL-2.0 */
/* Small files that are not trusted, read whole. */
#ifndef PFD_WHOLE_FILE_H
#define PFD_WHOLE_FILE_H

#include <stdio.h>

/*
 * Opens what is a regular file, since anything else may keep us waiting for
 * ever. Returns 0, or a negative errno value; -EINVAL: it is none.
 */
int open_regular(const char *path, FILE **file);

/*
 * Reads a regular file of at most `most` bytes. *text, to be freed, ends with a
 * NUL that *size does not count. Returns 0, or a negative errno value; -EFBIG:
 * it is larger.
 */
int read_whole_file(const char *path, size_t most, char **text, size_t *size);

/* What such a value means, to follow "cannot read FILE: ". */
const char *whole_file_problem(int result);

#endif
