// SPDX-License-Identifier: GPL-2.0
/* One-line messages; see message.h. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "message.h"

void make_printable(char *text, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		if (text[i] < ' ' || text[i] > '~')
			text[i] = '?';
	}
}

void message(const char *format, ...)
{
	char text[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	make_printable(text, strlen(text));
	fprintf(stderr, "pfd-stat: %s\n", text);
}
