// SPDX-License-Identifier: GPL-2.0
/* pfd-stat: from what guests wrote to checked records, tables and plots. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "commands.h"
#include "message.h"

static const struct command *const commands[] = {
	&command_check,
	&command_recheck,
	&command_summary,
	&command_diff,
	&command_plot,
	&command_html,
	&command_report,
	&command_live,
	&command_metrics,
	&command_verify,
	NULL,
};

static void print_help(FILE *file)
{
	size_t i;

	fprintf(file, "usage: pfd-stat COMMAND ...\n\n");
	for (i = 0; commands[i]; i++)
		fprintf(file, "  %-8s %s\n", commands[i]->name,
			commands[i]->title);
	fprintf(file, "\npfd-stat COMMAND --help says more.\n"
		      "Exit code: 0 done, 1 a difference beyond what was "
		      "allowed, 2 usage,\n"
		      "3 not valid, 4 the machine or a tool failed.\n");
}

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; commands[i]; i++) {
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const struct command *command;
	int status = STAT_OK;

	if (argc < 2) {
		message("no command given, see pfd-stat --help");
		return STAT_USAGE;
	}
	command = find_command(argv[1]);
	if (command) {
		status = command->run(argc - 1, argv + 1);
	} else if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		print_help(stdout);
	} else {
		message("%s: no such command, see pfd-stat --help", argv[1]);
		return STAT_USAGE;
	}
	/* What was printed is lost when the disk behind stdout is full. */
	errno = 0;
	if (fflush(stdout) || ferror(stdout)) {
		message("cannot write to standard output: %s",
			strerror(errno ? errno : EIO));
		return STAT_FAILED;
	}
	return status;
}
