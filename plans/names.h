/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A list of names, each once, in the order in which they came. Functions that
 * return int return 0 or -ENOMEM. A zeroed struct is an empty list.
 */
#ifndef PFD_NAMES_H
#define PFD_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#define NAMES_SEPARATORS " \t\r\n,"

struct names {
	char **name;
	size_t count;
};

/* Adds the first length bytes of name, unless it is there already. */
int names_add(struct names *names, const char *name, size_t length);

/* Adds what text holds between separators. */
int names_split(struct names *names, const char *text);

bool names_has(const struct names *names, const char *name);

void names_sort(struct names *names);

/* "a, b, c", to be freed by the caller; NULL without memory. */
char *names_join(const struct names *names, const char *separator);

void names_free(struct names *names);

#endif
