/* SPDX-License-Identifier: GPL-2.0 */
/* Holm's correction: many tests, and still few false alarms. */
#ifndef PFD_HOLM_H
#define PFD_HOLM_H

#include <stddef.h>

/*
 * adjusted[i] is the level at which p[i] is rejected when all `count` of them
 * are tested together. Returns 0 or -ENOMEM.
 */
int holm_adjust(const double *p, size_t count, double *adjusted);

#endif
