/* SPDX-License-Identifier: GPL-2.0 */
/* Running gnuplot, without a shell in between. */
#ifndef PFD_GNUPLOT_H
#define PFD_GNUPLOT_H

#include <stdio.h>

/* Writes NAME='VALUE'; with everything quoted that gnuplot wants quoted. */
void gnuplot_set(FILE *code, const char *name, const char *value);

/*
 * Runs the commands of a file that is open for writing, from its start.
 * Returns STAT_OK, or after one message STAT_FAILED. What gnuplot prints when
 * it succeeds is of no interest.
 */
int gnuplot_run(FILE *commands);

#endif
