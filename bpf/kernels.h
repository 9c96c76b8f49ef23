/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the running kernel is, as far as it decides which of the BPF objects to
 * load, all of the same source: pfd.bpf.c says what each is for.
 */
#ifndef PFD_KERNELS_H
#define PFD_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

/* x86 hands the struct page of a table around, powerpc the table. */
#ifdef __x86_64__
#define TABLES_ARE_PAGES true
#else
#define TABLES_ARE_PAGES false
#endif

struct kernel_traits {
	bool shared;	       /* as asked for */
	bool casts;	       /* bpf_rdonly_cast(): not on powerpc in 6.1 */
	bool multi;	       /* functions are probed through fprobe, */
	bool trampoline;       /* or by trampolines; or else by kprobes */
	int refused;	       /* an errno value: by trampolines, but may not */
	bool by_functions;     /* no trace events of callbacks, and shared */
	bool tables_are_pages; /* and shared */
	bool tlb_at_once;      /* the TLB path does not wait for RCU */
};

/* Returns 0, or a negative errno value: it has no BTF. */
int kernel_look(struct kernel_traits *kernel, bool shared);

/* Sets the object to load, unless that is the skeleton's own. */
void kernel_object(const struct kernel_traits *kernel, const void **data,
		   size_t *size);

#endif
