// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's init: mounts what there is to mount, proves on the record
 * channel which kernel this is, runs one cell, and powers off.
 *
 * Its arguments come from the kernel's command line, after `--`:
 *	run=bare|probed|stats|checked release=RELEASE rcu=MODE
 *		[counters=NAME,...] [probe.OPTION=VALUE...] workload=NAME
 *[NAME=VALUE...] run=/PROGRAM ...	the same, by `PROGRAM -- pfd-load ...`
 *	run=shell
 *	return=SECONDS ...	before these: go back to the kernel that we came
 *				from when done, and after SECONDS at the latest
 *				(home.h), instead of powering off
 * probe.OPTION=VALUE is given to pfd-probe as --OPTION VALUE, counters= to
 * pfd-load.
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
#include <termios.h>
#include <unistd.h>

#include "cell.h"
#include "home.h"

#define RECORDS "/dev/hvc1"

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

/* include/linux/panic.h: TAINT_BAD_PAGE, _DIE, _WARN, _SOFTLOCKUP */
#define TAINT_FOUND (1ul << 5 | 1ul << 7 | 1ul << 9 | 1ul << 14)

/* That the kernel found something wrong, even if its word for it was lost. */
static void tell_taint(void)
{
	FILE *f = fopen("/proc/sys/kernel/tainted", "re");
	unsigned long taint = 0;

	if (f && fscanf(f, "%lu", &taint) == 1 && taint & TAINT_FOUND)
		fprintf(stderr, "init: the kernel is tainted: %lu\n", taint);
	if (f)
		fclose(f);
}

static void measure(struct cell *cell, bool from_home)
{
	int fd = from_home ? home_records() : open_records();

	if (fd < 0)
		return;
	cell_measure(cell, fd);
	tell_taint();
	if (!from_home)
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
	cell_execute(command, -1);
}

/* The seconds of return=, or 0. */
static int return_seconds(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strncmp(argv[i], "return=", strlen("return=")))
			return atoi(argv[i] + strlen("return="));
	return 0;
}

int main(int argc, char **argv)
{
	int return_s = return_seconds(argc, argv);
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
	cell_parse(&cell, argc, argv);
	if (return_s > 0)
		home_begin(return_s);
	if (cell.run && !strcmp(cell.run, "shell"))
		shell();
	else if (cell.run && cell.workload)
		measure(&cell, return_s > 0);
	else
		fputs("init: run= and workload= are missing\n", stderr);
	if (return_s > 0)
		home_return("done");
	sync();
	/* A machine that cannot go home as it came starts anew. */
	reboot(return_s > 0 ? RB_AUTOBOOT : RB_POWER_OFF);
	return 1;
}
