// SPDX-License-Identifier: GPL-2.0
/* A comparison as JSON; see diff.h. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include "diff.h"

static const char *const change_names[] = {
	[CHANGE_NONE] = "none",	  [CHANGE_EQUAL] = "equal",
	[CHANGE_MIXED] = "mixed", [CHANGE_VALUE] = "value",
	[CHANGE_NEW] = "new",
};

/* Exact counts stay whole numbers. */
static json_t *number(double value)
{
	if (isnan(value))
		return json_null();
	if (value == floor(value) && fabs(value) < 9007199254740992.0)
		return json_integer(value);
	return json_real(value);
}

static json_t *spread_to_json(const struct spread *spread)
{
	return json_pack("{s:o, s:o, s:o}", "median", number(spread->median),
			 "min", number(spread->min), "max",
			 number(spread->max));
}

static json_t *pairs_to_json(const struct diff_row *row)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < row->pairs; i++) {
		if (json_array_append_new(list,
					  json_pack("{s:I, s:o, s:o}", "seed",
						    (json_int_t)row->seeds[i],
						    "a", number(row->a[i]), "b",
						    number(row->b[i])))) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *row_to_json(const struct diff_row *row)
{
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:o, s:o}", "metric",
			 row->metric->name, "unit",
			 unit_name(row->metric->def->unit), "arm", row->arm,
			 "a", spread_to_json(&row->spread_a), "b",
			 spread_to_json(&row->spread_b), "change",
			 change_names[row->change.kind], "change_percent",
			 spread_to_json(&row->change.percent), "pairs",
			 pairs_to_json(row));
}

static json_t *group_to_json(const struct diff *diff,
			     const struct diff_group *group)
{
	const struct cell *cell = &diff->a.run->cells[group->begin_a];
	json_t *rows = json_array();
	size_t i;

	for (i = 0; i < group->count; i++) {
		if (json_array_append_new(rows, row_to_json(&group->rows[i]))) {
			json_decref(rows);
			return NULL;
		}
	}
	return json_pack("{s:s, s:s, s:i, s:i, s:o}", "configuration",
			 cell->config, "workload", cell->job,
			 "bare_pairs_count", (int)group->bare_pairs,
			 "probed_pairs_count", (int)group->probed_pairs,
			 "metrics", rows);
}

static json_t *side_to_json(const struct diff_side *side)
{
	json_t *invalid = json_array();
	bool correct = true;
	size_t i;

	for (i = 0; i < side->run->count; i++) {
		const struct cell *cell = &side->run->cells[i];

		if (cell->header && strcmp(cell->variant, side->variant))
			continue;
		if (cell->header)
			correct &= json_is_true(
				json_object_get(cell->header, "correct"));
		if (!cell->invalid)
			continue;
		if (json_array_append_new(
			    invalid, json_pack("{s:s, s:s}", "cell", cell->name,
					       "reason", cell->invalid))) {
			json_decref(invalid);
			return NULL;
		}
	}
	return json_pack("{s:s, s:s, s:b, s:o}", "run", side->run->dir,
			 "variant", side->variant, "correct", correct,
			 "invalid", invalid);
}

int diff_print_json(const struct diff *diff, FILE *file)
{
	json_t *groups = json_array();
	json_t *json = NULL;
	int result = 0;
	size_t i;

	for (i = 0; i < diff->count && !result; i++) {
		if (!diff->groups[i].count)
			continue;
		if (json_array_append_new(
			    groups, group_to_json(diff, &diff->groups[i])))
			result = -ENOMEM;
	}
	if (result)
		goto free;
	json = json_pack("{s:i, s:s, s:o, s:o, s:O}", "schema", 1, "evidence",
			 "exact", "a", side_to_json(&diff->a), "b",
			 side_to_json(&diff->b), "groups", groups);
	if (!json)
		result = -ENOMEM;
	else if (json_dumpf(json, file, JSON_INDENT(1)) ||
		 fputc('\n', file) == EOF)
		result = -EIO;
free:
	json_decref(groups);
	json_decref(json);
	return result;
}
