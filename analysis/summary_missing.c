// SPDX-License-Identifier: GPL-2.0
/* What is not in the figures, by name; see summary_sections.h. */
#include <errno.h>
#include <stdlib.h>
#include "record.h"
#include "summary_sections.h"

/* Lines to print, each once, with the number of cells that say it. */
static int note(json_t *lines, const char *format, const char *a, const char *b)
	__attribute__((format(printf, 2, 0)));

static int note(json_t *lines, const char *format, const char *a, const char *b)
{
	json_int_t count;
	char *line;
	int result;

	if (asprintf(&line, format, a, b) < 0)
		return -ENOMEM;
	count = json_integer_value(json_object_get(lines, line));
	result = json_object_set_new(lines, line, json_integer(count + 1));
	free(line);
	return result ? -ENOMEM : 0;
}

/* What is in a list with reasons; format: of a name and its reason. */
static int note_list(json_t *lines, const char *format, const json_t *list,
		     const char *name) __attribute__((format(printf, 2, 0)));

static int note_list(json_t *lines, const char *format, const json_t *list,
		     const char *name)
{
	int result = 0;
	size_t i;

	for (i = 0; i < json_array_size(list) && !result; i++) {
		const json_t *item = json_array_get(list, i);

		result = note(lines, format, record_text(item, name),
			      record_text(item, "reason"));
	}
	return result;
}

static int note_cell(json_t *lines, const struct cell *cell)
{
	int result = note_list(lines, "not available on this kernel: %s (%s)",
			       cell->unavailable, "record");

	if (!result)
		result =
			note_list(lines, "not counted by this machine: %s (%s)",
				  cell->uncounted, "name");
	if (!result && cell->unchecked)
		result = note(lines,
			      "not checked, for want of a probe there: what "
			      "%s says of tables (%s)",
			      record_text(cell->header, "workload"),
			      cell->unchecked);
	if (!result && cell->unclaimed)
		result = note(lines, "held to no truth: %s (%s)",
			      record_text(cell->header, "workload"),
			      cell->unclaimed);
	return result;
}

int summary_missing(const struct run *run, struct view *view)
{
	json_t *lines = json_object();
	const char *line;
	json_t *count;
	int result = lines ? 0 : -ENOMEM;
	size_t i;

	for (i = 0; i < run->valid_count && !result; i++)
		result = note_cell(lines, &run->cells[i]);
	if (!result && json_object_size(lines))
		view->ops->title(view, "NOT AVAILABLE", NULL);
	json_object_foreach (lines, line, count) {
		json_int_t cells = json_integer_value(count);

		if (!result)
			view_itemf(view, NULL, "%s: %lld cell%s", line, cells,
				   cells == 1 ? "" : "s");
	}
	json_decref(lines);
	return result;
}
