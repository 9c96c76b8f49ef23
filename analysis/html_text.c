// SPDX-License-Identifier: GPL-2.0
/* Text into a page; see html_text.h. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "html_text.h"

/* How many bytes the character at text has; 0: it is none that is printed. */
static size_t utf8_size(const char *text)
{
	const unsigned char *byte = (const unsigned char *)text;
	size_t size, i;

	if (*byte < 0x80)
		return *byte >= ' ' && *byte != 0x7f ? 1 : 0;
	if (*byte >= 0xc2 && *byte < 0xe0)
		size = 2;
	else if (*byte >= 0xe0 && *byte < 0xf0)
		size = 3;
	else if (*byte >= 0xf0 && *byte < 0xf5)
		size = 4;
	else
		return 0;
	for (i = 1; i < size; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
	}
	return size;
}

void html_text(FILE *file, const char *text)
{
	while (*text) {
		size_t size = utf8_size(text);

		if (*text == '\n' || *text == '\t')
			fputc(*text, file);
		else if (!size)
			fputc('?', file);
		else if (strchr("&<>\"'", *text))
			fprintf(file, "&#%d;", *text);
		else
			fwrite(text, 1, size, file);
		text += size ? size : 1;
	}
}

void html_textf(FILE *file, const char *format, ...)
{
	va_list args;
	char *text;
	int size;

	va_start(args, format);
	size = vasprintf(&text, format, args);
	va_end(args);
	if (size < 0) {
		fputs("(no memory)", file);
		return;
	}
	html_text(file, text);
	free(text);
}

void html_path(FILE *file, const char *path)
{
	/* Whatever its name is: "javascript:x" is a file, too. */
	fputs("./", file);
	for (; *path; path++) {
		if (isalnum((unsigned char)*path) || strchr("-._~/+,=@", *path))
			fputc(*path, file);
		else
			fprintf(file, "%%%02X", (unsigned char)*path);
	}
}

void html_id(FILE *file, const char *text)
{
	for (; *text; text++)
		fputc(isalnum((unsigned char)*text) ? *text : '-', file);
}

int html_copy(FILE *file, const char *path)
{
	FILE *from = fopen(path, "re");
	char buffer[4096];
	size_t size;
	int result = 0;

	if (!from)
		return -errno;
	while ((size = fread(buffer, 1, sizeof(buffer), from)) > 0)
		fwrite(buffer, 1, size, file);
	if (ferror(from))
		result = -EIO;
	fclose(from);
	return result;
}
