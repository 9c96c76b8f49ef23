/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernels that variants are built from: kernels/bases/NAME/base.ini, where
 * NAME is the version. Functions that return int return 0, or a negative errno
 * value with error set.
 */
#ifndef PFD_BASES_H
#define PFD_BASES_H

#include <stdio.h>
#include "ini_file.h"
#include "plan.h"
#include "variant.h"

/* The base must exist: fails with "unknown base", naming those there are. */
int base_check(const char *root, const char *base, struct plan_error *error);

/* So must those that variants name. */
int base_check_variants(const char *root, const struct variants *variants,
			struct plan_error *error);

/*
 * Takes out of the plan the workloads that make no sense on its base: leave_out
 * of base.ini. Says so to notes, if that is not NULL.
 */
int base_leave_out(const char *root, struct plan *plan, FILE *notes,
		   struct plan_error *error);

/* Prints them all. */
int list_bases(const char *root, struct plan_error *error);

#endif
