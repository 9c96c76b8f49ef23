// SPDX-License-Identifier: GPL-2.0
/*
 * Who pays: the time in RCU_SOFTIRQ, and rcu_do_batch(), which runs there or,
 * with offloaded callbacks, in kthreads.
 */
#include <errno.h>
#include <stdlib.h>
#include "hist_json.h"
#include "instruments.h"
#include "write.h"

int softirq_init(struct replay *r)
{
	uint32_t cpus = r->machine.cpus;

	r->softirq = calloc(1, sizeof(*r->softirq));
	if (!r->softirq)
		return -ENOMEM;
	r->softirq->start_ns = calloc(cpus, sizeof(uint64_t));
	r->softirq->in_ksoftirqd = calloc(cpus, sizeof(bool));
	r->softirq->runs = calloc(cpus, sizeof(struct batch_run));
	return r->softirq->start_ns && r->softirq->in_ksoftirqd &&
			       r->softirq->runs
		       ? 0
		       : -ENOMEM;
}

void softirq_free(struct replay *r)
{
	if (!r->softirq)
		return;
	free(r->softirq->start_ns);
	free(r->softirq->in_ksoftirqd);
	free(r->softirq->runs);
	free(r->softirq);
}

static void core_left(struct softirq *s, const struct event *e, uint32_t cpu)
{
	struct hist *time =
		s->in_ksoftirqd[cpu] ? &s->ksoftirqd_core : &s->core;

	if (s->start_ns[cpu])
		hist_add(time, e->time_ns - s->start_ns[cpu], 1);
	s->start_ns[cpu] = 0;
}

/* The run of that task: a kthread may change its CPU in between. */
static struct batch_run *run_of(struct replay *r, uint64_t task)
{
	uint32_t i;

	for (i = 0; i < r->machine.cpus; i++)
		if (r->softirq->runs[i].start_ns &&
		    r->softirq->runs[i].task == task)
			return &r->softirq->runs[i];
	return NULL;
}

static void batch_started(struct replay *r, const struct event *e)
{
	uint32_t i;

	for (i = 0; i < r->machine.cpus; i++) {
		struct batch_run *run = &r->softirq->runs[i];

		if (run->start_ns)
			continue;
		*run = (struct batch_run){.task = e->task,
					  .start_ns = e->time_ns,
					  .queued = e->detail};
		return;
	}
}

static void batch_ended(struct replay *r, const struct event *e)
{
	struct batch_run *run = run_of(r, e->task);
	struct softirq *s = r->softirq;

	if (!run) /* began before anybody looked */
		return;
	hist_add(&s->batch_ns, e->time_ns - run->start_ns, 1);
	hist_add(&s->batch_callbacks, e->detail, 1);
	hist_add(&s->batch_queued, run->queued, 1);
	run->start_ns = 0;
}

void softirq_event(struct replay *r, const struct event *e, uint32_t cpu)
{
	switch (e->kind) {
	case EVENT_CORE_ENTERED:
		r->softirq->start_ns[cpu] = e->time_ns;
		r->softirq->in_ksoftirqd[cpu] = e->flags & EVENT_KSOFTIRQD;
		break;
	case EVENT_CORE_LEFT:
		core_left(r->softirq, e, cpu);
		break;
	case EVENT_BATCH_STARTED:
		batch_started(r, e);
		break;
	case EVENT_BATCH_ENDED:
		batch_ended(r, e);
		break;
	}
}

int softirq_write(struct replay *r, FILE *out)
{
	const struct softirq *s = r->softirq;

	return write_record(
		json_pack("{ss, so, so, so, so, so}", "type", "softirq",
			  "rcu_core_ns", hist_to_json(&s->core),
			  "ksoftirqd_rcu_core_ns",
			  hist_to_json(&s->ksoftirqd_core), "batch_ns",
			  hist_to_json(&s->batch_ns), "batch_callbacks_count",
			  hist_to_json(&s->batch_callbacks),
			  "batch_queued_count", hist_to_json(&s->batch_queued)),
		out);
}
