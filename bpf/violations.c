// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <jansson.h>
#include "violations.h"

static const char *const kind_names[VIOLATION_KINDS] = {
	[FREED_EARLY] = "freed-early",
	[HANDED_OUT_EARLY] = "handed-out-early",
	[QUEUED_TWICE] = "queued-twice",
	[DESTRUCTOR_EARLY] = "destructor-early",
	[LEAKED] = "leaked",
};

static const char *const by_names[UNLINKED_BYS] = {
	[BY_DEFER] = "defer",
	[BY_TLB] = "tlb",
	[BY_NONE] = "none",
};

static const char *const end_names[VIOLATION_ENDS] = {
	[END_BATCH] = "batch",
	[END_OWN] = "callback",
	[END_DESTROY] = "pte_frag_destroy",
	[END_AT_ONCE] = "at-once",
	[END_HANDED] = "handed-out",
	[END_QUEUED] = "queued",
	[END_INVOKED] = "invoked",
	[END_NEVER] = "never",
};

void violations_add(struct violations *violations, enum violation_kind kind,
		    enum unlinked_by by, int end,
		    const struct violation *violation)
{
	if (!violations->found[kind][by][end].count++)
		violations->found[kind][by][end].first = *violation;
}

/* Addresses, and RCU's number, which begins near its largest value. */
static json_t *hex(uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%" PRIx64, value);
	return json_string(text);
}

static json_t *stack_to_json(uint32_t stack, const struct machine *machine)
{
	uint64_t addresses[STACK_DEPTH] = {};
	json_t *list = json_array();
	char name[NAME_SIZE];
	size_t i;

	if (!list || !stack ||
	    !machine->read_stack(machine->context, stack - 1, addresses))
		return list;
	for (i = 0; i < STACK_DEPTH; i++) {
		/* Where powerpc's unwinder has its doubts it says 0. */
		if (!addresses[i])
			continue;
		machine->name_address(machine->context, addresses[i], name);
		if (json_array_append_new(list, json_string(name))) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *first_to_json(const struct violation *v,
			     const struct machine *machine)
{
	return json_pack("{sI, sI, so, so, so, so, so}", "time_ns",
			 (json_int_t)v->time_ns, "unlinked_ns",
			 (json_int_t)v->unlinked_ns, "page", hex(v->page),
			 "table", hex(v->table), "gp_seq_unlinked",
			 hex(v->seq_unlinked), "gp_seq", hex(v->seq), "stack",
			 stack_to_json(v->stack, machine));
}

/* Adds one kind's to the list. */
static int append(json_t *list, const struct violations *violations, int kind,
		  int by, const struct machine *machine)
{
	int end, error = 0;

	for (end = 0; end < VIOLATION_ENDS && !error; end++) {
		uint64_t count = violations->found[kind][by][end].count;
		const struct violation *first =
			&violations->found[kind][by][end].first;

		if (!count)
			continue;
		error = json_array_append_new(
			list, json_pack("{ss, ss, ss, sI, so}", "kind",
					kind_names[kind], "unlink",
					by_names[by], "end", end_names[end],
					"count", (json_int_t)count, "first",
					first_to_json(first, machine)));
	}
	return error;
}

json_t *violations_to_json(const struct violations *violations,
			   const struct machine *machine)
{
	json_t *list = json_array();
	int kind, by, error = 0;

	for (kind = 0; kind < VIOLATION_KINDS && !error; kind++)
		for (by = 0; by < UNLINKED_BYS && !error; by++)
			error = append(list, violations, kind, by, machine);
	if (!error)
		return list;
	json_decref(list);
	return NULL;
}
