/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A plan for the kernel that is running, somewhere (--target host): what is
 * measured there, and how often, is the plan's; what it is measured on is that
 * machine's own.
 */
#ifndef PFD_RUNNING_H
#define PFD_RUNNING_H

#include "plan.h"
#include "variant.h"

/* The variant that a kernel is which is none of ours. */
#define VARIANT_RUNNING "running"

/*
 * facts: "RELEASE,PAGES,MMU,CPU,SMP,RCU" as targets/host.sh describes them.
 * After plan_check() and the reading of the variants, before plan_cells(). The
 * variant is the one whose name is in the release, or VARIANT_RUNNING, which is
 * added: nothing is known of it, so no model is held against it. Returns 0, or
 * a negative errno value with error set.
 */
int plan_running(struct plan *plan, struct variants *variants,
		 const char *facts, struct plan_error *error);

/* Whether a key of [plan] is not for such a plan. */
bool plan_running_decides(const char *key);

#endif
