// SPDX-License-Identifier: GPL-2.0
/* A comparison as a mail; see diff_print.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "diff_print.h"
#include "text.h"

static bool any_of(const struct diff_set *set, enum evidence evidence)
{
	size_t i, j;

	for (i = 0; i < set->count; i++) {
		for (j = 0; j < set->list[i].count; j++) {
			if (set->list[i].groups[j].count &&
			    set->list[i].groups[j].evidence == evidence)
				return true;
		}
	}
	return false;
}

#define SUBJECT_SIZE 78

/* A subject that fits on a line, naming the variants if they do. */
static void print_subject(const struct diff_set *set, FILE *file)
{
	static const char start[] = "Subject: pte_free_defer(): ";
	const char *base = set->list[0].a.variant;
	const char *kind = any_of(set, EVIDENCE_EXACT)	 ? "exact"
			   : any_of(set, EVIDENCE_TIMED) ? "timed"
							 : "no time";
	size_t size = strlen(start) + strlen(base) + strlen(kind) + 12;
	size_t i;

	for (i = 0; i < set->count; i++)
		size += strlen(set->list[i].b.variant) + 2;
	fputs(start, file);
	if (size > SUBJECT_SIZE)
		fprintf(file, "%zu variants", set->count);
	for (i = 0; i < set->count && size <= SUBJECT_SIZE; i++)
		fprintf(file, "%s%s", i ? ", " : "", set->list[i].b.variant);
	fprintf(file, " against %s (%s)\n\n", base, kind);
}

/* The command that makes this comparison of the run made again. */
static char *command_of(const struct diff_set *set)
{
	char *text = NULL;
	size_t size, i;
	FILE *file;

	file = open_memstream(&text, &size);
	if (!file)
		return NULL;
	fprintf(file, "./run.sh diff %s", set->list[0].a.variant);
	for (i = 0; i < set->count; i++) {
		const struct diff_side *side = &set->list[i].b;

		if (side->run != set->list[0].a.run)
			fprintf(file, " %s:%s", diff_run_name(side->run),
				side->variant);
		else
			fprintf(file, " %s", side->variant);
	}
	if (fclose(file)) {
		free(text);
		return NULL;
	}
	return text;
}

int diff_print_mail(const struct diff_view *view,
		    const struct manifest *manifest, FILE *file)
{
	const struct diff_set *set = view->set;
	const char **variants = calloc(set->count + 1, sizeof(*variants));
	char *command = command_of(set);
	int result = -ENOMEM;
	size_t i;

	if (!variants || !command)
		goto free;
	variants[0] = set->list[0].a.variant;
	for (i = 0; i < set->count; i++)
		variants[i + 1] = set->list[i].b.variant;
	if (set->list[0].a.run->tried)
		fprintf(file, "%s\n\n", RUN_TRIED);
	print_subject(set, file);
	result = diff_print_text(view, file);
	if (result)
		goto free;
	text_wrap(file, "  ",
		  "Only some of the metrics are shown; the last command below "
		  "shows all.");
	fprintf(file, "\n---\n");
	manifest_describe(manifest, variants, set->count + 1, command, file);
free:
	free(variants);
	free(command);
	return result;
}
