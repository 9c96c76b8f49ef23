// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include "write.h"

int write_record(json_t *record, FILE *out)
{
	int error = record ? 0 : -ENOMEM;

	if (record && json_dumpf(record, out, JSON_COMPACT))
		error = -EIO;
	if (!error && fputc('\n', out) == EOF)
		error = -EIO;
	json_decref(record);
	if (error)
		fprintf(stderr, "pfd-probe: cannot write a record: %s\n",
			strerror(-error));
	return error;
}
