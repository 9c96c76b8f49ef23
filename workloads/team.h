/* SPDX-License-Identifier: GPL-2.0 */
/* Processes that a workload forks. */
#ifndef PFD_TEAM_H
#define PFD_TEAM_H

#include <stdint.h>
#include <sys/types.h>

struct load;

/* Page tables that a process has for itself, at most: program, stack, ... */
#define TEAM_OWN_TABLES 16

struct team {
	uint32_t size; /* members that were started, this process apart */
	pid_t *pids;
};

/*
 * Forks `size` members; each calls member(load, context, index) with an index
 * from 1 and exits with its result, 0 for success. Returns 0 or a negative
 * errno value, after one line on stderr and with the members gone.
 */
int team_start(struct load *load, struct team *team, uint32_t size,
	       int (*member)(struct load *load, void *context, uint32_t index),
	       void *context);

/*
 * For workloads whose processes wait for one another: should one of them be
 * killed, the calling process says so and exits, and with it all others,
 * instead of waiting for it for ever. Members do not inherit it.
 */
void team_end_if_killed(void);

/* Kills the members that are left. */
void team_kill(struct team *team);

/*
 * Waits for any member; calls done(load) after each, if given. Returns 0 when
 * all have exited with 0, or else a negative errno value after one line.
 */
int team_wait(struct load *load, struct team *team,
	      void (*done)(struct load *load));

/*
 * For a member about to exit: adds the PTE tables it has to
 * load->shared->counter, which so becomes what the exit path must unlink.
 * Returns 0 or a negative errno value after one line.
 */
int team_count_tables(struct load *load);

/* Prepares load->shared->barrier for `count` processes. */
int team_barrier(struct load *load, uint32_t count);

#endif
