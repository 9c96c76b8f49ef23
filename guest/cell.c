// SPDX-License-Identifier: GPL-2.0
/* One cell on the machine that this is; see cell.h. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
#include <jansson.h>

#include "cell.h"

static int failed(const char *what)
{
	fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
	return -1;
}

/* "OPTION=VALUE" as "--OPTION=VALUE". */
static void add_probe_option(struct cell *cell, const char *option)
{
	char *copy = malloc(strlen(option) + 3);

	if (!copy || cell->probe_count == MAX_ARGUMENTS)
		return;
	sprintf(copy, "--%s", option);
	cell->probe[cell->probe_count++] = copy;
}

/*
 * Arguments before workload= that are not ours are options the kernel did not
 * know; it passes them on.
 */
void cell_parse(struct cell *cell, int argc, char **argv)
{
	static const char *const names[] = {
		"run=", "release=", "rcu=", "workload="};
	const char **values[] = {&cell->run, &cell->release, &cell->rcu,
				 &cell->workload};
	int i, name;

	for (i = 1; i < argc; i++) {
		for (name = 0; name < 4; name++)
			if (!strncmp(argv[i], names[name], strlen(names[name])))
				break;
		if (name < 4)
			*values[name] = argv[i] + strlen(names[name]);
		else if (!strncmp(argv[i], "probe.", 6))
			add_probe_option(cell, argv[i] + 6);
		else if (!strncmp(argv[i], "counters=", 9))
			cell->counters = argv[i];
		else if (cell->workload &&
			 cell->parameters_count < MAX_ARGUMENTS)
			cell->parameters[cell->parameters_count++] = argv[i];
	}
}

static int write_record(int fd, json_t *record)
{
	int error = !record || json_dumpfd(record, fd, JSON_COMPACT) ||
		    write(fd, "\n", 1) != 1;

	json_decref(record);
	return error ? failed("cannot write a record") : 0;
}

static bool has_line(const char *file, const char *start, const char *word)
{
	char line[256];
	bool found = false;
	FILE *f = fopen(file, "re");

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, start, strlen(start)) && strstr(line, word))
			found = true;
	if (f)
		fclose(f);
	return found;
}

/* Only powerpc has a line about it. */
static const char *mmu(void)
{
	static const char cpuinfo[] = "/proc/cpuinfo";

	if (!has_line(cpuinfo, "MMU", ""))
		return "other";
	return has_line(cpuinfo, "MMU", "Radix") ? "radix" : "hash";
}

static int write_boot(int fd, const char *release)
{
	char cmdline[2048] = "";
	FILE *f = fopen("/proc/cmdline", "re");

	if (f) {
		if (!fgets(cmdline, sizeof(cmdline), f))
			cmdline[0] = '\0';
		fclose(f);
	}
	cmdline[strcspn(cmdline, "\n")] = '\0';
	return write_record(
		fd, json_pack("{ss, ss, si, ss, si, ss}", "type", "boot",
			      "release", release, "page_size_bytes",
			      (int)sysconf(_SC_PAGESIZE), "mmu", mmu(),
			      "cpus_count", get_nprocs(), "cmdline", cmdline));
}

int cell_execute(char **command, int fd)
{
	int status;
	pid_t child = fork();

	if (child < 0)
		return failed("fork");
	if (child == 0) {
		if (fd >= 0)
			dup2(fd, STDOUT_FILENO);
		execv(command[0], command);
		failed(command[0]);
		_exit(127);
	}
	if (waitpid(child, &status, 0) < 0)
		return failed("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int run_cell(struct cell *cell, int fd)
{
	const char *programs = cell->programs ? cell->programs : "/bin";
	char *command[2 * MAX_ARGUMENTS + 10], *load = NULL, *probe = NULL;
	int n = 0, i, status = -1;

	if (asprintf(&load, "%s/pfd-load", programs) < 0 ||
	    asprintf(&probe, "%s/pfd-probe", programs) < 0) {
		failed("asprintf");
		goto free;
	}

	if (cell->run[0] == '/') {
		command[n++] = (char *)cell->run;
		command[n++] = "--";
	} else if (strcmp(cell->run, "bare")) {
		command[n++] = probe;
		if (cell->shared)
			command[n++] = "--shared";
		if (!strcmp(cell->run, "stats"))
			command[n++] = "--stats";
		if (!strcmp(cell->run, "checked"))
			command[n++] = "--contract";
		if (cell->rcu && strcmp(cell->rcu, "default"))
			command[n++] = "--offloaded";
		for (i = 0; i < cell->probe_count; i++)
			command[n++] = cell->probe[i];
		command[n++] = "--";
	}
	command[n++] = load;
	command[n++] = (char *)cell->workload;
	if (cell->counters)
		command[n++] = (char *)cell->counters;
	for (i = 0; i < cell->parameters_count; i++)
		command[n++] = cell->parameters[i];
	command[n] = NULL;
	status = cell_execute(command, fd);
free:
	free(load);
	free(probe);
	return status;
}

int cell_measure(struct cell *cell, int fd)
{
	struct utsname name;
	int status = -1;

	if (uname(&name) || write_boot(fd, name.release))
		return -1;
	/* Nothing is measured on any other kernel than the one meant. */
	if (cell->release && !strcmp(cell->release, name.release))
		status = run_cell(cell, fd);
	else
		fprintf(stderr, "init: this is %s, not %s\n", name.release,
			cell->release ? cell->release : "(none)");
	if (write_record(fd, json_pack("{ss, si}", "type", "end", "exit_status",
				       status < 0 ? 255 : status)))
		return -1;
	return status;
}
