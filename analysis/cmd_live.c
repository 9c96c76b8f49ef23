// SPDX-License-Identifier: GPL-2.0
/* pfd-stat live: shows a run that is under way, until it is done. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "commands.h"
#include "live.h"
#include "message.h"

enum { OPT_ONCE = 256 };

static const struct option options[] = {{"once", no_argument, NULL, OPT_ONCE},
					{"help", no_argument, NULL, 'h'},
					{}};

/* Where the last picture is, and what it takes to tell how long it will be. */
struct screen {
	size_t lines;
	size_t done_before;
	time_t began;
};

static void print_left(const struct live *live, const struct screen *screen,
		       FILE *file)
{
	size_t done = live->done - screen->done_before;
	long long left;

	if (!done || live->done == live->count)
		return;
	left = (long long)(time(NULL) - screen->began) *
	       (live->count - live->done) / done;
	fprintf(file, "%lldm%02llds left\n", left / 60, left % 60);
}

/* Over the last picture; no more lines than the terminal has, nor wider. */
static void show(struct screen *screen, const char *text)
{
	struct winsize size = {};
	size_t rows = 24, columns = 80;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row > 2) {
		rows = size.ws_row;
		columns = size.ws_col;
	}
	if (screen->lines)
		printf("\033[%zuA", screen->lines);
	for (screen->lines = 0; *text && screen->lines < rows - 1;
	     screen->lines++) {
		size_t length = strcspn(text, "\n");

		printf("\r%.*s\033[K\n",
		       (int)(length < columns ? length : columns - 1), text);
		text += length + (text[length] == '\n');
	}
	printf("\033[J");
	fflush(stdout);
}

static int show_all(struct live *live, struct screen *screen)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	int result;

	if (!file)
		return -1;
	result = live_print(live, file);
	print_left(live, screen, file);
	if (fclose(file))
		result = -1;
	if (!result)
		show(screen, text);
	free(text);
	return result;
}

static int watch(struct live *live)
{
	struct screen screen = {.began = time(NULL)};
	int result = live_update(live);

	screen.done_before = live->done;
	while (!result) {
		result = show_all(live, &screen);
		if (result || live->done == live->count)
			break;
		sleep(1);
		result = live_update(live);
	}
	return result;
}

static int run_live(int argc, char **argv)
{
	struct live live = {};
	bool once = false;
	int option, status;

	while ((option = command_option(&command_live, argc, argv, options)) !=
	       -1) {
		switch (option) {
		case OPT_ONCE:
			once = true;
			break;
		case COMMAND_HELP:
			return STAT_OK;
		default:
			return STAT_USAGE;
		}
	}
	if (argc - optind != 1) {
		message("live: give one RUNDIR, see pfd-stat live --help");
		return STAT_USAGE;
	}
	status = live_open(&live, argv[optind]);
	if (!status && (once ? live_update(&live) || live_print(&live, stdout)
			     : watch(&live))) {
		message("cannot show %s: no memory", argv[optind]);
		status = STAT_FAILED;
	}
	live_close(&live);
	return status;
}

const struct command command_live = {
	.name = "live",
	.title = "watch a run that is under way",
	.help = "usage: pfd-stat live [--once] RUNDIR\n"
		"\n"
		"  --once   what there is now, and no more\n"
		"\n"
		"Shows on the terminal, until all cells of the plan have a "
		"result: of each variant\n"
		"and workload how many cells are done (!: not valid), the "
		"share of pages that\n"
		"waited twice and their second wait, medians over the cells "
		"so far.\n"
		"\n"
		"example: pfd-stat live results/latest\n",
	.run = run_live,
};
