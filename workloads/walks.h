/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ways to have the kernel walk page tables that a collapse takes away: those
 * that hold no lock at all but disabled interrupts (get_user_pages_fast()),
 * those that hold the mmap lock, which retract_page_tables() does not take, and
 * those that come from the page, by its reverse mapping.
 */
#ifndef PFD_WALKS_H
#define PFD_WALKS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct load;

enum walk {
	WALK_VMSPLICE,	   /* get_user_pages_fast() */
	WALK_MINCORE,	   /* mincore_pte_range() */
	WALK_PAGEMAP,	   /* pagemap_pmd_range(), of another process */
	WALK_SMAPS,	   /* smaps_pte_range(), likewise */
	WALK_PROCESS_READ, /* get_user_pages_remote(), likewise */
	WALK_COLD,	   /* madvise_cold_or_pageout_pte_range() */
	WALK_COMPACT,	   /* page_vma_mapped_walk(), of all that is mapped */
	WALK_RECLAIM,	   /* likewise, of what was not used lately */
	WALKS,
};

/* As the names of facts. */
extern const char *const walk_names[WALKS];

/* One who walks: over memory of its own process, and of another's. */
struct walker {
	struct load *load;
	char *base; /* in both processes */
	uint32_t spans;
	pid_t other;
	bool of_all; /* also WALK_COMPACT and, where possible, WALK_RECLAIM */
	int pipe[2], pagemap, smaps;
	uint64_t done[WALKS];
};

/*
 * The caller fills in load, spans, other and of_all before walker_open(), and
 * base before each walker_walk_all(). All return 0 or a negative errno value
 * after one line.
 */
int walker_open(struct walker *walker);
int walker_walk_all(struct walker *walker);
void walker_close(struct walker *walker);

#endif
