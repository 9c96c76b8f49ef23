// SPDX-License-Identifier: GPL-2.0
/* What must hold in a `contract` record; what it found is no reason. */
#include <string.h>
#include "balance.h"
#include "record.h"

static bool same(const json_t *a, const json_t *b)
{
	static const char *const keys[] = {"kind", "unlink", "end"};
	size_t i;

	for (i = 0; i < 3; i++)
		if (strcmp(record_text(a, keys[i]), record_text(b, keys[i])))
			return false;
	return true;
}

static bool is_listed_before(const json_t *list, size_t which)
{
	size_t i;

	for (i = 0; i < which; i++)
		if (same(json_array_get(list, i), json_array_get(list, which)))
			return true;
	return false;
}

static void balance_list(const json_t *contract, const char *name,
			 struct reasons *reasons)
{
	const json_t *list = json_object_get(contract, name);
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		const json_t *v = json_array_get(list, i);
		const char *wrong = NULL;

		if (!record_count(v, "count"))
			wrong = "happened 0 times";
		else if (is_listed_before(list, i))
			wrong = "is listed twice";
		if (wrong)
			reasons_add(reasons, REASON_RECORD,
				    "contract: %s: %s, %s, %s %s", name,
				    record_text(v, "kind"),
				    record_text(v, "unlink"),
				    record_text(v, "end"), wrong);
	}
}

void balance_contract(const json_t *contract, struct reasons *reasons)
{
	balance_list(contract, "violations", reasons);
	balance_list(contract, "weaker", reasons);
}
