/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the contract's checker (contract.c) found, by kind, by how the table was
 * unlinked and by where it ended: how many, and the first of each.
 */
#ifndef PFD_VIOLATIONS_H
#define PFD_VIOLATIONS_H

#include "replay.h"

struct json_t;

enum violation_kind {
	FREED_EARLY,
	HANDED_OUT_EARLY,
	QUEUED_TWICE,
	DESTRUCTOR_EARLY,
	LEAKED,
	VIOLATION_KINDS
};

/* How the table was unlinked. */
enum unlinked_by { BY_DEFER, BY_TLB, BY_NONE, UNLINKED_BYS };

/* Beyond those of a page: enum page_end. */
enum violation_end {
	END_HANDED = ENDS,
	END_QUEUED,
	END_INVOKED,
	END_NEVER,
	VIOLATION_ENDS
};

struct violation {
	uint64_t time_ns, unlinked_ns;
	uint64_t page, table; /* 0: not known, or none */
	uint64_t seq_unlinked, seq;
	uint32_t stack; /* an event's */
};

struct violations {
	struct {
		uint64_t count;
		struct violation first;
	} found[VIOLATION_KINDS][UNLINKED_BYS][VIOLATION_ENDS];
};

void violations_add(struct violations *violations, enum violation_kind kind,
		    enum unlinked_by by, int end,
		    const struct violation *violation);

/* A list for the record; NULL: out of memory. */
struct json_t *violations_to_json(const struct violations *violations,
				  const struct machine *machine);

#endif
