/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sections of the summary, one file each. Each prints nothing, not even a
 * heading, when the run has nothing for it; all return 0 or -ENOMEM.
 */
#ifndef PFD_SUMMARY_SECTIONS_H
#define PFD_SUMMARY_SECTIONS_H

#include <stdio.h>
#include "run.h"

/* The variants that have not passed the gate, and where. */
int summary_verified(const struct run *run, FILE *file);

/* What the second wait of the TLB path costs, for each configuration. */
int summary_answer(const struct run *run, FILE *file);

/* Each job: callbacks, waits, operations. */
int summary_jobs(const struct run *run, FILE *file);

/* What the variants' models say beside what was counted. */
int summary_model(const struct run *run, FILE *file);

/* The arm bare against the arm probed. */
int summary_looking(const struct run *run, FILE *file);

/* BPF programs' runs and run times, from the arm stats. */
int summary_programs(const struct run *run, FILE *file);

/* What kernels could not give and workloads could not claim. */
int summary_missing(const struct run *run, FILE *file);

#endif
