/* SPDX-License-Identifier: GPL-2.0 */
/* Files of /sys and /proc/sys that a workload changes and puts back. */
#ifndef PFD_SETTINGS_H
#define PFD_SETTINGS_H

#include <stdint.h>

struct load;

struct setting {
	const char *path;
	int fd;	      /* 0: not open yet */
	char was[64]; /* what to put back */
};

/*
 * Writes a value; the first time, what was there is remembered. Of a choice
 * ("a [b] c") that is the one in brackets. Returns 0 or a negative errno value
 * after one line.
 */
int setting_change(struct load *load, struct setting *s, const char *value);
int setting_change_number(struct load *load, struct setting *s, uint64_t value);

/* Puts it back, if it was changed. */
int setting_restore(struct load *load, struct setting *s);

/* A file that holds a number, in *value. Returns as above. */
int setting_read_number(struct load *load, const char *path, uint64_t *value);

#endif
