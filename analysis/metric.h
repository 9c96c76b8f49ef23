/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Metrics: numbers with flat names that are taken out of a cell's records.
 * One table, metric_defs[] in metrics.c, says all there is to a metric; most
 * are one line.
 */
#ifndef PFD_METRIC_H
#define PFD_METRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>
#include "units.h"

#define METRIC_NAME_SIZE 320

/* RCU's callback for a batch of the TLB path, in every variant. */
#define TLB_CALLBACK "tlb_remove_table_rcu"

struct metrics;

enum metric_value {
	VALUE_COUNT,	  /* the member itself */
	VALUE_PER_SECOND, /* the same, divided by 10^9: from byte ns to byte s
			   */
	VALUE_CHANGE,	  /* after.member - before.member; "name*": a sum */
	VALUE_SUM,	  /* of the histogram that the member is */
	VALUE_MEAN,
	VALUE_MAX,
	VALUE_P99,
};

/* The arm that a metric is quoted from. */
enum metric_arm {
	METRIC_PROBED,
	METRIC_BARE,  /* what a user would notice: no probe in it */
	METRIC_STATS, /* BPF programs' run times, in no other arm */
};

struct metric_def {
	/*
	 * The name, with the members that tell records of one type apart in
	 * angle brackets: "op.<kind>.mean_ns". NULL ends the table.
	 */
	const char *pattern;
	enum unit unit;
	const char *meaning;
	const char *type;   /* of the records it comes from */
	const char *member; /* of those records */
	const char *list;   /* or of the objects in that list in them */
	enum metric_value value;
	/* Instead of type and member: NaN means that it does not exist. */
	double (*compute)(const json_t *header, const json_t *records);
	enum metric_arm arm;
	bool headline; /* one of the few that a mail has */
};

extern const struct metric_def metric_defs[];

struct metric {
	char *name;
	const struct metric_def *def;
	const struct metric_def *family; /* first of those printed together */
	double value;
};

/* A cell's metrics, in the order to print them in. */
struct metrics {
	struct metric *list;
	size_t count;
};

/* Takes all metrics out of valid records. Returns 0, or -ENOMEM. */
int metrics_extract(struct metrics *metrics, const json_t *header,
		    const json_t *records);

/* The metric's value; NaN when this cell has no such metric. */
double metrics_value(const struct metrics *metrics, const char *name);

void metrics_free(struct metrics *metrics);

/* The order to print metrics in: <0, 0, >0. */
int metric_compare(const struct metric *a, const struct metric *b);

/* Whether the name is one that a metric of the table can have. */
bool metric_is_known(const char *name);

/* "bare", "probed" or "stats". */
const char *metric_arm_name(enum metric_arm arm);

/* Whether the header's variant queues page-table pages with the function. */
bool metric_is_own_callback(const json_t *header, const char *function);

/* Whether it does, or the function is the TLB path's. */
bool metric_is_table_callback(const json_t *header, const char *function);

#endif
