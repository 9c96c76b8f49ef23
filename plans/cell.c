// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "running.h"

#define CELLS_MAX 1000000

/* What plan_cells() hands down its loops. */
struct visit {
	const struct plan *plan;
	const struct variants *variants;
	cell_visitor visit;
	void *context;
	unsigned long count;
	struct plan_error *error;
};

static bool wanted(const struct visit *v, const struct cell *cell,
		   const struct variant *variant)
{
	if (names_has(&v->plan->variants, variant->name))
		return true;
	return variant_has_base(variant, v->plan->base) &&
	       (names_has(&v->plan->variants, PLAN_ALL) ||
		(cell->correct && names_has(&v->plan->variants, PLAN_SAFE)));
}

/* Writes the cell's id; false if it was cut. */
static bool make_id(const struct cell *cell, char id[CELL_ID_SIZE])
{
	const struct param *param = cell->workload->params;
	char swept[64] = "";
	size_t i;

	/* smp is in the id anyway. */
	for (i = 0; cell->swept && param && param[i].name; i++)
		if (!strcmp(param[i].name, cell->swept))
			snprintf(swept, sizeof(swept), "-%s%" PRIu64,
				 param[i].name, cell->values[i]);
	return snprintf(id, CELL_ID_SIZE, "%s.%s.%s.%s.smp%s.%s.%s%s.%s.s%lu",
			cell->variant->name, cell->pages, cell->mmu, cell->cpu,
			cell->smp, cell->rcu, cell->workload->name, swept,
			cell->arm, cell->seed) < CELL_ID_SIZE;
}

static int visit_variants(struct visit *v, struct cell *cell)
{
	char id[CELL_ID_SIZE];
	size_t i;
	int err = 0;

	for (i = 0; !err && i < v->variants->count; i++) {
		cell->variant = &v->variants->variant[i];
		cell->correct =
			variant_correct(cell->variant, cell->pages, cell->mmu);
		if (!wanted(v, cell, cell->variant))
			continue;
		if (v->count++ >= CELLS_MAX)
			return plan_fail(v->error,
					 "the plan has more than %d cells",
					 CELLS_MAX);
		if (!make_id(cell, id))
			return plan_fail(v->error,
					 "the name of cell '%s...' is longer "
					 "than %d bytes",
					 id, CELL_ID_SIZE - 1);
		err = v->visit(v->context, cell, v->error);
	}
	return err;
}

/* There are no huge pages with 4K pages and the hash MMU (a 2M page size). */
static bool has_thp(const struct cell *cell)
{
	return strcmp(cell->pages, "4k") || strcmp(cell->mmu, "hash");
}

static int visit_arms(struct visit *v, struct cell *cell)
{
	const struct names *arms = &v->plan->arms;
	size_t i;
	int err = 0;

	for (i = 0; !err && i < arms->count; i++) {
		cell->arm = arms->name[i];
		if (cell->seed == 1 || strcmp(cell->arm, PLAN_STATS))
			err = visit_variants(v, cell);
	}
	return err;
}

/* A workload, with each of the values that a parameter of it has. */
static int visit_workload(struct visit *v, struct cell *cell)
{
	const struct plan *plan = v->plan;
	struct workload_settings settings;
	size_t i, swept;
	int err = 0;

	plan_settings(plan, cell->workload, &settings);
	cell->values = settings.values;
	cell->swept = NULL;
	if (plan->smp.count > 1 && names_has(&plan->sweep, PLAN_SWEEP_SMP))
		cell->swept = PLAN_SWEEP_SMP;
	if (!settings.swept)
		return visit_arms(v, cell);
	cell->swept = settings.swept->name;
	swept = settings.swept - cell->workload->params;
	for (i = 0; !err && i < settings.sweep_count; i++) {
		settings.values[swept] = settings.sweep[i];
		err = visit_arms(v, cell);
	}
	return err;
}

static int visit_workloads(struct visit *v, struct cell *cell)
{
	const struct names *names = &v->plan->workloads;
	size_t i;
	int err = 0;

	for (i = 0; !err && i < names->count; i++) {
		cell->workload = plan_workload(names->name[i], v->error);
		if (!cell->workload)
			return -EINVAL;
		if (!cell->workload->needs_thp || has_thp(cell))
			err = visit_workload(v, cell);
	}
	return err;
}

static int visit_machines(struct visit *v, struct cell *cell)
{
	const struct plan *plan = v->plan;
	size_t cpu, smp, rcu;
	int err = 0;

	for (cpu = 0; cpu < plan->cpu.count; cpu++) {
		cell->cpu = plan->cpu.name[cpu];
		for (smp = 0; smp < plan->smp.count; smp++) {
			cell->smp = plan->smp.name[smp];
			for (rcu = 0; !err && rcu < plan->rcu.count; rcu++) {
				cell->rcu = plan->rcu.name[rcu];
				err = visit_workloads(v, cell);
			}
		}
	}
	return err;
}

static bool skipped(const struct plan *plan, const char *pages, const char *mmu)
{
	char configuration[32];

	snprintf(configuration, sizeof(configuration), "%s-%s", pages, mmu);
	return names_has(&plan->skip, configuration);
}

static int visit_configurations(struct visit *v, struct cell *cell)
{
	const struct plan *plan = v->plan;
	size_t pages, mmu;
	int err = 0;

	for (pages = 0; pages < plan->pages.count; pages++) {
		cell->pages = plan->pages.name[pages];
		for (mmu = 0; !err && mmu < plan->mmu.count; mmu++) {
			cell->mmu = plan->mmu.name[mmu];
			if (!skipped(plan, cell->pages, cell->mmu))
				err = visit_machines(v, cell);
		}
	}
	return err;
}

/* Named variants must exist, and be correct wherever the plan has them. */
static int check_variants(const struct visit *v)
{
	const struct plan *plan = v->plan;
	const struct variant *variant;
	const char *name, *pages, *mmu;
	size_t i, p, m;

	for (i = 0; i < plan->variants.count; i++) {
		name = plan->variants.name[i];
		if (!strcmp(name, PLAN_SAFE) || !strcmp(name, PLAN_ALL))
			continue;
		variant = variants_find(v->variants, name);
		if (!variant)
			return variants_unknown(v->variants, name, v->error);
		/* Nothing is known of a kernel that only happens to run. */
		if (strcmp(name, VARIANT_RUNNING) &&
		    !variant_has_base(variant, plan->base))
			return variant_lacks_base(variant, plan->base,
						  v->error);
		for (p = 0; p < plan->pages.count; p++) {
			for (m = 0; m < plan->mmu.count; m++) {
				pages = plan->pages.name[p];
				mmu = plan->mmu.name[m];
				if (plan->allow_unsafe ||
				    skipped(plan, pages, mmu) ||
				    variant_correct(variant, pages, mmu))
					continue;
				return plan_fail(
					v->error,
					"variant '%s' is not correct on %s-%s: "
					"leave that out with --pages or --mmu, "
					"or add --allow-unsafe",
					name, pages, mmu);
			}
		}
	}
	return 0;
}

static void note_left_out(const struct plan *plan, FILE *notes)
{
	const struct workload *workload;
	size_t i;

	if (!notes || !names_has(&plan->pages, "4k") ||
	    !names_has(&plan->mmu, "hash") || names_has(&plan->skip, "4k-hash"))
		return;
	for (i = 0; i < plan->workloads.count; i++) {
		workload = workload_find(plan->workloads.name[i]);
		if (workload && workload->needs_thp)
			fprintf(notes,
				"pfd-plan: note: %s is left out on 4k-hash, "
				"which has no huge pages\n",
				workload->name);
	}
}

int plan_cells(const struct plan *plan, const struct variants *variants,
	       FILE *notes, cell_visitor visit, void *context,
	       struct plan_error *error)
{
	struct visit v = {plan, variants, visit, context, 0, error};
	struct cell cell = {.base = plan->base,
			    .memory = plan->memory,
			    .timeout_s = plan->timeout_s};
	unsigned long seeds;
	int err;

	err = check_variants(&v);
	if (err)
		return err;
	note_left_out(plan, notes);
	seeds = strtoul(plan->seeds, NULL, 10);
	for (cell.seed = 1; !err && cell.seed <= seeds; cell.seed++)
		err = visit_configurations(&v, &cell);
	if (!err && !v.count)
		err = plan_fail(error, "the plan has no cells: no variant is "
				       "correct, or no workload possible, in "
				       "what its base, pages, mmu and skip "
				       "leave");
	return err;
}

static const char *text_or(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

const char *cell_image(const struct cell *cell)
{
	return text_or(cell->workload->image, "initramfs");
}

void cell_print(FILE *out, const struct cell *cell)
{
	const struct param *param;
	char id[CELL_ID_SIZE];
	size_t i;

	make_id(cell, id);
	fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%lu\t%s\t%s\t%s\t",
		id, cell->variant->name, cell->pages, cell->mmu, cell->cpu,
		cell->smp, cell->rcu, cell->workload->name, cell->arm,
		cell->seed, cell->memory, cell->timeout_s,
		cell->correct ? "yes" : "no");
	for (i = 0; i < cell->variant->callbacks.count; i++)
		fprintf(out, "%s%s", i ? "," : "",
			cell->variant->callbacks.name[i]);
	fputs(i ? "\t" : "-\t", out);
	fprintf(out, "%s,%s,%s,%s",
		text_or(cell->variant->defer_call_rcu, "unknown"),
		text_or(cell->variant->tlb_call_rcu, "unknown"),
		text_or(cell->variant->tlb_grace_periods_min, "-"),
		text_or(cell->variant->tlb_grace_periods_max, "-"));
	if (cell->variant->pages_kept)
		fprintf(out, ",%s", cell->variant->pages_kept);
	fprintf(out, "\t%s\t%s\t", text_or(cell->swept, "-"), cell_image(cell));
	param = cell->workload->params;
	for (i = 0; param && param[i].name; i++)
		fprintf(out, "%s%s=%" PRIu64, i ? " " : "", param[i].name,
			cell->values[i]);
	fputc('\n', out);
}
