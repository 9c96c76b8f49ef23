/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the PMU counts of a task or of a whole family: perf_event_open(2),
 * counting and never sampling, user and kernel.
 */
#ifndef PFD_COUNTERS_H
#define PFD_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

enum counter { TASK_CLOCK_NS, INSTRUCTIONS, CYCLES, COUNTERS };

struct counters {
	int fd[COUNTERS]; /* -1: not counted */
};

struct counter_values {
	uint64_t value[COUNTERS]; /* 0 where not counted */
};

/* Counts nothing; what a struct counters has to be before it is opened. */
#define COUNTERS_CLOSED                                                        \
	{                                                                      \
		{                                                              \
			-1, -1, -1                                             \
		}                                                              \
	}

/*
 * Instructions and cycles of the calling task, while they are switched on: a
 * task that counts takes longer to be put on a CPU. False: there is no PMU.
 * Pinned: before all else that is counted (hardware.h) but what is pinned, too;
 * without, two that share a counter would each have a part of the time.
 */
bool counters_open_task(struct counters *c, bool pinned);
void counters_switch(const struct counters *c, bool on);

/*
 * Those and the CPU time of the calling process and of all that it forks from
 * now on. Where there is no PMU, the CPU time alone. Every fork then has three
 * events to inherit, which takes it 10000 instructions more (a tenth of a fork
 * of pfd-load), and every exit has to sum them up.
 */
void counters_open_family(struct counters *c);

/* All that are counted, at one moment. False: nothing is counted. */
bool counters_read(const struct counters *c, struct counter_values *v);

void counters_close(struct counters *c);

#endif
