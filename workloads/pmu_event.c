// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "pmu_event.h"

#define LINE_SIZE 256

/* Reads the only line of DEVICE/[FOLDER/]NAME. */
static int read_line(char line[LINE_SIZE], const char *device,
		     const char *folder, const char *name, char *reason,
		     size_t size)
{
	char path[512];
	int error = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s%s", device, folder, name);
	f = fopen(path, "re");
	if (!f || !fgets(line, LINE_SIZE, f))
		error = f && !ferror(f) ? -EINVAL : -errno;
	if (f)
		fclose(f);
	if (error)
		snprintf(reason, size, "%s: %s", path, strerror(-error));
	else
		line[strcspn(line, "\n")] = '\0';
	return error;
}

/*
 * Puts the value's bits, lowest first, where a format says: "config:0-7,32-35".
 * Returns 0, or -EINVAL if the format is none or has too few bits.
 */
static int put_value(struct pmu_event *event, const char *format,
		     uint64_t value)
{
	char *end = (char *)strchr(format, ':');
	int which = 0;

	if (!end || strncmp(format, "config", 6))
		return -EINVAL;
	if (format[6] == '1' || format[6] == '2')
		which = format[6] - '0';
	if (format + 6 + !!which != end)
		return -EINVAL;
	do {
		unsigned long first = strtoul(end + 1, &end, 10);
		unsigned long last =
			*end == '-' ? strtoul(end + 1, &end, 10) : first;
		if (last > 63 || first > last)
			return -EINVAL;
		for (; first <= last; first++, value >>= 1) {
			event->config[which] &= ~(1ULL << first);
			event->config[which] |= (value & 1) << first;
		}
	} while (*end == ',');
	return *end || value ? -EINVAL : 0;
}

static int put_term(struct pmu_event *event, const char *device, char *term,
		    char *reason, size_t size)
{
	char *equals = strchr(term, '='), *end = NULL;
	char format[LINE_SIZE];
	uint64_t value = 1;
	int error;

	if (equals) {
		*equals = '\0';
		errno = 0;
		value = strtoull(equals + 1, &end, 0);
		if (equals[1] < '0' || equals[1] > '9' || *end || errno) {
			snprintf(reason, size, "%s=%s is not a number", term,
				 equals + 1);
			return -EINVAL;
		}
	}
	error = read_line(format, device, "format/", term, reason, size);
	if (error)
		return error;
	error = put_value(event, format, value);
	if (error)
		snprintf(reason, size, "%s=%#llx does not fit '%s'", term,
			 (unsigned long long)value, format);
	return error;
}

int pmu_event_terms(struct pmu_event *event, const char *device,
		    const char *terms, char *reason, size_t size)
{
	char line[LINE_SIZE], *rest = line, *term;
	int error;

	*event = (struct pmu_event){};
	error = read_line(line, device, "", "type", reason, size);
	if (error)
		return error;
	event->type = strtoul(line, NULL, 10);
	if (snprintf(line, sizeof(line), "%s", terms) >= (int)sizeof(line)) {
		snprintf(reason, size, "more than %d characters of terms",
			 LINE_SIZE - 1);
		return -EINVAL;
	}
	while (!error && (term = strsep(&rest, ",")))
		error = put_term(event, device, term, reason, size);
	return error;
}

int pmu_event_named(struct pmu_event *event, const char *device,
		    const char *name, char *reason, size_t size)
{
	char terms[LINE_SIZE];
	int error = read_line(terms, device, "events/", name, reason, size);

	return error ? error
		     : pmu_event_terms(event, device, terms, reason, size);
}
