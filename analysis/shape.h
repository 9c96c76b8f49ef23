/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The shape of every record type: the members it must have, and no others.
 * One table, the C side of records/record.schema.json (a unit test holds the
 * two together); docs/records.md says what the members mean.
 */
#ifndef PFD_SHAPE_H
#define PFD_SHAPE_H

#include <stdbool.h>
#include <jansson.h>

#define SHAPE_ERROR_SIZE  320
#define SHAPE_SERIES_SIZE 512

/* The version of the record format that is read and written. */
#define SHAPE_SCHEMA 2

enum member_kind {
	MEMBER_COUNT, /* a whole number, not negative */
	MEMBER_COUNT_OR_NULL,
	MEMBER_DIGIT_OR_NULL, /* 0..9 */
	MEMBER_BOOL,
	MEMBER_NAME, /* 1..128 letters, digits and _.,=+@:- */
	MEMBER_LINE, /* up to 4096 printable characters */
	MEMBER_LINE_OR_NULL,
	MEMBER_CHOICE, /* one of .choices */
	MEMBER_HIST,
	MEMBER_HIST_OR_NULL,
	MEMBER_NAMES,	/* list of MEMBER_NAME */
	MEMBER_NUMBERS, /* object, MEMBER_NAME to MEMBER_COUNT */
	MEMBER_SERIES,	/* list of up to SHAPE_SERIES_SIZE MEMBER_COUNT */
	MEMBER_LIST,	/* list of objects that have .members */
	MEMBER_OBJECT,	/* one that has .members */
	MEMBER_LINES,	/* list of MEMBER_LINE */
};

struct member {
	const char *name; /* NULL ends a table */
	enum member_kind kind;
	const char *const *choices;
	const struct member *members;
	bool optional; /* may be left out */
};

struct shape {
	const char *type;	      /* NULL ends the table */
	const struct member *members; /* all but `type` */
	/* Members that tell records of one type apart; none: only one. */
	const char *keys[2];
	bool by_host;  /* the guest must not write it */
	bool by_probe; /* not in the arm `bare` */
	bool by_check; /* nor in any but the arm `checked` */
};

/* All record types; ends with a NULL type. */
extern const struct shape shapes[];

/* The shape of that type, or NULL. */
const struct shape *shape_find(const char *type);

/*
 * Checks one record from anywhere. Returns its shape, or NULL with a reason
 * that continues "line 12 ..." in error.
 */
const struct shape *shape_check(const json_t *record,
				char error[SHAPE_ERROR_SIZE]);

/* Whether text can be a MEMBER_NAME: safe in a file name and in a title. */
bool shape_is_name(const char *text);

#endif
