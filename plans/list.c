// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bases.h"
#include "list.h"
#include "plan.h"

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text);

	return length > strlen(end) &&
	       !strcmp(text + length - strlen(end), end);
}

/* The names of DIR/NAME<end>, sorted. */
static int list_files(const char *dir, const char *end, struct names *names,
		      struct plan_error *error)
{
	const struct dirent *entry;
	int err = 0;
	DIR *d;

	d = opendir(dir);
	if (!d)
		return plan_fail(error, "cannot read %s: %s", dir,
				 strerror(errno));
	while (!err && (entry = readdir(d)))
		if (entry->d_name[0] != '.' && ends_with(entry->d_name, end))
			err = names_add(names, entry->d_name,
					strlen(entry->d_name) - strlen(end));
	closedir(d);
	names_sort(names);
	return err ? plan_fail(error, "out of memory") : 0;
}

char *find_plan(const char *root, const char *plan, struct plan_error *error)
{
	struct names names = {0};
	char *path = NULL, *dir = NULL, *joined = NULL;

	if (strchr(plan, '/') || ends_with(plan, ".ini")) {
		path = strdup(plan);
		if (!path)
			plan_fail(error, "out of memory");
		return path;
	}
	if (asprintf(&dir, "%s/plans", root) < 0 ||
	    asprintf(&path, "%s/%s.ini", dir, plan) < 0) {
		plan_fail(error, "out of memory");
		return NULL;
	}
	if (access(path, R_OK)) {
		free(path);
		path = NULL;
		if (!list_files(dir, ".ini", &names, error))
			joined = names_join(&names, ", ");
		plan_fail(error,
			  "unknown plan '%s': there are %s; or give a file, "
			  "PATH.ini",
			  plan, joined ? joined : "none here");
	}
	free(dir);
	free(joined);
	names_free(&names);
	return path;
}

int find_variants(const char *root, struct variants *variants,
		  struct plan_error *error)
{
	const char *more = getenv("PFD_VARIANTS");
	char *dirs, *rest, *dir;
	int err = 0;

	if (asprintf(&dirs, "%s/kernels/variants:%s", root, more ? more : "") <
	    0)
		return plan_fail(error, "out of memory");
	rest = dirs;
	while (!err && (dir = strsep(&rest, ":")))
		if (*dir)
			err = variants_read(variants, dir, error);
	free(dirs);
	return err ? err : base_check_variants(root, variants, error);
}

static int list_variants(const char *root, struct plan_error *error)
{
	struct variants variants = {0};
	const struct variant *v;
	char *correct, *bases;
	size_t i;
	int err;

	err = find_variants(root, &variants, error);
	for (i = 0; !err && i < variants.count; i++) {
		v = &variants.variant[i];
		correct = names_join(&v->correct, " ");
		bases = names_join(&v->bases, " ");
		printf("%-16s %s\n%-16s correct on: %s; bases: %s\n", v->name,
		       v->title, "", correct && *correct ? correct : "nothing",
		       bases && *bases ? bases : VARIANT_BASE);
		free(correct);
		free(bases);
	}
	variants_free(&variants);
	return err;
}

static void list_workload(const struct workload *w)
{
	const struct param *param;

	printf("%-16s %s\n", w->name, w->title);
	if (w->image)
		printf("%-16s   boots with the image %s\n", "", w->image);
	for (param = w->params; param && param->name; param++)
		printf("%-16s   %s = %" PRIu64 " (%" PRIu64 " to %" PRIu64
		       "): %s\n",
		       "", param->name, param->def, param->min, param->max,
		       param->help);
}

static int list_workloads(void)
{
	const struct workload *const *w;

	for (w = workloads; *w; w++)
		if (!(*w)->for_tests && !(*w)->gate)
			list_workload(*w);
	printf("\nunkind ones, for verification; only in plans that name "
	       "them:\n");
	for (w = workloads; *w; w++)
		if ((*w)->gate)
			list_workload(*w);
	return 0;
}

static int list_plans(const char *root, struct plan_error *error)
{
	struct names names = {0};
	struct plan plan;
	char *path = NULL;
	size_t i;
	int err;

	if (asprintf(&path, "%s/plans", root) < 0)
		return plan_fail(error, "out of memory");
	err = list_files(path, ".ini", &names, error);
	free(path);
	for (i = 0; !err && i < names.count; i++) {
		path = find_plan(root, names.name[i], error);
		err = path ? plan_init(&plan, error) : -EINVAL;
		if (!err) {
			err = plan_read(&plan, path, error);
			printf("%-16s %s\n", names.name[i], plan.title);
			plan_free(&plan);
		}
		free(path);
	}
	names_free(&names);
	return err;
}

/* A target says what it is in a line "# target: ...", a launcher likewise. */
static void list_marked(const char *dir, const char *name, const char *kind)
{
	char *path, *text = NULL;
	size_t size = 0;
	FILE *file;

	if (asprintf(&path, "%s/%s.sh", dir, name) < 0)
		return;
	file = fopen(path, "re");
	while (file && getline(&text, &size, file) > 0) {
		if (strncmp(text, "# ", 2) ||
		    strncmp(text + 2, kind, strlen(kind)) ||
		    strncmp(text + 2 + strlen(kind), ": ", 2))
			continue;
		printf("%-16s %s", name, text + 4 + strlen(kind));
		break;
	}
	free(text);
	free(path);
	if (file)
		fclose(file);
}

/* KINDs are in the directory KINDs. */
static int list_kind(const char *root, const char *kind,
		     struct plan_error *error)
{
	struct names names = {0};
	char *dir;
	size_t i;
	int err;

	if (asprintf(&dir, "%s/%ss", root, kind) < 0)
		return plan_fail(error, "out of memory");
	err = list_files(dir, ".sh", &names, error);
	for (i = 0; !err && i < names.count; i++)
		list_marked(dir, names.name[i], kind);
	names_free(&names);
	free(dir);
	return err;
}

int list(const char *root, const char *what, struct plan_error *error)
{
	if (what && !strcmp(what, "variants"))
		return list_variants(root, error);
	if (what && !strcmp(what, "bases"))
		return list_bases(root, error);
	if (what && !strcmp(what, "workloads"))
		return list_workloads();
	if (what && !strcmp(what, "plans"))
		return list_plans(root, error);
	if (what && !strcmp(what, "targets"))
		return list_kind(root, "target", error);
	if (what && !strcmp(what, "launchers"))
		return list_kind(root, "launcher", error);
	return plan_fail(
		error,
		"list what? there are variants, bases, workloads, plans, "
		"targets, launchers");
}
