// SPDX-License-Identifier: GPL-2.0
/*
 * report.html: what is not ours gets into the page as text only, figures are
 * there and lead to cells that are there, and nothing comes from elsewhere.
 * What a browser makes of it is tests/shell/report-page.sh's business.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "cells.h"
#include "html.h"
#include "html_text.h"
#include "message.h"
#include "plot.h"
#include "sample_run.h"

static int enter(void **state)
{
	(void)state;
	cell_enter();
	return 0;
}

static int leave(void **state)
{
	(void)state;
	cell_leave();
	return 0;
}

/* The page of the run in the current directory; to be freed. */
static char *page(size_t invalid_expected)
{
	static const struct html_request request = {
		".", "plots", PFD_SOURCE_DIR "/analysis/html"};
	size_t size, invalid;
	char *text;
	FILE *file = open_memstream(&text, &size);

	assert_non_null(file);
	assert_int_equal(html_report(&request, file, &invalid), STAT_OK);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(invalid, invalid_expected);
	return text;
}

static void assert_has(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("no \"%s\" in the page", what);
}

static int count(const char *text, const char *what)
{
	int found = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		found++;
	return found;
}

/* Every reference within the page leads somewhere, and to one place only. */
static void assert_links(const char *text)
{
	static const char start[] = "href=\"#";
	const char *link = text;
	char id[256];
	int links = 0;

	while ((link = strstr(link, start))) {
		int size;

		link += strlen(start);
		size = strcspn(link, "\"");
		snprintf(id, sizeof(id), " id=\"%.*s\"", size, link);
		if (count(text, id) != 1) {
			snprintf(id, sizeof(id), " id='%.*s'", size, link);
			if (count(text, id) != 1)
				fail_msg("%s is there %d times", id,
					 count(text, id));
		}
		links++;
	}
	assert_true(links > 20);
}

static void draw(void)
{
	static const struct plot_request request = {
		".", "plots", PFD_SOURCE_DIR "/analysis/plots"};

	assert_int_equal(plot_run(&request), STAT_OK);
}

static void what_is_not_ours_is_text(void **state)
{
	char *text;

	(void)state;
	run_make_sample();
	text = page(1);
	assert_null(strstr(text, RUN_HOSTILE));
	assert_null(strstr(text, "'\"><b>"));
	/* It is said all the same. */
	assert_has(text, "&#60;script&#62;document.title=1&#60;/script&#62;");
	assert_has(text, "href=\"./cells/%27%22%3E%3Cb%3E%26\"");
	assert_int_equal(count(text, "<script>"), 1);
	free(text);
}

static void figures_lead_to_cells(void **state)
{
	char *text;

	(void)state;
	run_make_sample();
	draw();
	text = page(1);
	assert_links(text);
	/* Two jobs of three are of a sweep, each double with v1 only. */
	assert_has(text, ">100 % in 3 of 3</a>");
	assert_has(text, ">none in 3</a>");
	assert_has(text, "v1: pages waited twice in 3 of 3 workloads");
	assert_has(text, "No page waited twice with v2, v3.");
	/* The median of two seeds, from two cells that are listed. */
	assert_has(text, "href=\"./cells/v1.p1.probed.s2/records.jsonl\"");
	assert_has(text, "37 cells: 36 valid, 1 not valid");
	assert_has(text, "The plan has 38 cells: 1 have no result yet.");
	free(text);
}

static void plots_are_in_the_page(void **state)
{
	char *text;

	(void)state;
	run_make_sample();
	draw();
	text = page(1);
	/* A job has six kinds; a sweep has one, not one for each size, */
	assert_int_equal(count(text, "<svg role=\"img\""), 3 * 6 - 2 + 1);
	assert_has(text, " id=\"sweep-64k-radix-w-processes-gnuplot_canvas\"");
	/* and nothing is fetched. */
	assert_null(strstr(text, "src="));
	assert_null(strstr(text, "href=\"http"));
	assert_null(strstr(text, "url(http"));
	assert_has(text, "default-src 'none'");
	free(text);
}

/* Somebody else's picture in the place of a plot could run a script. */
static void only_pictures_are_taken(void **state)
{
	static const char *const bad[] = {
		"<svg viewBox=\"0 0 9 9\"><script>1</script></svg>",
		"<svg viewBox=\"0 0 9 9\" onload=\"x()\"></svg>",
		"<svg viewBox=\"0 0 9 9\"><a href=\"javascript:x\"/></svg>",
		"no picture",
	};
	size_t i;
	char *text;

	(void)state;
	run_make_sample();
	assert_int_equal(mkdir("plots", 0777), 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cell_write("plots/heat.64k-radix.x.svg", bad[i]);
		text = page(1);
		assert_int_equal(count(text, "<svg"), 0);
		free(text);
	}
	cell_write("plots/heat.64k-radix.x.svg",
		   "<svg viewBox=\"0 0 9 9\"><text>on x</text></svg>");
	text = page(1);
	assert_int_equal(count(text, "<svg"), 1);
	free(text);
}

static void variants_speak_for_themselves(void **state)
{
	char *text;

	(void)state;
	run_make_sample();
	assert_int_equal(mkdir("variants", 0777), 0);
	assert_int_equal(mkdir("variants/v2", 0777), 0);
	cell_write(
		"variants/v2/variant.ini",
		"[variant]\ntitle = counts <deferrals>\n[cost]\ntitle = x\n");
	text = page(1);
	assert_has(text, "<a href=\"./variants/v2\">v2</a></th>"
			 "<td>counts &#60;deferrals&#62;</td><td>-</td>");
	free(text);
}

/* No figure without what the gate says of its variant. */
static void what_failed_is_said_first(void **state)
{
	char *text, *gate;

	(void)state;
	run_make_sample();
	text = page(1);
	assert_null(strstr(text, "has not passed"));
	free(text);
	cell_write("verified.tsv", "v1\t64k\tradix\tpass\t\n"
				   "v2\t64k\tradix\tfail\t<bad page>\n");
	text = page(1);
	gate = strstr(text, "! v2 on 64k radix failed: &#60;bad page&#62;");
	assert_non_null(gate);
	assert_true(gate < strstr(text, "<table"));
	assert_has(
		text,
		"? not been through it, or nothing decided: v3 on 64k radix");
	assert_has(text, ">v2!</th>");
	assert_has(text, ">v3?</th>");
	assert_has(text, ">v1</th>");
	free(text);
}

static void a_run_without_anything_has_a_page(void **state)
{
	char *text;

	(void)state;
	assert_int_equal(mkdir("cells", 0777), 0);
	text = page(0);
	assert_has(text, "it has no answer");
	assert_has(text, "no manifest.json");
	free(text);
}

static void assert_escaped(const char *text, const char *expected)
{
	char *escaped;
	size_t size;
	FILE *file = open_memstream(&escaped, &size);

	assert_non_null(file);
	html_text(file, text);
	assert_int_equal(fclose(file), 0);
	assert_string_equal(escaped, expected);
	free(escaped);
}

static void bytes_are_text_or_marked(void **state)
{
	(void)state;
	assert_escaped("a<b>&\"'", "a&#60;b&#62;&#38;&#34;&#39;");
	assert_escaped("\xc3\xa9", "\xc3\xa9");
	assert_escaped("\xc3", "?");
	assert_escaped("\xff\x01\x7f", "???");
	assert_escaped("\xe2\x82", "??");
}

#define RUN_TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RUN_TEST(what_is_not_ours_is_text),
		RUN_TEST(figures_lead_to_cells),
		RUN_TEST(plots_are_in_the_page),
		RUN_TEST(only_pictures_are_taken),
		RUN_TEST(variants_speak_for_themselves),
		RUN_TEST(what_failed_is_said_first),
		RUN_TEST(a_run_without_anything_has_a_page),
		cmocka_unit_test(bytes_are_text_or_marked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
