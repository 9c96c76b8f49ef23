/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Processes that populate page tables of their own and, on a common word, exit
 * together. In each round:
 *
 *	leavers_start	all have populated theirs
 *	...		what is to be so when they exit
 *	leavers_go	gives the word; returns when all are gone
 *
 * The tables they had are in load->shared->counter (team_count_tables()).
 */
#ifndef PFD_LEAVERS_H
#define PFD_LEAVERS_H

#include <stdint.h>
#include "team.h"

/* The operations, of every workload that uses this. */
enum leavers_op { LEAVERS_EXIT, LEAVERS_EXIT_ALL };

#define LEAVERS_OPS                                                            \
	{                                                                      \
		[LEAVERS_EXIT] = "exit", [LEAVERS_EXIT_ALL] = "exit-all", NULL \
	}

struct leavers {
	uint32_t processes;
	uint64_t tables; /* each populates */
	uint64_t round;	 /* which draw from the seed it is */
	struct team team;
};

/* Both return 0 or a negative errno value after one line. */
int leavers_start(struct load *load, struct leavers *leavers);
int leavers_go(struct load *load, struct leavers *leavers);

#endif
