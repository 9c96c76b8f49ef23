// SPDX-License-Identifier: GPL-2.0
/* What a run found; see summary.h. */
#include <string.h>
#include "record.h"
#include "summary.h"
#include "summary_sections.h"

/* One line each, however long: to be searched for. */
static void print_invalid(const struct run *run, FILE *file)
{
	size_t i;

	if (run->valid_count == run->count)
		return;
	fprintf(file, "\nNOT VALID, and in none of the figures above\n");
	for (i = run->valid_count; i < run->count; i++)
		fprintf(file, "  %s: %s\n", run->cells[i].name,
			run->cells[i].invalid);
}

/* " of Linux VERSION": all cells of a run have one base. */
static void print_version(const struct run *run, FILE *file)
{
	const char *release;

	if (!run->valid_count)
		return;
	release = record_text(run->cells[0].header, "release");
	fprintf(file, " of Linux %.*s", (int)strcspn(release, "-"), release);
}

int summary_print(const struct run *run, FILE *file)
{
	static int (*const sections[])(const struct run *, struct view *) = {
		summary_verified, summary_answer,  summary_timed,
		summary_jobs,	  summary_model,   summary_looking,
		summary_programs, summary_missing,
	};
	struct view view = {&text_view, file};
	int result = 0;
	size_t i;

	fprintf(file, "%zu cells", run->count);
	print_version(run, file);
	fprintf(file, ": %zu valid, %zu not valid%s\n", run->valid_count,
		run->count - run->valid_count,
		run->valid_count < run->count ? ", listed at the end" : "");
	for (i = 0; i < sizeof(sections) / sizeof(sections[0]) && !result; i++)
		result = sections[i](run, &view);
	print_invalid(run, file);
	return result;
}
