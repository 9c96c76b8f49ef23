// SPDX-License-Identifier: GPL-2.0
/* Holm's correction; see holm.h. */
#include <errno.h>
#include <stdlib.h>
#include <gsl/gsl_sort.h>
#include "holm.h"

int holm_adjust(const double *p, size_t count, double *adjusted)
{
	size_t *order;
	double least = 0;
	size_t i;

	if (!count)
		return 0;
	order = calloc(count, sizeof(*order));
	if (!order)
		return -ENOMEM;
	gsl_sort_index(order, p, 1, count);
	for (i = 0; i < count; i++) {
		double value = p[order[i]] * (double)(count - i);

		/* Never less than what comes before it, nor more than 1. */
		least = value > least ? value : least;
		least = least < 1 ? least : 1;
		adjusted[order[i]] = least;
	}
	free(order);
	return 0;
}
