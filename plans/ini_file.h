/* SPDX-License-Identifier: GPL-2.0 */
/*
 * INI files that people write: plans and variant.ini. And the error text that
 * everything in this directory fails with: one line of "what, where: what to
 * do", with control characters made harmless.
 */
#ifndef PFD_INI_FILE_H
#define PFD_INI_FILE_H

struct plan_error {
	char text[600];
};

/* Sets the text and returns -EINVAL. */
__attribute__((format(printf, 2, 3))) int plan_fail(struct plan_error *error,
						    const char *format, ...);

/*
 * Called for each "name = value" of [section]. Returns 0, or a negative errno
 * value with the error set. A list that goes on in an indented line comes as
 * several calls of one name.
 */
typedef int (*ini_setter)(void *context, const char *section, const char *name,
			  const char *value, struct plan_error *error);

/* Returns 0, or a negative errno value with the error set. */
int ini_file_read(const char *path, ini_setter set, void *context,
		  struct plan_error *error);

#endif
