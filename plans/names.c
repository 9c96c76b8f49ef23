// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"

int names_add(struct names *names, const char *name, size_t length)
{
	char *copy, **bigger;

	copy = strndup(name, length);
	if (!copy)
		return -ENOMEM;
	if (names_has(names, copy)) {
		free(copy);
		return 0;
	}
	bigger = reallocarray(names->name, names->count + 1, sizeof(*bigger));
	if (!bigger) {
		free(copy);
		return -ENOMEM;
	}
	names->name = bigger;
	names->name[names->count++] = copy;
	return 0;
}

int names_split(struct names *names, const char *text)
{
	size_t length;
	int err;

	for (;;) {
		text += strspn(text, NAMES_SEPARATORS);
		if (!*text)
			return 0;
		length = strcspn(text, NAMES_SEPARATORS);
		err = names_add(names, text, length);
		if (err)
			return err;
		text += length;
	}
}

bool names_has(const struct names *names, const char *name)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		if (!strcmp(names->name[i], name))
			return true;
	return false;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void names_sort(struct names *names)
{
	if (names->count)
		qsort(names->name, names->count, sizeof(*names->name), compare);
}

char *names_join(const struct names *names, const char *separator)
{
	size_t i, size = 1;
	char *joined, *end;

	for (i = 0; i < names->count; i++)
		size += strlen(names->name[i]) + strlen(separator);
	joined = malloc(size);
	if (!joined)
		return NULL;
	end = joined;
	for (i = 0; i < names->count; i++) {
		if (i)
			end = stpcpy(end, separator);
		end = stpcpy(end, names->name[i]);
	}
	*end = '\0';
	return joined;
}

void names_free(struct names *names)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		free(names->name[i]);
	free(names->name);
	*names = (struct names){0};
}
