// SPDX-License-Identifier: GPL-2.0
/*
 * A cell's records.jsonl, as it may come from a stranger, through all that is
 * made of it: it is checked again, summarised, and compared with itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include "diff_print.h"
#include "files.h"
#include "message.h"
#include "recheck.h"
#include "summary.h"

/* Nobody reads it, but it is printed to the last byte. */
static FILE *nowhere(void)
{
	static FILE *file;

	if (!file)
		file = fopen("/dev/null", "we");
	if (!file)
		files_fail("cannot open /dev/null");
	return file;
}

static void compare(const struct run *run)
{
	struct diff_side side = {.run = run, .variant = run->cells[0].variant};
	struct diff_set set;
	struct diff_view view = {.set = &set, .rows = DIFF_ALL};

	if (diff_set_build(&set, side, &side, 1) ||
	    diff_print_json(&view, nowhere()) ||
	    diff_print_text(&view, nowhere()))
		files_fail("a diff that cannot be made");
	diff_set_free(&set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct run run;
	int status;

	if (files_begin()) {
		files_mkdir("cells");
		files_mkdir("cells/one");
	}
	files_write("cells/one/records.jsonl", data, size);
	status = recheck_run(".", nowhere());
	if (status != STAT_OK && status != STAT_INVALID)
		files_fail("a cell that cannot be checked again");
	if (run_load(&run, ".") || run.count != 1)
		files_fail("a run that cannot be read");
	if (!run.cells[0].invalid && !run.cells[0].header)
		files_fail("a valid cell without a header");
	if (summary_print(&run, nowhere()))
		files_fail("a summary that cannot be made");
	if (!run.cells[0].invalid)
		compare(&run);
	run_free(&run);
	return 0;
}
