// SPDX-License-Identifier: GPL-2.0
/* pfd-plan: plans to cells. Prints; runs nothing. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bases.h"
#include "blocks.h"
#include "cell.h"
#include "list.h"
#include "running.h"

#define EXIT_USAGE   2
#define EXIT_MACHINE 4

static const char usage[] =
	"usage: pfd-plan [--root DIR] COMMAND\n"
	"\n"
	"  cells    [OPTIONS]  one line for each cell of a plan, TABs "
	"between:\n"
	"                      id, variant, pages, mmu, cpu, smp, rcu, "
	"workload,\n"
	"                      arm, seed, memory, timeout_s, correct, "
	"callbacks,\n"
	"                      model, swept, image, parameters\n"
	"  kernels  [OPTIONS]  one line for each kernel they need: variant, "
	"pages\n"
	"  images   [OPTIONS]  one line for each image of the guest they "
	"need\n"
	"  claims   [OPTIONS]  one line for each variant and configuration: "
	"variant,\n"
	"                      pages, mmu, and correct, fails or none (what it "
	"says)\n"
	"  base     [OPTIONS]  the base they are built from\n"
	"  header   --release RELEASE [--target TARGET] CELL\n"
	"                      the header record (JSON) of a cell's line\n"
	"  list     variants|bases|workloads|plans|targets|launchers\n"
	"\n"
	"options of cells, kernels, images, claims and base:\n"
	"  --plan NAME|FILE    plans/NAME.ini, or any file (default: default)\n"
	"  --base NAME         the kernel of another version\n"
	"  --variants A,B --workloads X,Y --pages 64k,4k --mmu radix,hash\n"
	"  --cpu power9,power10 --smp N,M --rcu default,nocb,lazy\n"
	"  --arms bare,probed,stats,checked,bare-again,probed-again --seeds N\n"
	"                      instead of what the plan says\n"
	"  --set WORKLOAD.PARAMETER=VALUE[,VALUE...]\n"
	"                      the same; several values make a sweep\n"
	"  --allow-unsafe      also variants where they are not correct\n"
	"  --target NAME       what boots them (default: exact); of others, "
	"the "
	"cells of\n"
	"                      a seed are a block in random order, the plan's "
	"own\n"
	"  --running RELEASE,PAGES,MMU,CPU,SMP,RCU\n"
	"                      for the kernel that is running, instead of all "
	"that\n"
	"                      the plan says of kernels and machines\n"
	"\n"
	"--root: where kernels/variants, plans, targets ... are (default: .)\n"
	"\n"
	"examples:\n"
	"  pfd-plan cells --plan quick --variants landed,refcount\n"
	"  pfd-plan kernels --plan full\n"
	"  pfd-plan list workloads\n";

struct command_line {
	const char *root, *plan, *release, *target, *running;
	bool allow_unsafe;
	/* key of [plan], value; no key: a workload's parameter and values */
	const char *set[64][2];
	size_t set_count;
};

enum {
	OPT_ROOT = 256,
	OPT_PLAN,
	OPT_RELEASE,
	OPT_TARGET,
	OPT_UNSAFE,
	OPT_RUNNING,
	OPT_HELP,
	OPT_SET,
	OPT_PARAMETER,
};

static const struct option options[] = {
	{"root", required_argument, NULL, OPT_ROOT},
	{"plan", required_argument, NULL, OPT_PLAN},
	{"release", required_argument, NULL, OPT_RELEASE},
	{"target", required_argument, NULL, OPT_TARGET},
	{"allow-unsafe", no_argument, NULL, OPT_UNSAFE},
	{"running", required_argument, NULL, OPT_RUNNING},
	{"help", no_argument, NULL, OPT_HELP},
	{"base", required_argument, NULL, OPT_SET},
	{"variants", required_argument, NULL, OPT_SET},
	{"workloads", required_argument, NULL, OPT_SET},
	{"pages", required_argument, NULL, OPT_SET},
	{"mmu", required_argument, NULL, OPT_SET},
	{"cpu", required_argument, NULL, OPT_SET},
	{"smp", required_argument, NULL, OPT_SET},
	{"rcu", required_argument, NULL, OPT_SET},
	{"arms", required_argument, NULL, OPT_SET},
	{"seeds", required_argument, NULL, OPT_SET},
	{"set", required_argument, NULL, OPT_PARAMETER},
	{NULL, 0, NULL, 0},
};

/* Returns 0; a negative errno value with error set; 1 if --help was there. */
static int parse(struct command_line *line, int argc, char **argv,
		 struct plan_error *error)
{
	int c, which = 0;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":", options, &which)) != -1) {
		switch (c) {
		case OPT_ROOT:
			line->root = optarg;
			break;
		case OPT_PLAN:
			line->plan = optarg;
			break;
		case OPT_RELEASE:
			line->release = optarg;
			break;
		case OPT_TARGET:
			line->target = optarg;
			break;
		case OPT_UNSAFE:
			line->allow_unsafe = true;
			break;
		case OPT_RUNNING:
			line->running = optarg;
			break;
		case OPT_HELP:
			return 1;
		case OPT_SET:
		case OPT_PARAMETER:
			if (line->set_count == 64)
				return plan_fail(error, "too many options");
			line->set[line->set_count][0] =
				c == OPT_SET ? options[which].name : NULL;
			line->set[line->set_count++][1] = optarg;
			break;
		case ':':
			return plan_fail(
				error, "option '%s' needs a value: see --help",
				argv[optind - 1]);
		default:
			return plan_fail(error,
					 "unknown option '%s': see --help",
					 argv[optind - 1]);
		}
	}
	return 0;
}

static int print_cell(void *context, const struct cell *cell,
		      struct plan_error *error)
{
	(void)context;
	(void)error;
	cell_print(stdout, cell);
	return 0;
}

/* Prints a line that was not there yet. */
static int print_once(struct names *seen, const char *line,
		      struct plan_error *error)
{
	size_t count = seen->count;

	if (names_add(seen, line, strlen(line)))
		return plan_fail(error, "out of memory");
	if (seen->count != count)
		puts(line);
	return 0;
}

static int print_image(void *context, const struct cell *cell,
		       struct plan_error *error)
{
	return print_once(context, cell_image(cell), error);
}

static int print_base(void *context, const struct cell *cell,
		      struct plan_error *error)
{
	return print_once(context, cell->base, error);
}

static int print_kernel(void *context, const struct cell *cell,
			struct plan_error *error)
{
	char kernel[128];

	snprintf(kernel, sizeof(kernel), "%s\t%s", cell->variant->name,
		 cell->pages);
	return print_once(context, kernel, error);
}

/* What variant.ini says of where the cell is. */
static int print_claim(void *context, const struct cell *cell,
		       struct plan_error *error)
{
	char configuration[32], claim[128];
	const char *word = "none";

	snprintf(configuration, sizeof(configuration), "%s-%s", cell->pages,
		 cell->mmu);
	if (names_has(&cell->variant->fails, configuration))
		word = "fails";
	else if (cell->correct)
		word = "correct";
	snprintf(claim, sizeof(claim), "%s\t%s\t%s\t%s", cell->variant->name,
		 cell->pages, cell->mmu, word);
	return print_once(context, claim, error);
}

static bool is_exact(const struct command_line *line)
{
	return !strcmp(line->target, "exact");
}

/* The options that a running kernel leaves no choice about. */
static int check_running(const struct command_line *line,
			 struct plan_error *error)
{
	size_t i;

	for (i = 0; line->running && i < line->set_count; i++)
		if (line->set[i][0] && plan_running_decides(line->set[i][0]))
			return plan_fail(error,
					 "the running kernel is what it is: "
					 "leave --%s out",
					 line->set[i][0]);
	return 0;
}

static int visit_cells(const struct command_line *line, cell_visitor visit,
		       void *context, FILE *notes, struct plan_error *error)
{
	struct variants variants = {0};
	struct plan plan;
	char *path;
	size_t i;
	int err;

	err = check_running(line, error);
	if (!err)
		err = plan_init(&plan, error);
	if (err)
		return err;
	path = find_plan(line->root, line->plan, error);
	if (!path)
		err = -EINVAL;
	else
		err = plan_read(&plan, path, error);
	for (i = 0; !err && i < line->set_count; i++)
		err = line->set[i][0]
			      ? plan_set(&plan, line->set[i][0],
					 line->set[i][1], error)
			      : plan_set_option(&plan, line->set[i][1], error);
	plan.allow_unsafe = line->allow_unsafe;
	plan.exact = is_exact(line);
	if (!err)
		err = plan_check(&plan, error);
	if (!err)
		err = base_check(line->root, plan.base, error);
	if (!err)
		err = base_leave_out(line->root, &plan, notes, error);
	if (!err)
		err = find_variants(line->root, &variants, error);
	if (!err && line->running)
		err = plan_running(&plan, &variants, line->running, error);
	if (!err)
		err = plan_cells(&plan, &variants, notes, visit, context,
				 error);
	variants_free(&variants);
	plan_free(&plan);
	free(path);
	return err;
}

static int print_cells(const struct command_line *line,
		       struct plan_error *error)
{
	struct blocks blocks = {.out = stdout};
	int err;

	if (is_exact(line))
		return visit_cells(line, print_cell, NULL, stderr, error);
	err = visit_cells(line, blocks_add, &blocks, stderr, error);
	blocks_end(&blocks);
	return err;
}

/* What of the cells is asked for, each once. */
static int print_of_cells(const struct command_line *line, cell_visitor visit,
			  struct plan_error *error)
{
	struct names seen = {0};
	int err;

	err = visit_cells(line, visit, &seen, NULL, error);
	names_free(&seen);
	return err;
}

static int run(const struct command_line *line, int argc, char **argv,
	       struct plan_error *error)
{
	const char *command = argc ? argv[0] : NULL;

	if (!command)
		return plan_fail(error, "a command is needed: see --help");
	if (!strcmp(command, "list")) {
		if (argc > 2)
			return plan_fail(error, "unexpected '%s': see --help",
					 argv[2]);
		return list(line->root, argv[1], error);
	}
	if (!strcmp(command, "header")) {
		if (argc != 2 || !line->release)
			return plan_fail(error, "header needs --release and "
						"one cell: see --help");
		return cell_header(stdout, argv[1], line->target, line->release,
				   error);
	}
	if (argc > 1)
		return plan_fail(error, "unexpected '%s': see --help", argv[1]);
	if (!strcmp(command, "cells"))
		return print_cells(line, error);
	if (!strcmp(command, "kernels"))
		return print_of_cells(line, print_kernel, error);
	if (!strcmp(command, "images"))
		return print_of_cells(line, print_image, error);
	if (!strcmp(command, "claims"))
		return print_of_cells(line, print_claim, error);
	if (!strcmp(command, "base"))
		return print_of_cells(line, print_base, error);
	return plan_fail(
		error,
		"unknown command '%s': there are cells, kernels, images, "
		"claims, base, header, list",
		command);
}

int main(int argc, char **argv)
{
	struct command_line line = {
		.root = ".", .plan = "default", .target = "exact"};
	struct plan_error error = {""};
	int err;

	err = parse(&line, argc, argv, &error);
	if (err > 0) {
		fputs(usage, stdout);
		return 0;
	}
	if (!err)
		err = run(&line, argc - optind, argv + optind, &error);
	if (err) {
		fprintf(stderr, "pfd-plan: %s\n", error.text);
		return EXIT_USAGE;
	}
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "pfd-plan: cannot write the output: %s\n",
			strerror(errno));
		return EXIT_MACHINE;
	}
	return 0;
}
