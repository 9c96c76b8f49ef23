/* SPDX-License-Identifier: GPL-2.0 */
/* What every part of pfd-stat says when it fails, and the exit codes. */
#ifndef PFD_MESSAGE_H
#define PFD_MESSAGE_H

#include <stddef.h>

enum stat_exit {
	STAT_OK = 0,
	STAT_DIFFERENT = 1, /* a difference beyond what was allowed */
	STAT_USAGE = 2,
	STAT_INVALID = 3, /* data that is not valid */
	STAT_FAILED = 4,  /* the machine or a tool failed */
};

/*
 * Prints one line, "pfd-stat: ...", to stderr. Say what failed, where, and
 * what to do about it; no newline. Characters that are not printable come out
 * as '?', since names in records are not ours.
 */
void message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Replaces what is not printable ASCII by '?', in place. */
void make_printable(char *text, size_t size);

#endif
