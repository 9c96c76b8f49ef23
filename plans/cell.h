/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cells: one boot of one kernel each. A cell is handed from program to program
 * as one line of CELL_COLUMNS fields with a TAB between, in the order of enum
 * cell_column. No field but the last can be empty.
 */
#ifndef PFD_CELL_H
#define PFD_CELL_H

#include <stdio.h>
#include "plan.h"
#include "variant.h"

enum cell_column {
	/*
	 * VARIANT.PAGES.MMU.CPU.smpN.RCU.WORKLOAD.ARM.sSEED, with a swept
	 * parameter and its value behind the workload: exit-processes8
	 */
	CELL_ID,
	CELL_VARIANT,
	CELL_PAGES,
	CELL_MMU,
	CELL_CPU,
	CELL_SMP,
	CELL_RCU,
	CELL_WORKLOAD,
	CELL_ARM,
	CELL_SEED,
	CELL_MEMORY,
	CELL_TIMEOUT_S,
	CELL_CORRECT,	/* yes, no: does the variant claim to be, here */
	CELL_CALLBACKS, /* a,b: functions the variant queues; - for none */
	/*
	 * defer,tlb,min,max: the cost model's words, or unknown; its grace
	 * periods on the TLB path, or -
	 */
	CELL_MODEL,
	CELL_SWEPT,	 /* a parameter's name, or smp; - for none */
	CELL_IMAGE,	 /* initramfs, or the image the workload needs */
	CELL_PARAMETERS, /* name=value name=value: all of the workload's */
	CELL_COLUMNS,
};

/* A header's cell is a name of at most so many bytes (analysis/shape.h). */
#define CELL_ID_SIZE 129

struct cell {
	const struct variant *variant;
	const char *base, *pages, *mmu, *cpu, *smp, *rcu, *arm, *memory,
		*timeout_s;
	const struct workload *workload;
	const uint64_t *values; /* as workload->params */
	const char *swept;	/* a parameter or "smp"; NULL: none */
	unsigned long seed;
	bool correct;
};

/* Returns 0, or a negative errno value with error set, which ends it. */
typedef int (*cell_visitor)(void *context, const struct cell *cell,
			    struct plan_error *error);

/*
 * Visits every cell of a checked plan, seed by seed, so that a run that was
 * stopped has whole replicates. Says in notes (may be NULL) what it leaves out.
 * Fails if a variant is unknown or not correct somewhere, or there is no cell.
 */
int plan_cells(const struct plan *plan, const struct variants *variants,
	       FILE *notes, cell_visitor visit, void *context,
	       struct plan_error *error);

/* The image of the guest that the cell boots with: build/guest/NAME.cpio. */
const char *cell_image(const struct cell *cell);

/* Prints the line of a cell. */
void cell_print(FILE *out, const struct cell *cell);

/*
 * Prints the header record (docs/records.md) of a cell's line, which may come
 * from anywhere, for a target and the release string of the kernel.
 */
int cell_header(FILE *out, const char *line, const char *target,
		const char *release, struct plan_error *error);

#endif
