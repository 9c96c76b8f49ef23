// SPDX-License-Identifier: GPL-2.0
/* pfd-stat recheck: its command line. */
#include <stdio.h>
#include "commands.h"
#include "message.h"
#include "recheck.h"

static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {}};

static int run_recheck(int argc, char **argv)
{
	switch (command_option(&command_recheck, argc, argv, options)) {
	case -1:
		break;
	case COMMAND_HELP:
		return STAT_OK;
	default:
		return STAT_USAGE;
	}
	if (argc - optind != 1) {
		message("recheck: give one RUNDIR, see pfd-stat recheck "
			"--help");
		return STAT_USAGE;
	}
	return recheck_run(argv[optind], stdout);
}

const struct command command_recheck = {
	.name = "recheck",
	.title = "hold a run's records to their ledgers once more",
	.help = "usage: pfd-stat recheck RUNDIR\n"
		"\n"
		"For records that come from elsewhere: does what they say of "
		"themselves hold? All\n"
		"is checked but what they do not have, the console and how the "
		"machine ended.\n"
		"\n"
		"Exit code: 0, 3 when a cell is not valid (after naming all "
		"that are not).\n"
		"\n"
		"example: pfd-stat recheck results/reference\n",
	.run = run_recheck,
};
