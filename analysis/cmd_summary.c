// SPDX-License-Identifier: GPL-2.0
/* pfd-stat summary: its command line. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "commands.h"
#include "message.h"
#include "provenance.h"
#include "summary.h"

enum { OPT_MAIL = 256, OPT_TRY_TIMED };

static const struct option options[] = {
	{"mail", no_argument, NULL, OPT_MAIL},
	{"try-timed", no_argument, NULL, OPT_TRY_TIMED},
	{"help", no_argument, NULL, 'h'},
	{}};

static int print(const struct run *run, const struct manifest *manifest,
		 bool mail)
{
	int result;

	if (run->tried)
		printf("%s\n\n", RUN_TRIED);
	if (mail)
		printf("Subject: pte_free_defer(): what a second RCU "
		       "wait costs (%zu cells)\n\n",
		       run->valid_count);
	result = summary_print(run, stdout);
	if (!result && run_has_evidence(run, EVIDENCE_TIMED))
		manifest_machines(manifest, stdout);
	if (!result && mail) {
		printf("\n---\n");
		manifest_describe(manifest, NULL, 0, "./run.sh report --mail",
				  stdout);
	}
	return result;
}

static int summarise(const char *dir, bool mail, bool try_timed)
{
	struct manifest manifest = {};
	struct run run = {};
	int status;

	status = run_load(&run, dir);
	if (!status && try_timed)
		run_try_timed(&run);
	if (!status)
		status = manifest_read(&manifest, dir);
	if (!status) {
		int result = print(&run, &manifest, mail);

		if (result) {
			message("cannot summarise %s: %s", dir,
				strerror(-result));
			status = STAT_FAILED;
		} else if (run.valid_count < run.count) {
			message("%zu of %zu cells in %s are not valid, see the "
				"list above",
				run.count - run.valid_count, run.count, dir);
			status = STAT_INVALID;
		}
	}
	manifest_free(&manifest);
	run_free(&run);
	return status;
}

static int run_summary(int argc, char **argv)
{
	bool mail = false, try_timed = false;
	int option;

	while ((option = command_option(&command_summary, argc, argv,
					options)) != -1) {
		if (option == COMMAND_HELP)
			return STAT_OK;
		if (option == OPT_MAIL)
			mail = true;
		else if (option == OPT_TRY_TIMED)
			try_timed = true;
		else
			return STAT_USAGE;
	}
	if (argc - optind != 1) {
		message("summary: give one RUNDIR, see pfd-stat summary "
			"--help");
		return STAT_USAGE;
	}
	return summarise(argv[optind], mail, try_timed);
}

const struct command command_summary = {
	.name = "summary",
	.title = "what a run found, in 80 columns",
	.help = "usage: pfd-stat summary [--mail] [--try-timed] RUNDIR\n"
		"\n"
		"  --mail       with a subject, what the run was made from, "
		"and "
		"how to repeat it\n"
		"  --try-timed  takes the time of target tcg for time, to try "
		"the statistics on\n"
		"               an emulated machine: no figures\n"
		"\n"
		"Exit code: 0, 3 when a cell is not valid (after printing "
		"everything).\n"
		"\n"
		"example: pfd-stat summary results/latest\n",
	.run = run_summary,
};
