// SPDX-License-Identifier: GPL-2.0
/* What differs between what two sides were made from; see provenance.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "manifest_facts.h"
#include "provenance.h"

static void free_item(struct provenance_item *item)
{
	free(item->what);
	free(item->a);
	free(item->b);
}

static bool is_known(const struct provenance *list,
		     const struct provenance_item *item)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (!strcmp(list->items[i].what, item->what) &&
		    !strcmp(list->items[i].a, item->a) &&
		    !strcmp(list->items[i].b, item->b))
			return true;
	}
	return false;
}

/* Takes the texts over. */
static int add_item(struct provenance *list, struct provenance_item item)
{
	struct provenance_item *items;

	if (!item.what || !item.a || !item.b) {
		free_item(&item);
		return -ENOMEM;
	}
	if (!strcmp(item.a, item.b) || is_known(list, &item)) {
		free_item(&item);
		return 0;
	}
	items = reallocarray(list->items, list->count + 1, sizeof(*items));
	if (!items) {
		free_item(&item);
		return -ENOMEM;
	}
	list->items = items;
	items[list->count++] = item;
	return 0;
}

static int add_fact(struct provenance *list, const struct manifest_fact *fact,
		    const char *of, const json_t *a, const json_t *b)
{
	struct provenance_item item = {.a = manifest_fact(fact, a),
				       .b = manifest_fact(fact, b)};

	if (asprintf(&item.what, "%s%s", of, fact->title) < 0)
		item.what = NULL;
	return add_item(list, item);
}

static bool is_text(const json_t *json, const char *name, const char *text)
{
	const char *value = json_string_value(json_object_get(json, name));

	return value && !strcmp(value, text);
}

static const json_t *find_kernel(const struct manifest *manifest,
				 const char *variant, const char *pages)
{
	const json_t *kernels = json_object_get(manifest->json, "kernels");
	size_t i;

	for (i = 0; i < json_array_size(kernels); i++) {
		const json_t *kernel = json_array_get(kernels, i);

		if (is_text(kernel, "variant", variant) &&
		    is_text(kernel, "pages", pages))
			return kernel;
	}
	return NULL;
}

static int compare_kernels(struct provenance *list, const json_t *a,
			   const json_t *b, const char *pages, bool patches)
{
	const struct manifest_fact *fact;
	int result = 0;
	char of[32];

	snprintf(of, sizeof(of), "%s kernel: ", pages);
	for (fact = manifest_kernel_facts; fact->title && !result; fact++) {
		if (patches || strcmp(fact->title, MANIFEST_PATCHES))
			result = add_fact(list, fact, of, a, b);
	}
	return result;
}

int provenance_compare(struct provenance *list, const struct manifest *a,
		       const char *variant_a, const struct manifest *b,
		       const char *variant_b)
{
	static const char *const pages[] = {"64k", "4k"};
	bool same = !strcmp(variant_a, variant_b);
	const struct manifest_fact *fact;
	bool found = false;
	int result = 0;
	size_t i;

	for (fact = manifest_run_facts; fact->title && !result; fact++) {
		if (a->json && b->json)
			result = add_fact(list, fact, "", a->json, b->json);
	}
	for (i = 0; i < sizeof(pages) / sizeof(pages[0]) && !result; i++) {
		const json_t *left = find_kernel(a, variant_a, pages[i]);
		const json_t *right = find_kernel(b, variant_b, pages[i]);

		if (!left || !right)
			continue;
		found = true;
		result = compare_kernels(list, left, right, pages[i], same);
	}
	list->unknown |= !found;
	return result;
}

void provenance_free(struct provenance *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		free_item(&list->items[i]);
	free(list->items);
	memset(list, 0, sizeof(*list));
}
