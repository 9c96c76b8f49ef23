// SPDX-License-Identifier: GPL-2.0
/*
 * A run's verified.tsv, as it may come from a stranger: refused, or in the
 * summary and on the page of a run that has one cell.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "files.h"
#include "html_parts.h"
#include "message.h"
#include "summary_sections.h"

static const char records[] =
	"{\"type\":\"header\",\"schema\":2,\"cell\":\"one\","
	"\"variant\":\"v1\",\"pages\":\"64k\",\"mmu\":\"radix\","
	"\"cpu\":\"power9\",\"smp\":2,\"rcu\":\"default\","
	"\"workload\":\"fork-munmap\",\"arm\":\"bare\",\"seed\":1,"
	"\"target\":\"exact\",\"release\":\"6.12\","
	"\"callbacks\":[\"pte_free_deferred\"],"
	"\"defer_call_rcu\":\"page-and-grace-period\","
	"\"tlb_call_rcu\":\"never\",\"tlb_grace_periods_min\":1,"
	"\"tlb_grace_periods_max\":1,\"correct\":true,\"swept\":null}\n"
	"{\"type\":\"verdict\",\"valid\":true,\"reasons\":[]}\n";

static void begin(void)
{
	files_mkdir("cells");
	files_mkdir("cells/one");
	files_write("cells/one/records.jsonl", records, strlen(records));
}

/* The text goes onto terminals, the page into browsers. */
static void check(const struct run *run, bool page)
{
	struct html_view html;
	char *out = NULL;
	size_t size, i;
	FILE *file = open_memstream(&out, &size);
	struct view text = {&text_view, file};

	if (!file)
		files_fail("no memory");
	html_view_init(&html, "gate", file);
	html.titles = true;
	if (summary_verified(run, page ? &html.view : &text) || fclose(file))
		files_fail("what the gate found cannot be told");
	for (i = 0; i < size; i++) {
		if (out[i] != '\n' && (out[i] < ' ' || out[i] > '~'))
			files_fail("not only text comes out");
	}
	if (page && strcasestr(out, "<script"))
		files_fail("a page that runs what is in a file");
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct run run;
	int status;

	if (files_begin())
		begin();
	files_write("verified.tsv", data, size);
	status = run_load(&run, ".");
	if (status != STAT_OK && status != STAT_FAILED)
		files_fail("neither read nor refused");
	if (run.valid_count != 1)
		files_fail("a cell that is not valid");
	if (status == STAT_OK) {
		check(&run, false);
		check(&run, true);
	}
	run_free(&run);
	return 0;
}
