/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Histograms as docs/records.md writes them down:
 * {"count", "sum", "min", "max", "buckets": [[lower bound, occurrences], ...]}
 * Used by the guest's tools to write and by the host's to read.
 */
#ifndef PFD_HIST_JSON_H
#define PFD_HIST_JSON_H

#include <linux/types.h>
#include <jansson.h>
#include "hist.h"

/*
 * A new reference, owned by the caller; NULL when there is no memory or a
 * number is larger than JSON can carry here (INT64_MAX).
 */
json_t *hist_to_json(const struct hist *hist);

/*
 * Fills *hist from untrusted JSON. Returns 0, or -EINVAL unless the value is
 * exactly what hist_to_json() can have written: all members and no others,
 * buckets that exist, ascend, are not empty and sum to count, and a sum, min
 * and max that fit them. *hist is undefined after an error.
 */
int hist_from_json(const json_t *json, struct hist *hist);

#endif
