/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A plan: which cells to run. A plan file (plans/README.md) has lists, and the
 * cells are their product. In this order:
 *
 *	plan_init	defaults
 *	plan_read	a plan file on top
 *	plan_set	an option of the command line on top; replaces
 *	plan_check	what can be checked without the variants
 *	plan_cells	see cell.h
 *	plan_free
 *
 * Functions return 0, or a negative errno value with error set.
 */
#ifndef PFD_PLAN_H
#define PFD_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include "workload.h"
#include "ini_file.h"
#include "names.h"

/* The name in `variants` that stands for all that are correct. */
#define PLAN_SAFE "safe"

/* The arm that tells what the probe's programs cost: of the first seed only. */
#define PLAN_STATS "stats"

struct workload_settings {
	const struct workload *workload;
	uint64_t values[LOAD_MAX_PARAMS];
};

struct plan {
	char *title;
	struct names variants, pages, mmu, cpu, smp, rcu, workloads, arms, skip;
	char *memory, *seeds, *timeout_s;
	bool allow_unsafe;
	struct workload_settings *settings; /* of [workload NAME] sections */
	size_t settings_count;
};

int plan_init(struct plan *plan, struct plan_error *error);
int plan_read(struct plan *plan, const char *path, struct plan_error *error);
int plan_set(struct plan *plan, const char *key, const char *value,
	     struct plan_error *error);
int plan_check(const struct plan *plan, struct plan_error *error);
void plan_free(struct plan *plan);

/* The settings of a workload, which plan_check() has seen; for cells. */
void plan_settings(const struct plan *plan, const struct workload *workload,
		   uint64_t *values);

#endif
