/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runs made up for tests, in the directory that cell_enter() made. Everything
 * fails the running test when it cannot do what it says.
 */
#ifndef PFD_UNIT_RUNS_H
#define PFD_UNIT_RUNS_H

#include <stdbool.h>
#include <stddef.h>

/* A checked cell of workload w with one operation, fork, of op_ns. */
struct cell_spec {
	const char *name, *variant, *arm;
	int seed, op_ns;
	int processes; /* the job's parameter */
	bool valid;
};

/* Writes DIR/cells/NAME/records.jsonl for each; makes DIR if it is not there.
 */
void run_make(const char *dir, const char *target,
	      const struct cell_spec *specs, size_t count);

/* DIR/manifest.json of a run with one kernel for each of two variants. */
extern const char run_manifest[];

#endif
