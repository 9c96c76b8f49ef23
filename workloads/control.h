/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the probe and the workload it starts tell each other where they are.
 *
 *	probe				workload
 *					setup
 *			<- READY, and what to expect
 *	attaches
 *			GO ->
 *					run
 *			<- DONE
 *	waits for the last callback,
 *	detaches, writes its records
 *			LEAVE ->
 *					teardown, truth
 *
 * Two pipes, whose ends the workload finds in the environment variable
 * PFD_CONTROL. Without it, it runs on its own and every step succeeds.
 */
#ifndef PFD_CONTROL_H
#define PFD_CONTROL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum control_step {
	CONTROL_READY = 'r',
	CONTROL_GO = 'g',
	CONTROL_DONE = 'd',
	CONTROL_LEAVE = 'l',
};

struct control {
	int in, out; /* -1: nobody at the other end */
};

/*
 * What a workload is going to do, at most: the probe sizes its memory by it.
 * Sent with READY.
 */
struct control_expected {
	uint64_t tables;     /* page tables unlinked, on all paths */
	uint64_t operations; /* forks, unmaps, collapses, ... */
	uint64_t pages;	     /* of the kernel's own, as vfree() frees them */
	/* Paths that cost a kprobe on every table freed: direct, fallback,
	 * kernel. */
	uint64_t watch_frees;
	/* Whether a kernel of this release has a pte_free_defer(). */
	uint64_t defers;
};

/*
 * Forks. In the child, 0 is returned and PFD_CONTROL is set; in the parent,
 * the child's pid, or a negative errno value with c closed.
 */
pid_t control_fork(struct control *c);

/* Finds the pipes a parent left in PFD_CONTROL. */
void control_inherit(struct control *c);

/* Waits for that step; false if the other side is gone or out of step. */
bool control_expect(struct control *c, enum control_step step);

/* The other side being gone shows at the next control_expect(). */
void control_send(struct control *c, enum control_step step);

/* CONTROL_READY and what comes with it; as the two above. */
void control_send_ready(struct control *c,
			const struct control_expected *expected);
bool control_expect_ready(struct control *c, struct control_expected *expected);

void control_close(struct control *c);

#endif
