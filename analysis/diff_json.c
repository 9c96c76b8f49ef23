// SPDX-License-Identifier: GPL-2.0
/* A comparison as JSON; see diff.h. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include "diff_print.h"

/* Exact counts stay whole numbers. */
static json_t *number(double value)
{
	if (!isfinite(value))
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

	for (i = 0; i < row->count_a; i++) {
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

static json_t *values_to_json(const double *values, size_t count)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < count; i++) {
		if (json_array_append_new(list, number(values[i]))) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

/* What was compared: pairs, or samples that have nothing to do with others. */
static json_t *samples_to_json(const struct diff_group *group,
			       const struct diff_row *row)
{
	if (group->paired)
		return pairs_to_json(row);
	return json_pack("{s:o, s:o}", "a",
			 values_to_json(row->a, row->count_a), "b",
			 values_to_json(row->b, row->count_b));
}

static json_t *timed_to_json(const struct diff_group *group,
			     const struct diff_row *row)
{
	const struct timed *timed = &row->timed;

	if (group->evidence != EVIDENCE_TIMED || isnan(timed->p))
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "effect",
			 number(timed->effect.estimate), "low",
			 number(timed->effect.low), "high",
			 number(timed->effect.high), "p", number(timed->p),
			 "p_holm", number(timed->adjusted), "floor",
			 number(timed->floor), "claimed",
			 timed_is_claimed(timed));
}

static json_t *row_to_json(const struct diff_group *group,
			   const struct diff_row *row)
{
	return json_pack(
		"{s:s, s:s, s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "metric",
		row->metric->name, "unit", unit_name(row->metric->def->unit),
		"arm", row->arm, "a", spread_to_json(&row->spread_a), "b",
		spread_to_json(&row->spread_b), "change",
		change_name(row->change.kind), "change_percent",
		spread_to_json(&row->change.percent), "seeds_agree_count",
		row->change.pairs ? json_integer((json_int_t)row->change.agree)
				  : json_null(),
		"timed", timed_to_json(group, row),
		group->paired ? "pairs" : "samples",
		samples_to_json(group, row));
}

static json_t *group_to_json(const struct diff *diff,
			     const struct diff_group *group)
{
	const struct cell *cell =
		diff_cell(&diff->a, group->begin_a, group->end_a);
	const struct cell *other =
		diff_cell(&diff->b, group->begin_b, group->end_b);
	json_t *rows = json_array();
	size_t i;

	for (i = 0; i < group->count; i++) {
		if (json_array_append_new(
			    rows, row_to_json(group, &group->rows[i]))) {
			json_decref(rows);
			return NULL;
		}
	}
	return json_pack(
		"{s:s, s:s, s:s, s:{s:s, s:s}, s:{s:o, s:o}, s:b, s:i, "
		"s:i, s:o}",
		"configuration", cell->config, "workload", cell->job,
		"evidence", evidence_name(group->evidence), "gate", "a",
		verified_name(cell->gate), "b", verified_name(other->gate),
		"probe_effect_percent", "a", number(group->looking_a), "b",
		number(group->looking_b), "paired", group->paired,
		"bare_pairs_count", (int)group->bare_pairs,
		"probed_pairs_count", (int)group->probed_pairs, "metrics",
		rows);
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
	return json_pack("{s:s, s:s, s:b, s:o}", "run",
			 diff_run_name(side->run), "variant", side->variant,
			 "correct", correct, "invalid", invalid);
}

static json_t *diff_to_json(const struct diff *diff)
{
	json_t *groups = json_array();
	size_t i;

	for (i = 0; i < diff->count; i++) {
		if (!diff->groups[i].count)
			continue;
		if (json_array_append_new(
			    groups, group_to_json(diff, &diff->groups[i]))) {
			json_decref(groups);
			return NULL;
		}
	}
	return json_pack("{s:o, s:o}", "b", side_to_json(&diff->b), "groups",
			 groups);
}

/* null: not known. */
static json_t *items_to_json(const struct provenance *list)
{
	json_t *items = json_array();
	size_t i;

	for (i = 0; i < list->count; i++) {
		const struct provenance_item *item = &list->items[i];

		if (json_array_append_new(items,
					  json_pack("{s:s, s:s, s:s}", "what",
						    item->what, "a", item->a,
						    "b", item->b))) {
			json_decref(items);
			return NULL;
		}
	}
	if (!list->unknown || list->count)
		return items;
	json_decref(items);
	return json_null();
}

int diff_print_json(const struct diff_view *view, FILE *file)
{
	const struct diff_set *set = view->set;
	json_t *comparisons = json_array();
	json_t *json = NULL;
	int result = 0;
	size_t i;

	for (i = 0; i < set->count && !result; i++) {
		if (json_array_append_new(comparisons,
					  diff_to_json(&set->list[i])))
			result = -ENOMEM;
	}
	if (result)
		goto free;
	json = json_pack("{s:i, s:b, s:o, s:o, s:o, s:I, s:O}", "schema", 2,
			 "tried", set->list[0].a.run->tried, "a",
			 side_to_json(&set->list[0].a), "between_runs",
			 items_to_json(&view->runs), "between_bases",
			 items_to_json(&view->bases), "tests_count",
			 (json_int_t)set->tests, "comparisons", comparisons);
	if (!json)
		result = -ENOMEM;
	else if (json_dumpf(json, file, JSON_INDENT(1)) ||
		 fputc('\n', file) == EOF)
		result = -EIO;
free:
	json_decref(comparisons);
	json_decref(json);
	return result;
}
