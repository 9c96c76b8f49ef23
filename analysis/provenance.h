/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a run was made from, by its manifest.json: the suite's revision, source,
 * patches, configuration, compiler, emulator, guest image. Two runs are only
 * comparable as far as these are the same; a mail must name them.
 */
#ifndef PFD_PROVENANCE_H
#define PFD_PROVENANCE_H

#include <stdbool.h>
#include <stdio.h>
#include <jansson.h>

/* A run's manifest. `json` is NULL where there is none. */
struct manifest {
	json_t *json;
};

/*
 * Reads RUNDIR/manifest.json; none at all is no error. Returns STAT_OK, or,
 * after one message, STAT_INVALID or STAT_FAILED. manifest_free() in any case.
 */
int manifest_read(struct manifest *manifest, const char *run_dir);

void manifest_free(struct manifest *manifest);

/* "git", or "64k kernel: base", and what it is on both sides. */
struct provenance_item {
	char *what, *a, *b;
};

struct provenance {
	struct provenance_item *items;
	size_t count;
	bool unknown; /* a side has no manifest, or not of these kernels */
};

/*
 * Appends what differs. Of two runs, everything, the variants' patches too
 * where it is one variant; of two variants of one run (a is b), what their
 * kernels were made from apart from the patches. Nothing is added twice.
 * Returns 0 or -ENOMEM; provenance_free() in any case.
 */
int provenance_compare(struct provenance *list, const struct manifest *a,
		       const char *variant_a, const struct manifest *b,
		       const char *variant_b);

/* A section on the machines that cells ran on, or nothing where none says. */
void manifest_machines(const struct manifest *manifest, FILE *file);

void provenance_free(struct provenance *list);

/*
 * Under the fold of a mail: base, patches and configuration of the variants
 * (all of them if count is 0), machine, and how to repeat the run, then
 * `command`.
 */
void manifest_describe(const struct manifest *manifest,
		       const char *const *variants, size_t count,
		       const char *command, FILE *file);

#endif
