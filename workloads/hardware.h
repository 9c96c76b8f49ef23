/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the PMU counts by name while the workload runs: one number an event for
 * the measured part, user and kernel. Of the whole machine where that is
 * permitted, which nothing that is measured has to inherit, and which has what
 * RCU does elsewhere in it; else of the process that opens it and all that it
 * forks from then on.
 */
#ifndef PFD_HARDWARE_H
#define PFD_HARDWARE_H

#include <stdbool.h>
#include <jansson.h>

struct hardware;

/*
 * Whether these are names of events, with commas between them, or "named": all
 * there are. More than the PMU has counters take turns, at the price of an
 * interrupt every few ms on every CPU, and are scaled.
 */
bool hardware_names(const char *names);

/* Nothing counts yet. NULL: no memory. What is not there is no error. */
struct hardware *hardware_open(const char *names);

void hardware_switch(const struct hardware *hardware, bool on);

/* The record `hardware` (docs/records.md), or NULL. */
json_t *hardware_to_json(const struct hardware *hardware);

void hardware_close(struct hardware *hardware);

#endif
