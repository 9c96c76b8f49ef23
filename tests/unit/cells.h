/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cells made up for tests. Everything fails the running test when it cannot
 * do what it says.
 */
#ifndef PFD_UNIT_CELLS_H
#define PFD_UNIT_CELLS_H

#include <stddef.h>

/* A good cell of variant v1, arm probed, seed 1: header and guest's lines. */
extern const char cell_header[];
extern const char cell_guest[];
extern const char cell_console[];

/* A histogram of one value below 32. */
#define CELL_HIST_1                                                            \
	"{\"count\":1,\"sum\":10,\"min\":10,\"max\":10,\"buckets\":[[10,1]]}"
#define CELL_HIST_0 "{\"count\":0,\"sum\":0,\"min\":0,\"max\":0,\"buckets\":[]}"

/* Makes a new directory to work in, and makes it the current one. */
void cell_enter(void);

/* Removes it with everything in it. */
void cell_leave(void);

void cell_write(const char *path, const char *text);
void cell_write_bytes(const char *path, const void *bytes, size_t size);

/* Writes verified.tsv: all that tests make cells of has passed the gate. */
void cell_verified(void);

/* The whole file, terminated; to be freed. */
char *cell_read(const char *path);

/*
 * text with the first occurrence of `from`, which must be there, replaced by
 * `to`; to be freed.
 */
char *cell_replace(const char *text, const char *from, const char *to);

/*
 * Lines of records with edits, to be freed. An edit is "TYPE.MEMBER=JSON" (the
 * first record of that type; MEMBER may be "a.b"), "-TYPE" (takes it out) or
 * "+JSON" (one more line, the first); several are separated by ';'.
 */
char *cell_edit(const char *text, const char *edits);

/*
 * The guest's lines of a cell like the good one, but that its two pages went
 * the TLB path, waited twice, and are free; to be freed.
 */
char *cell_double(void);

#endif
