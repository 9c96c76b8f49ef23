/* SPDX-License-Identifier: GPL-2.0 */
/* What the console of a gate's cell has for its verdict. */
#ifndef PFD_VERIFY_CONSOLE_H
#define PFD_VERIFY_CONSOLE_H

#include <jansson.h>

/*
 * The functions below the console's first "Call Trace:", innermost first, at
 * most 12; NULL without one or without memory. `cell` is its directory.
 */
json_t *verify_console_stack(const char *cell);

/* Which of the kernel's selftests failed and how, to be freed; NULL: none. */
char *verify_console_selftest(const char *cell);

/*
 * Looks the console through once more, since the cell may be older than a
 * pattern; one that is not there any more shows nothing. *found: the first
 * thing wrong, to be freed, or NULL. Returns 0 or a negative errno value.
 */
int verify_console_check(const char *cell, char **found);

#endif
