// SPDX-License-Identifier: GPL-2.0
/* pfd-stat verify: its command line. */
#include <stdio.h>
#include "commands.h"
#include "message.h"
#include "verify.h"

enum { OPT_TSV = 256, OPT_REPEAT };

static const struct option options[] = {
	{"help", no_argument, NULL, 'h'},
	{"tsv", no_argument, NULL, OPT_TSV},
	{"repeat", required_argument, NULL, OPT_REPEAT},
	{}};

static int run_verify(int argc, char **argv)
{
	struct verify verify = {};
	const char *repeat = "";
	bool tsv = false;
	int status = STAT_OK;
	int c;

	while ((c = command_option(&command_verify, argc, argv, options)) !=
	       -1) {
		if (c == COMMAND_HELP)
			return STAT_OK;
		if (c == OPT_REPEAT)
			repeat = optarg;
		else if (c == OPT_TSV)
			tsv = true;
		else
			return STAT_USAGE;
	}
	if (optind == argc) {
		message("verify: give RUNDIRs, see pfd-stat verify --help");
		return STAT_USAGE;
	}
	for (; optind < argc && !status; optind++)
		status = verify_add(&verify, argv[optind]);
	verify_finish(&verify);
	if (!status) {
		size_t i;

		if (tsv)
			verify_print_tsv(&verify, stdout);
		else
			verify_print_text(&verify, repeat, stdout);
		for (i = 0; i < verify.count; i++)
			if (verify_state(&verify.rows[i]) != VERIFIED_PASS)
				status = STAT_INVALID;
	}
	verify_free(&verify);
	return status;
}

const struct command command_verify = {
	.name = "verify",
	.title = "what gate runs say of each variant",
	.help = "usage: pfd-stat verify [--tsv] [--repeat OPTIONS] RUNDIR...\n"
		"\n"
		"  --tsv  lines for verified.tsv instead: variant, pages, mmu, "
		"pass, fail\n"
		"         or unknown, and the first finding\n"
		"  --repeat OPTIONS  what ./run.sh verify was given, for the "
		"commands that\n"
		"         repeat a finding: \" --quick\"\n"
		"\n"
		"Exit code: 0 all pass, 3 not all do (after printing "
		"everything).\n"
		"\n"
		"example: pfd-stat verify results/verify/*\n",
	.run = run_verify,
};
