// SPDX-License-Identifier: GPL-2.0
/* All that is said about a run, into its directory; see report.h. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "cell.h"
#include "drawings.h"
#include "html.h"
#include "kept.h"
#include "message.h"
#include "plot.h"
#include "recheck.h"
#include "report.h"
#include "summary.h"

struct report {
	const struct report_request *request;
	struct run run;
	char plots[PATH_MAX];
};

/* All that is to be had from a cell's records, while they are there. */
static int visit(struct cell *cell, const json_t *records, void *context)
{
	json_t *verdict;
	int result = recheck_cell(cell, records, &verdict);

	if (!result && verdict)
		result = cell_judge(cell, verdict);
	json_decref(verdict);
	return result ? result : kept_take(cell, records, context);
}

static int write_text(const struct report *report, FILE *file)
{
	int result = summary_print(&report->run, file);

	if (!result)
		return STAT_OK;
	message("cannot summarise %s: %s", report->request->run_dir,
		strerror(-result));
	return STAT_FAILED;
}

static int write_page(const struct report *report, FILE *file)
{
	const struct html_request request = {
		.run_dir = report->request->run_dir,
		.plot_dir = report->plots,
		.assets = report->request->assets,
	};

	return html_loaded(&request, &report->run, file);
}

/* Writes a file in the run's directory, which has its name once it is whole. */
static int write_file(const struct report *report, const char *name,
		      int (*write)(const struct report *report, FILE *file))
{
	const char *dir = report->request->run_dir;
	char path[PATH_MAX], temporary[PATH_MAX];
	bool failed;
	int status;
	FILE *file;

	if (!plot_path(path, "%s/%s", dir, name) ||
	    !plot_path(temporary, "%s/%s.tmp", dir, name))
		return STAT_USAGE;
	file = fopen(temporary, "we");
	if (!file) {
		message("cannot write %s: %s", path, strerror(errno));
		return STAT_FAILED;
	}
	status = write(report, file);
	errno = 0;
	failed = fflush(file) || ferror(file);
	if (fclose(file) || failed || (!status && rename(temporary, path)))
		failed = true;
	if (failed && !status) {
		message("cannot write %s: %s", path,
			strerror(errno ? errno : EIO));
		status = STAT_FAILED;
	}
	if (status)
		unlink(temporary);
	return status;
}

static int write_all(const struct report *report)
{
	const struct plot_request plots = {
		.run_dir = report->request->run_dir,
		.out_dir = report->plots,
		.scripts = report->request->scripts,
	};
	int status = plot_loaded(&plots, &report->run);

	if (!status)
		status = write_file(report, "report.html", write_page);
	/* The text last: where it is new, the rest is. */
	if (!status)
		status = write_file(report, "report.txt", write_text);
	return status;
}

int report_run(const struct report_request *request)
{
	struct report report = {.request = request};
	int status = STAT_USAGE;

	if (!plot_path(report.plots, "%s/plots", request->run_dir))
		return status;
	status = run_visit(&report.run, request->run_dir, visit, NULL);
	if (!status)
		status = write_all(&report);
	if (!status && report.run.valid_count < report.run.count) {
		message("%zu of %zu cells in %s are not valid, report.txt "
			"names them",
			report.run.count - report.run.valid_count,
			report.run.count, request->run_dir);
		status = STAT_INVALID;
	}
	run_free(&report.run);
	return status;
}
