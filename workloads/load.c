// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include "load.h"

int load_error(const struct load *load, const char *what, int error)
{
	fprintf(stderr, "pfd-load: %s: %s: %s\n", load->workload->name, what,
		strerror(-error));
	return error;
}

uint64_t load_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/*
 * Reading the counters costs instructions that the counters count: the end of
 * the first read(), the start of the second, the clock in between. It is the
 * same each time, but for interrupts and a cold cache of the kernel's, so the
 * least of a few brackets around nothing is what is subtracted.
 */
static void measure_bracket(struct load *load)
{
	struct counter_values before, after;
	uint64_t n;
	int i, c;

	load->bracket = (struct counter_values){};
	counters_switch(&load->counters, true);
	for (i = 0; i < 4; i++) {
		counters_read(&load->counters, &before);
		load_now_ns();
		load_now_ns();
		counters_read(&load->counters, &after);
		for (c = 0; c < COUNTERS; c++) {
			n = after.value[c] - before.value[c];
			if (!i || n < load->bracket.value[c])
				load->bracket.value[c] = n;
		}
	}
	counters_switch(&load->counters, false);
}

void load_op_prepare(struct load *load)
{
	pid_t pid = getpid();

	if (load->counters_pid == pid)
		return;
	load->counters_pid = pid;
	counters_close(&load->counters);
	if (counters_open_task(&load->counters, load->hardware))
		measure_bracket(load);
}

bool load_counters_read(struct load *load, struct counter_values *v)
{
	load_op_prepare(load);
	counters_switch(&load->counters, true);
	return counters_read(&load->counters, v);
}

static void add_count(struct hist *hist, enum counter c,
		      const struct load *load, const struct load_op *op,
		      const struct counter_values *end)
{
	uint64_t n = end->value[c] - op->start.value[c];
	uint64_t bracket = load->bracket.value[c];

	hist_add(hist, n > bracket ? n - bracket : 0, 1);
}

void load_op_finish(struct load *load, unsigned int kind,
		    const struct load_op *op, uint64_t end_ns)
{
	struct load_op_stats *stats = &load->shared->ops[kind];
	struct counter_values end;
	bool counted = op->counted && counters_read(&load->counters, &end);

	counters_switch(&load->counters, false);
	pthread_mutex_lock(&load->shared->lock);
	hist_add(&stats->latency, end_ns - op->start_ns, 1);
	if (counted) {
		add_count(&stats->instructions, INSTRUCTIONS, load, op, &end);
		add_count(&stats->cycles, CYCLES, load, op, &end);
	}
	pthread_mutex_unlock(&load->shared->lock);
}

void load_op_leave(struct load *load)
{
	counters_close(&load->counters); /* or its parent's, inherited */
}

void load_op_add(struct load *load, unsigned int kind, uint64_t ns)
{
	pthread_mutex_lock(&load->shared->lock);
	hist_add(&load->shared->ops[kind].latency, ns, 1);
	pthread_mutex_unlock(&load->shared->lock);
}

void load_count(struct load *load, unsigned int which, uint64_t n)
{
	pthread_mutex_lock(&load->shared->lock);
	load->shared->counts[which] += n;
	pthread_mutex_unlock(&load->shared->lock);
}

uint32_t load_random(struct load *load, uint32_t below)
{
	return nrand48(load->random) % below;
}

void load_random_fork(struct load *load, uint32_t process)
{
	load->random[0] = load->seed;
	load->random[1] = load->seed >> 16;
	load->random[2] = process;
	/* Neighbouring states start with neighbouring numbers. */
	nrand48(load->random);
	nrand48(load->random);
}

void load_shuffle(struct load *load, uint32_t *order, uint32_t n)
{
	uint32_t i, j, swap;

	for (i = 0; i < n; i++)
		order[i] = i;
	for (i = n; i > 1; i--) {
		j = load_random(load, i);
		swap = order[i - 1];
		order[i - 1] = order[j];
		order[j] = swap;
	}
}

static void sleep_ns(uint64_t ns)
{
	struct timespec t = {ns / 1000000000, ns % 1000000000};

	while (nanosleep(&t, &t) && errno == EINTR)
		;
}

void load_random_pause(struct load *load)
{
	/* Up to 8 ms: two ticks at HZ=250. */
	sleep_ns(load_random(load, 8000000));
}

void load_sleep_us(uint64_t us)
{
	sleep_ns(us * 1000);
}

int load_fact(struct load *load, const char *name, uint64_t value)
{
	return json_object_set_new(load->facts, name, json_integer(value))
		       ? -ENOMEM
		       : 0;
}

int load_claim(struct load *load, const char *path, const char *level,
	       uint64_t unlinked)
{
	return json_array_append_new(load->tables,
				     json_pack("{ss, ss, sI}", "path", path,
					       "level", level, "unlinked_count",
					       (json_int_t)unlinked))
		       ? -ENOMEM
		       : 0;
}

bool load_release_defers(const char *release)
{
	unsigned int major, minor;

	if (sscanf(release, "%u.%u", &major, &minor) != 2)
		return true;
	return major > 6 || (major == 6 && minor >= 6);
}

bool load_defers(void)
{
	struct utsname name;

	return uname(&name) || load_release_defers(name.release);
}

int load_claim_tables(struct load *load, uint64_t deferred, uint64_t unmapped,
		      uint64_t exited)
{
	int error;

	if (deferred && !load_defers()) {
		load_unclaimed(load, "this kernel has no pte_free_defer(), and "
				     "it is not known here what happens to the "
				     "tables instead");
		return 0;
	}
	error = load_claim(load, "defer", "pte", deferred);
	if (!error)
		error = load_claim(load, "munmap", "pte", unmapped);
	return error ? error : load_claim(load, "exit", "pte", exited);
}

void load_unclaimed(struct load *load, const char *why)
{
	load->unclaimed = why;
}
