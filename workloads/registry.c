// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "workload.h"

/* A new workload: its file in CMakeLists.txt, and one line here. */
/* clang-format off */
#define WORKLOADS(use)                                                         \
	use(thp_collapse) use(fork_munmap) use(exit) use(anon_collapse)        \
	use(stream) use(mixed) use(drain) use(khugepaged) use(file_collapse)   \
	use(pte_mapped) use(fork_server) use(fallback) use(kernel_tables)      \
	use(stress_fork) use(stress_mmapfork) use(stress_munmap)               \
	use(stress_thp) use(null) use(walkers) use(races) use(batch_failure)   \
	use(last_fragments) use(kselftest_khugepaged) use(kselftest_powerpc)   \
	use(panic) use(hang) use(killed) use(fail) use(lie)
/* clang-format on */

#define DECLARE(name) extern const struct workload workload_##name;
WORKLOADS(DECLARE)

#define LIST(name) &workload_##name,
const struct workload *const workloads[] = {WORKLOADS(LIST) NULL};

const struct workload *workload_find(const char *name)
{
	size_t i;

	for (i = 0; workloads[i]; i++)
		if (!strcmp(workloads[i]->name, name))
			return workloads[i];
	return NULL;
}

int workload_defaults(const struct workload *w, uint64_t *values)
{
	int n = 0;

	for (; w->params && w->params[n].name; n++)
		values[n] = w->params[n].def;
	return n;
}

int workload_set_param(const struct workload *w, const char *setting,
		       uint64_t *values, char *error, size_t size)
{
	const char *equals = strchr(setting, '=');
	size_t length = equals ? (size_t)(equals - setting) : 0;
	unsigned long long value;
	char *end;
	int i;

	if (!length) {
		snprintf(error, size, "'%s' is not NAME=VALUE", setting);
		return -EINVAL;
	}
	for (i = 0; w->params && w->params[i].name; i++)
		if (strlen(w->params[i].name) == length &&
		    !strncmp(w->params[i].name, setting, length))
			break;
	if (!w->params || !w->params[i].name) {
		snprintf(error, size, "%s has no parameter '%.*s'", w->name,
			 (int)length, setting);
		return -EINVAL;
	}
	errno = 0;
	value = strtoull(equals + 1, &end, 10);
	if (equals[1] < '0' || equals[1] > '9' || *end || errno ||
	    value < w->params[i].min || value > w->params[i].max) {
		snprintf(error, size,
			 "%s: '%s' is not a whole number from %llu to %llu",
			 w->params[i].name, equals + 1,
			 (unsigned long long)w->params[i].min,
			 (unsigned long long)w->params[i].max);
		return -EINVAL;
	}
	values[i] = value;
	return 0;
}
