// SPDX-License-Identifier: GPL-2.0
/*
 * Console health: numbers of a kernel that has just complained must not
 * count, and a healthy boot must not be taken for a complaint.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "console.h"

/* The text of the first reason, or NULL; to be freed. */
static char *first_reason(const void *text, size_t size)
{
	FILE *console = fmemopen((void *)text, size, "r");
	struct reasons reasons = {};
	const json_t *first;
	json_t *verdict;
	char *result = NULL;

	assert_non_null(console);
	assert_int_equal(console_check(console, &reasons), 0);
	assert_int_equal(fclose(console), 0);
	verdict = reasons_verdict(&reasons);
	assert_non_null(verdict);
	first = json_array_get(json_object_get(verdict, "reasons"), 0);
	if (first) {
		assert_string_equal(
			json_string_value(json_object_get(first, "code")),
			"console");
		result = strdup(
			json_string_value(json_object_get(first, "text")));
	}
	json_decref(verdict);
	reasons_free(&reasons);
	return result;
}

/* Lines of healthy boots that look a little like the bad ones. */
static void healthy_boots_pass(void **state)
{
	static const char *const lines[] = {
		"Linux version 6.12.95-landed-0123456789ab",
		"WARNING: nvram corruption detected: 0-length partition",
		"DEBUG: not a bug",
		"rcu: INFO: rcu_lazy enabled",
		"rcu: \tRCU debug extended QS entry/exit.",
		"pagealloc: checking enabled",
		"Kernel command line: oops=panic panic=-1 softlockup_panic=1",
		"watchdog: soft-lockup detector",
		"reboot: Power down",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char *reason = first_reason(lines[i], strlen(lines[i]));

		if (reason)
			fail_msg("%s", reason);
	}
}

static void bad_consoles_are_found(void **state)
{
	static const char *const lines[] = {
		"BUG: Bad page state in process init  pfn:00123",
		"[    1.0] BUG: Kernel NULL pointer dereference at 0x00000000",
		"Oops: Kernel access of bad area, sig: 11 [#1]",
		"Kernel panic - not syncing: Fatal exception",
		"BUG: Bad page map in process init  pte:8000 pmd:1",
		"[ 2] Double-freed CB (____ptrval____)->pte_free_now+0x0!!!",
		"rcu: INFO: rcu_sched detected stalls on CPUs/tasks:",
		"rcu: INFO: rcu_sched self-detected stall on CPU",
		"rcu: INFO: rcu_sched detected expedited stalls on CPUs/tasks",
		"INFO: task init:1 blocked for more than 122 seconds.",
		"Out of memory: Killed process 12 (pfd-load)",
		"oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null)",
		"watchdog: BUG: soft lockup - CPU#0 stuck for 22s!",
		"watchdog: CPU 1 self-detected hard LOCKUP @ .x+0x0/0x10",
		"Unable to handle kernel paging request",
		"refcount_t: underflow; use-after-free.",
		"list_add corruption. prev->next should be next",
		"list_del corruption, c->next is LIST_POISON1",
		"WARNING: possible circular locking dependency detected",
		"WARNING: possible recursive locking detected",
		"INFO: lockdep is turned off.",
		"general protection fault: 0000 [#1]",
		"Call Trace:",
		"unreferenced object 0xc000000012345678 (size 64):",
		"BUG kmalloc-64 (Not tainted): Poison overwritten",
		"pagealloc: memory corruption",
		"mm/memory.c:245: bad pmd 6b6b6b6b6b6b6b6b.",
		"get_swap_device: Bad swap file entry 6b6b6b6b6b6b6b6b",
		"WARNING: suspicious RCU usage",
		"WARNING: lock held when returning to user space!",
		"init: the kernel is tainted: 512",
	};
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char *reason;

		snprintf(text, sizeof(text), "[ 0.1] fine\n%s\r\nmore\n",
			 lines[i]);
		reason = first_reason(text, strlen(text));
		/* Quoted as it stands, so that it can be searched for. */
		if (!reason || !strstr(reason, lines[i]) ||
		    !strstr(reason, ", line 2: "))
			fail_msg("%s: %s", lines[i],
				 reason ? reason : "missed");
		free(reason);
	}
}

/* What the kernel could not say or see any more is no finding of its. */
static void losses_decide_nothing(void **state)
{
	static const char text[] =
		"** 12 printk messages dropped **\n"
		"[ 1.0] ODEBUG: Out of memory. ODEBUG disabled\n";
	struct reasons reasons = {};
	FILE *console = fmemopen((void *)text, strlen(text), "r");

	(void)state;
	assert_non_null(console);
	assert_int_equal(console_check(console, &reasons), 0);
	fclose(console);
	assert_int_equal(reasons.counts[REASON_LOSS], 2);
	assert_int_equal(reasons_count(&reasons), 2);
	reasons_free(&reasons);
}

/* A warning is quoted by what it says, which may have a name of its own. */
static void warnings_are_named(void **state)
{
#define CUT "[ 0.1] ------------[ cut here ]------------\n"
	static const char *const consoles[][2] = {
		{CUT "[ 0.1] WARNING: CPU: 3 at mm/x.c:514\nmore\n",
		 "kernel warning, line 2: [ 0.1] WARNING: CPU: 3 at "
		 "mm/x.c:514"},
		{CUT "[ 0.1] ODEBUG: activate active (active state 1) object: "
		     "c00c object type: rcu_head hint: 0\n",
		 "rcu_head queued twice, line 2: [ 0.1] ODEBUG: activate "
		 "active (active state 1) object: c00c object type: rcu_head "
		 "hint: 0"},
		{CUT "[ 0.1] kernel BUG at mm/x.c:514!\n",
		 "kernel warning, line 2: [ 0.1] kernel BUG at mm/x.c:514!"},
		{"fine\n" CUT, "kernel warning, line 3: and no more of it"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(consoles) / sizeof(consoles[0]); i++) {
		char *reason =
			first_reason(consoles[i][0], strlen(consoles[i][0]));

		assert_non_null(reason);
		assert_string_equal(reason, consoles[i][1]);
		free(reason);
	}
}

/* A console of any size and bytes, with one bad message in it. */
static void bad_message_is_found_anywhere(void **state)
{
	static const char bad[] = "\0\x1b[31m Oops: x\x07";
	size_t size = 20000, place, i;
	char *text = malloc(size);

	(void)state;
	assert_non_null(text);
	/* Around every place at which a buffer may have been filled. */
	for (place = 3800; place < 8500; place += 3) {
		char *reason;

		memset(text, ' ', size);
		memcpy(text + place, bad, sizeof(bad));
		reason = first_reason(text, size);
		assert_non_null(reason);
		assert_true(strlen(reason) < 200);
		for (i = 0; reason[i]; i++)
			assert_true(reason[i] >= ' ' && reason[i] <= '~');
		free(reason);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(healthy_boots_pass),
		cmocka_unit_test(bad_consoles_are_found),
		cmocka_unit_test(losses_decide_nothing),
		cmocka_unit_test(warnings_are_named),
		cmocka_unit_test(bad_message_is_found_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
