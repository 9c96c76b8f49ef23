// SPDX-License-Identifier: GPL-2.0
/* Holds the records of a run to their ledgers once more; see recheck.h. */
#include <errno.h>
#include <string.h>
#include "ledger.h"
#include "message.h"
#include "recheck.h"
#include "record.h"
#include "run.h"

struct recheck {
	FILE *report;
	size_t wrong;
};

/* Takes what the guest wrote: all but the header and the verdict. */
static int add_records(struct ledger *ledger, const json_t *records)
{
	size_t count = json_array_size(records);
	int result = 0;
	bool keep;
	size_t i;

	for (i = 1; i + 1 < count && !result; i++) {
		json_t *record = json_array_get(records, i);

		result = ledger_add(ledger,
				    shape_find(record_text(record, "type")),
				    record, i + 1, &keep);
	}
	return result;
}

static void check_name(const struct cell *cell, struct reasons *reasons)
{
	const char *name = record_text(cell->header, "cell");

	if (strcmp(name, cell->name))
		reasons_add(reasons, REASON_RECORD,
			    "line 1 (header) is of the cell %s", name);
}

static void print_reasons(const struct cell *cell, const json_t *verdict,
			  FILE *report)
{
	const json_t *list = json_object_get(verdict, "reasons");
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		const json_t *reason = json_array_get(list, i);

		fprintf(report, "%s: %s: %s\n", cell->name,
			record_text(reason, "code"),
			record_text(reason, "text"));
	}
}

int recheck_cell(const struct cell *cell, const json_t *records,
		 json_t **verdict)
{
	struct reasons reasons = {};
	struct ledger ledger;
	int result;

	*verdict = NULL;
	check_name(cell, &reasons);
	result = ledger_init(&ledger, cell->header, &reasons);
	if (!result)
		result = add_records(&ledger, records);
	if (!result)
		result = ledger_finish(&ledger);
	if (!result && reasons_count(&reasons)) {
		*verdict = reasons_verdict(&reasons);
		result = *verdict ? 0 : -ENOMEM;
	}
	ledger_free(&ledger);
	reasons_free(&reasons);
	return result;
}

static int visit(struct cell *cell, const json_t *records, void *context)
{
	struct recheck *recheck = context;
	json_t *verdict;
	int result = recheck_cell(cell, records, &verdict);

	if (!verdict)
		return result;
	print_reasons(cell, verdict, recheck->report);
	recheck->wrong++;
	json_decref(verdict);
	return 0;
}

int recheck_run(const char *dir, FILE *report)
{
	struct recheck recheck = {.report = report};
	struct run run = {};
	size_t invalid = 0;
	int status;
	size_t i;

	status = run_visit(&run, dir, visit, &recheck);
	for (i = run.valid_count; i < run.count && !status; i++)
		fprintf(report, "%s: %s\n", run.cells[i].name,
			run.cells[i].invalid);
	invalid = run.count - run.valid_count;
	if (!status)
		fprintf(report,
			"%zu cells: %zu not valid, %zu that say they are "
			"valid and are not\n",
			run.count, invalid, recheck.wrong);
	if (!status && (recheck.wrong || invalid))
		status = STAT_INVALID;
	run_free(&run);
	return status;
}
