/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The BPF programs and the records that need them, as tables: for programs.c
 * only.
 */
#ifndef PFD_PROGRAM_TABLE_H
#define PFD_PROGRAM_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct bpf_link;

/* The records that need a program. */
#define CALLBACK     1
#define GRACE_PERIOD 2
#define TABLE	     4
#define PAGE	     8
#define SOFTIRQ	     16
#define FREES	     32 /* `table`, of the paths direct, fallback, kernel */
#define CONTRACT     64
#define DEFERRALS    128  /* `table`, of the path defer */
#define PAGE_END     256  /* of `page`, that it was freed */
#define OTHERS	     512  /* `callback`, of other functions than of tables */
#define UPPER	     1024 /* `table`, of levels above PTE */
/*
 * What `contract` needs, besides programs of its own. Not pte_frag_destroy(): a
 * variant without it does not free there.
 */
#define CONTRACT_NEEDS (CONTRACT | CALLBACK | TABLE | FREES | PAGE_END)

#define FUNCTIONS 2

enum when {
	ALWAYS,
	OFFLOADED,
	NOT_OFFLOADED,
	FREES_WANTED,
	CONTRACT_WANTED,
	DEFERS,
	INSTEAD,
	/* Of shared.bpf.h: */
	TRACED,	      /* where callbacks have trace events */
	BY_FUNCTIONS, /* where they have none */
	DEFERS_BY_FUNCTIONS,
	HURRIED,    /* a second program for a second function */
	TOLD_APART, /* batches do not tell levels */
	SYMBOL,	    /* no program at all: programs_lack() */
};

/*
 * harmless: why a miss loses nothing. A program is missed if it interrupts
 * itself or, as a kprobe, another kprobe's program on the same CPU. NULL: a
 * miss is a loss.
 */
struct program {
	const char *name;
	const char *functions[FUNCTIONS]; /* to probe; none: a trace event */
	const char *what;		  /* has to be there */
	unsigned int records;
	enum when when;
	const char *harmless;
	bool at_return;
	bool sleeps; /* and tasks sleep in the function: return_probe.h */
	bool missing, attached;
	struct bpf_link *links[FUNCTIONS];
};

extern struct program programs[];
extern const size_t programs_count;

/* Names of records, and of parts of one; the end has none. */
struct program_record {
	const char *name;
	unsigned int bit;
};

extern const struct program_record program_records[];

#endif
