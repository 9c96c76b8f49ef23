/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a variant is called wherever people read it: tables, plots, pages. Not
 * where its name is compared with another.
 */
#ifndef PFD_LABEL_H
#define PFD_LABEL_H

#include "run.h"

#define LABEL_SIZE 160 /* a variant's name is shorter, with room for a mark */

/*
 * The variant of the cell, with what there is to say of it in the cell's
 * configuration. Returns label.
 */
const char *variant_label(const struct cell *cell, char label[LABEL_SIZE]);

#endif
