// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "hardware.h"
#include "pmu_event.h"

#define REASON_SIZE 256
#define MISSES(cache)                                                          \
	((cache) | PERF_COUNT_HW_CACHE_OP_READ << 8 |                          \
	 PERF_COUNT_HW_CACHE_RESULT_MISS << 16)

/*
 * A new event: one line. With a platform (AT_BASE_PLATFORM), it is that PMU's
 * own: by the kernel's name for it if it has one, else by these terms. The
 * others mean on every PMU what the kernel says they do; on POWER9 and POWER10
 * the TLB's are PM_DTLB_MISS and PM_ITLB_MISS.
 *
 * The codes are those of the kernel's arch/powerpc/perf/power9-events-list.h
 * and tools/perf/pmu-events, which have none of POWER10's walks but the cycles
 * in which the oldest instruction waited for one.
 */
static const struct {
	const char *name, *platform, *terms;
	uint32_t type;
	uint64_t config;
} events[] = {
	{"instructions", NULL, NULL, PERF_TYPE_HARDWARE,
	 PERF_COUNT_HW_INSTRUCTIONS},
	{"cycles", NULL, NULL, PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
	{"dTLB-load-misses", NULL, NULL, PERF_TYPE_HW_CACHE,
	 MISSES(PERF_COUNT_HW_CACHE_DTLB)},
	{"iTLB-load-misses", NULL, NULL, PERF_TYPE_HW_CACHE,
	 MISSES(PERF_COUNT_HW_CACHE_ITLB)},
	{"PM_TABLEWALK_CYC", "power9", "event=0x10026", 0, 0},
	{"PM_DATA_TABLEWALK_CYC", "power9", "event=0x3001a", 0, 0},
	{"PM_RADIX_PWC_L1_HIT", "power9", "event=0x1f056", 0, 0},
	{"PM_RADIX_PWC_L2_HIT", "power9", "event=0x2d024", 0, 0},
	{"PM_RADIX_PWC_L3_HIT", "power9", "event=0x3f056", 0, 0},
	{"PM_RADIX_PWC_MISS", "power9", "event=0x4f054", 0, 0},
	{"PM_EXEC_STALL_DERAT_DTLB_MISS", "power10", "event=0x30016", 0, 0},
};

#define EVENTS (sizeof(events) / sizeof(events[0]))

struct hardware {
	bool machine;	  /* all CPUs, or the process and its children */
	int fds_count;	  /* of each event: CPUs, or 1 */
	int *fds[EVENTS]; /* -1: a CPU that is offline */
	char reason[EVENTS][REASON_SIZE]; /* why not; or "" */
};

/* What read() gives. */
struct reading {
	uint64_t count, enabled_ns, running_ns;
};

static int open_event(const struct pmu_event *event, bool machine, int cpu)
{
	struct perf_event_attr attr = {
		.type = event->type,
		.size = sizeof(attr),
		.config = event->config[0],
		.config1 = event->config[1],
		.config2 = event->config[2],
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED |
			       PERF_FORMAT_TOTAL_TIME_RUNNING,
		.inherit = !machine,
		.disabled = 1,
	};

	return syscall(SYS_perf_event_open, &attr, machine ? -1 : 0,
		       machine ? cpu : -1, -1, PERF_FLAG_FD_CLOEXEC);
}

/* Permitted by CAP_PERFMON, or by perf_event_paranoid. */
static bool can_count_machine(void)
{
	const struct pmu_event dummy = {
		.type = PERF_TYPE_SOFTWARE,
		.config = {PERF_COUNT_SW_DUMMY},
	};
	int fd = open_event(&dummy, true, sched_getcpu());

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int find_event(size_t i, struct pmu_event *event, char *reason)
{
	const char *platform = (const char *)getauxval(AT_BASE_PLATFORM);

	if (!events[i].platform) {
		*event = (struct pmu_event){events[i].type, {events[i].config}};
		return 0;
	}
	if (!platform || strcmp(platform, events[i].platform)) {
		snprintf(reason, REASON_SIZE, "an event of %s, and this is %s",
			 events[i].platform, platform ? platform : "no POWER");
		return -ENODEV;
	}
	if (!pmu_event_named(event, PMU_DEVICE, events[i].name, reason,
			     REASON_SIZE))
		return 0;
	return pmu_event_terms(event, PMU_DEVICE, events[i].terms, reason,
			       REASON_SIZE);
}

static void close_event(struct hardware *hardware, size_t i)
{
	int n;

	for (n = 0; hardware->fds[i] && n < hardware->fds_count; n++)
		if (hardware->fds[i][n] >= 0)
			close(hardware->fds[i][n]);
	free(hardware->fds[i]);
	hardware->fds[i] = NULL;
}

/* On all CPUs that are online, or not at all. */
static int open_on_cpus(struct hardware *hardware, size_t i,
			const struct pmu_event *event)
{
	int n, opened = 0, error = 0;

	for (n = 0; n < hardware->fds_count; n++) {
		hardware->fds[i][n] =
			error ? -1 : open_event(event, hardware->machine, n);
		if (hardware->fds[i][n] >= 0)
			opened++;
		else if (!error && (errno != ENODEV || !hardware->machine))
			error = -errno;
	}
	if (!error && !opened)
		error = -ENODEV;
	return error;
}

static int open_by_name(struct hardware *hardware, size_t i)
{
	struct pmu_event event;
	int error;

	if (find_event(i, &event, hardware->reason[i]))
		return 0;
	hardware->reason[i][0] = '\0';
	hardware->fds[i] = calloc(hardware->fds_count, sizeof(int));
	if (!hardware->fds[i])
		return -ENOMEM;
	error = open_on_cpus(hardware, i, &event);
	if (!error)
		return 0;
	close_event(hardware, i);
	snprintf(hardware->reason[i], REASON_SIZE, "perf_event_open: %s",
		 strerror(-error));
	return 0;
}

static bool is_in(const char *names, const char *name)
{
	size_t size = strlen(name);

	if (!strcmp(names, "named"))
		return true;
	while (strncmp(names, name, size) ||
	       (names[size] && names[size] != ',')) {
		names += strcspn(names, ",");
		if (!*names++)
			return false;
	}
	return true;
}

bool hardware_names(const char *names)
{
	size_t i, known = 0, listed = 1;
	const char *comma;

	for (comma = strchr(names, ','); comma; comma = strchr(comma + 1, ','))
		listed++;
	for (i = 0; i < EVENTS; i++)
		known += is_in(names, events[i].name);
	/* Each is one of the table, and none is there twice. */
	return !strcmp(names, "named") || known == listed;
}

struct hardware *hardware_open(const char *names)
{
	struct hardware *hardware = calloc(1, sizeof(*hardware));
	struct rlimit files;
	size_t i;

	if (!hardware)
		return NULL;
	hardware->machine = can_count_machine();
	hardware->fds_count =
		hardware->machine ? sysconf(_SC_NPROCESSORS_CONF) : 1;
	/* With a hundred CPUs, more than the usual 1024. */
	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	for (i = 0; i < EVENTS; i++)
		if (is_in(names, events[i].name) && open_by_name(hardware, i)) {
			hardware_close(hardware);
			return NULL;
		}
	return hardware;
}

void hardware_switch(const struct hardware *hardware, bool on)
{
	size_t i;
	int n;

	for (i = 0; i < EVENTS; i++)
		for (n = 0; hardware->fds[i] && n < hardware->fds_count; n++)
			if (hardware->fds[i][n] >= 0)
				ioctl(hardware->fds[i][n],
				      on ? PERF_EVENT_IOC_ENABLE
					 : PERF_EVENT_IOC_DISABLE,
				      0);
}

/*
 * The sum over all CPUs, of each scaled to the time in which it should have
 * counted. NULL, or why there is none.
 */
static const char *add_up(const struct hardware *hardware, size_t i,
			  struct reading *sum)
{
	struct reading r;
	int n;

	*sum = (struct reading){};
	for (n = 0; n < hardware->fds_count; n++) {
		if (hardware->fds[i][n] < 0)
			continue;
		if (read(hardware->fds[i][n], &r, sizeof(r)) != sizeof(r))
			return "the counter cannot be read";
		if (!r.running_ns)
			return "it never had a counter: others had them all";
		if (r.running_ns < r.enabled_ns)
			r.count = (double)r.count * r.enabled_ns / r.running_ns;
		sum->count += r.count;
		sum->enabled_ns += r.enabled_ns;
		sum->running_ns += r.running_ns;
	}
	return NULL;
}

static int append_event(const struct hardware *hardware, size_t i,
			json_t *counted, json_t *unavailable)
{
	const char *reason = hardware->reason[i];
	struct reading sum;

	if (!*reason)
		reason = add_up(hardware, i, &sum);
	if (reason)
		return json_array_append_new(unavailable,
					     json_pack("{ss, ss}", "name",
						       events[i].name, "reason",
						       reason));
	return json_array_append_new(
		counted, json_pack("{ss, sI, sI, sI}", "name", events[i].name,
				   "count", (json_int_t)sum.count, "enabled_ns",
				   (json_int_t)sum.enabled_ns, "running_ns",
				   (json_int_t)sum.running_ns));
}

json_t *hardware_to_json(const struct hardware *hardware)
{
	json_t *counted = json_array(), *unavailable = json_array();
	int error = 0;
	size_t i;

	for (i = 0; i < EVENTS; i++)
		if (hardware->fds[i] || *hardware->reason[i])
			error |=
				append_event(hardware, i, counted, unavailable);
	if (error) {
		json_decref(counted);
		json_decref(unavailable);
		return NULL;
	}
	return json_pack("{ss, ss, so, so}", "type", "hardware", "scope",
			 hardware->machine ? "machine" : "workload", "events",
			 counted, "unavailable", unavailable);
}

void hardware_close(struct hardware *hardware)
{
	size_t i;

	for (i = 0; hardware && i < EVENTS; i++)
		close_event(hardware, i);
	free(hardware);
}
