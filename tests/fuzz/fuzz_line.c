// SPDX-License-Identifier: GPL-2.0
/*
 * A cell's line of cells.tsv, through `pfd-plan header`: refused with one line,
 * or made one line of JSON, which is then judged as all records are.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../plans/cell.h"
#include "files.h"
#include "shape.h"

static void check_header(const char *text, size_t size)
{
	json_t *header = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
	char error[SHAPE_ERROR_SIZE];

	if (!header || strchr(text, '\n') != text + size - 1)
		files_fail("a header that is not one line of JSON");
	if (!shape_check(header, error) && strchr(error, '\n'))
		files_fail("not one line that says what is wrong");
	json_decref(header);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct plan_error error = {""};
	char *line = strndup((const char *)data, size);
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	int result;

	if (!line || !out)
		files_fail("no memory");
	result = cell_header(out, line, "exact", "6.12", &error);
	if (fclose(out))
		files_fail("no memory");
	if (!result)
		check_header(text, length);
	else if (!*error.text || strchr(error.text, '\n'))
		files_fail("not one line that says what is wrong");
	free(text);
	free(line);
	return 0;
}
