/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The log: what the BPF programs (pfd.bpf.c) write and pfd-probe replays.
 * Each CPU has its own, an element of the array map `logs`: struct cpu_log,
 * with its events one after the other in the order in which room was taken for
 * them. Times are nanoseconds of CLOCK_MONOTONIC.
 */
#ifndef PFD_LOG_H
#define PFD_LOG_H

#ifndef __bpf__
#include <linux/types.h>
#endif

/* More tables than an mmu_gather batch holds: 8189 with 64K pages. */
#define BATCH_MAX 8192

enum event_kind {
	/*
	 * call_rcu(). If it is an mmu_gather batch its tables follow, an
	 * address each with the level in the low bits (pgtable_free_tlb(),
	 * arch/powerpc/mm/book3s64/pgtable.c).
	 */
	EVENT_QUEUED,	     /* object: rcu_head; detail: function */
	EVENT_INVOKED,	     /* object: rcu_head; detail: function */
	EVENT_BATCH_STARTED, /* rcu_do_batch(); detail: callbacks queued */
	EVENT_BATCH_ENDED,   /* detail: callbacks invoked */
	EVENT_DEFERRED,	     /* pte_free_defer(); object: table; detail: mm */
	/*
	 * arch_tlb_put_tables(), which only some variants have: a batch is
	 * shown its tables, which follow, after the TLB invalidate. Those of
	 * PTEs are put, unless they are in the batch that is queued then.
	 */
	EVENT_TABLES_PUT, /* object: the batch */
	EVENT_FREED,	  /* pte_fragment_free(); object: table; detail:
			   * the caller's address */
	EVENT_DESTROYED,  /* pte_frag_destroy(); object: a fragment */
	EVENT_PAGE_FREED, /* object: page */
	EVENT_GP_STARTED,
	EVENT_GP_ENDED,
	EVENT_GP_FORCED,    /* a scan that forces quiescent states */
	EVENT_GP_EXPEDITED, /* an expedited one ended */
	EVENT_CORE_ENTERED, /* RCU_SOFTIRQ */
	EVENT_CORE_LEFT,
	/* Only for the contract's sake (contract.h): */
	EVENT_ASKED,	 /* pte_, pmd_fragment_alloc(); object: mm */
	EVENT_HANDED,	 /* it returns; object: table, or 0 */
	EVENT_MM_EXITS,	 /* exit_mmap(); object: mm */
	EVENT_REMOVED,	 /* pgtable_free_tlb(); object: table of PTEs or PMDs */
	EVENT_SYNCED,	 /* smp_call_function(), and waits; object: the
			  * function */
	EVENT_PMD_FREED, /* pmd_fragment_free(); object: table */
	/*
	 * Where no trace event tells of callbacks: such a function is called,
	 * by RCU or not, and it returns.
	 */
	EVENT_ENTERED, /* object: rcu_head; detail: function */
	EVENT_LEFT,    /* detail: function */
	/* Where a batch does not say of what level a table in it is. */
	EVENT_PTE_TABLE, /* goes into a batch; object: table */
	EVENT_KINDS
};

/* Flags. */
#define EVENT_EXITING	1  /* of a batch: its task has PF_EXITING */
#define EVENT_KERNEL	2  /* FREED: a table of the kernel's own */
#define EVENT_KSOFTIRQD 4  /* CORE_ENTERED: in ksoftirqd */
#define EVENT_RECHECKED 8  /* PAGE_FREED: seen only after its callback */
#define EVENT_FALLBACK	16 /* FREED: by arch_tlb_put_table() */
/*
 * QUEUED without tables, INVOKED: the head belongs to a struct page that is not
 * one of a page table (any more).
 */
#define EVENT_NO_TABLE 32

/* How many return addresses of a stack are kept. */
#define STACK_DEPTH 24

struct event {
	__u64 time_ns;
	__u64 object, detail;
	/*
	 * RCU's grace-period number: rcu_state's own at an unlink (QUEUED with
	 * tables, TABLES_PUT, DEFERRED, *FREED, REMOVED). At an end
	 * (PAGE_FREED, HANDED, INVOKED, QUEUED without tables) the root node's:
	 * it is told of a grace period's end before any callback is invoked,
	 * rcu_state after it (rcu_gp_cleanup(), kernel/rcu/tree.c). Of the ends
	 * only PAGE_FREED has it without the contract.
	 */
	__u64 seq;
	/*
	 * current: of QUEUED without tables, INVOKED, ENTERED, LEFT, BATCH_*,
	 * *FREED, ASKED, HANDED, REMOVED, SYNCED.
	 */
	__u64 task;
	/*
	 * QUEUED without tables: the word behind the rcu_head. A variant that
	 * keeps a page's rcu_head elsewhere has the address of the struct page
	 * there, by which the head is known for the page's.
	 */
	__u64 behind;
	__u16 kind, flags;
	__u16 count; /* addresses that follow */
	__u16 stack; /* its number in the map `stacks` + 1; 0: not known */
};

struct cpu_log {
	__u64 used_bytes; /* of events; may go beyond the log's size */
	__u64 lost_count; /* events there was no room for */
	struct event events[];
};

/* Room beyond a log's size: the last event may begin right before its end. */
#define EVENT_MAX_BYTES (sizeof(struct event) + BATCH_MAX * sizeof(__u64))

#endif
