/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A plan: which cells to run. A plan file (plans/README.md) has lists, and the
 * cells are their product. In this order:
 *
 *	plan_init	defaults
 *	plan_read	a plan file on top
 *	plan_set	an option of the command line on top; replaces
 *	plan_set_option	the same for a workload's parameter
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

/* And for all that the base has, which is what the gate is for. */
#define PLAN_ALL "all"

/* The arm that tells what the probe's programs cost: of the first seed only. */
#define PLAN_STATS "stats"

/* The same cell once more, which is the measure of noise (A/A): "bare-again".
 */
#define PLAN_AGAIN "-again"

/* The key of [plan] that `sweep` may name. */
#define PLAN_SWEEP_SMP "smp"

#define PLAN_SWEEP_MAX 32

/* A workload's parameters, of which one may have several values: a sweep. */
struct workload_settings {
	const struct workload *workload;
	uint64_t values[LOAD_MAX_PARAMS]; /* as workload->params */
	const struct param *swept;	  /* of workload->params; NULL: none */
	uint64_t sweep[PLAN_SWEEP_MAX];	  /* its values */
	size_t sweep_count;
	bool by_option; /* the command line has some of it */
};

struct plan {
	char *title;
	struct names variants, pages, mmu, cpu, smp, rcu, workloads, arms, skip,
		sweep;
	char *base, *memory, *seeds, *timeout_s;
	bool allow_unsafe;
	bool exact; /* the target gives the same bytes each time */
	struct workload_settings *settings; /* of [workload NAME] sections */
	size_t settings_count;
};

int plan_init(struct plan *plan, struct plan_error *error);
int plan_read(struct plan *plan, const char *path, struct plan_error *error);
int plan_set(struct plan *plan, const char *key, const char *value,
	     struct plan_error *error);
/* option: "WORKLOAD.PARAMETER=VALUE[,VALUE...]" */
int plan_set_option(struct plan *plan, const char *option,
		    struct plan_error *error);
int plan_check(const struct plan *plan, struct plan_error *error);
void plan_free(struct plan *plan);

/* The settings of a workload, which plan_check() has seen; for cells. */
void plan_settings(const struct plan *plan, const struct workload *workload,
		   struct workload_settings *settings);

/* The rest is between plan.c and parameters.c. */

/* The workload of that name, or NULL with error set. */
const struct workload *plan_workload(const char *name,
				     struct plan_error *error);

/* Replaces what the parameter was; several values make it the swept one. */
int plan_set_parameter(struct plan *plan, const char *workload,
		       const char *name, const char *value,
		       struct plan_error *error);
int plan_check_parameters(const struct plan *plan, struct plan_error *error);

#endif
