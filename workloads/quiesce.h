/* SPDX-License-Identifier: GPL-2.0 */
/* The end of a workload of the gate: what is freed by RCU is free. */
#ifndef PFD_QUIESCE_H
#define PFD_QUIESCE_H

struct load;

/*
 * Waits until every RCU callback that is queued now has run, and what these
 * queue, and what those do: no page of tables waits longer, whichever variant
 * it is. To be called when nobody frees tables any more. Returns 0 or a
 * negative errno value after one line.
 */
int quiesce(struct load *load);

#endif
