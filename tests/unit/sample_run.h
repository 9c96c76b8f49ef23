/* SPDX-License-Identifier: GPL-2.0 */
/* Runs made up for tests, in the current directory. */
#ifndef PFD_UNIT_SAMPLE_RUN_H
#define PFD_UNIT_SAMPLE_RUN_H

/* Set-up and tear-down of a test: in an empty directory with cells/. */
int run_enter(void **state);
int run_leave(void **state);

/* A verdict record, for run_put(). */
#define RUN_VALID "{\"type\":\"verdict\",\"valid\":true,\"reasons\":[]}\n"

/*
 * Writes cells/NAME/records.jsonl; cells/ must be there. The edits of header
 * and guest's lines are as cell_edit() (cells.h) does them.
 */
void run_put(const char *name, const char *header_edits, const char *guest,
	     const char *guest_edits, const char *verdict);

/*
 * A whole run for the report: three variants of which v1 waits twice, two jobs,
 * two seeds, all arms, a sweep; a cell that is not valid, and a manifest. Names
 * and texts that may hold anything hold what must not get into a page as it is.
 */
void run_make_sample(void);

/* What that is: it must not be in a page like this. */
#define RUN_HOSTILE "<script>document.title=1</script>"

#endif
