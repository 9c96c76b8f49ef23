// SPDX-License-Identifier: GPL-2.0
/* What a kernel could not give; see unavailable.h. */
#include <stdio.h>
#include "record.h"
#include "shape.h"
#include "unavailable.h"

const char *unavailable_reason(const json_t *probe, const char *name)
{
	const json_t *list = json_object_get(probe, "unavailable");
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);

		if (!strcmp(record_text(item, "record"), name))
			return record_text(item, "reason");
	}
	return NULL;
}

const char *unavailable_path(const json_t *probe, const char *path)
{
	const char *reason = unavailable_reason(probe, "table");
	char name[64];

	if (reason)
		return reason;
	snprintf(name, sizeof(name), "table.%s", path);
	return unavailable_reason(probe, name);
}

static bool is_probes(const char *name)
{
	size_t size = strcspn(name, ".");
	const struct shape *shape;

	for (shape = shapes; shape->type; shape++) {
		if (shape->by_probe && strlen(shape->type) == size &&
		    !strncmp(shape->type, name, size))
			return true;
	}
	return false;
}

/* "table.direct" is what "table direct pte" is one of. */
static bool is_of(const char *key, const char *name)
{
	while (*name && (*key == *name || (*key == ' ' && *name == '.'))) {
		key++;
		name++;
	}
	return !*name && (!*key || *key == ' ');
}

static void check_name(const char *name, json_t *seen, struct reasons *reasons)
{
	const char *key;
	json_t *value;

	if (!is_probes(name)) {
		reasons_add(reasons, REASON_RECORD,
			    "the probe says that %s is unavailable, which is "
			    "no record of its",
			    name);
		return;
	}
	json_object_foreach (seen, key, value) {
		if (is_of(key, name))
			reasons_add(reasons, REASON_RECORD,
				    "the probe says that %s is unavailable, "
				    "but there is a record",
				    name);
	}
}

void unavailable_check(const json_t *probe, json_t *seen,
		       struct reasons *reasons)
{
	const json_t *list = json_object_get(probe, "unavailable");
	size_t i;

	for (i = 0; i < json_array_size(list); i++)
		check_name(record_text(json_array_get(list, i), "record"), seen,
			   reasons);
}
