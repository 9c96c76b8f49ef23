// SPDX-License-Identifier: GPL-2.0
/* pfd-stat html: its command line. */
#include <limits.h>
#include <stdio.h>
#include "commands.h"
#include "html.h"
#include "message.h"

enum { OPT_ASSETS = 256 };

static const struct option options[] = {
	{"assets", required_argument, NULL, OPT_ASSETS},
	{"help", no_argument, NULL, 'h'},
	{}};

static int run_html(int argc, char **argv)
{
	struct html_request request = {};
	char plots[PATH_MAX];
	size_t invalid = 0;
	int option, status;

	while ((option = command_option(&command_html, argc, argv, options)) !=
	       -1) {
		switch (option) {
		case OPT_ASSETS:
			request.assets = optarg;
			break;
		case COMMAND_HELP:
			return STAT_OK;
		default:
			return STAT_USAGE;
		}
	}
	if (argc - optind != 1 || !request.assets) {
		message("html: give --assets DIR and one RUNDIR, see pfd-stat "
			"html --help");
		return STAT_USAGE;
	}
	request.run_dir = argv[optind];
	if (snprintf(plots, sizeof(plots), "%s/plots", request.run_dir) >=
	    PATH_MAX) {
		message("%.64s...: the name is too long", request.run_dir);
		return STAT_USAGE;
	}
	request.plot_dir = plots;
	status = html_report(&request, stdout, &invalid);
	return status || !invalid ? status : STAT_INVALID;
}

const struct command command_html = {
	.name = "html",
	.title = "what a run found, as one page with its plots",
	.help = "usage: pfd-stat html --assets DIR RUNDIR\n"
		"\n"
		"  --assets DIR   where report.css and report.js are "
		"(analysis/html)\n"
		"\n"
		"Prints a page to be kept as RUNDIR/report.html. It needs no "
		"network; the plots\n"
		"are those in RUNDIR/plots (pfd-stat plot).\n"
		"Exit code: 0, 2 usage, 3 when a cell is not valid (after "
		"printing everything),\n"
		"4 reading failed.\n"
		"\n"
		"example: pfd-stat html --assets analysis/html results/latest "
		">report.html\n",
	.run = run_html,
};
