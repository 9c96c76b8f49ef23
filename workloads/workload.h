/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A workload is one file with one `struct workload`, and one line in
 * registry.c. pfd-load calls, in this order:
 *
 *	setup	 before anything is measured: fork helpers, map memory
 *	expect	 says how much run() is going to do, at most
 *	run	 the measured part; records latencies with load_op_add()
 *	teardown after measurement: let helpers exit, free memory
 *	truth	 states what run() did, for the ledger to hold the probe to
 *
 * setup, run and teardown return 0, or a negative errno value after having
 * printed one line to stderr with load_error().
 *
 * A workload of the gate looks for what is wrong and measures nothing: what it
 * does depends on how its processes meet. So it claims only what does not, ends
 * with quiesce(), and is run where a plan names it.
 */
#ifndef PFD_WORKLOAD_H
#define PFD_WORKLOAD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <jansson.h>

/* A parameter: a whole number. The table drives parsing, --help and plans. */
struct param {
	const char *name;
	uint64_t def, min, max;
	const char *help;
};

#define LOAD_MAX_PARAMS 8
#define LOAD_MAX_OPS	6

struct control_expected; /* see control.h */
struct op;		 /* latencies of one kind of operation; see load.h */
struct load;		 /* what a running workload works with; see load.h */

struct workload {
	const char *name;
	const char *title;	    /* one line, for lists and tables */
	const char *help;	    /* what it does and what it shows */
	const struct param *params; /* ends with a NULL name; may be NULL */
	const char *const *ops;	    /* kinds of operation; ends with NULL */
	bool needs_thp;		    /* transparent huge pages must exist */
	const char *image;	    /* of the guest; NULL: the ordinary one */
	bool for_tests;		    /* misbehaves on purpose; not in lists */
	bool gate;		    /* unkind, for verification: see below */
	int (*setup)(struct load *load);
	/* May be NULL: not much. */
	void (*expect)(const struct load *load,
		       struct control_expected *expected);
	int (*run)(struct load *load);
	int (*teardown)(struct load *load);
	int (*truth)(struct load *load);
};

/* All workloads, in the order to list them in; ends with NULL. */
extern const struct workload *const workloads[];

/* The workload of that name, or NULL. */
const struct workload *workload_find(const char *name);

/*
 * Parses one "name=value" into values[], which is indexed as w->params is.
 * Returns 0, or -EINVAL with a one-line reason in error.
 */
int workload_set_param(const struct workload *w, const char *setting,
		       uint64_t *values, char *error, size_t size);

/* Fills values[] with the defaults; returns the number of parameters. */
int workload_defaults(const struct workload *w, uint64_t *values);

#endif
