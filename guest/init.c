// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's init: mounts what there is to mount, proves on the record
 * channel which kernel this is, runs one cell, and powers off.
 *
 * Its arguments come from the kernel's command line, after `--`:
 *	run=bare|probed|stats|checked release=RELEASE rcu=MODE
 *		[probe.OPTION=VALUE...] workload=NAME [NAME=VALUE...]
 *	run=/PROGRAM ...	the same, by `PROGRAM -- pfd-load ...`
 *	run=shell
 * probe.OPTION=VALUE is given to pfd-probe as --OPTION VALUE.
 * The kernel's console is /dev/hvc0; records go to /dev/hvc1, so that nothing
 * the kernel says can get between them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <jansson.h>

#define MAX_ARGUMENTS 32
#define RECORDS	      "/dev/hvc1"

struct cell {
	const char *run, *release, *rcu, *workload;
	char *parameters[MAX_ARGUMENTS];
	int parameters_count;
	char *probe[MAX_ARGUMENTS]; /* its options */
	int probe_count;
};

static int failed(const char *what)
{
	fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
	return -1;
}

static void mount_all(void)
{
	static const struct {
		const char *type, *where;
	} mounts[] = {
		{"proc", "/proc"},
		{"sysfs", "/sys"},
		{"devtmpfs", "/dev"},
		{"tmpfs", "/tmp"},
		{"debugfs", "/sys/kernel/debug"},
		{"tracefs", "/sys/kernel/tracing"},
	};
	size_t i;

	for (i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].where, 0755);
		if (mount(mounts[i].type, mounts[i].where, mounts[i].type, 0,
			  NULL))
			failed(mounts[i].where);
	}
}

/* Writes to a file of /proc or /sys that some kernels do not have. */
static void set(const char *file, const char *value)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, value, strlen(value)) < 0)
		failed(file);
	close(fd);
}

/*
 * Arguments before workload= that are not ours are options the kernel did not
 * know; it passes them on.
 */
/* "OPTION=VALUE" as "--OPTION=VALUE". */
static void add_probe_option(struct cell *cell, const char *option)
{
	char *copy = malloc(strlen(option) + 3);

	if (!copy || cell->probe_count == MAX_ARGUMENTS)
		return;
	sprintf(copy, "--%s", option);
	cell->probe[cell->probe_count++] = copy;
}

static void parse(struct cell *cell, int argc, char **argv)
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
		else if (cell->workload &&
			 cell->parameters_count < MAX_ARGUMENTS)
			cell->parameters[cell->parameters_count++] = argv[i];
	}
}

/* Opens the record channel, raw: every byte arrives as it was written. */
static int open_records(void)
{
	int fd = open(RECORDS, O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct termios raw;

	if (fd < 0 || tcgetattr(fd, &raw))
		return failed(RECORDS);
	cfmakeraw(&raw);
	if (tcsetattr(fd, TCSANOW, &raw))
		return failed(RECORDS);
	return fd;
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
		fd,
		json_pack("{ss, ss, si, ss, si, ss}", "type", "boot", "release",
			  release, "page_size_bytes",
			  (int)sysconf(_SC_PAGESIZE), "mmu",
			  has_line("/proc/cpuinfo", "MMU", "Radix") ? "radix"
								    : "hash",
			  "cpus_count", get_nprocs(), "cmdline", cmdline));
}

/* Runs a program with its output going to fd; returns its exit status. */
static int execute(char **command, int fd)
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
	char *command[2 * MAX_ARGUMENTS + 8];
	int n = 0, i;

	if (cell->run[0] == '/') {
		command[n++] = (char *)cell->run;
		command[n++] = "--";
	} else if (strcmp(cell->run, "bare")) {
		command[n++] = "/bin/pfd-probe";
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
	command[n++] = "/bin/pfd-load";
	command[n++] = (char *)cell->workload;
	for (i = 0; i < cell->parameters_count; i++)
		command[n++] = cell->parameters[i];
	command[n] = NULL;
	return execute(command, fd);
}

static void measure(struct cell *cell)
{
	struct utsname name;
	int fd = open_records(), status = -1;

	if (fd < 0 || uname(&name) || write_boot(fd, name.release))
		return;
	/* Nothing is measured on any other kernel than the one meant. */
	if (cell->release && !strcmp(cell->release, name.release))
		status = run_cell(cell, fd);
	else
		fprintf(stderr, "init: this is %s, not %s\n", name.release,
			cell->release ? cell->release : "(none)");
	write_record(fd, json_pack("{ss, si}", "type", "end", "exit_status",
				   status < 0 ? 255 : status));
	tcdrain(fd);
	close(fd);
}

static void shell(void)
{
	char *command[] = {"/bin/busybox", "setsid", "-c",
			   "/bin/busybox", "sh",     NULL};

	setenv("PATH", "/bin", 1);
	setenv("HOME", "/", 1);
	setenv("TERM", "linux", 0);
	execute(command, -1);
}

int main(int argc, char **argv)
{
	struct cell cell = {};

	if (getpid() != 1) {
		fputs("init: this is a guest's first process\n", stderr);
		return 2;
	}
	mount_all();
	/*
	 * No huge page unless asked for, and none behind a workload's back:
	 * MADV_COLLAPSE works all the same.
	 */
	set("/sys/kernel/mm/transparent_hugepage/enabled", "madvise");
	parse(&cell, argc, argv);
	if (cell.run && !strcmp(cell.run, "shell"))
		shell();
	else if (cell.run && cell.workload)
		measure(&cell);
	else
		fputs("init: run= and workload= are missing\n", stderr);
	sync();
	reboot(RB_POWER_OFF);
	return 1;
}
