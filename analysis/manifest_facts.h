/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The facts of a manifest, in words; for provenance.c and manifest.c. Each
 * prints one fact, printable ASCII on one line, or nothing when the manifest
 * does not have it.
 */
#ifndef PFD_MANIFEST_FACTS_H
#define PFD_MANIFEST_FACTS_H

#include <jansson.h>

struct manifest_fact {
	const char *title; /* NULL ends a table */
	void (*put)(FILE *file, const json_t *json);
};

/* Of the manifest, and of each object in its list `kernels`. */
extern const struct manifest_fact manifest_run_facts[];
extern const struct manifest_fact manifest_kernel_facts[];

/* The one of the table above that tells variants apart. */
#define MANIFEST_PATCHES "patches"

/* And of what the target says of where cells ran. */
#define MANIFEST_MACHINES "machines"

/* The fact as a text to be freed, "" for none; NULL: no memory. */
char *manifest_fact(const struct manifest_fact *fact, const json_t *json);

/* The fact of that title, or NULL. */
const struct manifest_fact *manifest_fact_of(const struct manifest_fact *table,
					     const char *title);

#endif
