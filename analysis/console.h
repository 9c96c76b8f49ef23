/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether a kernel's console shows that something went wrong in the kernel.
 * The text may be of any size and hold any bytes; memory is bounded.
 */
#ifndef PFD_CONSOLE_H
#define PFD_CONSOLE_H

#include <stdio.h>
#include "reasons.h"

/*
 * Adds one reason for each kind of bad message, with the first line that has
 * it. Returns 0, or a negative errno value when reading failed.
 */
int console_check(FILE *console, struct reasons *reasons);

#endif
