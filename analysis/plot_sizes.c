// SPDX-License-Identifier: GPL-2.0
/* Which groups of cells are one sweep; see plot.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "plot.h"

const char *plot_swept(const struct cell *cell)
{
	return json_string_value(json_object_get(cell->header, "swept"));
}

const char *plot_find_value(const char *job, const char *name)
{
	size_t length = strlen(name);
	const char *word = job;

	while ((word = strchr(word, ' '))) {
		word++;
		if (!strncmp(word, name, length) && word[length] == '=')
			return word + length + 1;
	}
	return NULL;
}

unsigned long long plot_swept_value(const struct cell *cell)
{
	const char *swept = plot_swept(cell);
	const char *value;

	if (!strcmp(swept, "smp"))
		return json_integer_value(json_object_get(cell->header, "smp"));
	value = plot_find_value(cell->job, swept);
	return value ? strtoull(value, NULL, 10) : 0;
}

static bool same_member(const struct cell *a, const struct cell *b,
			const char *name)
{
	return json_equal(json_object_get(a->header, name),
			  json_object_get(b->header, name));
}

/* Whether the two differ in nothing but what was swept. */
static bool same_sweep(const struct cell *a, const struct cell *b)
{
	const char *swept = plot_swept(a);
	const char *value_a, *value_b;

	if (!swept || !plot_swept(b) || strcmp(swept, plot_swept(b)))
		return false;
	if (!strcmp(swept, "smp"))
		return same_member(a, b, "pages") && same_member(a, b, "mmu") &&
		       same_member(a, b, "cpu") && same_member(a, b, "rcu") &&
		       !strcmp(a->job, b->job);
	value_a = plot_find_value(a->job, swept);
	value_b = plot_find_value(b->job, swept);
	return value_a && value_b && !strcmp(a->config, b->config) &&
	       value_a - a->job == value_b - b->job &&
	       !strncmp(a->job, b->job, value_a - a->job) &&
	       !strcmp(value_a + strspn(value_a, "0123456789"),
		       value_b + strspn(value_b, "0123456789"));
}

static int compare(const void *left, const void *right)
{
	const struct plot_size *a = left, *b = right;

	return (a->value > b->value) - (a->value < b->value);
}

int plot_find_sizes(const struct run *run, size_t begin,
		    struct plot_size **sizes, size_t *count)
{
	size_t i, end;

	*count = 0;
	*sizes = calloc(run->valid_count, sizeof(**sizes));
	if (!*sizes)
		return -ENOMEM;
	for (i = 0; i < run->valid_count; i = end) {
		end = run_group_end(run, i);
		if (!same_sweep(&run->cells[begin], &run->cells[i]))
			continue;
		if (i < begin)
			return 0;
		(*sizes)[(*count)++] = (struct plot_size){
			plot_swept_value(&run->cells[i]), i, end};
	}
	qsort(*sizes, *count, sizeof(**sizes), compare);
	return 0;
}
