/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The question's answer: what a second RCU wait on the TLB path costs, and what
 * a deferral does, by variant. What is said of it, in text and on a page, is
 * said of the same figures.
 *
 *	answer_build	over the groups of a configuration, or of all
 *	answer_free	in any case
 */
#ifndef PFD_ANSWER_H
#define PFD_ANSWER_H

#include "run.h"
#include "view.h"

/* Over groups of cells; NaN: none has it. */
struct answer_span {
	double min, max;
};

/* One variant in one group that freed pages of the TLB path: medians. */
struct answer_row {
	size_t cell; /* the group's first of the variant and arm */
	double share, second_ns, held, second_held, extra, run_ns;
};

/* One variant over all groups in which it freed such pages. */
struct answer_variant {
	size_t cell; /* the first of the variant and arm with its worst mark */
	size_t groups, with_double;
	/* Of those with double waits; shares in percent. */
	struct answer_span share, second_ns, held_share, extra, run_ns;
	/* call_rcu() for tables: a page freed where nothing was deferred, */
	struct answer_span per_page;
	/* and the variant's own for each table deferred. */
	struct answer_span per_deferral;
};

struct answer {
	struct answer_row *rows;
	size_t row_count;
	struct answer_variant *variants;
	size_t count;
};

/*
 * The groups that begin in begin..end - 1, of one or more configurations.
 * Returns 0 or -ENOMEM.
 */
int answer_build(struct answer *answer, const struct run *run, size_t begin,
		 size_t end);

void answer_free(struct answer *answer);

/* A sentence for each variant with double waits, one for all others. */
void answer_say(const struct answer *answer, const struct run *run,
		struct view *view);

/* "a" or "a to b", with the unit's own words; "-". */
void answer_span_text(char *text, size_t size, enum unit unit,
		      const struct answer_span *span);

/* The same in percent. */
void answer_percent_text(char *text, size_t size,
			 const struct answer_span *span);

#endif
