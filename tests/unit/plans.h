/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Plans made up for tests, with variants as the suite has them: `everywhere` is
 * correct everywhere, `only-4k` only there, `newer` everywhere but of the base
 * 7.2 only. Everything fails the running test when it cannot do what it says.
 */
#ifndef PFD_UNIT_PLANS_H
#define PFD_UNIT_PLANS_H

#include "cell.h"

/* Of what failed last. */
extern struct plan_error failure;

/* A plan from the text of its file, which may hold any bytes. */
int read_bytes(struct plan *plan, const char *text, size_t length);
int read_plan(struct plan *plan, const char *text);

struct seen {
	struct names ids; /* to be freed */
	size_t count;
	char last[1000]; /* line */
};

/* Visits the cells of a plan; returns what plan_cells() does. */
int cells(const struct plan *plan, struct seen *seen);

/* The same with a visitor of one's own. */
int visit_cells(const struct plan *plan, cell_visitor visit, void *context);

/* The plan is refused, with one line that has `why` in it. */
void assert_refused(const char *text, const char *why);

#endif
