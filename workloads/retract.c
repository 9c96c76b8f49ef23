// SPDX-License-Identifier: GPL-2.0
#include "load.h"
#include "memory.h"
#include "retract.h"

void retract_expect(struct control_expected *expected)
{
	expected->watch_frees |= !load_defers();
}

/*
 * Before 6.6, retract_page_tables() (mm/khugepaged.c) takes a table away in the
 * mapping that MADV_COLLAPSE is called on only, and frees it at once. On hash
 * the huge page then has a table deposited, which goes the same way when the
 * file is emptied. The other processes keep their tables until they exit; they
 * are empty, and so were not counted.
 */
static int claim_at_once(struct load *load, const struct retract *r,
			 uint64_t unmapped, uint64_t exited)
{
	uint64_t direct = r->ranges * r->passes;
	int error;

	if (!memory_is_radix())
		direct += r->ranges * (r->passes - 1);
	error = load_claim(load, "direct", "pte", direct);
	if (!error)
		error = load_claim(load, "munmap", "pte", unmapped);
	return error ? error
		     : load_claim(load, "exit", "pte",
				  exited + (r->processes - 1) * r->ranges);
}

int retract_claim(struct load *load, const struct retract *r, uint64_t unmapped,
		  uint64_t exited)
{
	if (!load_defers())
		return claim_at_once(load, r, unmapped, exited);
	return load_claim_tables(load, r->processes * r->ranges * r->passes,
				 unmapped, exited);
}
