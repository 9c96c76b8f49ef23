// SPDX-License-Identifier: GPL-2.0
/* pfd-stat report: its command line. */
#include "commands.h"
#include "message.h"
#include "report.h"

enum { OPT_SCRIPTS = 256, OPT_ASSETS };

static const struct option options[] = {
	{"scripts", required_argument, NULL, OPT_SCRIPTS},
	{"assets", required_argument, NULL, OPT_ASSETS},
	{"help", no_argument, NULL, 'h'},
	{}};

static int run_report(int argc, char **argv)
{
	struct report_request request = {};
	int option;

	while ((option = command_option(&command_report, argc, argv,
					options)) != -1) {
		switch (option) {
		case OPT_SCRIPTS:
			request.scripts = optarg;
			break;
		case OPT_ASSETS:
			request.assets = optarg;
			break;
		case COMMAND_HELP:
			return STAT_OK;
		default:
			return STAT_USAGE;
		}
	}
	if (argc - optind != 1 || !request.scripts || !request.assets) {
		message("report: give --scripts DIR, --assets DIR and one "
			"RUNDIR, see pfd-stat report --help");
		return STAT_USAGE;
	}
	request.run_dir = argv[optind];
	return report_run(&request);
}

const struct command command_report = {
	.name = "report",
	.title = "recheck, summary, plot and html at once, into the run",
	.help = "usage: pfd-stat report --scripts DIR --assets DIR RUNDIR\n"
		"\n"
		"  --scripts DIR   where the gnuplot scripts are "
		"(analysis/plots)\n"
		"  --assets DIR    where report.css and report.js are "
		"(analysis/html)\n"
		"\n"
		"Writes RUNDIR/report.txt, plots/ and report.html. The records "
		"are read once. All\n"
		"are held to their ledgers: a cell that says it is valid and "
		"is not, is listed\n"
		"with those that are not, and is in no figure.\n"
		"Exit code: 0, 2 usage, 3 when a cell is not valid (after "
		"writing everything),\n"
		"4 reading, gnuplot or writing failed.\n"
		"\n"
		"example: pfd-stat report --scripts analysis/plots --assets "
		"analysis/html\n"
		"         results/latest\n",
	.run = run_report,
};
