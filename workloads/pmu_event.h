/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events of a CPU's PMU, as the kernel describes them in a directory of
 * /sys/bus/event_source/devices: events/NAME has terms ("event=0x3c,umask=1"),
 * format/TERM says which bits of perf_event_attr a term is ("config:0-49").
 */
#ifndef PFD_PMU_EVENT_H
#define PFD_PMU_EVENT_H

#include <stddef.h>
#include <stdint.h>

#define PMU_DEVICE "/sys/bus/event_source/devices/cpu"

/* Of struct perf_event_attr. */
struct pmu_event {
	uint32_t type;
	uint64_t config[3]; /* config, config1, config2 */
};

/*
 * An event by its terms; a term without a value is 1. Returns 0, or a negative
 * error number with the reason: -ENOENT where the device does not know a term,
 * or is not there.
 */
int pmu_event_terms(struct pmu_event *event, const char *device,
		    const char *terms, char *reason, size_t size);

/* An event that the kernel has a name for; -ENOENT: it has none. */
int pmu_event_named(struct pmu_event *event, const char *device,
		    const char *name, char *reason, size_t size);

#endif
