/* SPDX-License-Identifier: GPL-2.0 */
/* --fail-on METRIC=PCT: how much more of a metric B may have than A. */
#ifndef PFD_GATE_H
#define PFD_GATE_H

#include "diff.h"

struct gate {
	char *metric;
	double percent;
};

/*
 * Parses "METRIC=PCT" or "METRIC=PCT%". Returns 0, -EINVAL after one message,
 * or -ENOMEM. The metric's name is allocated; gate_free() in any case.
 */
int gate_parse(struct gate *gate, const char *text);

/*
 * Holds a comparison to a limit. From zero to anything is beyond every limit;
 * so is a metric that only B has. Of timed evidence only what may be claimed
 * counts. STAT_OK; STAT_DIFFERENT after one message;
 * STAT_USAGE after one message when no group has the metric.
 */
int gate_check(const struct gate *gate, const struct diff *diff);

void gate_free(struct gate *gate);

#endif
