/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the contract's checker knows (contract.c), and asks in the end
 * (leaks.c).
 */
#ifndef PFD_CONTRACT_STATE_H
#define PFD_CONTRACT_STATE_H

#include "contract.h"
#include "instruments.h"
#include "violations.h"

/* An unlink; no event: there was none. */
struct unlinked {
	const struct event *event;
	uint64_t table;
};

/* What is owed for a page, or for one of its tables. */
struct owed {
	/* BY_NONE: IPIs are all that is owed. */
	struct unlinked by[UNLINKED_BYS];
};

/* All mms that were ever at that address, one after the other. */
struct mm {
	uint64_t address; /* the tree's key */
	uint64_t exits;	  /* of how many exit_mmap() was called */
};

struct owner {
	struct mm *mm;	/* NULL: not known, or none */
	uint64_t exits; /* what mm had when that was seen */
};

/* A part of a page that is one table, or may be. */
struct fragment {
	struct owed owed;
	struct owner owner; /* since it was handed out, until the unlink */
};

/* PMD tables of a page, at most: 4K each with 64K pages and radix. */
#define PMD_TABLES 16

struct contract_page {
	uint64_t page;	    /* struct page's address; the tree's key */
	struct owner owner; /* whose tables these are, the last if several's */
	bool destroyed;	    /* pte_frag_destroy() was the last to free of it */
	bool destructed;
	bool pending; /* a callback that concerns it */
	bool shared;  /* the owner was another before */
	struct owed owed;
	struct fragment fragments[]; /* tables_of_page() */
};

/* A task in pte_fragment_alloc() or pmd_fragment_alloc(). */
struct asking {
	uint64_t task; /* the tree's key */
	struct owner owner;
	uint64_t time_ns;
};

/* The last table that a task gave to tlb_remove_table(), but for PUDs. */
struct removed {
	uint64_t task; /* the tree's key */
	const struct event *event;
	bool synced; /* it has waited for IPIs since */
};

struct contract {
	void *pages, *asking, *mms, *removed;
	uint64_t shared_pages; /* of several mms */
	uint64_t tables_checked, pages_checked, fragments_checked;
	uint64_t lost_tables, lost_pages;
	uint64_t seq; /* RCU's number when an end was seen last */
	struct violations violations, weaker;
};

static inline struct contract_page *find_page(const struct replay *r,
					      uint64_t page)
{
	return tree_find(&r->contract->pages, page);
}

/* With 4K pages and hash a page is one PTE table, but four PMD tables. */
static inline uint64_t tables_of_page(const struct replay *r)
{
	uint32_t ptes = r->machine.fragments;

	return ptes > PMD_TABLES ? ptes : PMD_TABLES;
}

static inline bool lives(const struct owner *owner)
{
	return owner->mm && owner->mm->exits == owner->exits;
}

/* The last unlink of these that owes a grace period, or BY_NONE. */
static inline enum unlinked_by last_owed(const struct owed *owed)
{
	const struct event *defer = owed->by[BY_DEFER].event;
	const struct event *tlb = owed->by[BY_TLB].event;

	if (!defer || (tlb && tlb->time_ns >= defer->time_ns))
		return tlb ? BY_TLB : BY_NONE;
	return BY_DEFER;
}

/* `unlinked`: what was owed then, or NULL. */
void contract_violation(struct violations *violations, enum violation_kind kind,
			enum unlinked_by by, int end, const struct event *e,
			uint64_t seq, const struct unlinked *unlinked,
			uint64_t page);
/* One that was seen to ask, but not which table it got. */
void contract_lost(struct replay *r, const struct asking *asking);

#endif
