// SPDX-License-Identifier: GPL-2.0
/*
 * Plots: a point that stands for the wrong cells looks as good as a right one,
 * so the data behind it is compared; and gnuplot must take the scripts.
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
#include "kept.h"
#include "message.h"
#include "plot.h"

struct cell_spec {
	const char *name, *variant, *arm, *swept;
	int seed, smp, processes, ranges, op_ns;
	const char *records; /* further lines */
};

/* Writes cells/NAME/records.jsonl. */
static void write_cell(const struct cell_spec *spec)
{
	char path[128], *text;

	snprintf(path, sizeof(path), "cells/%s", spec->name);
	assert_int_equal(mkdir(path, 0777), 0);
	snprintf(path, sizeof(path), "cells/%s/records.jsonl", spec->name);
	assert_true(
		asprintf(&text,
			 "{\"type\":\"header\",\"schema\":1,\"cell\":\"%s\","
			 "\"variant\":\"%s\",\"pages\":\"64k\",\"mmu\":"
			 "\"radix\",\"cpu\":\"power9\",\"smp\":%d,\"rcu\":"
			 "\"default\",\"workload\":\"w\",\"arm\":\"%s\","
			 "\"seed\":%d,\"target\":\"exact\",\"release\":\"r\","
			 "\"callbacks\":[],\"defer_call_rcu\":\"unknown\","
			 "\"tlb_call_rcu\":\"unknown\","
			 "\"tlb_grace_periods_min\":null,"
			 "\"tlb_grace_periods_max\":null,\"correct\":true,"
			 "\"swept\":%s%s%s}\n%s"
			 "{\"type\":\"op\",\"kind\":\"fork\",\"latency_ns\":"
			 "{\"count\":1,\"sum\":%d,\"min\":%d,\"max\":%d,"
			 "\"buckets\":[[%d,1]]},\"instructions_count\":null,"
			 "\"cycles_count\":null}\n"
			 "{\"type\":\"truth\",\"workload\":\"w\",\"seed\":%d,"
			 "\"parameters\":{\"processes\":%d,\"ranges\":%d},"
			 "\"facts\":{},\"tables\":[],\"unclaimed\":null}\n"
			 "{\"type\":\"verdict\",\"valid\":true,"
			 "\"reasons\":[]}\n",
			 spec->name, spec->variant, spec->smp, spec->arm,
			 spec->seed, spec->swept ? "\"" : "",
			 spec->swept ? spec->swept : "null",
			 spec->swept ? "\"" : "",
			 spec->records ? spec->records : "", spec->op_ns,
			 spec->op_ns, spec->op_ns, spec->op_ns, spec->seed,
			 spec->processes, spec->ranges) >= 0);
	cell_write(path, text);
	free(text);
}

static int enter(void **state)
{
	(void)state;
	cell_enter();
	assert_int_equal(mkdir("cells", 0777), 0);
	cell_verified();
	return 0;
}

static int leave(void **state)
{
	(void)state;
	cell_leave();
	return 0;
}

static void load(struct run *run, const struct cell_spec *specs, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		write_cell(&specs[i]);
	assert_int_equal(run_visit(run, ".", kept_take, NULL), STAT_OK);
	assert_int_equal(run->count, count);
	/* If not: this file's records are not those of analysis/shape.c. */
	if (run->valid_count != count)
		fail_msg("%s", run->cells[run->valid_count].invalid);
}

static void plot_put(struct plot *plot)
{
	free(plot->data);
	free(plot->variables);
	free(plot->about);
	*plot = (struct plot){};
}

/* The sweep's data without its first line, which is a comment. */
static void assert_data(const struct plot *plot, const char *data)
{
	assert_non_null(plot->data);
	assert_string_equal(strchr(plot->data, '\n') + 1, data);
}

/* How many groups have a sweep to plot; *plot is the last. */
static int count_sweeps(const struct run *run, struct plot *plot)
{
	struct plot one = {};
	size_t begin, end;
	int count = 0;

	*plot = one;
	for (begin = 0; begin < run->valid_count; begin = end) {
		end = run_group_end(run, begin);
		assert_int_equal(plot_sweep(run, begin, end, &one), 0);
		if (!one.data)
			continue;
		count++;
		plot_put(plot);
		*plot = one;
		one = (struct plot){};
	}
	return count;
}

/* By size, not by name; one variant's points and seeds only. */
static void sizes_are_sorted(void **state)
{
	static const struct cell_spec specs[] = {
		{"1", "b", "bare", "processes", 1, 2, 16, 7, 30, NULL},
		{"2", "b", "bare", "processes", 2, 2, 16, 7, 20, NULL},
		{"3", "b", "bare", "processes", 1, 2, 4, 7, 10, NULL},
		{"4", "b", "bare", "processes", 1, 2, 1, 7, 5, NULL},
		{"5", "a", "bare", "processes", 1, 2, 4, 7, 11, NULL},
		/* What looking costs is not what the operation does. */
		{"6", "a", "probed", "processes", 1, 2, 16, 7, 31, NULL},
	};
	struct plot plot;
	struct run run;

	(void)state;
	load(&run, specs, sizeof(specs) / sizeof(specs[0]));
	assert_int_equal(count_sweeps(&run, &plot), 1);
	assert_data(&plot, "b\n1\t5.000000\t5.000000\t5.000000\n"
			   "4\t10.000000\t10.000000\t10.000000\n"
			   "16\t25.000000\t20.000000\t30.000000\n\n\n"
			   "a\n4\t11.000000\t11.000000\t11.000000\n\n\n");
	assert_string_equal(plot.about, "64k radix power9 smp2 rcu-default, "
					"w processes=1,4,16 ranges=7");
	assert_non_null(strstr(plot.variables, "doubles=1;sizes='1 4 16 ';"));
	assert_non_null(strstr(plot.variables, "lines_1='2 1 ';"));
	assert_non_null(strstr(plot.variables, "panels=1;"));
	plot_put(&plot);
	run_free(&run);
}

/* Cells of another job, machine or sweep are no points of this one. */
static void sweeps_are_told_apart(void **state)
{
	static const struct cell_spec specs[] = {
		{"1", "a", "bare", "processes", 1, 2, 1, 7, 10, NULL},
		{"2", "a", "bare", "processes", 1, 2, 2, 7, 20, NULL},
		{"3", "a", "bare", "processes", 1, 2, 3, 8, 30, NULL},
		{"4", "a", "bare", "processes", 1, 4, 4, 7, 40, NULL},
		{"5", "a", "bare", "ranges", 1, 2, 5, 7, 50, NULL},
		{"6", "a", "bare", NULL, 1, 2, 6, 7, 60, NULL},
	};
	struct plot plot;
	struct run run;

	(void)state;
	load(&run, specs, sizeof(specs) / sizeof(specs[0]));
	assert_int_equal(count_sweeps(&run, &plot), 1);
	assert_data(&plot, "a\n1\t10.000000\t10.000000\t10.000000\n"
			   "2\t20.000000\t20.000000\t20.000000\n\n\n");
	plot_put(&plot);
	run_free(&run);
}

static void cpus_are_swept(void **state)
{
	static const struct cell_spec specs[] = {
		{"1", "a", "bare", "smp", 1, 8, 5, 7, 30, NULL},
		{"2", "a", "bare", "smp", 1, 1, 5, 7, 10, NULL},
		{"3", "a", "bare", "smp", 1, 7, 5, 7, 20, NULL},
		{"4", "a", "bare", "smp", 1, 4, 6, 7, 20, NULL},
	};
	struct plot plot;
	struct run run;

	(void)state;
	load(&run, specs, sizeof(specs) / sizeof(specs[0]));
	assert_int_equal(count_sweeps(&run, &plot), 1);
	assert_data(&plot, "a\n1\t10.000000\t10.000000\t10.000000\n"
			   "7\t20.000000\t20.000000\t20.000000\n"
			   "8\t30.000000\t30.000000\t30.000000\n\n\n");
	assert_string_equal(plot.about, "64k radix power9 rcu-default, w "
					"processes=5 ranges=7 smp=1,7,8");
	assert_non_null(strstr(plot.variables, "doubles=0;"));
	plot_put(&plot);
	run_free(&run);
}

#define PROBE                                                                  \
	"{\"type\":\"probe\",\"programs\":[],\"lost\":{},\"log_bytes\":1,"     \
	"\"log_used_bytes\":0,\"unavailable\":[]}\n"
#define HIST(count, sum)                                                       \
	"{\"count\":" #count ",\"sum\":" #sum ",\"min\":16,\"max\":16,"        \
	"\"buckets\":[[16," #count "]]}"
/* Waits in ns, of all pages together. */
#define DOUBLE(single, twice, wait_hist, wait, second)                         \
	DOUBLE_OF(single, twice, wait_hist, wait_hist, wait, second)
#define DOUBLE_OF(single, twice, first_hist, second_hist, wait, second)        \
	"{\"type\":\"double_rcu\",\"single_count\":" #single                   \
	",\"double_count\":" #twice ",\"extra_callbacks_count\":" #twice       \
	",\"first_wait_ns\":" first_hist ",\"second_wait_ns\":" second_hist    \
	",\"extra_callback_run_ns\":null,\"held_byte_ns\":" #wait              \
	",\"second_held_byte_ns\":" #second "}\n" PROBE
#define PINNED(interval, drain, tables, pages)                                 \
	"{\"type\":\"pinned\",\"table_peak_bytes\":0,\"page_peak_bytes\":0,"   \
	"\"table_byte_ns\":0,\"page_byte_ns\":0,\"drain_ns\":" #drain          \
	",\"left_bytes\":0,\"interval_ns\":" #interval                         \
	",\"table_series_bytes\":" tables ",\"page_series_bytes\":" pages      \
	"}\n" PROBE

/* Means over all pages of all seeds; 65536 bytes are a page's. */
static void second_waits_are_counted(void **state)
{
	static const struct cell_spec specs[] = {
		{"1", "a", "probed", NULL, 1, 2, 5, 7, 9,
		 DOUBLE(1, 2, HIST(2, 32), 6553600, 2097152)},
		{"2", "a", "probed", NULL, 2, 2, 5, 7, 9,
		 DOUBLE(0, 1, HIST(1, 16), 3932160, 1048576)},
		{"3", "a", "bare", NULL, 1, 2, 5, 7, 9, NULL},
		{"4", "b", "probed", NULL, 1, 2, 5, 7, 9,
		 DOUBLE(4, 0, CELL_HIST_0, 5242880, 0)},
		/* The probe could not give it. */
		{"5", "c", "probed", NULL, 1, 2, 5, 7, 9, PROBE},
		/* Another job, in which no page went that path. */
		{"6", "b", "probed", NULL, 1, 2, 6, 7, 9,
		 DOUBLE(0, 0, CELL_HIST_0, 0, 0)},
	};
	struct plot plot = {};
	struct run run;
	size_t end;

	(void)state;
	load(&run, specs, sizeof(specs) / sizeof(specs[0]));
	end = run_group_end(&run, 0);
	assert_int_equal(plot_double(&run, 0, end, &plot), 0);
	assert_data(&plot, "0\t0.000028\t0.000012\t3\t4\t1\ta\n"
			   "1\t0.000020\t0.000000\t0\t4\t2\tb\n");
	plot_put(&plot);
	assert_int_equal(plot_double(&run, end, run.valid_count, &plot), 0);
	assert_null(plot.data);
	plot_put(&plot);
	run_free(&run);
}

/* The first seed's; a cross only where it is known when the workload ended. */
static void series_are_drawn(void **state)
{
	static const struct cell_spec specs[] = {
		{"1", "a", "probed", NULL, 3, 2, 5, 7, 9,
		 PINNED(1000000, 2500000, "[0,512,256,0]", "[0,64,32,0]")},
		{"2", "a", "probed", NULL, 4, 2, 5, 7, 9,
		 PINNED(1000000, 0, "[9]", "[9]")},
		{"3", "b", "probed", NULL, 3, 2, 5, 7, 9,
		 PINNED(2000000, null, "[128]", "[64]")},
		{"4", "c", "probed", NULL, 3, 2, 5, 7, 9, PROBE},
		{"5", "d", "probed", NULL, 3, 2, 5, 7, 9,
		 PINNED(0, 0, "[]", "[]")},
		{"6", "a", "probed", NULL, 3, 2, 6, 7, 9,
		 PINNED(1000000, 0, "[0,0]", "[0,0]")},
	};
	struct plot plot = {};
	struct run run;
	size_t end;

	(void)state;
	load(&run, specs, sizeof(specs) / sizeof(specs[0]));
	end = run_group_end(&run, 0);
	assert_int_equal(plot_pinned(&run, 0, end, &plot), 0);
	assert_data(&plot, "a\n1.000000\t0\t0\n2.000000\t512\t64\n"
			   "3.000000\t256\t32\n4.000000\t0\t0\n\n\n"
			   "b\n2.000000\t128\t64\n\n\n"
			   "1.500000\t0\t0\t1\n");
	assert_string_equal(plot.variables, "lines='1 2 ';ends=1;"
					    "longest=4.000000;most=512;");
	plot_put(&plot);
	/* Nothing ever waited: no plot of a line at zero. */
	assert_int_equal(plot_pinned(&run, end, run.valid_count, &plot), 0);
	assert_null(plot.data);
	plot_put(&plot);
	run_free(&run);
}

static void assert_drawn(const char *name)
{
	char path[128], *text;

	snprintf(path, sizeof(path), "plots/%s.svg", name);
	text = cell_read(path);
	assert_non_null(strstr(text, "</svg>"));
	free(text);
}

/* A panel of their own, of the pages that waited twice only. */
static void second_waits_are_apart(void **state)
{
	static const struct cell_spec specs[] = {
		{"1", "a", "probed", NULL, 1, 2, 5, 7, 9,
		 DOUBLE_OF(1, 1, CELL_HIST_1, HIST(1, 16), 6553600, 2097152)},
		{"2", "b", "probed", NULL, 1, 2, 5, 7, 9,
		 DOUBLE(4, 0, CELL_HIST_0, 5242880, 0)},
	};
	struct plot plot = {};
	struct run run;

	(void)state;
	load(&run, specs, sizeof(specs) / sizeof(specs[0]));
	assert_int_equal(plot_waits(&run, 0, run.valid_count, &plot), 0);
	assert_data(&plot, "a\n0.000016\t0\n0.000016\t1.000000\n"
			   "0.000016\t1\n\n\n");
	assert_non_null(strstr(plot.variables, "own='';second='1 ';"));
	plot_put(&plot);
	run_free(&run);
}

/* Against the base kernel, wherever it is in the alphabet; seed by seed. */
static void changes_are_mapped(void **state)
{
	static const struct cell_spec specs[] = {
		{"1", "a", "bare", NULL, 1, 2, 5, 7, 15, NULL},
		{"2", "a", "bare", NULL, 2, 2, 5, 7, 30, NULL},
		{"3", "landed-fixed", "bare", NULL, 1, 2, 5, 7, 10, NULL},
		{"4", "landed-fixed", "bare", NULL, 2, 2, 5, 7, 20, NULL},
		{"5", "z", "bare", NULL, 1, 2, 5, 7, 9, NULL},
		{"6", "z", "bare", NULL, 2, 2, 5, 7, 21, NULL},
		/* A seed that the others have not. */
		{"7", "z", "bare", NULL, 3, 2, 5, 7, 1, NULL},
		/* Alone in its group, and of a sweep: no map. */
		{"8", "a", "bare", NULL, 1, 2, 6, 7, 10, NULL},
		{"9", "a", "bare", "ranges", 1, 4, 5, 7, 10, NULL},
		{"10", "z", "bare", "ranges", 1, 4, 5, 7, 10, NULL},
	};
	struct plot plot = {};
	size_t begin, end;
	struct run run;

	(void)state;
	load(&run, specs, sizeof(specs) / sizeof(specs[0]));
	end = run_group_end(&run, 0);
	assert_int_equal(plot_heat(&run, 0, end, &plot), 0);
	/* 50 % are sqrt(0.5) of the shade; z is a tenth less, and more. */
	assert_data(&plot, "0\t0\t0.7071\t+50.0 %\n1\t0\t0.0000\t~\n");
	assert_string_equal(plot.variables,
			    "metrics='op.fork.mean_ns ';column_1='a';"
			    "baseline='landed-fixed';column_2='z';columns=2;");
	plot_put(&plot);
	for (begin = end; begin < run.valid_count; begin = end) {
		end = run_group_end(&run, begin);
		assert_int_equal(plot_heat(&run, begin, end, &plot), 0);
		assert_null(plot.data);
		plot_put(&plot);
	}
	run_free(&run);
}

/* Linear and logarithmic axes, with and without crosses. */
static void gnuplot_takes_the_scripts(void **state)
{
	static const struct cell_spec specs[] = {
		{"1", "a", "bare", "processes", 1, 2, 1, 7, 1, NULL},
		{"2", "a", "bare", "processes", 1, 2, 2, 7, 32768, NULL},
		{"3", "a", "bare", "smp", 1, 2, 9, 8, 10, NULL},
		{"4", "a", "bare", "smp", 1, 3, 9, 8, 20, NULL},
		{"5", "a", "bare", "smp", 1, 4, 9, 8, 24, NULL},
		{"6", "a", "probed", "processes", 1, 2, 1, 7, 9,
		 DOUBLE(1, 2, HIST(2, 32), 6553600, 2097152)},
		{"7", "a", "probed", "processes", 1, 2, 2, 7, 9,
		 PINNED(1000000, 2500000, "[0,512,256,0]", "[0,64,32,0]")},
		{"8", "a", "probed", "smp", 1, 2, 9, 8, 9,
		 PINNED(9000000, 0, "[9,9]", "[9,0]")},
	};
	static const struct plot_request request = {
		".", "plots", PFD_SOURCE_DIR "/analysis/plots"};
	struct run run;

	(void)state;
	load(&run, specs, sizeof(specs) / sizeof(specs[0]));
	run_free(&run);
	assert_int_equal(plot_run(&request), STAT_OK);
	assert_drawn("sweep.64k-radix-smp2.w-processes");
	assert_drawn("sweep.64k-radix.w-smp");
	assert_drawn("double.64k-radix-smp2.w-processes1");
	assert_drawn("pinned.64k-radix-smp2.w-processes2");
	assert_drawn("pinned.64k-radix-smp2.w");
}

#define RUN_TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RUN_TEST(sizes_are_sorted),
		RUN_TEST(sweeps_are_told_apart),
		RUN_TEST(cpus_are_swept),
		RUN_TEST(second_waits_are_counted),
		RUN_TEST(series_are_drawn),
		RUN_TEST(second_waits_are_apart),
		RUN_TEST(changes_are_mapped),
		RUN_TEST(gnuplot_takes_the_scripts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
