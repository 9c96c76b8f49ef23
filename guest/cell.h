/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFD_GUEST_CELL_H
#define PFD_GUEST_CELL_H

/*
 * One cell, on the machine that this is: which kernel and machine it is, then
 * the workload with or without the probe, then how that ended, all as lines of
 * JSON (records/record.schema.json). Who calls: init in a guest, and pfd-cell
 * on a machine that goes on afterwards.
 */

#include <stdbool.h>

#define MAX_ARGUMENTS 32

struct cell {
	const char *run, *release, *rcu, *workload;
	const char *programs; /* where pfd-load is; NULL: /bin */
	const char *counters; /* an argument for pfd-load, or NULL */
	bool shared;	      /* others use the machine, too */
	char *parameters[MAX_ARGUMENTS];
	int parameters_count;
	char *probe[MAX_ARGUMENTS]; /* its options */
	int probe_count;
};

/*
 * Reads NAME=VALUE arguments (see init.c). The cell keeps pointers into argv.
 */
void cell_parse(struct cell *cell, int argc, char **argv);

/*
 * Runs it, with the lines going to fd. Does nothing but say so if this is not
 * the kernel that was meant. Returns the workload's or the probe's exit status,
 * or -1, said on stderr.
 */
int cell_measure(struct cell *cell, int fd);

/* Runs a program, with its output going to fd unless that is -1; returns its
 * exit status, or -1. */
int cell_execute(char **command, int fd);

#endif
