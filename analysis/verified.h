/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the gate (./run.sh verify) found of a run's kernels, so that no figure
 * of a variant is shown without it. RUNDIR/verified.tsv, which scripts/tools.sh
 * writes before a report is made, has a line for each variant and
 * configuration: variant, pages, mmu, pass or fail, and in words what failed.
 */
#ifndef PFD_VERIFIED_H
#define PFD_VERIFIED_H

#include <stddef.h>
#include <stdio.h>

enum verified_state {
	VERIFIED_UNKNOWN, /* the gate has not seen this kernel, or not whole */
	VERIFIED_PASS,
	VERIFIED_FAIL,
};

struct verified_line {
	char *variant, *pages, *mmu, *text;
	enum verified_state state;
};

struct verified {
	struct verified_line *lines;
	size_t count;
};

/*
 * Reads the file into a zeroed struct; one that is missing has no lines.
 * Returns 0, or a negative errno value after one message. verified_free() in
 * any case.
 */
int verified_read(struct verified *verified, const char *path);

void verified_free(struct verified *verified);

/* What was found of the variant there, or NULL: the gate has not seen it. */
const struct verified_line *verified_find(const struct verified *verified,
					  const char *variant,
					  const char *pages, const char *mmu);

enum verified_state verified_state(const struct verified *verified,
				   const char *variant, const char *pages,
				   const char *mmu);

/* How bad it is: failed is worse than never seen. */
int verified_rank(enum verified_state state);

/* "unknown", "pass" or "fail". */
const char *verified_name(enum verified_state state);

/* What stands behind a variant's name: "" for pass, "!" fail, "?" unknown. */
const char *verified_mark(enum verified_state state);

/* The marks' meaning, for a footnote. */
const char *verified_meaning(enum verified_state state);

#endif
