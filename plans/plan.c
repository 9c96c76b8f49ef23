// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"
#include "variant.h"

static const char *const pages[] = {"64k", "4k", NULL};
static const char *const mmus[] = {"radix", "hash", NULL};
static const char *const cpus[] = {"power9", "power10", NULL};
static const char *const rcu_modes[] = {"default", "nocb", "lazy", NULL};
static const char *const arms[] = {
	"bare",	   "probed",	      PLAN_STATS,
	"checked", "bare" PLAN_AGAIN, "probed" PLAN_AGAIN,
	NULL};
static const char *const sweeps[] = {PLAN_SWEEP_SMP, NULL};
static const char *const configurations[] = {"64k-radix", "64k-hash",
					     "4k-radix", "4k-hash", NULL};

/* A key of [plan] that is a list. */
struct list_key {
	const char *name;
	size_t offset;
	const char *const *known; /* NULL: not known here, or numbers */
	const char *def;
};

#define LIST(key, known, def)                                                  \
	{                                                                      \
#key, offsetof(struct plan, key), known, def                   \
	}

static const struct list_key list_keys[] = {
	LIST(variants, NULL, PLAN_SAFE),
	LIST(pages, pages, "64k"),
	LIST(mmu, mmus, "radix"),
	LIST(cpu, cpus, "power9"),
	LIST(smp, NULL, "2"),
	LIST(rcu, rcu_modes, "default"),
	LIST(workloads, NULL, NULL),
	LIST(arms, arms, "bare probed"),
	LIST(skip, configurations, ""),
	LIST(sweep, sweeps, ""),
	{0},
};

/* A key of [plan] that is one value. */
struct value_key {
	const char *name;
	size_t offset;
	const char *def;
	unsigned long min, max; /* 0: not a plain number */
};

static const struct value_key value_keys[] = {
	{"title", offsetof(struct plan, title), "", 0, 0},
	{"base", offsetof(struct plan, base), VARIANT_BASE, 0, 0},
	{"memory", offsetof(struct plan, memory), "1G", 0, 0},
	{"seeds", offsetof(struct plan, seeds), "2", 1, 1000},
	{"timeout_s", offsetof(struct plan, timeout_s), "120", 1, 86400},
	{0},
};

static struct names *list_of(struct plan *plan, const struct list_key *key)
{
	return (struct names *)((char *)plan + key->offset);
}

static char **value_of(struct plan *plan, const struct value_key *key)
{
	return (char **)((char *)plan + key->offset);
}

static int unknown_key(const char *name, struct plan_error *error)
{
	return plan_fail(error,
			 "unknown key '%s' in [plan]: there are title, "
			 "base, variants, pages, mmu, cpu, smp, rcu, arms, "
			 "seeds, workloads, memory, timeout_s, skip, sweep",
			 name);
}

int plan_set(struct plan *plan, const char *name, const char *value,
	     struct plan_error *error)
{
	const struct list_key *list;
	const struct value_key *key;
	char *copy;

	for (list = list_keys; list->name; list++) {
		if (strcmp(list->name, name))
			continue;
		names_free(list_of(plan, list));
		if (names_split(list_of(plan, list), value))
			return plan_fail(error, "out of memory");
		return 0;
	}
	for (key = value_keys; key->name; key++) {
		if (strcmp(key->name, name))
			continue;
		copy = strdup(value);
		if (!copy)
			return plan_fail(error, "out of memory");
		free(*value_of(plan, key));
		*value_of(plan, key) = copy;
		return 0;
	}
	return unknown_key(name, error);
}

int plan_init(struct plan *plan, struct plan_error *error)
{
	const struct list_key *list;
	const struct value_key *key;
	const struct workload *const *w;
	int err = 0;

	*plan = (struct plan){0};
	for (list = list_keys; !err && list->name; list++)
		if (list->def)
			err = plan_set(plan, list->name, list->def, error);
	for (key = value_keys; !err && key->name; key++)
		err = plan_set(plan, key->name, key->def, error);
	for (w = workloads; !err && *w; w++)
		if (!(*w)->for_tests && !(*w)->gate && !(*w)->image &&
		    names_add(&plan->workloads, (*w)->name, strlen((*w)->name)))
			err = plan_fail(error, "out of memory");
	if (err)
		plan_free(plan);
	return err;
}

/* What reading a file must remember besides the plan. */
struct reading {
	struct plan *plan;
	struct names seen;	 /* keys of [plan] */
	struct names parameters; /* WORKLOAD.PARAMETER */
};

/* Sets one of [workload NAME]: once, since several values would be a sweep. */
static int set_parameter(struct reading *reading, const char *workload,
			 const char *name, const char *value,
			 struct plan_error *error)
{
	char *parameter;
	size_t count = reading->parameters.count;
	int err;

	if (asprintf(&parameter, "%s.%s", workload, name) < 0)
		return plan_fail(error, "out of memory");
	err = names_add(&reading->parameters, parameter, strlen(parameter));
	free(parameter);
	if (err)
		return plan_fail(error, "out of memory");
	if (reading->parameters.count == count)
		return plan_fail(error,
				 "[workload %s] '%s' is given twice: all its "
				 "values go into one line",
				 workload, name);
	return plan_set_parameter(reading->plan, workload, name, value, error);
}

static int set(void *context, const char *section, const char *name,
	       const char *value, struct plan_error *error)
{
	static const char workload[] = "workload ";
	struct reading *reading = context;
	const struct list_key *list;

	if (!strncmp(section, workload, sizeof(workload) - 1))
		return set_parameter(
			reading,
			section + sizeof(workload) - 1 +
				strspn(section + sizeof(workload) - 1, " "),
			name, value, error);
	if (strcmp(section, "plan"))
		return plan_fail(error,
				 "unknown section [%s]: there are [plan] and "
				 "[workload NAME]",
				 section);
	if (!names_has(&reading->seen, name)) {
		if (names_add(&reading->seen, name, strlen(name)))
			return plan_fail(error, "out of memory");
		return plan_set(reading->plan, name, value, error);
	}
	/* Again: an indented line, which a list may go on in. */
	for (list = list_keys; list->name; list++)
		if (!strcmp(list->name, name))
			return names_split(list_of(reading->plan, list), value)
				       ? plan_fail(error, "out of memory")
				       : 0;
	return plan_fail(error, "'%s' is given twice", name);
}

int plan_read(struct plan *plan, const char *path, struct plan_error *error)
{
	struct reading reading = {.plan = plan};
	int err;

	err = ini_file_read(path, set, &reading, error);
	if (!err && !reading.seen.count)
		err = plan_fail(error, "%s has no [plan]: see plans/README.md",
				path);
	names_free(&reading.seen);
	names_free(&reading.parameters);
	return err;
}

static int check_number(const char *key, const char *text, unsigned long min,
			unsigned long max, struct plan_error *error)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || number < min ||
	    number > max || (*text == '0' && text[1]))
		return plan_fail(error, "%s '%s' is no number from %lu to %lu",
				 key, text, min, max);
	return 0;
}

static int check_memory(const char *text, struct plan_error *error)
{
	unsigned long number, mib;
	char *end;

	number = strtoul(text, &end, 10);
	mib = *end == 'G' ? 1024 : 1;
	if (*text < '1' || *text > '9' || (*end != 'G' && *end != 'M') ||
	    end[1] || number > 65536 || number * mib < 256 ||
	    number * mib > 65536)
		return plan_fail(error,
				 "memory '%s' is no size from 256M to 64G, "
				 "such as 512M or 1G",
				 text);
	return 0;
}

static int check_list(const struct list_key *key, const struct names *names,
		      struct plan_error *error)
{
	struct names all = {0};
	const char *const *known;
	char *joined = NULL;
	size_t i;
	int err = 0;

	for (known = key->known; *known; known++)
		if (names_add(&all, *known, strlen(*known)))
			return plan_fail(error, "out of memory");
	for (i = 0; !err && i < names->count; i++) {
		if (names_has(&all, names->name[i]))
			continue;
		joined = names_join(&all, ", ");
		err = plan_fail(error, "unknown %s '%s': there are %s",
				key->name, names->name[i],
				joined ? joined : "others");
	}
	free(joined);
	names_free(&all);
	return err;
}

/* What is exact is no sample of anything: again, it is the same bytes. */
static int check_again(const struct plan *plan, struct plan_error *error)
{
	size_t i;

	for (i = 0; plan->exact && i < plan->arms.count; i++)
		if (strstr(plan->arms.name[i], PLAN_AGAIN))
			return plan_fail(error,
					 "arm '%s' is for targets whose cells "
					 "are samples: exact gives the same "
					 "bytes again; leave it out, or name "
					 "another --target",
					 plan->arms.name[i]);
	return 0;
}

int plan_check(const struct plan *plan, struct plan_error *error)
{
	const struct list_key *list;
	const struct value_key *key;
	const struct names *names;
	const char *text;
	size_t i;
	int err = 0;

	for (list = list_keys; !err && list->name; list++) {
		names = list_of((struct plan *)plan, list);
		if (!names->count && names != &plan->skip &&
		    names != &plan->sweep)
			err = plan_fail(error,
					"'%s' is empty: name at least one",
					list->name);
		else if (list->known)
			err = check_list(list, names, error);
	}
	for (i = 0; !err && i < plan->smp.count; i++)
		err = check_number("smp", plan->smp.name[i], 1, 32, error);
	for (i = 0; !err && i < plan->workloads.count; i++)
		if (!plan_workload(plan->workloads.name[i], error))
			err = -EINVAL;
	for (key = value_keys; !err && key->name; key++) {
		text = *value_of((struct plan *)plan, key);
		if (key->max)
			err = check_number(key->name, text, key->min, key->max,
					   error);
	}
	if (!err)
		err = check_memory(plan->memory, error);
	if (!err)
		err = check_again(plan, error);
	if (!err)
		err = plan_check_parameters(plan, error);
	return err;
}

void plan_free(struct plan *plan)
{
	const struct list_key *list;
	const struct value_key *key;

	for (list = list_keys; list->name; list++)
		names_free(list_of(plan, list));
	for (key = value_keys; key->name; key++)
		free(*value_of(plan, key));
	free(plan->settings);
	*plan = (struct plan){0};
}
