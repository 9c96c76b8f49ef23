/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel itself counts: /proc/vmstat and /proc/meminfo. */
#ifndef PFD_VM_H
#define PFD_VM_H

#include <jansson.h>

/*
 * The two files as they are at one moment. Reading them allocates nothing, so
 * that they show the workload and not their reader.
 */
struct vm_snapshot {
	char vmstat[16384], meminfo[4096];
};

/* Returns 0 or a negative errno value. */
int vm_read(struct vm_snapshot *vm);

/*
 * Name to number, of what has to do with page tables, huge pages and memory
 * pressure. A new reference, or NULL when there is no memory.
 */
json_t *vm_to_json(const struct vm_snapshot *vm);

#endif
