/* SPDX-License-Identifier: GPL-2.0 */
/* Logs made up for tests, and the records that the replay makes of them. */
#ifndef PFD_TEST_LOG_H
#define PFD_TEST_LOG_H

#include <jansson.h>
#include "replay.h"

#define LOG_BYTES 65536u
#define LOG_CPUS  2

/* What the made-up machine has: 64K pages, 16 tables in each. */
#define VMEMMAP	    0xc00c000000000000ull
#define BATCH	    0xc000000000001000ull /* tlb_remove_table_rcu() */
#define OWN	    0xc000000000002000ull
#define OTHER	    0xc000000000003000ull
#define PUTTER	    0xc000000000004000ull /* arch_tlb_put_tables() */
#define SYNC	    0xc000000000005000ull /* tlb_remove_table_smp_sync() */
#define PAGE_BYTES  65536ull
#define TABLE_BYTES 4096ull

struct test_log {
	struct machine machine;
	struct cpu_log *cpu[LOG_CPUS];
	json_t *records; /* array, by log_replay() */
	struct replay replay;
	uint64_t no_table; /* a struct page that is no page of tables */
};

/* Table i of page p; its struct page; the rcu_head in that. */
uint64_t log_table(unsigned int p, unsigned int i);
uint64_t log_page(unsigned int p);
uint64_t log_head(unsigned int p);

int log_setup(void **state);
int log_teardown(void **state);

/* Adds an event to a CPU's log; returns it, for what else is to be in it. */
struct event *log_add(struct test_log *log, unsigned int cpu, uint64_t time_ns,
		      enum event_kind kind, uint64_t object, uint64_t detail);

/* A batch of PTE tables first..first + count - 1 of a page is queued. */
struct event *log_add_batch(struct test_log *log, unsigned int cpu,
			    uint64_t time_ns, uint64_t head, unsigned int page,
			    unsigned int first, unsigned int count);

/* Such a batch is shown to arch_tlb_put_tables(). */
struct event *log_add_put(struct test_log *log, unsigned int cpu,
			  uint64_t time_ns, uint64_t batch, unsigned int page,
			  unsigned int first, unsigned int count);

void log_replay(struct test_log *log);

/* A record of that type with that value of that member (NULL: any). */
json_t *log_record(const struct test_log *log, const char *type,
		   const char *member, const char *value);
/* Its member, a number or a histogram's count or sum ("wait_ns.sum"). */
json_int_t log_number(const json_t *record, const char *member);

#endif
