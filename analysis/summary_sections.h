/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sections of the summary, one file each. Each writes nothing, not even a
 * heading, when the run has nothing for it; all return 0 or -ENOMEM.
 */
#ifndef PFD_SUMMARY_SECTIONS_H
#define PFD_SUMMARY_SECTIONS_H

#include "view.h"

/* The variants that have not passed the gate, and where. */
int summary_verified(const struct run *run, struct view *view);

/* What the second wait of the TLB path costs, for each configuration. */
int summary_answer(const struct run *run, struct view *view);

/* Of timed evidence, what variants may be said to differ in. */
int summary_timed(const struct run *run, struct view *view);

/* Each job: callbacks, waits, operations. */
int summary_jobs(const struct run *run, struct view *view);

/* One of them, the group of cells begin..end - 1; and how to read them all. */
int summary_job(const struct run *run, size_t begin, size_t end,
		struct view *view);
void summary_explain_jobs(const struct run *run, struct view *view);

/* What the variants' models say beside what was counted. */
int summary_model(const struct run *run, struct view *view);

/* The arm bare against the arm probed. */
int summary_looking(const struct run *run, struct view *view);

/* BPF programs' runs and run times, from the arm stats. */
int summary_programs(const struct run *run, struct view *view);

/* What kernels could not give and workloads could not claim. */
int summary_missing(const struct run *run, struct view *view);

#endif
