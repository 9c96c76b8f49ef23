/* SPDX-License-Identifier: GPL-2.0 */
/* Running gnuplot, without a shell in between. */
#ifndef PFD_GNUPLOT_H
#define PFD_GNUPLOT_H

#include <stdio.h>

/* Writes NAME='VALUE'; with everything quoted that gnuplot wants quoted. */
void gnuplot_set(FILE *code, const char *name, const char *value);

/*
 * Runs a script after some code. Returns STAT_OK, or after one message
 * STAT_FAILED. What gnuplot prints when it succeeds is of no interest.
 */
int gnuplot_run(const char *code, const char *script);

#endif
