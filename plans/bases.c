// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bases.h"

/* What base.ini says; kernels/source.sh reads where to find the source. */
struct base {
	char *title, *differs, *leave_out;
};

static void base_free(struct base *base)
{
	free(base->title);
	free(base->differs);
	free(base->leave_out);
}

static int check_workloads(const char *list, struct plan_error *error)
{
	struct names names = {0};
	int err = names_split(&names, list) ? plan_fail(error, "out of memory")
					    : 0;
	size_t i;

	for (i = 0; !err && i < names.count; i++)
		if (!plan_workload(names.name[i], error))
			err = -EINVAL;
	names_free(&names);
	return err;
}

static int set(void *context, const char *section, const char *name,
	       const char *value, struct plan_error *error)
{
	struct base *base = context;
	char **text;

	if (strcmp(section, "base"))
		return plan_fail(error, "unknown section [%s]: there is [base]",
				 section);
	if (!strcmp(name, "pinned") || !strcmp(name, "suites"))
		return 0;
	if (!strcmp(name, "title"))
		text = &base->title;
	else if (!strcmp(name, "differs"))
		text = &base->differs;
	else if (!strcmp(name, "leave_out"))
		text = &base->leave_out;
	else
		return plan_fail(error,
				 "unknown key '%s': there are title, differs, "
				 "leave_out, pinned, suites",
				 name);
	if (*text)
		return plan_fail(error, "'%s' is given twice", name);
	if (text == &base->leave_out && check_workloads(value, error))
		return -EINVAL;
	*text = strdup(value);
	return *text ? 0 : plan_fail(error, "out of memory");
}

static char *ini_of(const char *root, const char *name)
{
	char *path;

	return asprintf(&path, "%s/kernels/bases/%s/base.ini", root, name) < 0
		       ? NULL
		       : path;
}

static int find_bases(const char *root, struct names *names,
		      struct plan_error *error)
{
	const struct dirent *entry;
	char *dir, *ini;
	int err = 0;
	DIR *d;

	if (asprintf(&dir, "%s/kernels/bases", root) < 0)
		return plan_fail(error, "out of memory");
	d = opendir(dir);
	if (!d)
		err = plan_fail(error, "cannot read %s: %s", dir,
				strerror(errno));
	while (d && !err && (entry = readdir(d))) {
		if (entry->d_name[0] == '.')
			continue;
		ini = ini_of(root, entry->d_name);
		if (!ini ||
		    (!access(ini, R_OK) &&
		     names_add(names, entry->d_name, strlen(entry->d_name))))
			err = plan_fail(error, "out of memory");
		free(ini);
	}
	if (d)
		closedir(d);
	free(dir);
	names_sort(names);
	return err;
}

static int unknown_base(const struct names *names, const char *where,
			const char *base, struct plan_error *error)
{
	char *joined = names_join(names, ", ");
	int err = plan_fail(error, "%sunknown base '%s': there are %s", where,
			    base, joined ? joined : "others");

	free(joined);
	return err;
}

int base_check(const char *root, const char *base, struct plan_error *error)
{
	struct names names = {0};
	int err = find_bases(root, &names, error);

	if (!err && !names_has(&names, base))
		err = unknown_base(&names, "", base, error);
	names_free(&names);
	return err;
}

int base_check_variants(const char *root, const struct variants *variants,
			struct plan_error *error)
{
	const struct variant *variant;
	struct names names = {0};
	char where[64];
	int err = find_bases(root, &names, error);
	size_t i, j;

	for (i = 0; !err && i < variants->count; i++) {
		variant = &variants->variant[i];
		for (j = 0; !err && j < variant->bases.count; j++) {
			if (names_has(&names, variant->bases.name[j]))
				continue;
			snprintf(where, sizeof(where),
				 "variant '%s': ", variant->name);
			err = unknown_base(&names, where,
					   variant->bases.name[j], error);
		}
	}
	names_free(&names);
	return err;
}

static int leave_out(struct plan *plan, const struct names *out, FILE *notes,
		     struct plan_error *error)
{
	struct names left = {0};
	const char *name;
	size_t i;

	for (i = 0; i < plan->workloads.count; i++) {
		name = plan->workloads.name[i];
		if (names_has(out, name)) {
			if (notes)
				fprintf(notes,
					"pfd-plan: note: %s is left out with "
					"base %s: see kernels/bases/%s\n",
					name, plan->base, plan->base);
		} else if (names_add(&left, name, strlen(name))) {
			names_free(&left);
			return plan_fail(error, "out of memory");
		}
	}
	names_free(&plan->workloads);
	plan->workloads = left;
	return 0;
}

int base_leave_out(const char *root, struct plan *plan, FILE *notes,
		   struct plan_error *error)
{
	struct base base = {0};
	struct names out = {0};
	char *ini = ini_of(root, plan->base);
	int err = ini ? ini_file_read(ini, set, &base, error)
		      : plan_fail(error, "out of memory");

	if (!err && base.leave_out && names_split(&out, base.leave_out))
		err = plan_fail(error, "out of memory");
	if (!err && out.count)
		err = leave_out(plan, &out, notes, error);
	names_free(&out);
	base_free(&base);
	free(ini);
	return err;
}

static int print_base(const char *root, const char *name,
		      struct plan_error *error)
{
	struct base base = {0};
	char *ini = ini_of(root, name);
	int err = ini ? ini_file_read(ini, set, &base, error)
		      : plan_fail(error, "out of memory");

	if (!err)
		printf("%-16s %s%s\n", name, base.title ? base.title : "",
		       strcmp(name, VARIANT_BASE) ? "" : " (the default)");
	if (!err && base.differs && *base.differs)
		printf("%-16s   %s\n", "", base.differs);
	base_free(&base);
	free(ini);
	return err;
}

int list_bases(const char *root, struct plan_error *error)
{
	struct names names = {0};
	int err = find_bases(root, &names, error);
	size_t i;

	for (i = 0; !err && i < names.count; i++)
		err = print_base(root, names.name[i], error);
	names_free(&names);
	return err;
}
