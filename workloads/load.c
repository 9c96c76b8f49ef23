// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
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

void load_op_add(struct load *load, unsigned int kind, uint64_t ns)
{
	pthread_mutex_lock(&load->shared->lock);
	hist_add(&load->shared->ops[kind], ns, 1);
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

void load_random_pause(struct load *load)
{
	/* Up to 8 ms: two ticks at HZ=250. */
	struct timespec t = {0, load_random(load, 8000000)};

	while (nanosleep(&t, &t) && errno == EINTR)
		;
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
