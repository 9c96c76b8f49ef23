// SPDX-License-Identifier: GPL-2.0
/* Runs made up for tests; see runs.h. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "cells.h"
#include "hist.h"
#include "runs.h"

#define KERNEL(variant, patches)                                               \
	"{\"variant\":\"" variant "\",\"pages\":\"64k\",\"source\":"           \
	"{\"identity\":\"0123456789abcdef\",\"version\":\"6.12.1\"},"          \
	"\"base\":[\"0001-base.patch\"],\"patches\":[" patches "],"            \
	"\"config_sha256\":\"aaaaaaaaaaaaaaaa\",\"toolchain\":"                \
	"{\"cc\":\"gcc 12\",\"ld\":\"ld 2.40\",\"pahole\":\"v1.24\"}}"

const char run_manifest[] =
	"{\"plan\":\"quick\",\"options\":\"--seeds 3\",\"target\":\"exact\","
	"\"git\":\"0123456789abcdef0123456789abcdef01234567\",\"host\":"
	"{\"system\":\"Debian\",\"kernel\":\"Linux 6\",\"cpu\":\"fast\"},"
	"\"emulator\":{\"version\":\"QEMU 7.2\",\"launcher_sha256\":\"bb\"},"
	"\"guest\":{\"images\":[{\"name\":\"initramfs\",\"sha256\":\"cc\"}],"
	"\"libraries\":[\"busybox-static\\t1.35\"]},\"source_from\":"
	"\"Debian package linux-source\",\"kernels\":[" KERNEL(
		"a", "") "," KERNEL("b", "{\"file\":\"0001-b.patch\","
					 "\"sha256\":\"dd\"}") "]}\n";

static void make_directory(const char *path)
{
	assert_true(!mkdir(path, 0777) || errno == EEXIST);
}

static void write_cell(const char *dir, const char *target,
		       const struct cell_spec *spec)
{
	char path[160], *text;

	snprintf(path, sizeof(path), "%s/cells/%s", dir, spec->name);
	assert_int_equal(mkdir(path, 0777), 0);
	snprintf(path, sizeof(path), "%s/cells/%s/records.jsonl", dir,
		 spec->name);
	assert_true(
		asprintf(&text,
			 "{\"type\":\"header\",\"schema\":2,\"cell\":\"%s\","
			 "\"variant\":\"%s\",\"pages\":\"64k\",\"mmu\":"
			 "\"radix\",\"cpu\":\"power9\",\"smp\":2,\"rcu\":"
			 "\"default\",\"workload\":\"w\",\"arm\":\"%s\","
			 "\"seed\":%d,\"target\":\"%s\",\"release\":\"r\","
			 "\"callbacks\":[],\"defer_call_rcu\":\"unknown\","
			 "\"tlb_call_rcu\":\"unknown\","
			 "\"tlb_grace_periods_min\":null,"
			 "\"tlb_grace_periods_max\":null,\"correct\":true,"
			 "\"swept\":null}\n"
			 "{\"type\":\"op\",\"kind\":\"fork\",\"latency_ns\":"
			 "{\"count\":1,\"sum\":%d,\"min\":%d,\"max\":%d,"
			 "\"buckets\":[[%llu,1]]},"
			 "\"instructions_count\":null,\"cycles_count\":null}\n"
			 "{\"type\":\"truth\",\"workload\":\"w\",\"seed\":%d,"
			 "\"parameters\":{\"processes\":%d},\"facts\":{},"
			 "\"tables\":[],\"unclaimed\":null}\n"
			 "{\"type\":\"verdict\",\"valid\":%s,\"reasons\":[%s]}"
			 "\n",
			 spec->name, spec->variant, spec->arm, spec->seed,
			 target, spec->op_ns, spec->op_ns, spec->op_ns,
			 (unsigned long long)hist_lower(
				 hist_index((__u64)spec->op_ns)),
			 spec->seed, spec->processes,
			 spec->valid ? "true" : "false",
			 spec->valid
				 ? ""
				 : "{\"code\":\"loss\",\"text\":\"x\"}") >= 0);
	cell_write(path, text);
	free(text);
}

void run_make(const char *dir, const char *target,
	      const struct cell_spec *specs, size_t count)
{
	char path[160];
	size_t i;

	make_directory(dir);
	snprintf(path, sizeof(path), "%s/cells", dir);
	make_directory(path);
	for (i = 0; i < count; i++)
		write_cell(dir, target, &specs[i]);
}
