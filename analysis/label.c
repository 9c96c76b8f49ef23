// SPDX-License-Identifier: GPL-2.0
/* What a variant is called; see label.h. */
#include <stdio.h>
#include "label.h"

const char *variant_label(const struct cell *cell, char label[LABEL_SIZE])
{
	snprintf(label, LABEL_SIZE, "%s", cell->label);
	return label;
}
