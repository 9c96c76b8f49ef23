// SPDX-License-Identifier: GPL-2.0
/*
 * What a guest wrote, through `pfd-stat check`: whatever it is, the records
 * that come out are whole, with the verdict that was given.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cell.h"
#include "check.h"
#include "files.h"
#include "message.h"

static const char header[] =
	"{\"type\":\"header\",\"schema\":2,\"cell\":\"c1\","
	"\"variant\":\"refcount\",\"pages\":\"64k\",\"mmu\":\"radix\","
	"\"cpu\":\"power9\",\"smp\":2,\"rcu\":\"default\","
	"\"workload\":\"fork-munmap\",\"arm\":\"probed\",\"seed\":1,"
	"\"target\":\"exact\",\"release\":\"6.12\","
	"\"callbacks\":[\"pte_free_deferred\"],"
	"\"defer_call_rcu\":\"page-and-grace-period\","
	"\"tlb_call_rcu\":\"never\",\"tlb_grace_periods_min\":1,"
	"\"tlb_grace_periods_max\":1,\"correct\":true,\"swept\":null}\n";
static const char console[] = "booting\nreboot: Power down\n";

static const struct check check = {
	.header = "header",
	.guest = "guest",
	.console = "console",
	.out = "cells/one/records.jsonl",
};

static void begin(void)
{
	files_write("header", header, strlen(header));
	files_write("console", console, strlen(console));
	files_mkdir("cells");
	files_mkdir("cells/one");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cell cell = {};
	char *line = NULL;
	size_t length;
	FILE *report;
	int status;

	if (files_begin())
		begin();
	files_write("guest", data, size);
	report = open_memstream(&line, &length);
	if (!report)
		files_fail("no memory");
	status = check_cell(&check, report);
	if (fclose(report) || (status != STAT_OK && status != STAT_INVALID))
		files_fail("a cell that cannot be checked");
	if (!length || strchr(line, '\n') != line + length - 1)
		files_fail("not one line that says what it is");
	if (cell_load(&cell, "cells", "one", NULL, NULL))
		files_fail("records that cannot be read");
	if ((status == STAT_OK) != !cell.invalid)
		files_fail("records of another verdict");
	cell_free(&cell);
	free(line);
	return 0;
}
