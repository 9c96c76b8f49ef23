/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where what is said of a run goes. The sections of the summary say what; a
 * view knows how it is written: as text for a mail (text_view.c), as part of a
 * page (html_view.c).
 */
#ifndef PFD_VIEW_H
#define PFD_VIEW_H

#include <stdio.h>
#include "run.h"
#include "text_table.h"

struct view {
	const struct view_ops *ops;
	FILE *file;
};

struct view_ops {
	/* "THE ANSWER", "what ... costs" or NULL: a part of the report. */
	void (*title)(struct view *view, const char *title, const char *about);
	/* What follows is of that configuration, */
	void (*config)(struct view *view, const char *config);
	/* of that workload in it, */
	void (*job)(struct view *view, const char *job);
	/* or of that group of cells. */
	void (*group)(struct view *view, const struct cell *cell);
	/* What follows from a table, below it. */
	void (*say)(struct view *view, const char *text);
	/* How to read it, apart from the rest. */
	void (*explain)(struct view *view, const char *text);
	/* One of a list; name may be NULL. */
	void (*item)(struct view *view, const char *name, const char *text);
	/* Under a heading. */
	void (*remark)(struct view *view, const char *text);
	void (*table)(struct view *view, const struct text_table *table);
};

/* 80 columns. */
extern const struct view_ops text_view;

/* A formatted text for say, explain, item or remark. */
void view_sayf(struct view *view, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void view_explainf(struct view *view, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void view_itemf(struct view *view, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void view_remarkf(struct view *view, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Writes the table, and frees it. Returns 0, or the negative errno value of
 * the first call that failed.
 */
int view_table(struct view *view, struct text_table *table);

#endif
