/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The gate's verdicts: what the cells of gate runs (arm checked, debug
 * kernels) say of each variant in each configuration.
 *
 * Judges: the kernel itself (its console, and whether it lived), the contract
 * (`contract` records, bpf/contract.h), the kernel's own selftests. A cell that
 * is not valid for another reason decides nothing, and then there is no pass.
 *
 *	struct verify verify = {};
 *	verify_add	for each run
 *	verify_finish	once
 *	verify_print_*
 *	verify_free
 */
#ifndef PFD_VERIFY_H
#define PFD_VERIFY_H

#include <stdbool.h>
#include <stdio.h>
#include <jansson.h>
#include "verified.h"

enum verify_judge {
	JUDGE_KERNEL,
	JUDGE_CONTRACT,
	JUDGE_SELFTEST,
	JUDGE_NONE, /* a cell that decides nothing */
	JUDGES,
};

/* Something that one cell showed. */
struct verify_finding {
	enum verify_judge judge;
	char *text;
	json_t *stack; /* list of lines, innermost first; NULL: none */
	char *cell;    /* its directory */
	char *workload;
	long long smp;
};

/* One variant in one configuration. */
struct verify_row {
	char *variant, *pages, *mmu;
	size_t cells, failed, undecided;     /* cells */
	struct verify_finding first[JUDGES]; /* .text NULL: none */
	json_t *weaker; /* {"UNLINK, END": count}: IPIs and no grace period */
};

struct verify {
	struct verify_row *rows; /* after verify_finish: sorted */
	size_t count;
};

/*
 * Adds a run's cells. Returns STAT_OK, or after one message STAT_USAGE (there
 * is no such run) or STAT_FAILED.
 */
int verify_add(struct verify *verify, const char *dir);

void verify_finish(struct verify *verify);

enum verified_state verify_state(const struct verify_row *row);

/* The finding that decides, or NULL when it passed. */
const struct verify_finding *verify_first(const struct verify_row *row);

/*
 * The table, then what failed, with stacks and how to repeat it, in 80 columns
 * but for paths. `options` ("" or " --quick") is what ./run.sh verify was
 * given.
 */
void verify_print_text(const struct verify *verify, const char *options,
		       FILE *file);

/* The lines of verified.tsv. */
void verify_print_tsv(const struct verify *verify, FILE *file);

void verify_free(struct verify *verify);

#endif
