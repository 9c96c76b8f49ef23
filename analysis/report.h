/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All that is said about a run, into its directory: report.txt, plots/,
 * report.html. The records are read once, and held to their ledgers: a cell
 * that says it is valid and is not, is not.
 */
#ifndef PFD_REPORT_H
#define PFD_REPORT_H

struct report_request {
	const char *run_dir;
	const char *scripts; /* directory of *.gp */
	const char *assets;  /* directory of report.css and report.js */
};

/*
 * Returns STAT_OK; STAT_INVALID: all is written, and some cell is not valid; or
 * STAT_USAGE or STAT_FAILED after one message, which leaves the report that was
 * there.
 */
int report_run(const struct report_request *request);

#endif
