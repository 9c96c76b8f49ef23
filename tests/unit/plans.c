// SPDX-License-Identifier: GPL-2.0
/* Plans made up for tests; see plans.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "plans.h"

struct plan_error failure;

static struct variants make_variants(void)
{
	static const struct {
		const char *name, *bases, *correct, *callbacks, *min, *max,
			*kept;
	} all[] = {
		{"everywhere", VARIANT_BASE " 7.2",
		 "64k-radix 64k-hash 4k-radix 4k-hash", "cb_a", NULL, NULL,
		 NULL},
		{"newer", "7.2", "64k-radix 64k-hash 4k-radix 4k-hash", "cb_d",
		 NULL, NULL, NULL},
		{"only-4k", "", "4k-radix 4k-hash", "cb_b cb_c", "1", "2", "3"},
	};
	struct variants variants = {calloc(3, sizeof(struct variant)), 3};
	size_t i;

	assert_non_null(variants.variant);
	for (i = 0; i < 3; i++) {
		variants.variant[i].name = strdup(all[i].name);
		assert_non_null(variants.variant[i].name);
		assert_int_equal(
			names_split(&variants.variant[i].bases, all[i].bases),
			0);
		assert_int_equal(names_split(&variants.variant[i].correct,
					     all[i].correct),
				 0);
		assert_int_equal(names_split(&variants.variant[i].callbacks,
					     all[i].callbacks),
				 0);
		if (!all[i].min)
			continue;
		variants.variant[i].tlb_grace_periods_min = strdup(all[i].min);
		variants.variant[i].tlb_grace_periods_max = strdup(all[i].max);
		variants.variant[i].pages_kept = strdup(all[i].kept);
	}
	return variants;
}

int read_bytes(struct plan *plan, const char *text, size_t length)
{
	char path[] = "/tmp/pfd-test-plan-XXXXXX";
	int fd, err;

	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, length), length);
	close(fd);
	assert_int_equal(plan_init(plan, &failure), 0);
	err = plan_read(plan, path, &failure);
	unlink(path);
	return err ? err : plan_check(plan, &failure);
}

int read_plan(struct plan *plan, const char *text)
{
	return read_bytes(plan, text, strlen(text));
}

static int see(void *context, const struct cell *cell, struct plan_error *e)
{
	struct seen *seen = context;
	char *line = NULL;
	size_t size = 0;
	FILE *out;

	(void)e;
	out = open_memstream(&line, &size);
	assert_non_null(out);
	cell_print(out, cell);
	fclose(out);
	assert_true(size < sizeof(seen->last));
	strcpy(seen->last, line);
	assert_int_equal(names_add(&seen->ids, line, strcspn(line, "\t")), 0);
	seen->count++;
	free(line);
	return 0;
}

int visit_cells(const struct plan *plan, cell_visitor visit, void *context)
{
	struct variants variants = make_variants();
	int err;

	err = plan_cells(plan, &variants, NULL, visit, context, &failure);
	variants_free(&variants);
	return err;
}

int cells(const struct plan *plan, struct seen *seen)
{
	*seen = (struct seen){0};
	return visit_cells(plan, see, seen);
}

void assert_refused(const char *text, const char *why)
{
	struct plan plan;

	assert_int_not_equal(read_plan(&plan, text), 0);
	if (!strstr(failure.text, why))
		fail_msg("'%s' does not say '%s'", failure.text, why);
	assert_null(strpbrk(failure.text, "\n\r\033"));
	plan_free(&plan);
}
