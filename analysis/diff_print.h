/* SPDX-License-Identifier: GPL-2.0 */
/* How a comparison is shown: text, mail, CSV, JSON. */
#ifndef PFD_DIFF_PRINT_H
#define PFD_DIFF_PRINT_H

#include <stdio.h>
#include "diff.h"
#include "provenance.h"
#include "view.h"

enum diff_rows {
	DIFF_TABLES,   /* all but RCU callbacks that no variant is about */
	DIFF_ALL,      /* every row */
	DIFF_HEADLINE, /* those of a mail: metric_def.headline */
};

/* A set, and what its readers are told besides. */
struct diff_view {
	const struct diff_set *set;
	enum diff_rows rows;
	/* What else differs between the runs, and between variants' bases. */
	struct provenance runs, bases;
};

bool diff_is_shown(const struct diff_view *view, const struct diff_row *row);

/*
 * 80 columns. One comparison: metric, A, B, change, certainty. More: metric,
 * the baseline, and a column of changes for each. Returns 0 or -ENOMEM.
 */
int diff_print_text(const struct diff_view *view, FILE *file);

/* The two kinds of table, group by group, for diff_print_text(). */
int diff_print_pair(const struct diff_view *view, FILE *file);
int diff_print_many(const struct diff_view *view, FILE *file);

/* The second of these, anywhere. Returns 0 or -ENOMEM. */
int diff_show_many(const struct diff_view *view, struct view *out);

/* What must be known before a number is read, and afterwards. */
void diff_print_before(const struct diff_view *view, FILE *file);
void diff_print_notes(const struct diff_view *view, FILE *file);

/* Of these, how timed evidence is read, and what it lacks. */
void diff_note_timed(const struct diff_set *set, struct view *out);

/* A line for each metric of each group and comparison: RFC 4180. 0, -errno. */
int diff_print_csv(const struct diff_set *set, FILE *file);

/* Everything, as one JSON object. Returns 0 or a negative errno value. */
int diff_print_json(const struct diff_view *view, FILE *file);

/*
 * Subject, table, notes, and under the fold what the run was made from. The
 * manifest is the baseline's. Returns 0 or -ENOMEM.
 */
int diff_print_mail(const struct diff_view *view,
		    const struct manifest *manifest, FILE *file);

/* The size of the part of a metric's name that has a line of its own, or 0. */
size_t diff_heading_size(const struct diff_view *view, const char *name);

/* A variant's name as people are shown it, with marks if it has any. */
const char *diff_label(const struct cell *cell);

/* A run's directory, without where that is. */
const char *diff_run_name(const struct run *run);

/* From the least to the most of what looking costs; {INFINITY, -INFINITY}. */
struct diff_looking {
	double least, most;
};

void diff_looking_add(struct diff_looking *looking,
		      const struct diff_group *group);

/* ", probe +1.2 %", or from where to where; "" if no group said anything. */
void diff_looking_text(char *text, size_t size,
		       const struct diff_looking *looking);

/* A/A in percent of A: "5.21 %"; "-": there is none. */
void diff_floor(char *text, size_t size, const struct diff_row *row);

/*
 * "5/5": seeds that agree; "p=0.012"; "no A/A"; "" where nothing can be said.
 */
void diff_certainty(char *text, size_t size, const struct diff_group *group,
		    const struct diff_row *row);

#endif
