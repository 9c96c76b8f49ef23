/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What kernels/variants/NAME/variant.ini says. The directory is the registry:
 * one that holds a variant.ini is a variant.
 */
#ifndef PFD_VARIANT_H
#define PFD_VARIANT_H

#include <stdbool.h>
#include "ini_file.h"
#include "names.h"

/* The release string, which has the name in it, must fit uname's 64 bytes. */
#define VARIANT_NAME_MAX 32

/*
 * The base (kernels/bases/) of a plan that names none, and of a variant that
 * names none. PFD_BASE in scripts/lib.sh is the same.
 */
#define VARIANT_BASE "6.12"

struct variant {
	char *name;
	char *title, *author, *link;
	struct names bases;	/* none: VARIANT_BASE */
	struct names correct;	/* configurations: PAGES-MMU */
	struct names fails;	/* of these: the gate is known to fail it */
	struct names callbacks; /* functions that the patch queues */
	/* The cost model: how often it calls call_rcu(); NULL: not stated. */
	char *defer_call_rcu, *tlb_call_rcu;
	/* RCU waits of a page on the TLB path, a digit; both NULL or none. */
	char *tlb_grace_periods_min, *tlb_grace_periods_max;
	/* Pages of tables, none in use, that a CPU keeps: a digit; NULL: 0. */
	char *pages_kept;
};

struct variants {
	struct variant *variant; /* sorted by name */
	size_t count;
};

/* Reads all of DIR. Returns 0, or a negative errno value with error set. */
int variants_read(struct variants *variants, const char *dir,
		  struct plan_error *error);

const struct variant *variants_find(const struct variants *variants,
				    const char *name);

/* Fails with "unknown variant", naming those that there are. */
int variants_unknown(const struct variants *variants, const char *name,
		     struct plan_error *error);

/* Whether it claims to be correct there, whatever the gate says. */
bool variant_correct(const struct variant *variant, const char *pages,
		     const char *mmu);

bool variant_has_base(const struct variant *variant, const char *base);

/* Fails with the bases that it has. */
int variant_lacks_base(const struct variant *variant, const char *base,
		       struct plan_error *error);

void variants_free(struct variants *variants);

#endif
