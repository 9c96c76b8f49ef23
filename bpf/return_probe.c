// SPDX-License-Identifier: GPL-2.0
/* See return_probe.h. */
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <bpf/libbpf.h>
#include "return_probe.h"

#define TRACEFS "/sys/kernel/tracing/"
/* Tasks in the function at the same time; at most 4096 (trace_kprobe.c). */
#define SLOTS 1024

/* A line for kprobe_events: adds the event, or removes it. */
static int change_events(const char *format, const char *function)
{
	int fd = open(TRACEFS "kprobe_events", O_WRONLY | O_APPEND | O_CLOEXEC);
	int result = -1, error;

	if (fd < 0)
		return -1;
	if (dprintf(fd, format, function, function) > 0)
		result = 0;
	error = errno;
	close(fd);
	errno = error;
	return result;
}

/* The number of the event, or -1. */
static long long event_id(const char *function)
{
	char path[128];
	long long id = -1;
	FILE *file;

	snprintf(path, sizeof(path), TRACEFS "events/kprobes/pfd_%s_return/id",
		 function);
	file = fopen(path, "re");
	if (!file)
		return -1;
	if (fscanf(file, "%lld", &id) != 1)
		id = -1;
	fclose(file);
	return id;
}

struct bpf_link *return_probe_attach(const struct bpf_program *prog,
				     const char *function)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.sample_period = 1,
		.wakeup_events = 1,
	};
	struct bpf_link *link;
	char add[64];
	long long id;
	int fd;

	snprintf(add, sizeof(add), "r%d:pfd_%%s_return %%s\n", SLOTS);
	if (change_events(add, function) && errno != EEXIST)
		return NULL;
	id = event_id(function);
	if (id < 0) {
		errno = ENOENT;
		return NULL;
	}
	attr.config = (unsigned long long)id;
	/* On one CPU, which is for all: the program is the event's own. */
	fd = (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1,
			  PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return NULL;
	link = bpf_program__attach_perf_event(prog, fd);
	if (!link)
		close(fd);
	return link;
}

void return_probe_remove(const char *function)
{
	change_events("-:pfd_%s_return\n", function);
}
