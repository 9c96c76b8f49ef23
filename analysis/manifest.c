// SPDX-License-Identifier: GPL-2.0
/* Reading a run's manifest, and telling it; see provenance.h. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "manifest_facts.h"
#include "message.h"
#include "provenance.h"
#include "text.h"
#include "whole_file.h"

/* A hundred kernels are some 100 KB, and jansson keeps 1 MiB in 50. */
#define MANIFEST_MAX_BYTES   (1u << 20)
#define MANIFEST_MAX_KERNELS 1000u /* each is compared with those before */

static int parse(struct manifest *manifest, const char *path, const char *text,
		 size_t size)
{
	json_error_t error;

	manifest->json = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
	if (!manifest->json) {
		message("%s: line %d is not JSON: %s", path, error.line,
			error.text);
		return STAT_INVALID;
	}
	if (!json_is_object(manifest->json)) {
		message("%s: is not a JSON object", path);
		return STAT_INVALID;
	}
	if (json_array_size(json_object_get(manifest->json, "kernels")) >
	    MANIFEST_MAX_KERNELS) {
		message("%s: has more than %u kernels", path,
			MANIFEST_MAX_KERNELS);
		return STAT_INVALID;
	}
	return STAT_OK;
}

int manifest_read(struct manifest *manifest, const char *run_dir)
{
	char path[PATH_MAX], *text;
	int status, result;
	size_t size;

	manifest->json = NULL;
	if (snprintf(path, sizeof(path), "%s/manifest.json", run_dir) >=
	    PATH_MAX) {
		message("%.64s...: the name is too long", run_dir);
		return STAT_FAILED;
	}
	result = read_whole_file(path, MANIFEST_MAX_BYTES, &text, &size);
	if (result == -ENOENT)
		return STAT_OK;
	if (result) {
		message("cannot read %s: %s", path, whole_file_problem(result));
		return STAT_FAILED;
	}
	status = parse(manifest, path, text, size);
	free(text);
	return status;
}

void manifest_free(struct manifest *manifest)
{
	json_decref(manifest->json);
	manifest->json = NULL;
}

static const char *text_of(const json_t *json, const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));

	return text ? text : "";
}

static void describe(const struct manifest_fact *table, const char *title,
		     const char *first, const json_t *json, FILE *file)
{
	char *text = manifest_fact(manifest_fact_of(table, title), json);

	if (text && *text)
		text_wrap(file, first, text);
	free(text);
}

static bool is_wanted(const char *variant, const char *const *variants,
		      size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (!strcmp(variant, variants[i]))
			return true;
	}
	return !count;
}

/* Whether an earlier kernel has the same text there. */
static bool is_told(const json_t *kernels, size_t index, const char *name)
{
	const char *text = text_of(json_array_get(kernels, index), name);
	size_t i;

	for (i = 0; i < index; i++) {
		if (!strcmp(text_of(json_array_get(kernels, i), name), text))
			return true;
	}
	return false;
}

/* What else kernels have in common is told of the first. */
static void describe_kernels(const json_t *kernels, const char *const *variants,
			     size_t count, FILE *file)
{
	const struct manifest_fact *facts = manifest_kernel_facts;
	const json_t *kernel = json_array_get(kernels, 0);
	char title[160];
	size_t i;

	describe(facts, "source", "Kernel:    ", kernel, file);
	describe(facts, "base patches", "Base:      ", kernel, file);
	for (i = 0; i < json_array_size(kernels); i++) {
		kernel = json_array_get(kernels, i);
		snprintf(title, sizeof(title), "Config:    %.10s ",
			 text_of(kernel, "pages"));
		if (!is_told(kernels, i, "pages"))
			describe(facts, "configuration", title, kernel, file);
	}
	for (i = 0; i < json_array_size(kernels); i++) {
		const char *variant;

		kernel = json_array_get(kernels, i);
		variant = text_of(kernel, "variant");
		if (!is_wanted(variant, variants, count) ||
		    is_told(kernels, i, "variant"))
			continue;
		snprintf(title, sizeof(title), "Variant:   %.60s", variant);
		make_printable(title, strlen(title));
		fprintf(file, "%s\n", title);
		describe(facts, MANIFEST_PATCHES, "             ", kernel,
			 file);
	}
	describe(facts, "compiler", "Compiler:  ", json_array_get(kernels, 0),
		 file);
}

/* A text of the manifest that can be printed as it is. */
static void clean_text(char *text, size_t size, const json_t *run,
		       const char *name)
{
	snprintf(text, size, "%s", text_of(run, name));
	make_printable(text, strlen(text));
}

/* A command that a shell takes as it is, however long. */
static void print_command(const char *command, FILE *file)
{
	static const char indent[] = "           ";
	int column = fprintf(file, "%s", indent);

	while (*command) {
		int size = (int)strcspn(command, " ");

		/* The end of the line is for the backslash. */
		if (column + 1 + size > TEXT_COLUMNS - 2)
			column = fprintf(file, " \\\n%s  ", indent) - 3;
		else if (column >= (int)sizeof(indent))
			column += fprintf(file, " ");
		column += fprintf(file, "%.*s", size, command);
		command += size;
		command += strspn(command, " ");
	}
	fputc('\n', file);
}

static void describe_repeat(const json_t *run, const char *command, FILE *file)
{
	char plan[256], options[1024], git[128], target[64], line[1536];
	bool own;

	clean_text(plan, sizeof(plan), run, "plan");
	clean_text(options, sizeof(options), run, "options");
	clean_text(git, sizeof(git), run, "git");
	clean_text(target, sizeof(target), run, "target");
	own = strchr(plan, '/');
	fprintf(file, "Repeat:    git checkout %.*s\n", (int)strcspn(git, "-"),
		git);
	snprintf(line, sizeof(line), "./run.sh run --plan %s%s%s%s%s",
		 own ? "FILE" : plan, *options ? " " : "", options,
		 strcmp(target, "exact") ? " --target " : "",
		 strcmp(target, "exact") ? target : "");
	print_command(line, file);
	print_command(command, file);
	if (own)
		text_wrap(file, "           ",
			  "(FILE: a plan of its own; the run's cells.tsv has "
			  "its cells)");
	if (strstr(git, "-dirty"))
		text_wrap(file, "           ",
			  "(the suite had changes that were not committed)");
}

void manifest_machines(const struct manifest *manifest, FILE *file)
{
	char *text = manifest_fact(
		manifest_fact_of(manifest_run_facts, MANIFEST_MACHINES),
		manifest->json);

	if (text && *text) {
		fprintf(file, "\nTHE MACHINE\n");
		text_wrap(file, "  ", text);
	}
	free(text);
}

void manifest_describe(const struct manifest *manifest,
		       const char *const *variants, size_t count,
		       const char *command, FILE *file)
{
	const struct manifest_fact *facts = manifest_run_facts;
	const json_t *run = manifest->json;

	if (!run) {
		text_wrap(file, "",
			  "The run has no manifest: what it was made from is "
			  "not known.");
		return;
	}
	describe(facts, "kernel source", "Source:    ", run, file);
	describe_kernels(json_object_get(run, "kernels"), variants, count,
			 file);
	describe(facts, "target", "Machine:   ", run, file);
	describe(facts, "emulator", "           ", run, file);
	describe(facts, "host", "           on ", run, file);
	describe(facts, MANIFEST_MACHINES, "           ", run, file);
	describe(facts, "suite", "Suite:     ", run, file);
	describe_repeat(run, command, file);
}
