// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "running.h"

/* The facts, and the lists of the plan that they replace. */
enum fact { RELEASE, PAGES, MMU, CPU, SMP, RCU, FACTS };

static const char *const fact_names[FACTS] = {"release", "pages", "mmu",
					      "cpu",	 "smp",	  "rcu"};

bool plan_running_decides(const char *key)
{
	int i;

	for (i = PAGES; i < FACTS; i++)
		if (!strcmp(key, fact_names[i]))
			return true;
	return !strcmp(key, "variants") || !strcmp(key, "base");
}

/* Splits text where it lies; false unless it has all facts. */
static bool split(char *text, char **fact)
{
	int i;

	for (i = 0; i < FACTS; i++) {
		fact[i] = strsep(&text, ",");
		if (!fact[i] || !*fact[i])
			return false;
	}
	return !text;
}

static bool is_one_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(text, *words))
			return true;
	return false;
}

static int check(char *const *fact, struct plan_error *error)
{
	static const char *const pages[] = {"4k", "64k", NULL};
	static const char *const mmus[] = {"radix", "hash", "other", NULL};
	static const char *const modes[] = {"default", "nocb", "lazy", NULL};
	char *end;

	if (!is_one_of(fact[PAGES], pages))
		return plan_fail(error,
				 "the running kernel has %s pages: 4k and 64k "
				 "can be measured",
				 fact[PAGES]);
	if (!is_one_of(fact[MMU], mmus) || !is_one_of(fact[RCU], modes) ||
	    strtoul(fact[SMP], &end, 10) < 1 || *end ||
	    fact[CPU][strspn(fact[CPU], "abcdefghijklmnopqrstuvwxyz0123456789"
					"-")])
		return plan_fail(error, "--running: no MMU, CPU, number of "
					"CPUs, or RCU mode that could be: see "
					"--help");
	return 0;
}

/* Of "6.12.95-pfd-tlb-direct-64k-0123456789ab" it is "tlb-direct". */
static const struct variant *variant_of(const struct variants *variants,
					const char *release, const char *pages)
{
	const char *name = strstr(release, "-pfd-");
	const struct variant *found = NULL;
	size_t i, size;

	for (i = 0; name && i < variants->count; i++) {
		size = strlen(variants->variant[i].name);
		if (!strncmp(name + 5, variants->variant[i].name, size) &&
		    name[5 + size] == '-' &&
		    !strncmp(name + 6 + size, pages, strlen(pages)))
			found = &variants->variant[i];
	}
	return found;
}

/* What every kernel has that defers at all: mm/pgtable-generic.c. */
#define OWN_CALLBACK "pte_free_now"

static int add_variant(struct variants *variants, struct plan_error *error)
{
	struct variant *bigger, *variant;

	bigger = reallocarray(variants->variant, variants->count + 1,
			      sizeof(*bigger));
	if (!bigger)
		return plan_fail(error, "out of memory");
	variants->variant = bigger;
	variant = &bigger[variants->count++];
	*variant = (struct variant){.name = strdup(VARIANT_RUNNING)};
	if (!variant->name || names_split(&variant->callbacks, OWN_CALLBACK))
		return plan_fail(error, "out of memory");
	return 0;
}

static int set_lists(struct plan *plan, const char *variant, char *const *fact,
		     struct plan_error *error)
{
	int err = plan_set(plan, "variants", variant, error), i;

	for (i = PAGES; !err && i < FACTS; i++)
		err = plan_set(plan, fact_names[i], fact[i], error);
	if (!err)
		err = plan_set(plan, "skip", "", error);
	if (!err)
		err = plan_set(plan, "sweep", "", error);
	return err;
}

static int check_workloads(const struct plan *plan, struct plan_error *error)
{
	size_t i;

	for (i = 0; i < plan->workloads.count; i++) {
		const char *name = plan->workloads.name[i];
		const struct workload *workload = workload_find(name);

		if (workload && workload->image)
			return plan_fail(error,
					 "workload '%s' needs a guest's image "
					 "'%s': leave it out for the running "
					 "kernel",
					 name, workload->image);
	}
	return 0;
}

int plan_running(struct plan *plan, struct variants *variants,
		 const char *facts, struct plan_error *error)
{
	const char *name = VARIANT_RUNNING, *base = NULL;
	const struct variant *variant;
	char *fact[FACTS], *copy;
	int err;

	copy = strdup(facts);
	if (!copy)
		return plan_fail(error, "out of memory");
	err = split(copy, fact) ? check(fact, error)
				: plan_fail(error,
					    "--running '%s' is not all "
					    "facts: see --help",
					    facts);
	if (!err)
		err = check_workloads(plan, error);
	if (err)
		goto out;
	variant = variant_of(variants, fact[RELEASE], fact[PAGES]);
	if (variant) {
		name = variant->name;
		if (variant->bases.count)
			base = variant->bases.name[0];
	} else {
		err = add_variant(variants, error);
	}
	if (!err && base)
		err = plan_set(plan, "base", base, error);
	if (!err)
		err = set_lists(plan, name, fact, error);
	/* Whether it is correct there is not what a look at it is about. */
	plan->allow_unsafe = true;
out:
	free(copy);
	return err;
}
