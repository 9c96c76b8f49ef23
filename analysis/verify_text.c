// SPDX-License-Identifier: GPL-2.0
/* The gate's verdicts in print; see verify.h. */
#include <string.h>
#include "text.h"
#include "text_table.h"
#include "verify.h"

#define STACK_LINES 8

static const struct {
	const char *pages, *mmu;
} configurations[] = {
	{"64k", "radix"}, {"64k", "hash"}, {"4k", "radix"}, {"4k", "hash"}};

#define CONFIGURATIONS (sizeof(configurations) / sizeof(configurations[0]))

static const char *const judge_names[JUDGES] = {
	[JUDGE_KERNEL] = "the kernel",
	[JUDGE_CONTRACT] = "the contract",
	[JUDGE_SELFTEST] = "a selftest",
	[JUDGE_NONE] = "undecided",
};

static const char *word_of(const struct verify_row *row)
{
	switch (verify_state(row)) {
	case VERIFIED_PASS:
		return "pass";
	case VERIFIED_FAIL:
		return "FAIL";
	default:
		return "undecided";
	}
}

static const struct verify_row *find(const struct verify *verify, size_t first,
				     const char *pages, const char *mmu)
{
	size_t i;

	for (i = first;
	     i < verify->count &&
	     !strcmp(verify->rows[i].variant, verify->rows[first].variant);
	     i++) {
		if (!strcmp(verify->rows[i].pages, pages) &&
		    !strcmp(verify->rows[i].mmu, mmu))
			return &verify->rows[i];
	}
	return NULL;
}

static void print_table(const struct verify *verify, FILE *file)
{
	struct text_table table = {.keys = 1};
	size_t i, j;

	text_table_cell(&table, "variant");
	for (j = 0; j < CONFIGURATIONS; j++)
		text_table_cell(&table, "%s %s", configurations[j].pages,
				configurations[j].mmu);
	text_table_row(&table);
	for (i = 0; i < verify->count; i++) {
		if (i && !strcmp(verify->rows[i].variant,
				 verify->rows[i - 1].variant))
			continue;
		text_table_cell(&table, "%s", verify->rows[i].variant);
		for (j = 0; j < CONFIGURATIONS; j++) {
			const struct verify_row *row =
				find(verify, i, configurations[j].pages,
				     configurations[j].mmu);

			text_table_cell(&table, "%s", row ? word_of(row) : "-");
		}
		text_table_row(&table);
	}
	text_table_print(&table, file);
}

static void print_finding(const struct verify_row *row,
			  const struct verify_finding *finding,
			  const char *options, FILE *file)
{
	size_t i;

	text_wrapf(file, "  ", "%s: %s", judge_names[finding->judge],
		   finding->text);
	for (i = 0; i < json_array_size(finding->stack) && i < STACK_LINES; i++)
		fprintf(file, "      %s\n",
			json_string_value(json_array_get(finding->stack, i)));
	fprintf(file, "    %s/console.log\n", finding->cell);
	fprintf(file,
		"    ./run.sh verify%s --variants %s --pages %s --mmu %s \\\n"
		"        --workloads %s",
		options, row->variant, row->pages, row->mmu, finding->workload);
	if (!strstr(options, " --smp "))
		fprintf(file, " --smp %lld", finding->smp);
	fputc('\n', file);
}

static void print_row(const struct verify_row *row, const char *options,
		      FILE *file)
{
	size_t judge;

	fprintf(file, "\n%s: %s on %s %s, ", word_of(row), row->variant,
		row->pages, row->mmu);
	if (row->failed)
		fprintf(file, "%zu of %zu cells\n", row->failed, row->cells);
	else
		fprintf(file, "%zu of %zu cells decide nothing\n",
			row->undecided, row->cells);
	for (judge = 0; judge < JUDGES; judge++) {
		if (row->first[judge].text)
			print_finding(row, &row->first[judge], options, file);
	}
}

static void print_weaker(const struct verify *verify, FILE *file)
{
	bool titled = false;
	const char *key;
	json_t *value;
	size_t i;

	for (i = 0; i < verify->count; i++) {
		const struct verify_row *row = &verify->rows[i];

		json_object_foreach (row->weaker, key, value) {
			if (!titled)
				fputc('\n', file);
			if (!titled)
				text_wrap(file, "",
					  "Weaker, and no failure: with no "
					  "memory for a batch, freed after "
					  "IPIs to all CPUs");
			titled = true;
			fprintf(file, "  %s on %s %s: %s: %lld\n", row->variant,
				row->pages, row->mmu, key,
				(long long)json_integer_value(value));
		}
	}
}

void verify_print_text(const struct verify *verify, const char *options,
		       FILE *file)
{
	size_t i;

	fprintf(file, "THE GATE: debug kernels under unkind workloads\n\n");
	print_table(verify, file);
	for (i = 0; i < verify->count; i++) {
		if (verify_state(&verify->rows[i]) != VERIFIED_PASS)
			print_row(&verify->rows[i], options, file);
	}
	print_weaker(verify, file);
}

void verify_print_tsv(const struct verify *verify, FILE *file)
{
	size_t i;

	for (i = 0; i < verify->count; i++) {
		const struct verify_row *row = &verify->rows[i];
		const struct verify_finding *first = verify_first(row);

		fprintf(file, "%s\t%s\t%s\t%s\t", row->variant, row->pages,
			row->mmu, verified_name(verify_state(row)));
		if (first)
			fprintf(file, "%s: %s", judge_names[first->judge],
				first->text);
		fputc('\n', file);
	}
}
