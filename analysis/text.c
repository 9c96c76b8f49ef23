// SPDX-License-Identifier: GPL-2.0
/* Text for mails; see text.h. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "record.h"
#include "text.h"

void text_wrap(FILE *file, const char *first, const char *text)
{
	int indent = strlen(first);
	int column = indent;

	fputs(first, file);
	while (*text) {
		int size = strcspn(text, " ");

		if (column > indent && column + 1 + size > TEXT_COLUMNS) {
			fprintf(file, "\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			fputc(' ', file);
			column++;
		}
		fprintf(file, "%.*s", size, text);
		column += size;
		text += size;
		text += strspn(text, " ");
	}
	fputc('\n', file);
}

void text_wrapf(FILE *file, const char *first, const char *format, ...)
{
	char *text;
	va_list args;
	int size;

	va_start(args, format);
	size = vasprintf(&text, format, args);
	va_end(args);
	if (size < 0) {
		fprintf(file, "%s(no memory)\n", first);
		return;
	}
	text_wrap(file, first, text);
	free(text);
}

void text_group(FILE *file, const struct cell *cell)
{
	text_wrap(file, "== ", cell->config);
	text_wrap(file, "   ", cell->job);
}

void text_job(char *text, size_t size, const struct cell *cell)
{
	const char *swept = record_text(cell->header, "swept");
	const char *parameter = NULL;
	char name[128];

	/* A parameter that is swept is one of the job's, or of the machine. */
	if (swept) {
		snprintf(name, sizeof(name), " %s=", swept);
		parameter = strstr(cell->job, name);
	}
	snprintf(text, size, "%s%.*s", record_text(cell->header, "workload"),
		 parameter ? 1 + (int)strcspn(parameter + 1, " ") : 0,
		 parameter ? parameter : "");
}
