// SPDX-License-Identifier: GPL-2.0
/*
 * The gate's verdicts: nothing passes that was not seen to, what fails names
 * its judge, and reports mark it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "cells.h"
#include "message.h"
#include "run.h"
#include "sample_run.h"
#include "summary.h"
#include "verify.h"

#define INVALID(code, text)                                                    \
	"{\"type\":\"verdict\",\"valid\":false,\"reasons\":[{\"code\":\"" code \
	"\",\"text\":\"" text "\"}]}\n"
#define CONTRACT(violations, weaker)                                           \
	"{\"type\":\"contract\",\"checked\":{\"tables_count\":1,"              \
	"\"pages_count\":1,\"fragments_count\":0},\"violations\":[" violations \
	"],\"weaker\":[" weaker "]}\n"
#define VIOLATION                                                              \
	"{\"kind\":\"freed-early\",\"unlink\":\"defer\","                      \
	"\"end\":\"pte_frag_destroy\",\"count\":3,\"first\":{\"time_ns\":9,"   \
	"\"unlinked_ns\":5,\"page\":\"0xc00c\",\"table\":\"0xc000\","          \
	"\"gp_seq_unlinked\":\"0x8\",\"gp_seq\":\"0x9\","                      \
	"\"stack\":[\"pte_frag_destroy+0x10\",\"destroy_context+0x20\"]}}"

#define SHARED(violations)                                                     \
	"{\"type\":\"contract\",\"checked\":{\"tables_count\":1,"              \
	"\"pages_count\":1,\"fragments_count\":2,\"shared_pages_count\":3},"   \
	"\"violations\":[" violations "],\"weaker\":[]}\n" FIVE_BEFORE
#define FIVE_BEFORE                                                            \
	"{\"type\":\"vm\",\"before\":{\"nr_page_table_pages\":5},\"after\":{}" \
	"}\n"
#define LEFT(count)                                                            \
	"{\"kind\":\"leaked\",\"unlink\":\"tlb\",\"end\":\"never\","           \
	"\"count\":" #count                                                    \
	",\"first\":{\"time_ns\":9,\"unlinked_ns\":5,\"page\":\"0xc00c\","     \
	"\"table\":\"0xc000\",\"gp_seq_unlinked\":\"0x8\",\"gp_seq\":\"0x9\"," \
	"\"stack\":[\"__tlb_remove_table+0x10\"]}}"

#define GATE_TEST(name)                                                        \
	cmocka_unit_test_setup_teardown(name, run_enter, run_leave)

static void put(const char *name, const char *edits, const char *lines)
{
	run_put(name, edits, lines, "", "");
}

/* What is printed of all that was put; to be freed. */
static char *printed(bool tsv)
{
	struct verify verify = {};
	char *text;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	assert_non_null(file);
	assert_int_equal(verify_add(&verify, "."), STAT_OK);
	verify_finish(&verify);
	if (tsv)
		verify_print_tsv(&verify, file);
	else
		verify_print_text(&verify, " --quick", file);
	verify_free(&verify);
	fclose(file);
	return text;
}

static void expect_tsv(const char *wanted)
{
	char *text = printed(true);

	assert_string_equal(text, wanted);
	free(text);
}

static void passes(void **state)
{
	(void)state;
	put("a", "header.arm=\"checked\"", CONTRACT("", "") RUN_VALID);
	expect_tsv("v1\t64k\tradix\tpass\t\n");
}

/* Nothing was looked at: no pass. */
static void without_contract(void **state)
{
	(void)state;
	put("a", "header.arm=\"checked\"", RUN_VALID);
	expect_tsv("v1\t64k\tradix\tunknown\tundecided: record: no contract, "
		   "so nothing was checked\n");
}

/* Pages that wait for the next table are not lost; more than those are. */
static void pages_may_be_kept(void **state)
{
	(void)state;
	put("a", "header.smp=4; header.pages_kept=2",
	    CONTRACT(LEFT(8), "") RUN_VALID);
	put("b", "header.smp=4; header.pages_kept=2; header.mmu=\"hash\"",
	    CONTRACT(LEFT(9), "") RUN_VALID);
	put("c", "header.smp=4; header.pages=\"4k\"",
	    CONTRACT(LEFT(1), "") RUN_VALID);
	expect_tsv("v1\t64k\tradix\tpass\t\n"
		   "v1\t64k\thash\tfail\tthe contract: leaked: a table that "
		   "tlb_remove_table() took, never (9 times)\n"
		   "v1\t4k\tradix\tfail\tthe contract: leaked: a table that "
		   "tlb_remove_table() took, never (1 times)\n");
}

/* With KASAN there is no probe, and the kernel is the only judge. */
static void bare_needs_none(void **state)
{
	(void)state;
	put("a", "header.arm=\"bare\"", RUN_VALID);
	expect_tsv("v1\t64k\tradix\tpass\t\n");
}

static void cut_off(void **state)
{
	(void)state;
	put("a", "", CONTRACT("", ""));
	expect_tsv("v1\t64k\tradix\tunknown\tundecided: truncated: no "
		   "verdict\n");
}

/* One bad cell among good ones; the ledger's doubts do not hide it. */
static void one_fails(void **state)
{
	(void)state;
	put("a", "", CONTRACT("", "") RUN_VALID);
	put("b", "", CONTRACT("", "") INVALID("loss", "5 events"));
	put("c", "", CONTRACT(VIOLATION, "") RUN_VALID);
	expect_tsv("v1\t64k\tradix\tfail\tthe contract: freed-early: a table "
		   "that pte_free_defer() took, pte_frag_destroy (3 times)\n");
}

static void undecided(void **state)
{
	(void)state;
	put("a", "", CONTRACT("", "") RUN_VALID);
	put("b", "", CONTRACT("", "") INVALID("loss", "5 events"));
	expect_tsv("v1\t64k\tradix\tunknown\tundecided: loss: 5 events\n");
}

static void kernel_judges(void **state)
{
	(void)state;
	put("a", "", CONTRACT("", "") INVALID("console", "bad page state"));
	put("b", "header.pages=\"4k\"", INVALID("timeout", "stopped"));
	expect_tsv("v1\t64k\tradix\tfail\tthe kernel: console: bad page "
		   "state\n"
		   "v1\t4k\tradix\tfail\tthe kernel: timeout: stopped\n");
}

/* The host was too busy to get it booted: say nothing of the variant. */
static void never_booted(void **state)
{
	static const char *const reasons =
		"{\"type\":\"verdict\",\"valid\":false,\"reasons\":["
		"{\"code\":\"timeout\",\"text\":\"stopped\"},"
		"{\"code\":\"boot\",\"text\":\"no boot record\"}]}\n";

	(void)state;
	put("a", "", reasons);
	expect_tsv("v1\t64k\tradix\tunknown\tundecided: timeout: stopped\n");
}

static void selftest_judges(void **state)
{
	(void)state;
	put("a", "header.workload=\"kselftest-khugepaged\"",
	    CONTRACT("", "") INVALID("exit", "status 1"));
	expect_tsv("v1\t64k\tradix\tfail\ta selftest: exit: status 1\n");
}

/* Which test it was, rather than with what status the guest ended. */
static void selftest_is_named(void **state)
{
	(void)state;
	put("a", "header.workload=\"kselftest-khugepaged\"",
	    CONTRACT("", "") INVALID("exit", "status 4"));
	cell_write("cells/a/console.log",
		   "fine\r\n"
		   "pfd-load: kselftest-khugepaged: | x failed (not said)\r\n"
		   "pfd-load: kselftest-khugepaged: madvise_shmem failed "
		   "(status 1): Collapse... Fail\r\n");
	expect_tsv("v1\t64k\tradix\tfail\ta selftest: exit: madvise_shmem "
		   "failed (status 1): Collapse... Fail\n");
}

/* A cell may have been judged before a pattern was known. */
static void console_is_looked_at_again(void **state)
{
	(void)state;
	put("a", "", CONTRACT("", "") RUN_VALID);
	cell_write("cells/a/console.log",
		   "fine\nmm/memory.c:5: bad pmd 0000000000006b6b.\n");
	put("b", "header.mmu=\"hash\"", CONTRACT("", "") RUN_VALID);
	cell_write("cells/b/console.log", "fine\n");
	expect_tsv("v1\t64k\tradix\tfail\tthe kernel: console: bad page "
		   "table, line 2: mm/memory.c:5: bad pmd 0000000000006b6b.\n"
		   "v1\t64k\thash\tpass\t\n");
}

/* Pages of several processes: by design, or an end that was not seen. */
static void shared_pages_decide_nothing(void **state)
{
	(void)state;
	put("a", "header.pages_kept=2", SHARED("") RUN_VALID);
	put("b", "header.mmu=\"hash\"", SHARED(LEFT(1)) RUN_VALID);
	expect_tsv("v1\t64k\tradix\tpass\t\n"
		   "v1\t64k\thash\tunknown\tundecided: contract: 3 pages "
		   "with tables of several processes, and no pages_kept in "
		   "variant.ini\n");
}

/* In those of before the run there may be tables that nobody knows of. */
static void shared_pages_may_be_left(void **state)
{
	(void)state;
	put("a", "header.smp=4; header.pages_kept=2",
	    SHARED(LEFT(13)) RUN_VALID);
	put("b", "header.smp=4; header.pages_kept=2; header.mmu=\"hash\"",
	    SHARED(LEFT(14)) RUN_VALID);
	/* Such a table's owner is not known for another. */
	put("c", "header.smp=4; header.pages_kept=2; header.pages=\"4k\"",
	    CONTRACT(LEFT(13), "") FIVE_BEFORE RUN_VALID);
	expect_tsv("v1\t64k\tradix\tpass\t\n"
		   "v1\t64k\thash\tfail\tthe contract: leaked: a table that "
		   "tlb_remove_table() took, never (14 times)\n"
		   "v1\t4k\tradix\tpass\t\n");
}

/* What was seen stays a violation if something else was not seen. */
static void losses_that_hide_no_violation(void **state)
{
	(void)state;
	put("a", "",
	    CONTRACT(VIOLATION, "")
		    INVALID("loss", "pages_ended_unseen_count: 1 lost"));
	put("b", "header.mmu=\"hash\"",
	    CONTRACT(VIOLATION, "") INVALID("loss", "log_full_count: 1 lost"));
	expect_tsv("v1\t64k\tradix\tfail\tthe contract: freed-early: a table "
		   "that pte_free_defer() took, pte_frag_destroy (3 times)\n"
		   "v1\t64k\thash\tunknown\tundecided: loss: log_full_count: 1 "
		   "lost\n");
}

/* Neither a pass nor a failure: there is nothing to say it of. */
static void no_header(void **state)
{
	struct verify verify = {};

	(void)state;
	put("a", "", CONTRACT("", "") RUN_VALID);
	cell_write("cells/a/records.jsonl", "");
	assert_int_equal(verify_add(&verify, "."), STAT_FAILED);
	verify_free(&verify);
}

static void text(void **state)
{
	char *text;

	(void)state;
	put("a", "", CONTRACT(VIOLATION, "") RUN_VALID);
	put("b", "header.mmu=\"hash\"", CONTRACT("", VIOLATION) RUN_VALID);
	text = printed(false);
	assert_non_null(strstr(text, "variant  64k radix  64k hash"));
	assert_non_null(strstr(text, "v1            FAIL      pass"));
	assert_non_null(strstr(text, "      destroy_context+0x20\n"));
	assert_non_null(strstr(text, "./cells/a/console.log"));
	assert_non_null(strstr(text, "./run.sh verify --quick --variants v1 "
				     "--pages 64k --mmu radix \\\n"
				     "        --workloads w --smp 2\n"));
	assert_non_null(strstr(text, "v1 on 64k hash: defer, "
				     "pte_frag_destroy: 3"));
	free(text);
}

/* What RUN/verified.tsv says stands behind the variant's name. */
static void expect_label(const char *lines, const char *label)
{
	struct run run;

	if (lines)
		cell_write("verified.tsv", lines);
	assert_int_equal(run_load(&run, "."), STAT_OK);
	assert_string_equal(run.cells[0].label, label);
	run_free(&run);
}

static void marks(void **state)
{
	static const char *const bad[] = {
		"v1\t64k\n",
		"v1\t64k\tradix\tmaybe\t\n",
		"v1\t64k\tradix\tpass\tquick",
		"v1\t../64k\tradix\tpass\t\n",
		"v1\t64k\tradix\tpass\t\tmore\n",
	};
	struct run run;
	size_t i;

	(void)state;
	put("a", "", RUN_VALID);
	expect_label(NULL, "v1?");
	expect_label("v1\t64k\thash\tpass\t\nv2\t64k\tradix\tpass\t\n", "v1?");
	expect_label("v1\t64k\tradix\tpass\tquick\n", "v1");
	expect_label("v1\t64k\tradix\tfail\twhy\n", "v1!");
	expect_label("v1\t64k\tradix\tunknown\twhy\n", "v1?");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cell_write("verified.tsv", bad[i]);
		assert_int_equal(run_load(&run, "."), STAT_FAILED);
		run_free(&run);
	}
	/* Longer than any, without an end. */
	assert_int_equal(truncate("verified.tsv", 1L << 40), 0);
	assert_int_equal(run_load(&run, "."), STAT_FAILED);
	run_free(&run);
	/* Nobody writes into it. */
	assert_int_equal(remove("verified.tsv"), 0);
	assert_int_equal(mkfifo("verified.tsv", 0666), 0);
	assert_int_equal(run_load(&run, "."), STAT_FAILED);
	run_free(&run);
}

static void summary_says(void **state)
{
	struct run run;
	char *text;
	size_t size;
	FILE *file;

	(void)state;
	put("a", "", RUN_VALID);
	put("b", "header.variant=\"v2\"", RUN_VALID);
	put("c", "header.variant=\"v3\"", RUN_VALID);
	put("d", "header.variant=\"v4\"", RUN_VALID);
	put("e", "header.variant=\"v5\"", RUN_VALID);
	cell_write("verified.tsv", "v1\t64k\tradix\tfail\t\033[2Jwhy\n"
				   "v2\t64k\tradix\tpass\t\n"
				   "v4\t64k\tradix\tpass\tquick\n"
				   "v5\t64k\tradix\tpass\twithout KASAN\n");
	file = open_memstream(&text, &size);
	assert_non_null(file);
	assert_int_equal(run_load(&run, "."), STAT_OK);
	assert_int_equal(summary_print(&run, file), 0);
	run_free(&run);
	fclose(file);
	assert_non_null(strstr(text, "! v1 on 64k radix failed: ?[2Jwhy\n"));
	assert_non_null(strstr(text, "? not been through it, or nothing "
				     "decided: v3 on 64k radix\n"));
	assert_null(strstr(text, "v2?"));
	assert_non_null(strstr(
		text, "passed --quick, and no more yet: v4 on 64k radix\n"));
	assert_non_null(
		strstr(text, "passed all but KASAN: v5 on 64k radix\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GATE_TEST(passes),
		GATE_TEST(without_contract),
		GATE_TEST(pages_may_be_kept),
		GATE_TEST(bare_needs_none),
		GATE_TEST(cut_off),
		GATE_TEST(one_fails),
		GATE_TEST(undecided),
		GATE_TEST(kernel_judges),
		GATE_TEST(never_booted),
		GATE_TEST(selftest_judges),
		GATE_TEST(selftest_is_named),
		GATE_TEST(console_is_looked_at_again),
		GATE_TEST(shared_pages_decide_nothing),
		GATE_TEST(shared_pages_may_be_left),
		GATE_TEST(losses_that_hide_no_violation),
		GATE_TEST(no_header),
		GATE_TEST(text),
		GATE_TEST(marks),
		GATE_TEST(summary_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
