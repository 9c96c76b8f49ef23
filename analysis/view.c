// SPDX-License-Identifier: GPL-2.0
/* What views have in common; see view.h. */
#include <stdarg.h>
#include <stdlib.h>
#include "view.h"

/* The text, or what to say for want of memory; *made is to be freed. */
static const char *make(char **made, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static const char *make(char **made, const char *format, va_list args)
{
	if (vasprintf(made, format, args) >= 0)
		return *made;
	*made = NULL;
	return "(no memory)";
}

void view_sayf(struct view *view, const char *format, ...)
{
	va_list args;
	char *made;

	va_start(args, format);
	view->ops->say(view, make(&made, format, args));
	va_end(args);
	free(made);
}

void view_explainf(struct view *view, const char *format, ...)
{
	va_list args;
	char *made;

	va_start(args, format);
	view->ops->explain(view, make(&made, format, args));
	va_end(args);
	free(made);
}

void view_itemf(struct view *view, const char *name, const char *format, ...)
{
	va_list args;
	char *made;

	va_start(args, format);
	view->ops->item(view, name, make(&made, format, args));
	va_end(args);
	free(made);
}

void view_remarkf(struct view *view, const char *format, ...)
{
	va_list args;
	char *made;

	va_start(args, format);
	view->ops->remark(view, make(&made, format, args));
	va_end(args);
	free(made);
}

int view_table(struct view *view, struct text_table *table)
{
	int result = table->error;

	if (!result && table->count)
		view->ops->table(view, table);
	text_table_free(table);
	return result;
}
