/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The subcommands of pfd-stat. Each gets its own argv (argv[0] is its name),
 * returns an exit code of message.h, and prints one line on stderr for every
 * failure.
 */
#ifndef PFD_COMMANDS_H
#define PFD_COMMANDS_H

#include <getopt.h>

struct command {
	const char *name;
	const char *title;
	const char *help; /* usage, options, an example */
	int (*run)(int argc, char **argv);
};

extern const struct command command_check;
extern const struct command command_diff;
extern const struct command command_html;
extern const struct command command_live;
extern const struct command command_metrics;
extern const struct command command_plot;
extern const struct command command_recheck;
extern const struct command command_report;
extern const struct command command_summary;
extern const struct command command_verify;

/*
 * getopt_long() with one-line errors and --help. Returns what getopt_long()
 * does, and COMMAND_HELP or COMMAND_ERROR when it has printed the help or the
 * error and the command is to end. Commands number their options from 256.
 */
#define COMMAND_HELP  (-2)
#define COMMAND_ERROR (-3)
int command_option(const struct command *command, int argc, char **argv,
		   const struct option *options);

#endif
