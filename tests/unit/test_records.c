// SPDX-License-Identifier: GPL-2.0
/*
 * Records: what the guest writes is not trusted, and what may be in it is
 * said twice, in the schema and in C.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "cells.h"
#include "shape.h"

static json_t *load_schema(void)
{
	json_t *schema = json_load_file(
		PFD_SOURCE_DIR "/records/record.schema.json", 0, NULL);

	assert_non_null(schema);
	return schema;
}

/* A definition, or what it refers to. */
static json_t *resolve(const json_t *schema, json_t *definition)
{
	const char *target =
		json_string_value(json_object_get(definition, "$ref"));

	if (!target)
		return definition;
	target += strlen("#/definitions/");
	return json_object_get(json_object_get(schema, "definitions"), target);
}

static void compare_members(const json_t *schema, json_t *definition,
			    const struct member *members, size_t others);

static void compare_choices(const json_t *schema, json_t *definition,
			    const char *const *choices)
{
	const json_t *list =
		json_object_get(resolve(schema, definition), "enum");
	size_t i;

	for (i = 0; choices[i]; i++)
		assert_string_equal(choices[i],
				    json_string_value(json_array_get(list, i)));
	assert_int_equal(json_array_size(list), i);
}

static void compare_members(const json_t *schema, json_t *definition,
			    const struct member *members, size_t others)
{
	const json_t *properties = json_object_get(definition, "properties");
	const json_t *extra =
		json_object_get(definition, "additionalProperties");
	size_t count = others, optional = 0;

	for (; members->name; members++, count++) {
		json_t *property = json_object_get(properties, members->name);

		optional += members->optional;

		if (!property)
			fail_msg("the schema has no %s", members->name);
		if (members->choices)
			compare_choices(schema, property, members->choices);
		if (members->members)
			compare_members(
				schema,
				resolve(schema,
					json_object_get(property, "items")
						?: property),
				members->members, 0);
	}
	assert_int_equal(json_object_size(properties), count);
	assert_int_equal(
		json_array_size(json_object_get(definition, "required")),
		count - optional);
	assert_true(json_is_false(extra));
}

/* A member added in one place only would be refused, or never be checked. */
static void schema_and_shapes_agree(void **state)
{
	json_t *schema = load_schema();
	json_t *types = json_object_get(schema, "oneOf");
	const struct shape *shape = shapes;
	size_t i;

	(void)state;
	for (i = 0; i < json_array_size(types); i++, shape++) {
		json_t *definition = resolve(schema, json_array_get(types, i));
		json_t *properties = json_object_get(definition, "properties");
		json_t *type = json_object_get(properties, "type");

		assert_non_null(shape->type);
		assert_string_equal(
			shape->type,
			json_string_value(json_object_get(type, "const")));
		compare_members(schema, definition, shape->members, 1);
	}
	assert_null(shape->type);
	json_decref(schema);
}

static const struct shape *check_text(const char *text, char *error)
{
	json_t *record = json_loads(text, 0, NULL);
	const struct shape *shape;

	assert_non_null(record);
	shape = shape_check(record, error);
	json_decref(record);
	return shape;
}

static void bad_records_are_refused(void **state)
{
	static const struct {
		const char *text, *error;
	} bad[] = {
		{"[1]", "is not an object with a type"},
		{"{\"exit_status\":0}", "is not an object with a type"},
		{"{\"type\":1}", "is not an object with a type"},
		{"{\"type\":\"ends\"}", "is of an unknown type, ends"},
		{"{\"type\":\"\\u001b[2J\"}",
		 "is of an unknown type, not even a name"},
		{"{\"type\":\"end\"}",
		 "(end): exit_status is not a whole number"},
		{"{\"type\":\"end\",\"exit_status\":-1}",
		 "(end): exit_status is not a whole number"},
		{"{\"type\":\"end\",\"exit_status\":1.0}",
		 "(end): exit_status is not a whole number"},
		{"{\"type\":\"end\",\"exit_status\":0,\"x\":0}",
		 "(end) has members that do not belong there"},
		{"{\"type\":\"op\",\"kind\":\"a b\",\"latency_ns\":" //
		 CELL_HIST_0 "}",
		 "(op): kind is not a name"},
		/* A name goes into file names and onto terminals. */
		{"{\"type\":\"op\",\"kind\":\"../../x\",\"latency_ns\":" //
		 CELL_HIST_0 "}",
		 "(op): kind is not a name"},
		{"{\"type\":\"op\",\"kind\":\"a\",\"latency_ns\":null,"
		 "\"instructions_count\":null,\"cycles_count\":null}",
		 "(op): latency_ns is not a histogram that adds up"},
		{"{\"type\":\"probe\",\"programs\":[1],\"lost\":{}}",
		 "(probe): programs is not a list of what it should hold"},
		{"{\"type\":\"probe\",\"programs\":[],\"lost\":{\"a\":-1}}",
		 "(probe): lost is not an object of whole numbers"},
		{"{\"type\":\"boot\",\"release\":\"\\u0007\"}",
		 "(boot): release is not a line of text"},
		{"{\"type\":\"boot\",\"release\":\"a\",\"page_size_bytes\":1,"
		 "\"mmu\":\"book3e\",\"cpus_count\":1,\"cmdline\":\"\"}",
		 "(boot): mmu is not one of the words it may be"},
	};
	char error[SHAPE_ERROR_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_null(check_text(bad[i].text, error));
		assert_string_equal(error, bad[i].error);
	}
	assert_non_null(
		check_text("{\"type\":\"end\",\"exit_status\":0}", error));
}

/* A list that is drawn must not be as long as somebody likes. */
static void series_are_bounded(void **state)
{
	char error[SHAPE_ERROR_SIZE];
	json_t *series = json_array(), *pinned;
	size_t i;

	(void)state;
	for (i = 0; i < SHAPE_SERIES_SIZE; i++)
		json_array_append_new(series, json_integer(INT64_MAX));
	pinned = json_pack(
		"{s:s, s:i, s:i, s:i, s:i, s:n, s:i, s:i, s:o, s:[]}", "type",
		"pinned", "table_peak_bytes", 0, "page_peak_bytes", 0,
		"table_byte_ns", 0, "page_byte_ns", 0, "drain_ns", "left_bytes",
		0, "interval_ns", 0, "table_series_bytes", series,
		"page_series_bytes");
	assert_non_null(pinned);
	assert_non_null(shape_check(pinned, error));
	json_array_append_new(series, json_integer(0));
	assert_null(shape_check(pinned, error));
	assert_string_equal(error, "(pinned): table_series_bytes is not a list "
				   "of at most 512 whole numbers");
	json_array_remove(series, 0);
	assert_non_null(shape_check(pinned, error));
	json_array_set_new(series, 7, json_integer(-1));
	assert_null(shape_check(pinned, error));
	json_decref(pinned);
}

static void header_bounds_grace_periods(void **state)
{
	json_t *header = json_loads(cell_header, 0, NULL);
	char error[SHAPE_ERROR_SIZE];

	(void)state;
	assert_non_null(shape_check(header, error));
	json_object_set_new(header, "tlb_grace_periods_min", json_null());
	assert_non_null(shape_check(header, error));
	json_object_set_new(header, "tlb_grace_periods_max", json_integer(10));
	assert_null(shape_check(header, error));
	assert_string_equal(error, "(header): tlb_grace_periods_max is not a "
				   "number from 0 to 9");
	json_decref(header);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(schema_and_shapes_agree),
		cmocka_unit_test(bad_records_are_refused),
		cmocka_unit_test(series_are_bounded),
		cmocka_unit_test(header_bounds_grace_periods),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
