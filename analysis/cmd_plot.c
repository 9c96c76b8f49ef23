// SPDX-License-Identifier: GPL-2.0
/* pfd-stat plot: its command line. */
#include "commands.h"
#include "message.h"
#include "plot.h"

enum { OPT_SCRIPTS = 256 };

static const struct option options[] = {
	{"scripts", required_argument, NULL, OPT_SCRIPTS},
	{"help", no_argument, NULL, 'h'},
	{}};

static int run_plot(int argc, char **argv)
{
	struct plot_request request = {};
	int option;

	while ((option = command_option(&command_plot, argc, argv, options)) !=
	       -1) {
		switch (option) {
		case OPT_SCRIPTS:
			request.scripts = optarg;
			break;
		case COMMAND_HELP:
			return STAT_OK;
		default:
			return STAT_USAGE;
		}
	}
	if (argc - optind != 2 || !request.scripts) {
		message("plot: give --scripts DIR, RUNDIR and OUTDIR, see "
			"pfd-stat plot --help");
		return STAT_USAGE;
	}
	request.run_dir = argv[optind];
	request.out_dir = argv[optind + 1];
	return plot_run(&request);
}

const struct command command_plot = {
	.name = "plot",
	.title = "draw a run: callbacks, waits, operations, memory, sweeps",
	.help = "usage: pfd-stat plot --scripts DIR RUNDIR OUTDIR\n"
		"\n"
		"  --scripts DIR   where the gnuplot scripts are "
		"(analysis/plots)\n"
		"\n"
		"Writes OUTDIR/NAME.PAGES-MMU.WORKLOAD.{tsv,png,svg}, of "
		"valid cells only:\n"
		"\n"
		"  callbacks  call_rcu() per freed page\n"
		"  waits      how long pages and callbacks wait\n"
		"  ops        what each operation costs\n"
		"  double     first and second wait of pages that waited "
		"twice\n"
		"  pinned     memory that waits to be free, over time\n"
		"  heat       every variant's change against a baseline\n"
		"  sweep      callbacks, waits, operations against size, where "
		"a plan sweeps\n"
		"\n"
		"A plot for which there is no data is left out.\n"
		"Exit code: 0, 2 usage, 4 gnuplot or writing failed.\n"
		"\n"
		"example: pfd-stat plot --scripts analysis/plots "
		"results/latest results/latest/plots\n",
	.run = run_plot,
};
