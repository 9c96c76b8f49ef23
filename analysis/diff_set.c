// SPDX-License-Identifier: GPL-2.0
/* Several variants against one; see diff.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "diff.h"
#include "diff_build.h"

int diff_set_build(struct diff_set *set, struct diff_side base,
		   const struct diff_side *others, size_t count)
{
	int result = 0;
	size_t i;

	memset(set, 0, sizeof(*set));
	set->list = calloc(count, sizeof(*set->list));
	if (!set->list)
		return -ENOMEM;
	for (i = 0; i < count && !result; i++)
		result = diff_build(&set->list[set->count++], base, others[i]);
	return result ? result : diff_judge_timed(set);
}

void diff_set_free(struct diff_set *set)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		diff_free(&set->list[i]);
	free(set->list);
	memset(set, 0, sizeof(*set));
}
