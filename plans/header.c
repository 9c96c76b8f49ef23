// SPDX-License-Identifier: GPL-2.0
/* The header record of a cell's line: see docs/records.md. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "cell.h"

#define HEADER_SCHEMA 2

static json_t *callbacks(const char *list)
{
	struct names names = {0};
	json_t *array;
	size_t i;

	array = json_array();
	if (!array)
		return NULL;
	if (strcmp(list, "-") && names_split(&names, list))
		goto fail;
	for (i = 0; i < names.count; i++)
		if (json_array_append_new(array, json_string(names.name[i])))
			goto fail;
	names_free(&names);
	return array;
fail:
	names_free(&names);
	json_decref(array);
	return NULL;
}

/* Splits the line where it lies; false unless it has CELL_COLUMNS fields. */
static bool split(char *line, char **field)
{
	size_t i;

	line[strcspn(line, "\r\n")] = '\0';
	for (i = 0; i < CELL_COLUMNS; i++) {
		field[i] = line;
		line = strchr(line, '\t');
		if (!line)
			return i == CELL_COLUMNS - 1;
		*line++ = '\0';
		if (!*field[i])
			return false;
	}
	return false;
}

static json_t *number(const char *text)
{
	json_int_t value;
	char *end;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno)
		return NULL;
	return json_integer(value);
}

static json_t *number_or_null(const char *text)
{
	return strcmp(text, "-") ? number(text) : json_null();
}

/* The words of CELL_MODEL. */
enum model_word {
	MODEL_DEFER,
	MODEL_TLB,
	MODEL_GRACE_PERIODS_MIN,
	MODEL_GRACE_PERIODS_MAX,
	MODEL_PAGES_KEPT, /* may be left out: then NULL */
	MODEL_WORDS,
};

static bool split_model(char *text, char **word)
{
	size_t i;

	for (i = 0; i < MODEL_WORDS; i++)
		word[i] = strsep(&text, ",");
	return word[MODEL_GRACE_PERIODS_MAX] && !text;
}

int cell_header(FILE *out, const char *line, const char *target,
		const char *release, struct plan_error *error)
{
	char *field[CELL_COLUMNS], *model[MODEL_WORDS], *copy;
	json_t *header = NULL;
	int err = 0;

	copy = strdup(line);
	if (!copy)
		return plan_fail(error, "out of memory");
	if (!split(copy, field) || !split_model(field[CELL_MODEL], model)) {
		err = plan_fail(error,
				"'%.100s' is no cell: pass a whole line of "
				"'pfd-plan cells'",
				line);
		goto out;
	}
	/* json_pack() takes the values over, and refuses NULL. */
	header = json_pack(
		"{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:s, s:o,"
		" s:s, s:s, s:o, s:s, s:s, s:o, s:o, s:b, s:s?}",
		"type", "header", "schema", HEADER_SCHEMA, "cell",
		field[CELL_ID], "variant", field[CELL_VARIANT], "pages",
		field[CELL_PAGES], "mmu", field[CELL_MMU], "cpu",
		field[CELL_CPU], "smp", number(field[CELL_SMP]), "rcu",
		field[CELL_RCU], "workload", field[CELL_WORKLOAD], "arm",
		field[CELL_ARM], "seed", number(field[CELL_SEED]), "target",
		target, "release", release, "callbacks",
		callbacks(field[CELL_CALLBACKS]), "defer_call_rcu",
		model[MODEL_DEFER], "tlb_call_rcu", model[MODEL_TLB],
		"tlb_grace_periods_min",
		number_or_null(model[MODEL_GRACE_PERIODS_MIN]),
		"tlb_grace_periods_max",
		number_or_null(model[MODEL_GRACE_PERIODS_MAX]), "correct",
		!strcmp(field[CELL_CORRECT], "yes"), "swept",
		strcmp(field[CELL_SWEPT], "-") ? field[CELL_SWEPT] : NULL);
	if (!header || (model[MODEL_PAGES_KEPT] &&
			json_object_set_new(header, "pages_kept",
					    number(model[MODEL_PAGES_KEPT])))) {
		err = plan_fail(error,
				"cell '%.100s' has a field that is no number, "
				"or no text",
				field[CELL_ID]);
		goto out;
	}
	if (json_dumpf(header, out, 0) || fputc('\n', out) == EOF)
		err = plan_fail(error, "cannot write the header");
out:
	json_decref(header);
	free(copy);
	return err;
}
