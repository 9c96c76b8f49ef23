/* SPDX-License-Identifier: GPL-2.0 */
/* From the probe's maps to records (docs/records.md). */
#ifndef PFD_REPORT_H
#define PFD_REPORT_H

#include <stdio.h>

struct pfd_bpf;

/*
 * Writes every record the probe has, one line each, in a fixed order. To be
 * called once, with the programs detached. `offloaded`: RCU callbacks run in
 * kthreads, where the time inside them cannot be told from the trace events.
 * Returns 0, or a negative errno value after one line on stderr.
 */
int report_write(struct pfd_bpf *skel, bool offloaded, FILE *out);

/* Callbacks that are queued and not yet invoked, or a negative errno value. */
int report_pending_count(struct pfd_bpf *skel);

#endif
