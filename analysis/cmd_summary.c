// SPDX-License-Identifier: GPL-2.0
/* pfd-stat summary: its command line. */
#include <stdio.h>
#include <string.h>
#include "commands.h"
#include "message.h"
#include "summary.h"

static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {}};

static int run_summary(int argc, char **argv)
{
	struct run run = {};
	int status;

	switch (command_option(&command_summary, argc, argv, options)) {
	case -1:
		break;
	case COMMAND_HELP:
		return STAT_OK;
	default:
		return STAT_USAGE;
	}
	if (argc - optind != 1) {
		message("summary: give one RUNDIR, see pfd-stat summary "
			"--help");
		return STAT_USAGE;
	}
	status = run_load(&run, argv[optind]);
	if (!status) {
		int result = summary_print(&run, stdout);
		if (result) {
			message("cannot summarise %s: %s", argv[optind],
				strerror(-result));
			status = STAT_FAILED;
		} else if (run.valid_count < run.count) {
			message("%zu of %zu cells in %s are not valid, see the "
				"list above",
				run.count - run.valid_count, run.count,
				argv[optind]);
			status = STAT_INVALID;
		}
	}
	run_free(&run);
	return status;
}

const struct command command_summary = {
	.name = "summary",
	.title = "what a run found, in 80 columns",
	.help = "usage: pfd-stat summary RUNDIR\n"
		"\n"
		"Exit code: 0, 3 when a cell is not valid (after printing "
		"everything).\n"
		"\n"
		"example: pfd-stat summary results/latest\n",
	.run = run_summary,
};
