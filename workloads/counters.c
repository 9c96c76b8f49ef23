// SPDX-License-Identifier: GPL-2.0
#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "counters.h"

static const struct {
	uint32_t type;
	uint64_t config;
} events[] = {
	[TASK_CLOCK_NS] = {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK},
	[INSTRUCTIONS] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS},
	[CYCLES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
};

/* In one group with `leader`, so that one read() has them all. */
static int open_event(enum counter counter, bool inherit, bool pinned,
		      int leader)
{
	struct perf_event_attr attr = {
		.type = events[counter].type,
		.size = sizeof(attr),
		.config = events[counter].config,
		.read_format = PERF_FORMAT_GROUP,
		.inherit = inherit,
		/* A group counts while its leader does. */
		.disabled = !inherit && leader < 0,
		.pinned = pinned && leader < 0,
	};

	return syscall(SYS_perf_event_open, &attr, 0, -1, leader,
		       PERF_FLAG_FD_CLOEXEC);
}

bool counters_open_task(struct counters *c, bool pinned)
{
	*c = (struct counters)COUNTERS_CLOSED;
	c->fd[INSTRUCTIONS] = open_event(INSTRUCTIONS, false, pinned, -1);
	if (c->fd[INSTRUCTIONS] < 0)
		return false;
	c->fd[CYCLES] = open_event(CYCLES, false, false, c->fd[INSTRUCTIONS]);
	if (c->fd[CYCLES] >= 0)
		return true;
	counters_close(c);
	return false;
}

void counters_switch(const struct counters *c, bool on)
{
	if (c->fd[INSTRUCTIONS] >= 0)
		ioctl(c->fd[INSTRUCTIONS],
		      on ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE, 0);
}

void counters_open_family(struct counters *c)
{
	int leader;

	*c = (struct counters)COUNTERS_CLOSED;
	leader = open_event(TASK_CLOCK_NS, true, false, -1);
	c->fd[TASK_CLOCK_NS] = leader;
	if (leader < 0)
		return;
	c->fd[INSTRUCTIONS] = open_event(INSTRUCTIONS, true, false, leader);
	if (c->fd[INSTRUCTIONS] >= 0)
		c->fd[CYCLES] = open_event(CYCLES, true, false, leader);
}

bool counters_read(const struct counters *c, struct counter_values *v)
{
	uint64_t group[1 + COUNTERS];
	int leader = -1, i, n = 0;

	for (i = COUNTERS - 1; i >= 0; i--)
		if (c->fd[i] >= 0) {
			leader = c->fd[i];
			n++;
		}
	memset(v, 0, sizeof(*v));
	if (!n || read(leader, group, sizeof(group)) !=
			  (ssize_t)((1 + n) * sizeof(group[0])))
		return false;
	/* How many, and their values in the order they were opened. */
	for (i = 0, n = 1; i < COUNTERS; i++)
		if (c->fd[i] >= 0)
			v->value[i] = group[n++];
	return true;
}

void counters_close(struct counters *c)
{
	int i;

	for (i = COUNTERS - 1; i >= 0; i--)
		if (c->fd[i] >= 0)
			close(c->fd[i]);
	*c = (struct counters)COUNTERS_CLOSED;
}
