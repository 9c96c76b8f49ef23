/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For fuzzers: what is read is files, so each works in a new directory, which
 * is its current one and goes when it ends. What cannot be done ends it, and so
 * does what must not be: both with one line.
 */
#ifndef PFD_FUZZ_FILES_H
#define PFD_FUZZ_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* To be called before the others. True: the directory is new, and empty. */
bool files_begin(void);

void files_write(const char *path, const void *bytes, size_t size);
void files_mkdir(const char *path);

void files_fail(const char *what) __attribute__((noreturn));

/* libFuzzer's own. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
