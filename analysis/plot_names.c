// SPDX-License-Identifier: GPL-2.0
/* What the files of plots are called; see plot.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "plot.h"
#include "record.h"

/* Whether valid cells of the run differ in that member of their header. */
static bool varies(const struct run *run, const char *member)
{
	size_t i;

	for (i = 1; i < run->valid_count; i++) {
		if (!json_equal(json_object_get(run->cells[0].header, member),
				json_object_get(run->cells[i].header, member)))
			return true;
	}
	return false;
}

void plot_names_init(struct plot_names *names, const struct run *run)
{
	names->run = run;
	names->cpu = varies(run, "cpu");
	names->smp = varies(run, "smp");
	names->rcu = varies(run, "rcu");
}

/*
 * "64k-radix.thp-collapse" and more where the run has others of the kind. One
 * size of a sweep is "64k-radix.thp-collapse-processes8", the sweep the same
 * without the 8.
 */
static char *plain_name(const struct plot_names *names, size_t begin,
			bool sweep)
{
	const struct cell *cell = &names->run->cells[begin];
	const char *swept = plot_swept(cell);
	/* The number of CPUs is in the name of the machine. */
	bool smp = swept && !strcmp(swept, "smp");
	char *name = NULL;
	size_t size;
	FILE *file = open_memstream(&name, &size);

	if (!file)
		return NULL;
	fprintf(file, "%s-%s", record_text(cell->header, "pages"),
		record_text(cell->header, "mmu"));
	if (names->cpu)
		fprintf(file, "-%s", record_text(cell->header, "cpu"));
	if (names->smp && !(sweep && smp))
		fprintf(file, "-smp%" JSON_INTEGER_FORMAT,
			record_count(cell->header, "smp"));
	if (names->rcu)
		fprintf(file, "-%s", record_text(cell->header, "rcu"));
	fprintf(file, ".%s", record_text(cell->header, "workload"));
	if (swept && (sweep || !smp))
		fprintf(file, "-%s", swept);
	if (swept && !sweep && !smp)
		fprintf(file, "%llu", plot_swept_value(cell));
	if (fclose(file)) {
		free(name);
		return NULL;
	}
	return name;
}

/* Of one name are only groups of one configuration, which are neighbours. */
static size_t first_neighbour(const struct run *run, size_t begin)
{
	size_t i = begin;

	while (i && !strcmp(run->cells[i - 1].config, run->cells[begin].config))
		i--;
	return i;
}

/* A name that no other group has: the second of one name gets a number. */
static char *group_name(const struct plot_names *names, size_t begin)
{
	char *name = plain_name(names, begin, false);
	char *numbered = NULL;
	size_t namesakes = 0;
	size_t i;

	for (i = first_neighbour(names->run, begin); i < begin && name;
	     i = run_group_end(names->run, i)) {
		char *other = plain_name(names, i, false);

		namesakes += other && !strcmp(other, name);
		free(other);
	}
	if (!name || !namesakes)
		return name;
	if (asprintf(&numbered, "%s.%zu", name, namesakes + 1) < 0)
		numbered = NULL;
	free(name);
	return numbered;
}

char *plot_name(const struct plot_names *names, size_t begin,
		const struct plot_kind *kind)
{
	char *of = kind->sweep ? plain_name(names, begin, true)
			       : group_name(names, begin);
	char *name = NULL;

	if (of && asprintf(&name, "%s.%s", kind->name, of) < 0)
		name = NULL;
	free(of);
	return name;
}
