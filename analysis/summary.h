/* SPDX-License-Identifier: GPL-2.0 */
/* What a run found, on a page or two of 80 columns. */
#ifndef PFD_SUMMARY_H
#define PFD_SUMMARY_H

#include <stdio.h>
#include "run.h"

/* Returns 0, or -ENOMEM. */
int summary_print(const struct run *run, FILE *file);

#endif
