/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Metrics that are computed, for the table in metrics.c. Each is NaN where it
 * does not exist.
 */
#ifndef PFD_METRIC_COMPUTE_H
#define PFD_METRIC_COMPUTE_H

#include <jansson.h>

double metric_callbacks_enqueued(const json_t *header, const json_t *records);
double metric_callbacks_per_page(const json_t *header, const json_t *records);
double metric_double_share(const json_t *header, const json_t *records);
double metric_op_instructions(const json_t *header, const json_t *records);

#endif
