/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The report as one page that needs nothing else: no network, no other file
 * but for links to the run's own. It lies in the run's directory.
 */
#ifndef PFD_HTML_H
#define PFD_HTML_H

#include <stdio.h>
#include "run.h"

struct html_request {
	const char *run_dir;
	const char *plot_dir; /* what pfd-stat plot made, below run_dir */
	const char *assets;   /* directory of report.css and report.js */
};

/*
 * Writes the page. *invalid: how many cells are not valid. Returns STAT_OK, or
 * after one message STAT_USAGE or STAT_FAILED.
 */
int html_report(const struct html_request *request, FILE *file,
		size_t *invalid);

/* The same, of a run that has been read. */
int html_loaded(const struct html_request *request, const struct run *run,
		FILE *file);

#endif
