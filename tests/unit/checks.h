/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For tests of pfd-stat check: each works in a directory of its own that holds
 * a good cell. Everything fails the running test when it cannot do what it
 * says, or when what it expects is not so.
 */
#ifndef PFD_UNIT_CHECKS_H
#define PFD_UNIT_CHECKS_H

#include <stdbool.h>
#include <jansson.h>
#include "check.h"

/* The files "header", "guest", "console" and, written, "records". */
extern const struct check check_files;

int check_enter(void **state);
int check_leave(void **state);

#define CHECK_TEST(name)                                                       \
	cmocka_unit_test_setup_teardown(name, check_enter, check_leave)

/* Runs a check; *line is what it prints, to be freed. */
int check_run(const struct check *check, char **line);

void check_expect(const struct check *check, int status, const char *start);

/* The last line of the records is the verdict; to be released. */
json_t *check_verdict(void);

bool check_has_reason(const json_t *verdict, const char *code);

/*
 * The guest's lines, edited as cell_edit() does it: the cell must be valid
 * (reason NULL), or have that text among its reasons.
 */
void check_edited(const char *guest, const char *edits, const char *reason);

#endif
