// SPDX-License-Identifier: GPL-2.0
/* pfd-stat metrics: lists what can be compared. */
#include <stdio.h>
#include "commands.h"
#include "message.h"
#include "metric.h"

static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {}};

static int run_metrics(int argc, char **argv)
{
	const struct metric_def *def;

	switch (command_option(&command_metrics, argc, argv, options)) {
	case -1:
		break;
	case COMMAND_HELP:
		return STAT_OK;
	default:
		return STAT_USAGE;
	}
	if (optind < argc) {
		message("metrics: unknown argument %s, it takes none",
			argv[optind]);
		return STAT_USAGE;
	}
	for (def = metric_defs; def->pattern; def++)
		printf("%s (%s, arm %s)\n    %s\n", def->pattern,
		       unit_name(def->unit), metric_arm_name(def->arm),
		       def->meaning);
	return STAT_OK;
}

const struct command command_metrics = {
	.name = "metrics",
	.title = "list the metrics, their units and what they mean",
	.help = "usage: pfd-stat metrics\n"
		"\n"
		"Names in angle brackets stand for what a record holds: an "
		"operation's kind, an\n"
		"RCU callback's function, a table's path and level.\n"
		"\n"
		"example: pfd-stat metrics | grep callback\n",
	.run = run_metrics,
};
