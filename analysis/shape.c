// SPDX-License-Identifier: GPL-2.0
/* The shape of every record type; see shape.h. */
#include <stdio.h>
#include <string.h>
#include "hist_json.h"
#include "shape.h"

#define NAME_MAX_SIZE 128
#define LINE_MAX_SIZE 4096

bool shape_is_name(const char *text)
{
	size_t size = strspn(text, "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_.,=+@:-");

	/* A leading dot or dash would be a hidden file or an option. */
	return size && size <= NAME_MAX_SIZE && !text[size] && text[0] != '.' &&
	       text[0] != '-';
}

static bool is_line(const json_t *value)
{
	const char *text = json_string_value(value);
	size_t i;

	if (!text || json_string_length(value) > LINE_MAX_SIZE)
		return false;
	for (i = 0; text[i]; i++) {
		if (text[i] < ' ' || text[i] > '~')
			return false;
	}
	return true;
}

static bool is_count(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= 0;
}

static bool is_name(const json_t *value)
{
	return json_is_string(value) && shape_is_name(json_string_value(value));
}

static bool is_choice(const json_t *value, const char *const *choices)
{
	if (!json_is_string(value))
		return false;
	for (; *choices; choices++) {
		if (!strcmp(json_string_value(value), *choices))
			return true;
	}
	return false;
}

static bool is_hist(const json_t *value)
{
	struct hist hist;

	return !hist_from_json(value, &hist);
}

static bool are_names(const json_t *list)
{
	size_t i;

	if (!json_is_array(list))
		return false;
	for (i = 0; i < json_array_size(list); i++) {
		if (!is_name(json_array_get(list, i)))
			return false;
	}
	return true;
}

static bool are_lines(const json_t *list)
{
	size_t i;

	if (!json_is_array(list))
		return false;
	for (i = 0; i < json_array_size(list); i++) {
		if (!is_line(json_array_get(list, i)))
			return false;
	}
	return true;
}

static bool are_numbers(const json_t *object)
{
	/* jansson's iterators want a pointer that is not const. */
	json_t *numbers = (json_t *)object;
	const char *key;
	json_t *value;

	if (!json_is_object(numbers))
		return false;
	json_object_foreach (numbers, key, value) {
		if (!shape_is_name(key) || !is_count(value))
			return false;
	}
	return true;
}

static bool is_series(const json_t *list)
{
	size_t i;

	if (!json_is_array(list) || json_array_size(list) > SHAPE_SERIES_SIZE)
		return false;
	for (i = 0; i < json_array_size(list); i++) {
		if (!is_count(json_array_get(list, i)))
			return false;
	}
	return true;
}

static bool have_members(const json_t *object, const struct member *members,
			 size_t others, const struct member **wrong);

static bool are_objects(const json_t *list, const struct member *members)
{
	const struct member *wrong;
	size_t i;

	if (!json_is_array(list))
		return false;
	for (i = 0; i < json_array_size(list); i++) {
		if (!have_members(json_array_get(list, i), members, 0, &wrong))
			return false;
	}
	return true;
}

static bool member_is_right(const struct member *member, const json_t *value)
{
	const struct member *wrong;

	switch (member->kind) {
	case MEMBER_COUNT:
		return is_count(value);
	case MEMBER_COUNT_OR_NULL:
		return json_is_null(value) || is_count(value);
	case MEMBER_DIGIT_OR_NULL:
		return json_is_null(value) ||
		       (is_count(value) && json_integer_value(value) <= 9);
	case MEMBER_BOOL:
		return json_is_boolean(value);
	case MEMBER_NAME:
		return is_name(value);
	case MEMBER_LINE:
		return is_line(value);
	case MEMBER_LINE_OR_NULL:
		return json_is_null(value) || is_line(value);
	case MEMBER_CHOICE:
		return is_choice(value, member->choices);
	case MEMBER_HIST:
		return is_hist(value);
	case MEMBER_HIST_OR_NULL:
		return json_is_null(value) || is_hist(value);
	case MEMBER_NAMES:
		return are_names(value);
	case MEMBER_NUMBERS:
		return are_numbers(value);
	case MEMBER_SERIES:
		return is_series(value);
	case MEMBER_LIST:
		return are_objects(value, member->members);
	case MEMBER_OBJECT:
		return have_members(value, member->members, 0, &wrong);
	case MEMBER_LINES:
		return are_lines(value);
	}
	return false;
}

/*
 * Whether an object has these members and `others` more. When not, *wrong is
 * the member at fault, or NULL when there are members that do not belong.
 */
static bool have_members(const json_t *object, const struct member *members,
			 size_t others, const struct member **wrong)
{
	const struct member *member;

	for (member = members; member->name; member++) {
		const json_t *value = json_object_get(object, member->name);

		if (!value && member->optional)
			continue;
		*wrong = member;
		if (!member_is_right(member, value))
			return false;
		others++;
	}
	*wrong = NULL;
	return json_object_size(object) == others;
}

static const char *kind_text(enum member_kind kind)
{
	switch (kind) {
	case MEMBER_COUNT:
	case MEMBER_COUNT_OR_NULL:
		return "a whole number";
	case MEMBER_DIGIT_OR_NULL:
		return "a number from 0 to 9";
	case MEMBER_BOOL:
		return "true or false";
	case MEMBER_NAME:
		return "a name";
	case MEMBER_LINE:
	case MEMBER_LINE_OR_NULL:
		return "a line of text";
	case MEMBER_CHOICE:
		return "one of the words it may be";
	case MEMBER_HIST:
	case MEMBER_HIST_OR_NULL:
		return "a histogram that adds up";
	case MEMBER_NAMES:
		return "a list of names";
	case MEMBER_NUMBERS:
		return "an object of whole numbers";
	case MEMBER_SERIES:
		return "a list of at most 512 whole numbers";
	case MEMBER_LIST:
		return "a list of what it should hold";
	case MEMBER_OBJECT:
		return "an object of what it should hold";
	case MEMBER_LINES:
		return "a list of lines of text";
	}
	return "right";
}

const struct shape *shape_find(const char *type)
{
	const struct shape *shape;

	for (shape = shapes; shape->type; shape++) {
		if (!strcmp(shape->type, type))
			return shape;
	}
	return NULL;
}

const struct shape *shape_check(const json_t *record,
				char error[SHAPE_ERROR_SIZE])
{
	const char *type = json_string_value(json_object_get(record, "type"));
	const struct shape *shape;
	const struct member *wrong;

	if (!type) {
		snprintf(error, SHAPE_ERROR_SIZE,
			 "is not an object with a type");
		return NULL;
	}
	shape = shape_find(type);
	if (!shape) {
		snprintf(error, SHAPE_ERROR_SIZE, "is of an unknown type, %s",
			 shape_is_name(type) ? type : "not even a name");
		return NULL;
	}
	if (have_members(record, shape->members, 1, &wrong))
		return shape;
	if (!wrong)
		snprintf(error, SHAPE_ERROR_SIZE,
			 "(%s) has members that do not belong there", type);
	else
		snprintf(error, SHAPE_ERROR_SIZE, "(%s): %s is not %s", type,
			 wrong->name, kind_text(wrong->kind));
	return NULL;
}
