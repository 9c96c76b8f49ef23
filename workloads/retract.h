/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What MADV_COLLAPSE of a file's range does to page tables, which is not the
 * same in all kernels: see retract.c. For workloads in which processes map and
 * populate ranges, and one of them collapses all, pass by pass; between the
 * passes the file is emptied.
 */
#ifndef PFD_RETRACT_H
#define PFD_RETRACT_H

#include <stdint.h>
#include "control.h"

struct load;

struct retract {
	uint64_t processes, ranges, passes;
};

/* For expect(): asks for what retract_claim() needs. */
void retract_expect(struct control_expected *expected);

/*
 * For truth(): claims the collapses' tables, with those that munmap() unlinked
 * and those that were counted when all but one process exited. Returns 0 or a
 * negative errno value.
 */
int retract_claim(struct load *load, const struct retract *retract,
		  uint64_t unmapped, uint64_t exited);

#endif
