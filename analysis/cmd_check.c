// SPDX-License-Identifier: GPL-2.0
/* pfd-stat check: its command line. */
#include <errno.h>
#include <stdlib.h>
#include "check.h"
#include "commands.h"
#include "message.h"

enum {
	OPT_HEADER = 256,
	OPT_GUEST,
	OPT_CONSOLE,
	OPT_TIMED_OUT,
	OPT_EXIT_STATUS,
	OPT_OUT,
};

static const struct option options[] = {
	{"header", required_argument, NULL, OPT_HEADER},
	{"guest", required_argument, NULL, OPT_GUEST},
	{"console", required_argument, NULL, OPT_CONSOLE},
	{"timed-out", no_argument, NULL, OPT_TIMED_OUT},
	{"exit-status", required_argument, NULL, OPT_EXIT_STATUS},
	{"out", required_argument, NULL, OPT_OUT},
	{"help", no_argument, NULL, 'h'},
	{}};

static int parse_status(const char *text, int *status)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (errno || end == text || *end || value < 0 || value > 255)
		return -EINVAL;
	*status = value;
	return 0;
}

static int run_check(int argc, char **argv)
{
	struct check check = {};
	int option;

	while ((option = command_option(&command_check, argc, argv, options)) !=
	       -1) {
		switch (option) {
		case OPT_HEADER:
			check.header = optarg;
			break;
		case OPT_GUEST:
			check.guest = optarg;
			break;
		case OPT_CONSOLE:
			check.console = optarg;
			break;
		case OPT_TIMED_OUT:
			check.timed_out = true;
			break;
		case OPT_EXIT_STATUS:
			if (!parse_status(optarg, &check.exit_status))
				break;
			message("--exit-status %s: give a number, 0 to 255",
				optarg);
			return STAT_USAGE;
		case OPT_OUT:
			check.out = optarg;
			break;
		case COMMAND_HELP:
			return STAT_OK;
		default:
			return STAT_USAGE;
		}
	}
	if (optind < argc) {
		message("check: unknown argument %s, see pfd-stat check --help",
			argv[optind]);
		return STAT_USAGE;
	}
	if (!check.header || !check.guest || !check.console || !check.out) {
		message("check: --header, --guest, --console and --out are all "
			"needed, see pfd-stat check --help");
		return STAT_USAGE;
	}
	return check_cell(&check, stdout);
}

const struct command command_check = {
	.name = "check",
	.title = "turn what a boot left behind into a cell's records",
	.help = "usage: pfd-stat check --header FILE --guest FILE "
		"--console FILE --out FILE\n"
		"                      [--timed-out] [--exit-status N]\n"
		"\n"
		"  --header FILE     the cell's one `header` record\n"
		"  --guest FILE      what the guest wrote, JSON Lines; may be "
		"missing\n"
		"  --console FILE    what its kernel printed\n"
		"  --out FILE        records.jsonl, written whole or not at "
		"all\n"
		"  --timed-out       the guest had to be stopped\n"
		"  --exit-status N   how what ran the guest ended\n"
		"\n"
		"Prints `valid`, or `invalid: CODE: first reason`.\n"
		"Exit code: 0 valid, 3 not valid, 4 could not check.\n"
		"\n"
		"example: pfd-stat check --header header.jsonl --guest "
		"guest.jsonl \\\n"
		"             --console console.log --exit-status 0 "
		"--out records.jsonl\n",
	.run = run_check,
};
