/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What there is below the root directory: plans/, kernels/variants/ and
 * targets/. Functions that return int return 0, or a negative errno value
 * with error set.
 */
#ifndef PFD_LIST_H
#define PFD_LIST_H

#include "ini_file.h"
#include "variant.h"

/* The file of a plan's name, or of a path; to be freed. NULL: error is set. */
char *find_plan(const char *root, const char *plan, struct plan_error *error);

int find_variants(const char *root, struct variants *variants,
		  struct plan_error *error);

/* Prints all variants, bases, workloads, plans or targets. */
int list(const char *root, const char *what, struct plan_error *error);

#endif
