// SPDX-License-Identifier: GPL-2.0
/* Trees of structures that begin with a uint64_t key; see instruments.h. */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include "instruments.h"

static int compare(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

void *tree_find(void *const *root, uint64_t key)
{
	void *node = tfind(&key, root, compare);

	return node ? *(void **)node : NULL;
}

void *tree_add(struct replay *r, void **root, uint64_t key, size_t size)
{
	uint64_t *new = calloc(1, size);

	if (new)
		*new = key;
	if (!new || !tsearch(new, root, compare)) {
		free(new);
		r->error = -ENOMEM;
		return NULL;
	}
	return new;
}

void tree_remove(void **root, void *node)
{
	tdelete(node, root, compare);
	free(node);
}

void tree_free(void **root)
{
	tdestroy(*root, free);
	*root = NULL;
}
