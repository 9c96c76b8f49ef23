// SPDX-License-Identifier: GPL-2.0
/*
 * The archive that goes in front of a machine's initrd: held against cpio(1). A
 * kernel does not say what is wrong with one: it has no results then, or no
 * init.
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

#include "newc.h"

static char directory[] = "/tmp/pfd-newc.XXXXXX";

static void write_file(const char *name, const char *text, size_t size)
{
	FILE *f = fopen(name, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, size, f), size);
	assert_int_equal(fclose(f), 0);
}

/* What a shell command prints. */
static void command(const char *line, char *output, size_t size)
{
	FILE *f = popen(line, "r");

	assert_non_null(f);
	size = fread(output, 1, size - 1, f);
	output[size] = '\0';
	assert_int_equal(pclose(f), 0);
}

static int enter(void **state)
{
	(void)state;
	return mkdtemp(directory) && !chdir(directory) ? 0 : -1;
}

static int leave(void **state)
{
	char line[64];

	(void)state;
	snprintf(line, sizeof(line), "rm -rf %s", directory);
	return chdir("/") || system(line);
}

/* Sizes on both sides of the padding, an empty file, a directory. */
static void test_cpio_reads_it(void **state)
{
	char output[256];
	FILE *f = fopen("a.cpio", "w");

	(void)state;
	assert_non_null(f);
	write_file("one", "x", 1);
	write_file("four", "abcd", 4);
	write_file("none", "", 0);
	assert_int_equal(newc_file(f, "one", "one", 0755), 0);
	assert_int_equal(newc_directory(f, "d"), 0);
	assert_int_equal(newc_file(f, "d/four", "four", 0644), 0);
	assert_int_equal(newc_file(f, "d/none", "none", 0644), 0);
	assert_int_equal(newc_end(f), 0);
	assert_int_equal(ftell(f) % 512, 0);
	assert_int_equal(fclose(f), 0);
	command("cpio --quiet -itv <a.cpio | awk '{ print $1, $5, $9 }'",
		output, sizeof(output));
	assert_string_equal(output, "-rwxr-xr-x 1 one\n"
				    "drwxr-xr-x 0 d\n"
				    "-rw-r--r-- 4 d/four\n"
				    "-rw-r--r-- 0 d/none\n");
	command("cpio --quiet -i --to-stdout d/four <a.cpio", output,
		sizeof(output));
	assert_string_equal(output, "abcd");
}

/* A second archive begins where a kernel looks for it. */
static void test_another_follows(void **state)
{
	char output[64];
	FILE *f = fopen("b.cpio", "w");
	struct stat s;

	(void)state;
	assert_non_null(f);
	write_file("initrd", "\037\213not really", 12);
	write_file("one", "x", 1);
	assert_int_equal(newc_file(f, "one", "one", 0644), 0);
	assert_int_equal(newc_end(f), 0);
	assert_int_equal(newc_append(f, "initrd"), 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(stat("b.cpio", &s), 0);
	assert_int_equal(s.st_size, 512 + 12);
	command("tail -c 12 b.cpio | cmp - initrd && echo same", output,
		sizeof(output));
	assert_string_equal(output, "same\n");
}

static void test_what_is_not_there(void **state)
{
	FILE *f = fopen("c.cpio", "w");

	(void)state;
	assert_non_null(f);
	assert_int_equal(newc_file(f, "x", "nosuch", 0644), -1);
	assert_int_equal(newc_append(f, "nosuch"), -1);
	fclose(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cpio_reads_it),
		cmocka_unit_test(test_another_follows),
		cmocka_unit_test(test_what_is_not_there),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
