// SPDX-License-Identifier: GPL-2.0
/*
 * Events as sysfs has them: one wrong bit of a config counts something else,
 * and nobody would notice.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "cells.h"
#include "pmu_event.h"

/* A device like POWER9's, with an odd format added. */
static int enter(void **state)
{
	(void)state;
	cell_enter();
	mkdir("format", 0777);
	mkdir("events", 0777);
	cell_write("type", "4\n");
	cell_write("format/event", "config:0-49\n");
	cell_write("format/pmc", "config:16-19\n");
	cell_write("format/split", "config1:0-3,32,60-63\n");
	cell_write("format/edge", "config2:18\n");
	cell_write("format/wrong", "config:60-70\n");
	cell_write("events/dTLB-load-misses", "event=0x300fc\n");
	return 0;
}

static int leave(void **state)
{
	(void)state;
	cell_leave();
	return 0;
}

static void terms_become_bits(void **state)
{
	struct pmu_event event;
	char reason[256];

	(void)state;
	assert_int_equal(pmu_event_named(&event, ".", "dTLB-load-misses",
					 reason, sizeof(reason)),
			 0);
	assert_int_equal(event.type, 4);
	assert_int_equal(event.config[0], 0x300fc);
	assert_int_equal(event.config[1], 0);
	assert_int_equal(pmu_event_terms(&event, ".",
					 "event=0x1f056,split=0x1b5,edge",
					 reason, sizeof(reason)),
			 0);
	assert_int_equal(event.config[0], 0x1f056);
	/* 5, then 1, then 0xd: lowest bits first */
	assert_int_equal(event.config[1], 0xd000000100000005ULL);
	assert_int_equal(event.config[2], 1 << 18);
	/* A term over another's bits replaces them. */
	assert_int_equal(pmu_event_terms(&event, ".", "event=0x300fc,pmc=1",
					 reason, sizeof(reason)),
			 0);
	assert_int_equal(event.config[0], 0x100fc);
}

static void assert_refused(const char *terms, int error, const char *why)
{
	struct pmu_event event;
	char reason[256] = "";

	assert_int_equal(
		pmu_event_terms(&event, ".", terms, reason, sizeof(reason)),
		error);
	if (!strstr(reason, why))
		fail_msg("'%s' is refused with '%s'", terms, reason);
}

static void what_is_not_known_is_refused(void **state)
{
	struct pmu_event event;
	char reason[256];

	(void)state;
	assert_refused("umask=1", -ENOENT, "format/umask: No such file");
	assert_refused("event=?", -EINVAL, "event=? is not a number");
	assert_refused("event=0x3x", -EINVAL, "is not a number");
	assert_refused("pmc=0x10", -EINVAL, "does not fit 'config:16-19'");
	assert_refused("wrong=1", -EINVAL, "does not fit");
	assert_int_equal(pmu_event_named(&event, ".", "PM_TABLEWALK_CYC",
					 reason, sizeof(reason)),
			 -ENOENT);
	/* No PMU at all. */
	assert_int_equal(pmu_event_terms(&event, "./none", "event=1", reason,
					 sizeof(reason)),
			 -ENOENT);
	assert_string_equal(reason, "./none/type: No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(terms_become_bits, enter,
						leave),
		cmocka_unit_test_setup_teardown(what_is_not_known_is_refused,
						enter, leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
