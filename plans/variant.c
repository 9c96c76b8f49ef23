// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "variant.h"

static int set_text(char **text, const char *name, const char *value,
		    struct plan_error *error)
{
	if (*text)
		return plan_fail(error, "'%s' is given twice", name);
	*text = strdup(value);
	return *text ? 0 : plan_fail(error, "out of memory");
}

/* How often call_rcu() may be called; analysis/model.c says what follows. */
static int set_frequency(char **text, const char *name, const char *value,
			 struct plan_error *error)
{
	static const char *const words[] = {
		"never",	"table",
		"page",		"page-if-deferred",
		"page-if-last", "page-and-grace-period",
		"page-at-put"};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(value, words[i]))
			return set_text(text, name, value, error);
	return plan_fail(error,
			 "%s = '%s': there are never, table, page, "
			 "page-if-deferred, page-if-last, "
			 "page-and-grace-period, page-at-put",
			 name, value);
}

static int set_digit(char **text, const char *name, const char *value,
		     struct plan_error *error)
{
	if (value[0] < '0' || value[0] > '9' || value[1])
		return plan_fail(error, "%s '%s' is no number from 0 to 9",
				 name, value);
	return set_text(text, name, value, error);
}

static int set_cost(struct variant *variant, const char *name,
		    const char *value, struct plan_error *error)
{
	if (!strcmp(name, "defer_call_rcu"))
		return set_frequency(&variant->defer_call_rcu, name, value,
				     error);
	if (!strcmp(name, "tlb_call_rcu"))
		return set_frequency(&variant->tlb_call_rcu, name, value,
				     error);
	if (!strcmp(name, "tlb_grace_periods_min"))
		return set_digit(&variant->tlb_grace_periods_min, name, value,
				 error);
	if (!strcmp(name, "tlb_grace_periods_max"))
		return set_digit(&variant->tlb_grace_periods_max, name, value,
				 error);
	if (!strcmp(name, "pages_kept"))
		return set_digit(&variant->pages_kept, name, value, error);
	return plan_fail(error,
			 "unknown key '%s': there are defer_call_rcu, "
			 "tlb_call_rcu, tlb_grace_periods_min, "
			 "tlb_grace_periods_max, pages_kept",
			 name);
}

static int set(void *context, const char *section, const char *name,
	       const char *value, struct plan_error *error)
{
	struct variant *variant = context;

	if (!strcmp(section, "cost"))
		return set_cost(variant, name, value, error);
	if (strcmp(section, "variant"))
		return plan_fail(
			error,
			"unknown section [%s]: there are [variant] and [cost]",
			section);
	if (!strcmp(name, "title"))
		return set_text(&variant->title, name, value, error);
	if (!strcmp(name, "author"))
		return set_text(&variant->author, name, value, error);
	if (!strcmp(name, "link"))
		return set_text(&variant->link, name, value, error);
	if (!strcmp(name, "bases"))
		return names_split(&variant->bases, value);
	if (!strcmp(name, "correct"))
		return names_split(&variant->correct, value);
	if (!strcmp(name, "fails"))
		return names_split(&variant->fails, value);
	if (!strcmp(name, "callbacks"))
		return names_split(&variant->callbacks, value);
	return plan_fail(error,
			 "unknown key '%s': there are title, author, link, "
			 "bases, correct, fails, callbacks",
			 name);
}

static int check_configurations(const struct names *names, const char *path,
				struct plan_error *error)
{
	static const char *const configurations[] = {"64k-radix", "64k-hash",
						     "4k-radix", "4k-hash"};
	size_t i, j;

	for (i = 0; i < names->count; i++) {
		for (j = 0; j < 4; j++)
			if (!strcmp(names->name[i], configurations[j]))
				break;
		if (j == 4)
			return plan_fail(
				error,
				"%s: unknown configuration '%s': there are "
				"64k-radix, 64k-hash, 4k-radix, 4k-hash",
				path, names->name[i]);
	}
	return 0;
}

static int check(const struct variant *variant, const char *path,
		 struct plan_error *error)
{
	size_t i;

	if (strlen(variant->name) > VARIANT_NAME_MAX ||
	    strspn(variant->name, "abcdefghijklmnopqrstuvwxyz0123456789-") !=
		    strlen(variant->name))
		return plan_fail(error,
				 "%s: '%s' is no name for a variant: up to %d "
				 "of a-z, 0-9 and -",
				 path, variant->name, VARIANT_NAME_MAX);
	if (!variant->title || !*variant->title)
		return plan_fail(error, "%s: 'title' is missing", path);
	if (check_configurations(&variant->correct, path, error) ||
	    check_configurations(&variant->fails, path, error))
		return -EINVAL;
	for (i = 0; i < variant->fails.count; i++)
		if (!names_has(&variant->correct, variant->fails.name[i]))
			return plan_fail(error,
					 "%s: fails = '%s' is for where it "
					 "claims to be correct, and it does "
					 "not there",
					 path, variant->fails.name[i]);
	if (!variant->tlb_grace_periods_min != !variant->tlb_grace_periods_max)
		return plan_fail(error,
				 "%s: give tlb_grace_periods_min and "
				 "tlb_grace_periods_max, or neither",
				 path);
	if (variant->tlb_grace_periods_min &&
	    *variant->tlb_grace_periods_min > *variant->tlb_grace_periods_max)
		return plan_fail(error,
				 "%s: tlb_grace_periods_min is above "
				 "tlb_grace_periods_max",
				 path);
	for (i = 0; i < variant->callbacks.count; i++)
		if (strpbrk(variant->callbacks.name[i], "\"\\-"))
			return plan_fail(error, "%s: '%s' is no function name",
					 path, variant->callbacks.name[i]);
	return 0;
}

static int read_one(struct variants *variants, const char *dir,
		    const char *name, struct plan_error *error)
{
	struct variant *bigger, *variant;
	char *path;
	int err = 0;

	if (asprintf(&path, "%s/%s/variant.ini", dir, name) < 0)
		return plan_fail(error, "out of memory");
	if (access(path, F_OK))
		goto out;
	bigger = reallocarray(variants->variant, variants->count + 1,
			      sizeof(*bigger));
	if (!bigger) {
		err = plan_fail(error, "out of memory");
		goto out;
	}
	variants->variant = bigger;
	variant = &bigger[variants->count++];
	*variant = (struct variant){.name = strdup(name)};
	if (!variant->name)
		err = plan_fail(error, "out of memory");
	if (!err)
		err = ini_file_read(path, set, variant, error);
	if (!err)
		err = check(variant, path, error);
out:
	free(path);
	return err;
}

int variants_read(struct variants *variants, const char *dir,
		  struct plan_error *error)
{
	struct names found = {0};
	const struct dirent *entry;
	size_t i;
	DIR *d;
	int err = 0;

	d = opendir(dir);
	if (!d)
		return plan_fail(error, "cannot read %s: %s", dir,
				 strerror(errno));
	while (!err && (entry = readdir(d)))
		if (entry->d_name[0] != '.')
			err = names_add(&found, entry->d_name,
					strlen(entry->d_name));
	closedir(d);
	if (err)
		plan_fail(error, "out of memory");
	names_sort(&found);
	for (i = 0; !err && i < found.count; i++)
		err = read_one(variants, dir, found.name[i], error);
	names_free(&found);
	return err;
}

const struct variant *variants_find(const struct variants *variants,
				    const char *name)
{
	size_t i;

	for (i = 0; i < variants->count; i++)
		if (!strcmp(variants->variant[i].name, name))
			return &variants->variant[i];
	return NULL;
}

int variants_unknown(const struct variants *variants, const char *name,
		     struct plan_error *error)
{
	struct names names = {0};
	char *joined = NULL;
	size_t i;
	int err = 0;

	for (i = 0; !err && i < variants->count; i++)
		err = names_add(&names, variants->variant[i].name,
				strlen(variants->variant[i].name));
	if (!err)
		joined = names_join(&names, ", ");
	err = plan_fail(error, "unknown variant '%s': there are %s", name,
			joined ? joined : "others");
	free(joined);
	names_free(&names);
	return err;
}

bool variant_correct(const struct variant *variant, const char *pages,
		     const char *mmu)
{
	char configuration[32];

	snprintf(configuration, sizeof(configuration), "%s-%s", pages, mmu);
	return names_has(&variant->correct, configuration);
}

bool variant_has_base(const struct variant *variant, const char *base)
{
	return variant->bases.count ? names_has(&variant->bases, base)
				    : !strcmp(base, VARIANT_BASE);
}

int variant_lacks_base(const struct variant *variant, const char *base,
		       struct plan_error *error)
{
	char *joined = variant->bases.count ? names_join(&variant->bases, ", ")
					    : strdup(VARIANT_BASE);
	int err = plan_fail(error,
			    "variant '%s' is not there for base %s: it is for "
			    "%s (--base)",
			    variant->name, base, joined ? joined : "others");

	free(joined);
	return err;
}

void variants_free(struct variants *variants)
{
	size_t i;

	for (i = 0; i < variants->count; i++) {
		free(variants->variant[i].name);
		free(variants->variant[i].title);
		free(variants->variant[i].author);
		free(variants->variant[i].link);
		free(variants->variant[i].defer_call_rcu);
		free(variants->variant[i].tlb_call_rcu);
		free(variants->variant[i].tlb_grace_periods_min);
		free(variants->variant[i].tlb_grace_periods_max);
		free(variants->variant[i].pages_kept);
		names_free(&variants->variant[i].bases);
		names_free(&variants->variant[i].correct);
		names_free(&variants->variant[i].fails);
		names_free(&variants->variant[i].callbacks);
	}
	free(variants->variant);
	*variants = (struct variants){0};
}
