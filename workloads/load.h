/* SPDX-License-Identifier: GPL-2.0 */
/* What a workload works with while it runs. All times are nanoseconds. */
#ifndef PFD_LOAD_H
#define PFD_LOAD_H

#include <pthread.h>
#include "workload.h"
#include "../records/hist.h"

/* Memory that the processes of a workload share. */
struct load_shared {
	pthread_mutex_t lock;
	pthread_barrier_t barrier; /* for the workload to use */
	uint64_t counter;	   /* likewise, under the lock */
	uint64_t time_ns;	   /* likewise */
	struct hist ops[LOAD_MAX_OPS];
};

struct load {
	const struct workload *workload;
	uint64_t param[LOAD_MAX_PARAMS]; /* indexed as workload->params */
	uint64_t seed;
	unsigned short random[3];
	struct load_shared *shared;
	char *area;		/* where memory.h maps */
	json_t *facts, *tables; /* of the truth record */
	void *state;		/* the workload's own */
};

/* Prints "pfd-load: WORKLOAD: what: error text"; returns the (negative) error.
 */
int load_error(const struct load *load, const char *what, int error);

uint64_t load_now_ns(void);

/* Records one operation; kind is an index into workload->ops. */
void load_op_add(struct load *load, unsigned int kind, uint64_t ns);

/*
 * What a real run leaves to chance is drawn from the seed. Each process of a
 * workload first makes the sequence its own with load_random_fork().
 */
uint32_t load_random(struct load *load, uint32_t below);
void load_random_fork(struct load *load, uint32_t process);
void load_shuffle(struct load *load, uint32_t *order, uint32_t n);

/*
 * Sleeps until some point of the coming timer tick or two: where in a tick an
 * operation begins decides how long its callbacks wait.
 */
void load_random_pause(struct load *load);

/* Truth: something the workload did, `name` with its unit as the suffix. */
int load_fact(struct load *load, const char *name, uint64_t value);

/* Truth: exactly so many tables of a path and level were unlinked. */
int load_claim(struct load *load, const char *path, const char *level,
	       uint64_t unlinked);

#endif
