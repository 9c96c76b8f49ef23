// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>
#include "injection.h"
#include "load.h"

#define FAIL "/sys/kernel/debug/fail_page_alloc/"
#define TASK "/proc/self/make-it-fail"

/*
 * Documentation/fault-injection/fault-injection.rst. What may sleep is left
 * alone, and so is everybody who did not ask. Verbose would print stacks.
 */
static const struct {
	const char *path, *value; /* NULL: the percentage */
} wanted[INJECTION_SETTINGS] = {
	{FAIL "task-filter", "Y"},  {FAIL "ignore-gfp-wait", "Y"},
	{FAIL "verbose", "0"},	    {FAIL "min-order", "0"},
	{FAIL "interval", "1"},	    {FAIL "times", "-1"},
	{FAIL "probability", NULL},
};

int injection_begin(struct load *load, struct injection *injection,
		    uint64_t percent)
{
	char text[24];
	int i, error = 0;

	if (access(FAIL, F_OK) || access(TASK, F_OK)) {
		fprintf(stderr,
			"pfd-load: %s: this kernel has no %s: boot one with "
			"FAULT_INJECTION and FAIL_PAGE_ALLOC\n",
			load->workload->name, FAIL);
		return -ENOENT;
	}
	snprintf(text, sizeof(text), "%" PRIu64, percent);
	for (i = 0; i < INJECTION_SETTINGS && !error; i++) {
		injection->settings[i].path = wanted[i].path;
		error = setting_change(load, &injection->settings[i],
				       wanted[i].value ? wanted[i].value
						       : text);
	}
	return error;
}

int injection_of_task(struct load *load, bool on)
{
	int fd = open(TASK, O_WRONLY | O_CLOEXEC), error = 0;

	if (fd < 0 || write(fd, on ? "1" : "0", 1) != 1)
		error = load_error(load, TASK, -errno);
	if (fd >= 0)
		close(fd);
	return error;
}

int injection_end(struct load *load, struct injection *injection)
{
	int i, error = 0;

	for (i = INJECTION_SETTINGS - 1; i >= 0 && !error; i--)
		error = setting_restore(load, &injection->settings[i]);
	return error;
}
