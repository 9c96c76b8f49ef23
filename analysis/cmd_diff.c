// SPDX-License-Identifier: GPL-2.0
/* pfd-stat diff: its command line. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "commands.h"
#include "diff_print.h"
#include "gate.h"
#include "message.h"
#include "provenance.h"

enum { OPT_JSON = 256, OPT_CSV, OPT_MAIL, OPT_ALL, OPT_FAIL_ON, OPT_TRY_TIMED };

static const struct option options[] = {
	{"json", no_argument, NULL, OPT_JSON},
	{"csv", no_argument, NULL, OPT_CSV},
	{"mail", no_argument, NULL, OPT_MAIL},
	{"all", no_argument, NULL, OPT_ALL},
	{"fail-on", required_argument, NULL, OPT_FAIL_ON},
	{"try-timed", no_argument, NULL, OPT_TRY_TIMED},
	{"help", no_argument, NULL, 'h'},
	{}};

struct request {
	struct gate *gates;
	size_t gates_count;
	int format; /* OPT_JSON, OPT_CSV, OPT_MAIL, or 0: text */
	bool all, try_timed;
};

/* A run that is compared, read once. */
struct source {
	struct run run;
	struct manifest manifest;
};

/* What is compared: sides[i] is of sources[of[i]]; the first is the base. */
struct sides {
	struct source *sources;
	size_t sources_count;
	struct diff_side *sides;
	size_t *of;
	size_t count;
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

/* What may be beyond a limit, and cannot be seen, is not within it. */
static int check_valid(const struct diff_side *side)
{
	const struct cell *first;

	if (!diff_invalid(side, &first))
		return STAT_OK;
	message("--fail-on: not every cell of %s is valid, the first %s: %s",
		side->variant, first->name, first->invalid);
	return STAT_INVALID;
}

static int check_gates(const struct request *request,
		       const struct diff_set *set)
{
	int status = STAT_OK;
	size_t i, j;

	if (request->gates_count)
		status = check_valid(&set->list[0].a);
	for (i = 0; i < set->count && request->gates_count && !status; i++)
		status = check_valid(&set->list[i].b);
	for (i = 0; i < request->gates_count; i++) {
		for (j = 0; j < set->count; j++) {
			int one = gate_check(&request->gates[i], &set->list[j]);

			if (one > status)
				status = one;
		}
	}
	return status;
}

static int check_pairs(const struct diff_set *set)
{
	int status = STAT_OK;
	size_t i;

	for (i = 0; i < set->count; i++) {
		if (set->list[i].pairs)
			continue;
		message("nothing to compare: no valid cell of %s has the same "
			"configuration, target, workload, arm and seed as one "
			"of %s",
			set->list[i].a.variant, set->list[i].b.variant);
		status = STAT_INVALID;
	}
	return status;
}

/* CSV has no place for these, and they must not go unsaid. */
static void warn_of_others(const struct provenance *list, const char *between)
{
	if (list->count)
		message("between the %s, %s differs too%s: see it without "
			"--csv",
			between, list->items[0].what,
			list->count > 1 ? ", and more" : "");
}

static void warn_of_invalid(const struct diff_side *side)
{
	const struct cell *first;
	size_t count = diff_invalid(side, &first);

	if (count)
		message("%s: %zu cell%s not valid and left out, the first "
			"%s: %s",
			side->variant, count, count == 1 ? "" : "s",
			first->name, first->invalid);
}

static void warn(const struct diff_view *view)
{
	size_t i;

	if (view->set->list[0].a.run->tried)
		message("%s", RUN_TRIED);
	if (view->runs.unknown)
		message("what else differs between the runs is not known");
	warn_of_others(&view->runs, "runs");
	warn_of_others(&view->bases, "variants' bases");
	warn_of_invalid(&view->set->list[0].a);
	for (i = 0; i < view->set->count; i++)
		warn_of_invalid(&view->set->list[i].b);
}

static int print(const struct request *request, const struct diff_view *view,
		 const struct manifest *manifest)
{
	switch (request->format) {
	case OPT_JSON:
		return diff_print_json(view, stdout);
	case OPT_CSV:
		warn(view);
		return diff_print_csv(view->set, stdout);
	case OPT_MAIL:
		return diff_print_mail(view, manifest, stdout);
	default:
		return diff_print_text(view, stdout);
	}
}

static int compare_provenance(const struct sides *sides, struct diff_view *view)
{
	const struct source *a = &sides->sources[sides->of[0]];
	int result = 0;
	size_t i;

	for (i = 1; i < sides->count && !result; i++) {
		const struct source *b = &sides->sources[sides->of[i]];

		result = provenance_compare(
			a == b ? &view->bases : &view->runs, &a->manifest,
			sides->sides[0].variant, &b->manifest,
			sides->sides[i].variant);
	}
	return result;
}

static int compare(const struct request *request, const struct sides *sides)
{
	struct diff_set set = {};
	struct diff_view view = {.set = &set};
	int status = STAT_OK;
	int result;

	view.rows = request->all		  ? DIFF_ALL
		    : request->format == OPT_MAIL ? DIFF_HEADLINE
						  : DIFF_TABLES;
	result = diff_set_build(&set, sides->sides[0], &sides->sides[1],
				sides->count - 1);
	if (!result)
		result = compare_provenance(sides, &view);
	if (!result)
		status = check_pairs(&set);
	if (!result && !status)
		result = print(request, &view,
			       &sides->sources[sides->of[0]].manifest);
	if (result) {
		message("cannot compare: %s", strerror(-result));
		status = STAT_FAILED;
	} else if (!status) {
		status = check_gates(request, &set);
	}
	provenance_free(&view.runs);
	provenance_free(&view.bases);
	diff_set_free(&set);
	return status;
}

/* Reads the run, unless it was read for an earlier side. */
static int load_run(struct sides *sides, const char *dir, size_t *of)
{
	struct source *source = &sides->sources[sides->sources_count];
	size_t i;
	int status;

	for (i = 0; i < sides->sources_count; i++) {
		if (!strcmp(sides->sources[i].run.dir, dir)) {
			*of = i;
			return STAT_OK;
		}
	}
	*of = sides->sources_count++;
	status = run_load(&source->run, dir);
	return status ? status : manifest_read(&source->manifest, dir);
}

static int load_sides(struct sides *sides, char **args, size_t count,
		      bool try_timed)
{
	int status = STAT_OK;
	size_t i;

	sides->sources = calloc(count, sizeof(*sides->sources));
	sides->sides = calloc(count, sizeof(*sides->sides));
	sides->of = calloc(count, sizeof(*sides->of));
	if (!sides->sources || !sides->sides || !sides->of) {
		message("no memory");
		return STAT_FAILED;
	}
	for (i = 0; i < count && !status; i++) {
		status = load_run(sides, args[2 * i], &sides->of[i]);
		sides->sides[i] = (struct diff_side){
			&sides->sources[sides->of[i]].run, args[2 * i + 1]};
		if (!status)
			status = check_variant(&sides->sides[i]);
	}
	for (i = 0; i < sides->sources_count && try_timed && !status; i++)
		run_try_timed(&sides->sources[i].run);
	sides->count = count;
	return status;
}

static void free_sides(struct sides *sides)
{
	size_t i;

	for (i = 0; i < sides->sources_count; i++) {
		run_free(&sides->sources[i].run);
		manifest_free(&sides->sources[i].manifest);
	}
	free(sides->sources);
	free(sides->sides);
	free(sides->of);
}

static int set_format(struct request *request, int format)
{
	if (request->format && request->format != format) {
		message("diff: give one of --json, --csv and --mail");
		return STAT_USAGE;
	}
	request->format = format;
	return STAT_OK;
}

static int parse(struct request *request, int argc, char **argv, bool *help)
{
	int status = STAT_OK;
	int option;

	while (!status && (option = command_option(&command_diff, argc, argv,
						   options)) != -1) {
		switch (option) {
		case OPT_JSON:
		case OPT_CSV:
		case OPT_MAIL:
			status = set_format(request, option);
			break;
		case OPT_ALL:
			request->all = true;
			break;
		case OPT_TRY_TIMED:
			request->try_timed = true;
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
	if (!status && (argc - optind < 4 || (argc - optind) % 2)) {
		message("diff: give RUNDIR and VARIANT, twice or more, see "
			"pfd-stat diff --help");
		return STAT_USAGE;
	}
	return status;
}

static int run_diff(int argc, char **argv)
{
	struct request request = {};
	struct sides sides = {};
	bool help = false;
	int status;
	size_t i;

	status = parse(&request, argc, argv, &help);
	if (!status && !help)
		status = load_sides(&sides, argv + optind,
				    (size_t)(argc - optind) / 2,
				    request.try_timed);
	if (!status && !help)
		status = compare(&request, &sides);
	free_sides(&sides);
	for (i = 0; i < request.gates_count; i++)
		gate_free(&request.gates[i]);
	free(request.gates);
	return status;
}

const struct command command_diff = {
	.name = "diff",
	.title = "compare variants, metric by metric",
	.help = "usage: pfd-stat diff RUNDIR VARIANT RUNDIR VARIANT "
		"[RUNDIR VARIANT]...\n"
		"                     [--all] [--json|--csv|--mail] "
		"[--fail-on METRIC=PCT]...\n"
		"                     [--try-timed]\n"
		"\n"
		"The first is what the others are compared with.\n"
		"\n"
		"  --all                 also RCU callbacks that are not about "
		"page tables\n"
		"  --json, --csv         everything, for programs\n"
		"  --mail                the metrics that matter most, with "
		"a subject, and what\n"
		"                        the run was made from\n"
		"  --fail-on METRIC=PCT  exit code 1 when a variant has more "
		"than PCT % above\n"
		"                        the first of the metric, in any "
		"configuration\n"
		"                        (pfd-stat metrics); of timed evidence "
		"only what may be\n"
		"                        claimed counts\n"
		"  --try-timed           takes the time of target tcg for "
		"time, to try the\n"
		"                        statistics on an emulated machine: no "
		"figures\n"
		"\n"
		"Exit code: 0, 1 beyond a limit, 2 usage, 3 no valid pair of "
		"cells, or with\n"
		"--fail-on, a cell that is not valid.\n"
		"\n"
		"example: pfd-stat diff results/latest landed results/latest "
		"refcount \\\n"
		"             --fail-on callback.enqueued_count=5%\n",
	.run = run_diff,
};
