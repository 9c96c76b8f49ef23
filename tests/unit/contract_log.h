/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Logs for the contract's checker, and what it says of them.
 *
 * RCU's numbers: 4, 8, 12 are idle; 5 is the grace period that ends as 8. Of an
 * unlink at 4 the full one ends as 8; of one at 5, as 12.
 */
#ifndef PFD_TEST_CONTRACT_LOG_H
#define PFD_TEST_CONTRACT_LOG_H

#include "contract.h"
#include "log.h"

#define HEAD	 0xc000000001000000ull /* a batch's */
#define MM	 0xc000000002000000ull
#define OTHER_MM 0xc000000003000000ull
#define TASK	 0xc000000004000000ull

int contract_setup(void **state);

/* These happen to page 0, or tables of it, as RCU's number is seq. */
void defer(struct test_log *log, uint64_t time_ns, unsigned int table,
	   uint64_t seq);
struct event *free_page(struct test_log *log, uint64_t time_ns, uint64_t seq);
void hand_out(struct test_log *log, uint64_t time_ns, uint64_t mm,
	      unsigned int table, uint64_t seq);
/* Its own head, with call_rcu(). */
void own_queued(struct test_log *log, uint64_t time_ns, uint64_t seq,
		unsigned int flags);

/* One of `violations`, or of `weaker`, and nothing else; its "first". */
const json_t *expect(struct test_log *log, const char *list, const char *kind,
		     const char *unlink, const char *end, int count);
void expect_nothing(struct test_log *log);

#define CONTRACT_TEST(name)                                                    \
	cmocka_unit_test_setup_teardown(name, contract_setup, log_teardown)

#endif
