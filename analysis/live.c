// SPDX-License-Identifier: GPL-2.0
/* A run that is under way; see live.h. */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cell.h"
#include "live.h"
#include "message.h"

/* Columns of cells.tsv, as pfd-plan prints them. */
enum {
	COLUMN_ID = 0,
	COLUMN_VARIANT = 1,
	COLUMN_PAGES = 2,
	COLUMN_MMU = 3,
	COLUMN_WORKLOAD = 7,
	COLUMN_ARM = 8,
};

/* The one string of that name; NULL: no memory. */
static const char *intern(struct live *live, const char *name)
{
	char **names;
	size_t i;

	for (i = 0; i < live->name_count; i++) {
		if (!strcmp(live->names[i], name))
			return live->names[i];
	}
	names = reallocarray(live->names, i + 1, sizeof(*names));
	if (!names)
		return NULL;
	live->names = names;
	names[i] = strdup(name);
	if (!names[i])
		return NULL;
	live->name_count++;
	return names[i];
}

/* Returns 0, -ENOMEM, or -EINVAL for a line that is not of a plan. */
static int add_line(struct live *live, char *line)
{
	char *fields[COLUMN_ARM + 1];
	struct live_cell *cells, *cell;
	size_t i;

	for (i = 0; i <= COLUMN_ARM; i++) {
		fields[i] = strsep(&line, "\t\n");
		if (!fields[i] || !*fields[i])
			return -EINVAL;
	}
	/* It becomes a part of a path. */
	if (fields[COLUMN_ID][0] == '.' || strchr(fields[COLUMN_ID], '/'))
		return -EINVAL;
	cells = reallocarray(live->cells, live->count + 1, sizeof(*cells));
	if (!cells)
		return -ENOMEM;
	live->cells = cells;
	cell = &cells[live->count++];
	*cell = (struct live_cell){
		.id = strdup(fields[COLUMN_ID]),
		.variant = intern(live, fields[COLUMN_VARIANT]),
		.workload = intern(live, fields[COLUMN_WORKLOAD]),
		.gate = verified_state(&live->verified, fields[COLUMN_VARIANT],
				       fields[COLUMN_PAGES],
				       fields[COLUMN_MMU]),
		.probed = !strcmp(fields[COLUMN_ARM], "probed"),
		.share = NAN,
		.second_ns = NAN,
	};
	return cell->id && cell->variant && cell->workload ? 0 : -ENOMEM;
}

int live_open(struct live *live, const char *dir)
{
	char path[PATH_MAX], verified[PATH_MAX], *line = NULL;
	size_t size = 0, number = 0;
	int result = 0;
	FILE *file;

	memset(live, 0, sizeof(*live));
	if (snprintf(path, sizeof(path), "%s/cells.tsv", dir) >= PATH_MAX ||
	    snprintf(verified, sizeof(verified), "%s/verified.tsv", dir) >=
		    PATH_MAX) {
		message("%.64s...: the name is too long", dir);
		return STAT_USAGE;
	}
	file = fopen(path, "re");
	if (!file) {
		message("%s: not a run that can be watched (%s: %s)", dir, path,
			strerror(errno));
		return STAT_USAGE;
	}
	if (verified_read(&live->verified, verified)) {
		fclose(file);
		return STAT_FAILED;
	}
	live->dir = strdup(dir);
	result = live->dir ? 0 : -ENOMEM;
	while (!result && getline(&line, &size, file) > 0) {
		number++;
		result = add_line(live, line);
	}
	free(line);
	fclose(file);
	if (!result)
		return STAT_OK;
	message("%s: line %zu: %s", path, number,
		result == -EINVAL ? "not a cell as pfd-plan prints it"
				  : strerror(-result));
	return STAT_FAILED;
}

/* What the report's answer begins with, of this cell alone. */
static int read_figures(struct live *live, struct live_cell *cell)
{
	struct cell records = {};
	char dir[PATH_MAX];
	int result;

	if (snprintf(dir, sizeof(dir), "%s/cells", live->dir) >= PATH_MAX)
		return 0;
	result = cell_load(&records, dir, cell->id, NULL, NULL);
	if (!result) {
		cell->share = metrics_value(&records.metrics,
					    "double_rcu.double_share");
		cell->second_ns = metrics_value(
			&records.metrics, "double_rcu.second_wait_mean_ns");
	}
	cell_free(&records);
	return result;
}

static int note_invalid(struct live *live, const struct live_cell *cell,
			const char *status)
{
	live->invalid++;
	free(live->last_invalid);
	if (asprintf(&live->last_invalid, "%s: %s", cell->id, status) < 0) {
		live->last_invalid = NULL;
		return -ENOMEM;
	}
	make_printable(live->last_invalid, strlen(live->last_invalid));
	return 0;
}

static int look(struct live *live, struct live_cell *cell)
{
	char path[PATH_MAX], status[512] = "";
	FILE *file;

	if (snprintf(path, sizeof(path), "%s/cells/%s/status", live->dir,
		     cell->id) >= PATH_MAX)
		return 0;
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (!fgets(status, sizeof(status), file))
		status[0] = '\0';
	fclose(file);
	status[strcspn(status, "\n")] = '\0';
	if (!*status)
		return 0;
	cell->done = true;
	cell->valid = !strcmp(status, "valid");
	live->done++;
	if (!cell->valid)
		return note_invalid(live, cell, status);
	return cell->probed ? read_figures(live, cell) : 0;
}

int live_update(struct live *live)
{
	int result = 0;
	size_t i;

	for (i = 0; i < live->count && !result; i++) {
		if (!live->cells[i].done)
			result = look(live, &live->cells[i]);
	}
	return result;
}

void live_close(struct live *live)
{
	size_t i;

	for (i = 0; i < live->count; i++)
		free(live->cells[i].id);
	for (i = 0; i < live->name_count; i++)
		free(live->names[i]);
	verified_free(&live->verified);
	free(live->names);
	free(live->cells);
	free(live->last_invalid);
	free(live->dir);
	memset(live, 0, sizeof(*live));
}
