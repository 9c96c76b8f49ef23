/* SPDX-License-Identifier: GPL-2.0 */
/* Reading one cell of a run. */
#ifndef PFD_CELL_H
#define PFD_CELL_H

#include "run.h"

/*
 * Reads CELLS_DIR/NAME/records.jsonl into a zeroed cell. A file that is
 * missing, damaged or ends early makes the cell invalid, which is no error.
 * `visit` may be NULL. Returns 0, or a negative errno value; cell_free() in any
 * case.
 */
int cell_load(struct cell *cell, const char *cells_dir, const char *name,
	      cell_visit_fn *visit, void *context);

/* Takes a `verdict` record to be the cell's. Returns 0 or -ENOMEM. */
int cell_judge(struct cell *cell, const json_t *verdict);

void cell_free(struct cell *cell);

#endif
