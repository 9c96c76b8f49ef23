// SPDX-License-Identifier: GPL-2.0
/* Runs made up for tests; see sample_run.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "cells.h"
#include "sample_run.h"

int run_enter(void **state)
{
	(void)state;
	cell_enter();
	assert_int_equal(mkdir("cells", 0777), 0);
	return 0;
}

int run_leave(void **state)
{
	(void)state;
	cell_leave();
	return 0;
}

void run_put(const char *name, const char *header_edits, const char *guest,
	     const char *guest_edits, const char *verdict)
{
	char *header = cell_edit(cell_header, header_edits);
	char *lines = cell_edit(guest, guest_edits);
	char path[256], *text;

	snprintf(path, sizeof(path), "cells/%s", name);
	assert_int_equal(mkdir(path, 0777), 0);
	snprintf(path, sizeof(path), "cells/%s/records.jsonl", name);
	assert_true(asprintf(&text, "%s%s%s", header, lines, verdict) >= 0);
	cell_write(path, text);
	free(text);
	free(lines);
	free(header);
}

#define SINGLE                                                                 \
	"double_rcu.double_count=0; double_rcu.single_count=2;"                \
	"double_rcu.extra_callbacks_count=0;"                                  \
	"double_rcu.first_wait_ns=" CELL_HIST_0                                \
	";double_rcu.second_wait_ns=" CELL_HIST_0                              \
	";double_rcu.extra_callback_run_ns=" CELL_HIST_0                       \
	";double_rcu.second_held_byte_ns=0"
#define NO_PROBE                                                               \
	"-callback; -callback; -grace_period; -table; -page; -double_rcu;"     \
	"-pinned; -softirq; -probe"

/* One variant, job and seed, in both arms. */
static void put_pair(int variant, int processes, int seed)
{
	static const char *const workloads[] = {"w", "w", "x"};
	bool sweep = processes < 3;
	char *twice = cell_double(), *bare = cell_edit(twice, NO_PROBE);
	char header[256], guest[1024], name[64];
	int i;

	for (i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "v%d.p%d.%s.s%d", variant,
			 processes, i ? "bare" : "probed", seed);
		snprintf(header, sizeof(header),
			 "header.cell=\"%s\"; header.variant=\"v%d\"; "
			 "header.seed=%d;"
			 "header.workload=\"%s\"; header.arm=\"%s\";"
			 "header.swept=%s",
			 name, variant, seed, workloads[processes - 1],
			 i ? "bare" : "probed",
			 sweep ? "\"processes\"" : "null");
		snprintf(guest, sizeof(guest),
			 "truth.workload=\"%s\"; truth.seed=%d;"
			 "truth.parameters={\"processes\":%d};"
			 "work.instructions_count=%d;%s",
			 workloads[processes - 1], seed, processes,
			 1000 * variant + seed,
			 i || variant == 1 ? "" : SINGLE);
		run_put(name, header, i ? bare : twice, guest, RUN_VALID);
	}
	free(bare);
	free(twice);
}

void run_make_sample(void)
{
	int variant, processes, seed;

	assert_int_equal(mkdir("cells", 0777), 0);
	cell_verified();
	for (variant = 1; variant <= 3; variant++) {
		for (processes = 1; processes <= 3; processes++) {
			for (seed = 1; seed <= 2; seed++)
				put_pair(variant, processes, seed);
		}
	}
	run_put("'\"><b>&", "header.seed=9", cell_guest, "truth.seed=9",
		"{\"type\":\"verdict\",\"valid\":false,\"reasons\":[{\"code\":"
		"\"loss\",\"text\":\"" RUN_HOSTILE "\"}]}\n");
	cell_write("kernels.tsv", "v1\t64k\t0123\t6.12-v1\n"
				  "v2\t64k\t4567\t6.12-v1\n"
				  "v3\t64k\t89ab\t6.12-v1\n");
	cell_write("manifest.json",
		   "{\"schema\":1,\"plan\":\"made-up\",\"target\":\"exact\","
		   "\"cells_count\":38,\"options\":\"--seeds 2 "
		   "" RUN_HOSTILE "\",\"git\":\"0123\",\"" RUN_HOSTILE
		   "\":[\"" RUN_HOSTILE "\"],\"kernels\":[{\"variant\":"
		   "\"" RUN_HOSTILE "\",\"pages\":\"64k\"}]}\n");
}
