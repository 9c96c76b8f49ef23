// SPDX-License-Identifier: GPL-2.0
/* pfd-stat diff: its command line. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "commands.h"
#include "diff.h"
#include "gate.h"
#include "message.h"

enum { OPT_JSON = 256, OPT_ALL, OPT_FAIL_ON };

static const struct option options[] = {
	{"json", no_argument, NULL, OPT_JSON},
	{"all", no_argument, NULL, OPT_ALL},
	{"fail-on", required_argument, NULL, OPT_FAIL_ON},
	{"help", no_argument, NULL, 'h'},
	{}};

struct request {
	struct gate *gates;
	size_t gates_count;
	bool json, all;
};

static int add_gate(struct request *request, const char *text)
{
	struct gate *gates;
	int result;

	gates = reallocarray(request->gates, request->gates_count + 1,
			     sizeof(*gates));
	if (!gates)
		return STAT_FAILED;
	request->gates = gates;
	result = gate_parse(&gates[request->gates_count++], text);
	return !result ? STAT_OK : result == -EINVAL ? STAT_USAGE : STAT_FAILED;
}

/* Names the variants of a run, each once, in a line. */
static int variants_of(const struct run *run, char **names)
{
	size_t size;
	FILE *file = open_memstream(names, &size);
	size_t i, j;

	if (!file)
		return -ENOMEM;
	for (i = 0; i < run->count; i++) {
		for (j = 0; j < i; j++) {
			if (!strcmp(run->cells[i].variant,
				    run->cells[j].variant))
				break;
		}
		if (j == i && run->cells[i].header)
			fprintf(file, " %s", run->cells[i].variant);
	}
	return fclose(file) ? -ENOMEM : 0;
}

static int check_variant(const struct diff_side *side)
{
	char *names = NULL;
	size_t i;

	for (i = 0; i < side->run->count; i++) {
		if (side->run->cells[i].header &&
		    !strcmp(side->run->cells[i].variant, side->variant))
			return STAT_OK;
	}
	if (variants_of(side->run, &names)) {
		message("no memory");
		return STAT_FAILED;
	}
	message("%s: no such variant in %s, there are:%s", side->variant,
		side->run->dir, *names ? names : " none");
	free(names);
	return STAT_USAGE;
}

static int check_gates(const struct request *request, const struct diff *diff)
{
	int status = STAT_OK;
	size_t i;

	for (i = 0; i < request->gates_count; i++) {
		int one = gate_check(&request->gates[i], diff);

		if (one > status)
			status = one;
	}
	return status;
}

static int compare(const struct request *request, struct diff_side a,
		   struct diff_side b)
{
	struct diff diff = {};
	int status;
	int result;

	status = check_variant(&a);
	if (!status)
		status = check_variant(&b);
	if (status)
		return status;
	result = diff_build(&diff, a, b);
	if (!result && request->json)
		result = diff_print_json(&diff, stdout);
	else if (!result)
		diff_print_text(&diff, request->all, stdout);
	if (result) {
		message("cannot compare: %s", strerror(-result));
		status = STAT_FAILED;
	} else if (!diff.pairs) {
		message("nothing to compare: no valid cell of %s has the same "
			"configuration, workload, arm and seed as one of %s",
			a.variant, b.variant);
		status = STAT_INVALID;
	} else {
		status = check_gates(request, &diff);
	}
	diff_free(&diff);
	return status;
}

static int load_and_compare(const struct request *request, char **args)
{
	struct run run_a = {}, run_b = {};
	bool same = !strcmp(args[0], args[2]);
	int status;

	status = run_load(&run_a, args[0]);
	if (!status && !same)
		status = run_load(&run_b, args[2]);
	if (!status)
		status = compare(
			request, (struct diff_side){&run_a, args[1]},
			(struct diff_side){same ? &run_a : &run_b, args[3]});
	run_free(&run_a);
	run_free(&run_b);
	return status;
}

static int parse(struct request *request, int argc, char **argv, bool *help)
{
	int status = STAT_OK;
	int option;

	while (!status && (option = command_option(&command_diff, argc, argv,
						   options)) != -1) {
		switch (option) {
		case OPT_JSON:
			request->json = true;
			break;
		case OPT_ALL:
			request->all = true;
			break;
		case OPT_FAIL_ON:
			status = add_gate(request, optarg);
			break;
		case COMMAND_HELP:
			*help = true;
			return STAT_OK;
		default:
			return STAT_USAGE;
		}
	}
	if (!status && argc - optind != 4) {
		message("diff: give RUNDIR_A VARIANT_A RUNDIR_B VARIANT_B, see "
			"pfd-stat diff --help");
		return STAT_USAGE;
	}
	return status;
}

static int run_diff(int argc, char **argv)
{
	struct request request = {};
	bool help = false;
	int status;
	size_t i;

	status = parse(&request, argc, argv, &help);
	if (!status && !help)
		status = load_and_compare(&request, argv + optind);
	for (i = 0; i < request.gates_count; i++)
		gate_free(&request.gates[i]);
	free(request.gates);
	return status;
}

const struct command command_diff = {
	.name = "diff",
	.title = "compare two variants, metric by metric",
	.help = "usage: pfd-stat diff RUNDIR_A VARIANT_A RUNDIR_B VARIANT_B\n"
		"                     [--all] [--json] "
		"[--fail-on METRIC=PCT]...\n"
		"\n"
		"  --all                 also RCU callbacks that are not about "
		"page tables\n"
		"  --json                everything, as JSON\n"
		"  --fail-on METRIC=PCT  exit code 1 when B has more than PCT "
		"% "
		"above A of\n"
		"                        the metric, in any configuration "
		"(pfd-stat metrics)\n"
		"\n"
		"Exit code: 0, 1 beyond a limit, 2 usage, 3 no valid pair of "
		"cells.\n"
		"\n"
		"example: pfd-stat diff results/latest landed results/latest "
		"refcount \\\n"
		"             --fail-on callback.enqueued_count=5\n",
	.run = run_diff,
};
