// SPDX-License-Identifier: GPL-2.0
/* The facts of a manifest; see manifest_facts.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "manifest_facts.h"
#include "message.h"

/* Enough of a hash to tell it from others. */
#define HASH_SIZE 12

/* Of objects in objects of a machine's description. */
#define MAX_DEPTH 4

static const char *text_of(const json_t *json, const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));

	return text ? text : "";
}

static void put_hash(FILE *file, const json_t *json, const char *name)
{
	fprintf(file, "%.*s", HASH_SIZE, text_of(json, name));
}

static void put_git(FILE *file, const json_t *run)
{
	const char *text = text_of(run, "git");
	const char *dirty = strstr(text, "-dirty");

	fprintf(file, "%.*s%s", HASH_SIZE, text, dirty ? dirty : "");
}

static void put_target(FILE *file, const json_t *run)
{
	fputs(text_of(run, "target"), file);
}

static void put_source(FILE *file, const json_t *run)
{
	fputs(text_of(run, "source_from"), file);
}

static void put_emulator(FILE *file, const json_t *run)
{
	fputs(text_of(json_object_get(run, "emulator"), "version"), file);
}

static void put_launcher(FILE *file, const json_t *run)
{
	put_hash(file, json_object_get(run, "emulator"), "launcher_sha256");
}

static void put_images(FILE *file, const json_t *run)
{
	const json_t *guest = json_object_get(run, "guest");
	const json_t *images = json_object_get(guest, "images");
	size_t i;

	/* A manifest of before there were several. */
	put_hash(file, guest, "image_sha256");
	for (i = 0; i < json_array_size(images); i++) {
		const json_t *image = json_array_get(images, i);

		fprintf(file, "%s%s ", i ? ", " : "", text_of(image, "name"));
		put_hash(file, image, "sha256");
	}
}

static void put_libraries(FILE *file, const json_t *run)
{
	const json_t *list =
		json_object_get(json_object_get(run, "guest"), "libraries");
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		const char *text = json_string_value(json_array_get(list, i));

		fprintf(file, "%s%s", i ? ", " : "", text ? text : "");
	}
}

static void put_host(FILE *file, const json_t *run)
{
	const json_t *host = json_object_get(run, "host");

	fprintf(file, "%s, %s, %s", text_of(host, "system"),
		text_of(host, "kernel"), text_of(host, "cpu"));
}

static void put_value(FILE *file, const json_t *value, int depth);

/* "mmu radix, smt 4": a name's underscores are blanks. */
static void put_members(FILE *file, const json_t *object, int depth)
{
	const char *name, *letter, *separator = "";
	json_t *value;

	json_object_foreach ((json_t *)object, name, value) {
		fputs(separator, file);
		for (letter = name; *letter; letter++)
			fputc(*letter == '_' ? ' ' : *letter, file);
		fputc(' ', file);
		put_value(file, value, depth);
		separator = ", ";
	}
}

static void put_items(FILE *file, const json_t *list, int depth)
{
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		fputs(i ? " " : "", file);
		put_value(file, json_array_get(list, i), depth);
	}
}

/* Anything, as far as people can read it in a line. */
static void put_value(FILE *file, const json_t *value, int depth)
{
	if (json_is_string(value)) {
		fputs(json_string_value(value), file);
	} else if (json_is_integer(value)) {
		fprintf(file, "%" JSON_INTEGER_FORMAT,
			json_integer_value(value));
	} else if (json_is_real(value)) {
		fprintf(file, "%g", json_real_value(value));
	} else if (json_is_boolean(value)) {
		fputs(json_is_true(value) ? "yes" : "no", file);
	} else if (depth == MAX_DEPTH || json_is_null(value)) {
		fputc('-', file);
	} else if (json_is_array(value)) {
		put_items(file, value, depth + 1);
	} else {
		fputc('(', file);
		put_members(file, value, depth + 1);
		fputc(')', file);
	}
}

/* What targets/NAME.sh describe printed, of each machine that cells ran on. */
static void put_machines(FILE *file, const json_t *run)
{
	const json_t *list = json_object_get(run, "machines");
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		fputs(i ? "; " : "", file);
		put_members(file, json_array_get(list, i), 0);
	}
}

static void put_version(FILE *file, const json_t *kernel)
{
	const json_t *source = json_object_get(kernel, "source");

	fprintf(file, "%s ", text_of(source, "version"));
	put_hash(file, source, "identity");
}

static void put_base(FILE *file, const json_t *kernel)
{
	const json_t *list = json_object_get(kernel, "base");
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		const char *text = json_string_value(json_array_get(list, i));

		fprintf(file, "%s%s", i ? ", " : "", text ? text : "");
	}
}

static void put_config(FILE *file, const json_t *kernel)
{
	put_hash(file, kernel, "config_sha256");
}

static void put_compiler(FILE *file, const json_t *kernel)
{
	fputs(text_of(json_object_get(kernel, "toolchain"), "cc"), file);
}

static void put_linker(FILE *file, const json_t *kernel)
{
	fputs(text_of(json_object_get(kernel, "toolchain"), "ld"), file);
}

static void put_pahole(FILE *file, const json_t *kernel)
{
	fputs(text_of(json_object_get(kernel, "toolchain"), "pahole"), file);
}

static void put_patches(FILE *file, const json_t *kernel)
{
	const json_t *list = json_object_get(kernel, "patches");
	size_t i;

	if (json_is_array(list) && !json_array_size(list))
		fputs("none", file);
	for (i = 0; i < json_array_size(list); i++) {
		const json_t *patch = json_array_get(list, i);

		fprintf(file, "%s%s ", i ? ", " : "", text_of(patch, "file"));
		put_hash(file, patch, "sha256");
	}
}

const struct manifest_fact manifest_run_facts[] = {
	{"suite", put_git},
	{"target", put_target},
	{"kernel source", put_source},
	{"emulator", put_emulator},
	{"launcher", put_launcher},
	{"guest image", put_images},
	{"guest libraries", put_libraries},
	{"host", put_host},
	{MANIFEST_MACHINES, put_machines},
	{},
};

const struct manifest_fact manifest_kernel_facts[] = {
	{"source", put_version},	 {"base patches", put_base},
	{"configuration", put_config},	 {"compiler", put_compiler},
	{"linker", put_linker},		 {"pahole", put_pahole},
	{MANIFEST_PATCHES, put_patches}, {},
};

char *manifest_fact(const struct manifest_fact *fact, const json_t *json)
{
	char *text = NULL;
	size_t size, i;
	FILE *file;

	file = open_memstream(&text, &size);
	if (!file)
		return NULL;
	fact->put(file, json);
	if (fclose(file)) {
		free(text);
		return NULL;
	}
	for (i = 0; i < size; i++)
		text[i] = text[i] == '\t' ? ' ' : text[i];
	/* The run's directory may be anybody's. */
	make_printable(text, size);
	for (i = size; i > 0 && text[i - 1] == ' '; i--)
		text[i - 1] = '\0';
	return text;
}

const struct manifest_fact *manifest_fact_of(const struct manifest_fact *table,
					     const char *title)
{
	for (; table->title; table++) {
		if (!strcmp(table->title, title))
			return table;
	}
	return NULL;
}
