// SPDX-License-Identifier: GPL-2.0
/* What the subcommands' command lines have in common; see commands.h. */
#include <stdio.h>
#include "commands.h"
#include "message.h"

int command_option(const struct command *command, int argc, char **argv,
		   const struct option *options)
{
	int option;

	opterr = 0;
	option = getopt_long(argc, argv, ":h", options, NULL);
	switch (option) {
	case 'h':
		fputs(command->help, stdout);
		return COMMAND_HELP;
	case ':':
		message("%s: %s needs a value, see pfd-stat %s --help",
			command->name, argv[optind - 1], command->name);
		return COMMAND_ERROR;
	case '?':
		message("%s: unknown option %s, see pfd-stat %s --help",
			command->name, argv[optind - 1], command->name);
		return COMMAND_ERROR;
	default:
		return option;
	}
}
