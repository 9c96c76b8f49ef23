/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Processes that do what they are told, all at the same time: a team that
 * lives through the whole measured part.
 *
 *	setup	crew_start
 *	run	crew_do ... crew_do, crew_dismiss
 */
#ifndef PFD_CREW_H
#define PFD_CREW_H

#include <stdint.h>
#include "control.h"
#include "team.h"

struct crew {
	uint32_t processes; /* the calling one included */
	/*
	 * What each process does. index: 0 for the calling process. Returns 0
	 * or a negative errno value after one line.
	 */
	int (*act)(struct load *load, void *context, uint32_t index,
		   uint32_t command);
	void *context;
	struct team team;
};

/* Forks the others. Returns 0 or a negative errno value after one line. */
int crew_start(struct load *load, struct crew *crew);

/* Every process does act(command); returns when all have, with the result of
 * the calling one. Commands are numbers from 1. */
int crew_do(struct load *load, struct crew *crew, uint32_t command);

/*
 * The others count their tables (team_count_tables()) and exit. Fails if one
 * of them ever failed.
 */
int crew_dismiss(struct load *load, struct crew *crew);

/* What run() is going to do, at most, with crew_dismiss()'s exits added. */
static inline void crew_expect(const struct crew *crew, uint64_t tables,
			       uint64_t operations,
			       struct control_expected *expected)
{
	expected->tables = tables + (uint64_t)crew->processes * TEAM_OWN_TABLES;
	expected->operations = operations + crew->processes;
}

#endif
