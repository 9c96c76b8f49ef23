/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The BPF programs: which to load, what each is attached to, which records
 * need it, and what became of it.
 */
#ifndef PFD_PROGRAMS_H
#define PFD_PROGRAMS_H

#include <stdbool.h>
#include <jansson.h>
#include "replay.h"

struct pfd_bpf;

struct wanted {
	bool shared;	     /* others use the machine, or it is any kernel */
	bool offloaded;	     /* RCU callbacks run in kthreads */
	bool frees;	     /* every pte_fragment_free() */
	bool contract;	     /* is to be checked: contract.h */
	bool no_deferrals;   /* this kernel has no pte_free_defer() */
	const char *without; /* a program's name, or NULL */
};

/*
 * Opens the object that this kernel can load; to be destroyed. NULL, with errno
 * set.
 */
struct pfd_bpf *programs_open(bool shared);

/*
 * Whether RCU callbacks are told of by their functions only, since there are no
 * trace events; known once it is open.
 */
bool programs_by_functions(void);

/* This kernel lacks a symbol: records that need it are not available. */
void programs_lack(const char *symbol);

/* Before loading: those that are not wanted are not loaded. */
void programs_choose(struct pfd_bpf *skel, const struct wanted *wanted);

/*
 * Attaches what was loaded. A program that this kernel has nothing for is no
 * error: programs_available() and programs_unavailable() say what follows.
 * Returns 0 or, after one line on stderr, a negative errno value.
 */
int programs_attach(struct pfd_bpf *skel, const struct wanted *wanted);

void programs_detach(void);

struct available programs_available(void);

/* Lists for the record `probe`; NULL: out of memory. */
json_t *programs_unavailable(const struct wanted *wanted);
json_t *programs_describe(const struct pfd_bpf *skel, bool stats);

#endif
