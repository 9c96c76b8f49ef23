/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory pressure on demand: has the kernel reclaim memory as it does when
 * there is too little, swapping out shared memory by way of its reverse
 * mapping. That takes a place to swap to: /dev/ram0, which kernels of the gate
 * have.
 */
#ifndef PFD_RECLAIM_H
#define PFD_RECLAIM_H

#include <stdbool.h>

struct load;

/* Whether this kernel can: if not, the other two are not to be called. */
bool reclaim_possible(void);

/*
 * Makes the swap space; once, before any reclaim_some(). Both return 0 or a
 * negative errno value after one line. It lasts as long as the machine.
 */
int reclaim_begin(struct load *load);

/* Some of the memory that was not used lately; fine if there is none. */
int reclaim_some(struct load *load);

#endif
