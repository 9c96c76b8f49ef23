// SPDX-License-Identifier: GPL-2.0
/* What the gate has not let through; see summary_sections.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "record.h"
#include "summary_sections.h"

/* What the gate's verdict is about. */
struct kernel {
	const char *variant, *pages, *mmu;
};

static struct kernel kernel_of(const struct cell *cell)
{
	return (struct kernel){
		.variant = cell->variant,
		.pages = record_text(cell->header, "pages"),
		.mmu = record_text(cell->header, "mmu"),
	};
}

static bool same(const struct kernel *a, const struct kernel *b)
{
	return !strcmp(a->variant, b->variant) && !strcmp(a->pages, b->pages) &&
	       !strcmp(a->mmu, b->mmu);
}

/* The run's kernels and MMUs, each once. */
static size_t list_kernels(const struct run *run, struct kernel *kernels)
{
	size_t count = 0, i, j;

	for (i = 0; i < run->count; i++) {
		if (!run->cells[i].header)
			continue;
		kernels[count] = kernel_of(&run->cells[i]);
		for (j = 0; !same(&kernels[j], &kernels[count]); j++)
			;
		count += j == count;
	}
	return count;
}

static enum verified_state state_of(const struct run *run,
				    const struct kernel *kernel)
{
	return verified_state(&run->verified, kernel->variant, kernel->pages,
			      kernel->mmu);
}

/* A line for each that failed: what failed is worth one. */
static void print_failed(const struct run *run, const struct kernel *kernels,
			 size_t count, struct view *view)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const struct verified_line *line =
			verified_find(&run->verified, kernels[i].variant,
				      kernels[i].pages, kernels[i].mmu);

		if (line && line->state == VERIFIED_FAIL)
			view_sayf(view, "! %s on %s %s failed: %s",
				  kernels[i].variant, kernels[i].pages,
				  kernels[i].mmu, line->text);
	}
}

static bool is_unknown(const struct run *run, const struct kernel *kernel)
{
	return state_of(run, kernel) == VERIFIED_UNKNOWN;
}

/* Passed, but a gate that was less than all of it (scripts/verify.sh). */
static bool passed_only(const struct run *run, const struct kernel *kernel,
			const char *what)
{
	const struct verified_line *line = verified_find(
		&run->verified, kernel->variant, kernel->pages, kernel->mmu);

	return line && line->state == VERIFIED_PASS &&
	       !strcmp(line->text, what);
}

static bool is_quick(const struct run *run, const struct kernel *kernel)
{
	return passed_only(run, kernel, "quick");
}

static bool is_without_kasan(const struct run *run, const struct kernel *kernel)
{
	return passed_only(run, kernel, "without KASAN");
}

/* One line of all those, or none. */
static int
print_list(const struct run *run, const struct kernel *kernels, size_t count,
	   bool (*wanted)(const struct run *run, const struct kernel *kernel),
	   const char *title, struct view *view)
{
	const char *comma = "", *before = "";
	char *list;
	size_t size, i;
	FILE *text;

	text = open_memstream(&list, &size);
	if (!text)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		if (!wanted(run, &kernels[i]))
			continue;
		if (strcmp(before, kernels[i].variant))
			fprintf(text, "%s%s on", *comma ? "; " : "",
				kernels[i].variant);
		fprintf(text, "%s %s %s",
			strcmp(before, kernels[i].variant) ? "" : ",",
			kernels[i].pages, kernels[i].mmu);
		before = kernels[i].variant;
		comma = ",";
	}
	if (fclose(text))
		return -ENOMEM;
	if (size)
		view_sayf(view, "%s: %s", title, list);
	free(list);
	return 0;
}

static int compare(const void *left, const void *right)
{
	const struct kernel *a = left, *b = right;
	int order = strcmp(a->variant, b->variant);

	if (!order)
		order = strcmp(a->pages, b->pages);
	return order ? order : strcmp(a->mmu, b->mmu);
}

int summary_verified(const struct run *run, struct view *view)
{
	static const struct {
		bool (*wanted)(const struct run *run,
			       const struct kernel *kernel);
		const char *title;
	} lists[] = {
		{is_unknown, "? not been through it, or nothing decided"},
		{is_quick, "passed --quick, and no more yet"},
		{is_without_kasan, "passed all but KASAN"},
	};
	struct kernel *kernels;
	size_t count, whole = 0, i;
	int result = 0;

	kernels = calloc(run->count + 1, sizeof(*kernels));
	if (!kernels)
		return -ENOMEM;
	count = list_kernels(run, kernels);
	qsort(kernels, count, sizeof(*kernels), compare);
	for (i = 0; i < count; i++)
		whole += state_of(run, &kernels[i]) == VERIFIED_PASS &&
			 !is_quick(run, &kernels[i]) &&
			 !is_without_kasan(run, &kernels[i]);
	if (whole < count) {
		view->ops->title(view, "THE GATE (./run.sh verify)",
				 "what is marked below has not passed it");
		print_failed(run, kernels, count, view);
		for (i = 0; !result && i < sizeof(lists) / sizeof(lists[0]);
		     i++)
			result =
				print_list(run, kernels, count, lists[i].wanted,
					   lists[i].title, view);
	}
	free(kernels);
	return result;
}
