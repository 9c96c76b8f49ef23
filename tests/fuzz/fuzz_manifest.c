// SPDX-License-Identifier: GPL-2.0
/*
 * A run's manifest.json, as it may come from a stranger, through all that is
 * made of it: what a mail says of it, what a page does, and what differs from
 * another. None of it has anything that a terminal would obey.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "files.h"
#include "html_parts.h"
#include "message.h"
#include "provenance.h"

static const char other[] =
	"{\"git\":\"1\",\"target\":\"exact\",\"kernels\":["
	"{\"variant\":\"v1\",\"pages\":\"64k\",\"patches\":[]}]}";

/* What has been written, which is printed as it is. */
static void check_text(FILE *file, char **text, const size_t *size)
{
	size_t i;

	if (fclose(file))
		files_fail("no memory");
	for (i = 0; i < *size; i++) {
		char c = (*text)[i];

		if (c != '\n' && (c < ' ' || c > '~'))
			files_fail("not only text comes out");
	}
	free(*text);
	*text = NULL;
}

static FILE *open_text(char **text, size_t *size)
{
	FILE *file = open_memstream(text, size);

	if (!file)
		files_fail("no memory");
	return file;
}

static void describe(const struct manifest *manifest)
{
	static const char *const variants[] = {"v1", "refcount"};
	static const struct run run = {.dir = "run"};
	char *text;
	size_t size;
	FILE *file = open_text(&text, &size);

	manifest_describe(manifest, NULL, 0, "./run.sh report --mail", file);
	manifest_describe(manifest, variants, 2, "./run.sh diff a b", file);
	check_text(file, &text, &size);
	file = open_text(&text, &size);
	if (html_provenance(manifest->json, file) ||
	    html_repeat(&run, manifest->json, file))
		files_fail("a page that cannot be made");
	fclose(file);
	free(text);
}

static void compare(const struct manifest *manifest)
{
	struct manifest second = {.json = json_loads(other, 0, NULL)};
	struct provenance list = {};

	if (!second.json ||
	    provenance_compare(&list, manifest, "v1", manifest, "refcount") ||
	    provenance_compare(&list, manifest, "v1", &second, "v1"))
		files_fail("a difference that cannot be told");
	provenance_free(&list);
	manifest_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct manifest manifest;
	int status;

	files_begin();
	files_write("manifest.json", data, size);
	status = manifest_read(&manifest, ".");
	if (status != STAT_OK && status != STAT_INVALID)
		files_fail("a manifest that cannot be read");
	if (status == STAT_OK) {
		describe(&manifest);
		compare(&manifest);
	}
	manifest_free(&manifest);
	return 0;
}
