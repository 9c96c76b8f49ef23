/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Page allocations that fail because the kernel is told so
 * (CONFIG_FAIL_PAGE_ALLOC, mm/fail_page_alloc.c): those that must not sleep, of
 * the tasks that ask for it. The page of an mmu_gather's batch is one.
 *
 *	setup	 injection_begin
 *	run	 injection_of_task(true) ... injection_of_task(false)
 *	teardown injection_end
 */
#ifndef PFD_INJECTION_H
#define PFD_INJECTION_H

#include <stdbool.h>
#include <stdint.h>
#include "settings.h"

enum { INJECTION_SETTINGS = 7 };

struct injection {
	struct setting settings[INJECTION_SETTINGS];
};

/*
 * From now on so many percent of a task's allocations fail, if it asks for it.
 * All three return 0 or a negative errno value after one line.
 */
int injection_begin(struct load *load, struct injection *injection,
		    uint64_t percent);

/* Whether the calling task asks for it. Inherited by a fork. */
int injection_of_task(struct load *load, bool on);

int injection_end(struct load *load, struct injection *injection);

#endif
