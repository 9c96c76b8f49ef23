// SPDX-License-Identifier: GPL-2.0
/*
 * pfd-stat report: figures of cells that were changed after their verdict are
 * in no report, a report that cannot be made leaves the old one alone, and a
 * plot does not depend on which was drawn before it.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "cells.h"
#include "drawings.h"
#include "kept.h"
#include "message.h"
#include "report.h"
#include "sample_run.h"

static const struct report_request request = {
	.run_dir = ".",
	.scripts = PFD_SOURCE_DIR "/analysis/plots",
	.assets = PFD_SOURCE_DIR "/analysis/html",
};

static void assert_file_has(const char *path, const char *what)
{
	char *text = cell_read(path);

	if (!strstr(text, what))
		fail_msg("no \"%s\" in %s: %s", what, path, text);
	free(text);
}

/* One of two was changed: both files say so, and count the other only. */
static void changed_cells_do_not_count(void **state)
{
	(void)state;
	run_put("one", "header.cell=\"one\"", cell_guest, "", RUN_VALID);
	run_put("two", "header.cell=\"two\";header.seed=2", cell_guest,
		"truth.seed=2;callback.enqueued_count=77", RUN_VALID);
	assert_int_equal(report_run(&request), STAT_INVALID);
	assert_file_has("report.txt", "1 valid, 1 not valid");
	assert_file_has("report.txt", "  two: conservation: ");
	assert_file_has("report.html", "1 valid, 1 not valid");
	assert_int_equal(access("plots", F_OK), 0);
	assert_int_not_equal(access("report.txt.tmp", F_OK), 0);
	assert_int_not_equal(access("report.html.tmp", F_OK), 0);
}

static void failures_leave_the_old_report(void **state)
{
	struct report_request wrong = request;

	(void)state;
	run_put("one", "header.cell=\"one\"", cell_guest, "", RUN_VALID);
	cell_write("report.txt", "the old text");
	cell_write("report.html", "the old page");
	wrong.assets = "nosuch";
	assert_int_equal(report_run(&wrong), STAT_FAILED);
	wrong = request;
	wrong.scripts = "nosuch";
	assert_int_equal(report_run(&wrong), STAT_FAILED);
	cell_write("manifest.json", "{\n\"git\": \"1\n");
	assert_int_equal(report_run(&request), STAT_FAILED);
	assert_file_has("report.txt", "the old text");
	assert_file_has("report.html", "the old page");
	assert_int_not_equal(access("report.html.tmp", F_OK), 0);
}

/* The last group, which has no sweep and therefore a map of changes. */
static size_t last_group(const struct run *run)
{
	size_t begin = 0;

	while (run_group_end(run, begin) < run->valid_count)
		begin = run_group_end(run, begin);
	return begin;
}

/* Has a plot of that group drawn into NAME.svg and NAME.png. */
static void add(struct drawings *drawings, const struct run *run,
		const struct plot_kind *kind, const char *name)
{
	static const char *const formats[] = {"svg", "png"};
	size_t begin = last_group(run);
	struct plot plot = {};
	char data[64], out[64];
	size_t i;

	assert_int_equal(kind->fill(run, begin, run->valid_count, &plot), 0);
	if (plot.data) {
		snprintf(data, sizeof(data), "./%s.tsv", name);
		cell_write(data, plot.data);
	}
	for (i = 0; i < 2 && plot.data; i++) {
		snprintf(out, sizeof(out), "./%s.%s", name, formats[i]);
		assert_int_equal(
			drawings_add(drawings, &plot, &run->cells[begin],
				     request.scripts, data, out, formats[i]),
			STAT_OK);
	}
	free(plot.data);
	free(plot.variables);
	free(plot.about);
}

static void draw(struct drawings *drawings)
{
	assert_int_equal(drawings_draw(drawings), STAT_OK);
	drawings_free(drawings);
}

/* Whether both were drawn, and are the same; false: there is neither. */
static bool same(const char *name, const char *other, const char *type)
{
	char command[128];

	snprintf(command, sizeof(command), "test -e %s.%s", name, type);
	if (system(command))
		return false;
	/* But for the name of the data, which is in none of them. */
	snprintf(command, sizeof(command), "cmp %s.%s %s.%s", name, type, other,
		 type);
	if (system(command))
		fail_msg("%s.%s is not what it is when drawn alone", name,
			 type);
	return true;
}

/* All plots by one gnuplot, in any order, are what they are one by one. */
static void plots_do_not_meet(void **state)
{
	struct drawings *together = drawings_begin();
	const struct plot_kind *first, *kind;
	char name[64], alone[64];
	struct run run;
	int count = 0;

	(void)state;
	assert_int_equal(rmdir("cells"), 0);
	run_make_sample();
	assert_int_equal(run_visit(&run, ".", kept_take, NULL), STAT_OK);
	for (first = plot_kinds; first->name; first++) {
		struct drawings *one = drawings_begin();

		add(one, &run, first, first->name);
		draw(one);
		for (kind = plot_kinds; kind->name; kind++) {
			snprintf(name, sizeof(name), "%s-before-%s",
				 first->name, kind->name);
			add(together, &run, first, name);
			snprintf(name, sizeof(name), "%s-%s", first->name,
				 kind->name);
			add(together, &run, kind, name);
		}
	}
	draw(together);
	for (first = plot_kinds; first->name; first++) {
		for (kind = plot_kinds; kind->name; kind++) {
			snprintf(name, sizeof(name), "%s-%s", first->name,
				 kind->name);
			snprintf(alone, sizeof(alone), "%s", kind->name);
			count += same(name, alone, "svg") &&
				 same(name, alone, "png");
		}
	}
	assert_true(count >= 9);
	/* A pattern has the colour of its variant. */
	assert_file_has("double.svg", "fill:rgb(0,114,178)");
	assert_file_has("double.svg", "fill:rgb(213,94,0)");
	run_free(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(changed_cells_do_not_count,
						run_enter, run_leave),
		cmocka_unit_test_setup_teardown(failures_leave_the_old_report,
						run_enter, run_leave),
		cmocka_unit_test_setup_teardown(plots_do_not_meet, run_enter,
						run_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
