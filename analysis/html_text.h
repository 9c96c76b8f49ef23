/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text that is not ours, into a page: names in records, manifests and file
 * systems may hold anything.
 */
#ifndef PFD_HTML_TEXT_H
#define PFD_HTML_TEXT_H

#include <stdio.h>

/* As text or as a quoted attribute's value. What is no UTF-8 comes out as '?'
 */
void html_text(FILE *file, const char *text);

/* The same, formatted. */
void html_textf(FILE *file, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A path relative to the page, as the value of href. */
void html_path(FILE *file, const char *path);

/* An id: letters, digits and dashes. */
void html_id(FILE *file, const char *text);

/* Copies a file of ours as it is. Returns 0 or a negative errno value. */
int html_copy(FILE *file, const char *path);

#endif
