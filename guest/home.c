// SPDX-License-Identifier: GPL-2.0
/* Home by kexec; see home.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "home.h"
#include "kexec_load.h"
#include "newc.h"
#include "watchdog.h"

/* The new initrd: this program, what came of the cell, the machine's own. */
#define ARCHIVE "/pfd-return/initrd"
/* syslog(2) */
#define READ_ALL    3
#define SIZE_BUFFER 10
/* For loading the machine's kernel, of some 100 MB with its initrd. */
#define RETURN_S 120
#define FEED_S	 2

static pid_t keeper;
static volatile sig_atomic_t cell_over;

static int failed(const char *what)
{
	fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
	return -1;
}

static void set_cell_over(int signal)
{
	cell_over = signal;
}

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* Until the cell is over, or limit_s; then until we are gone, or RETURN_S. */
static void keep(int limit_s)
{
	/* Long enough for a busy machine, short beside a reboot. */
	int timeout_s = limit_s < 20 ? 10 : limit_s > 120 ? 60 : limit_s / 2;
	int fd = watchdog_open(timeout_s);
	time_t end = now() + limit_s;

	while (now() < end && !cell_over) {
		watchdog_feed(fd);
		sleep(FEED_S);
	}
	watchdog_feed(fd);
	if (!cell_over) {
		fprintf(stderr, "init: not done after %d s\n", limit_s);
		home_return("timeout");
	}
	for (end = now() + RETURN_S; now() < end;) {
		watchdog_feed(fd);
		sleep(FEED_S);
	}
	sync();
	reboot(RB_AUTOBOOT);
}

/* What is said from now on is in the kernel's log, and so comes home. */
static void speak_to_kernel(void)
{
	int fd = open("/proc/sys/kernel/printk_devkmsg", O_WRONLY | O_CLOEXEC);

	/* All of it, however much. */
	if (fd >= 0) {
		if (write(fd, "on\n", 3) != 3)
			failed("printk_devkmsg");
		close(fd);
	}
	fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || dup2(fd, STDERR_FILENO) < 0)
		failed("/dev/kmsg");
	if (fd >= 0)
		close(fd);
}

void home_begin(int limit_s)
{
	struct sigaction action = {.sa_handler = set_cell_over};

	speak_to_kernel();
	sigaction(SIGUSR1, &action, NULL);
	keeper = fork();
	if (keeper < 0)
		failed("fork");
	if (keeper == 0) {
		keep(limit_s);
		_exit(1);
	}
}

int home_records(void)
{
	int fd = open(HOME_RECORDS, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC,
		      0644);

	return fd < 0 ? failed(HOME_RECORDS) : fd;
}

/* A line of the log begins with <level>, which a console does not show. */
static int write_log(const char *log, size_t size, FILE *out)
{
	const char *end = log + size, *line_end, *after;

	for (; log < end; log = line_end + 1) {
		line_end = memchr(log, '\n', (size_t)(end - log));
		if (!line_end)
			line_end = end;
		after = *log == '<' ? memchr(log, '>', (size_t)(line_end - log))
				    : NULL;
		if (after)
			log = after + 1;
		if (fwrite(log, 1, (size_t)(line_end - log), out) !=
			    (size_t)(line_end - log) ||
		    putc('\n', out) == EOF)
			return -1;
	}
	return 0;
}

static int save_log(void)
{
	int size = klogctl(SIZE_BUFFER, NULL, 0), error = -1;
	char *log = size > 0 ? malloc((size_t)size) : NULL;
	FILE *out;

	if (!log)
		return failed("the kernel's log");
	size = klogctl(READ_ALL, log, size);
	out = fopen(HOME_CONSOLE, "we");
	if (size >= 0 && out)
		error = write_log(log, (size_t)size, out);
	if (out && fclose(out))
		error = -1;
	free(log);
	return error ? failed(HOME_CONSOLE) : 0;
}

static int save_outcome(const char *outcome)
{
	FILE *out = fopen(HOME_OUTCOME, "we");
	int error = !out || fprintf(out, "%s\n", outcome) < 0;

	if (out && fclose(out))
		error = 1;
	return error ? failed(HOME_OUTCOME) : 0;
}

static int make_archive(void)
{
	static const char *const files[] = {HOME_TOKEN, HOME_OUTCOME,
					    HOME_RECORDS, HOME_CONSOLE};
	FILE *out = fopen(ARCHIVE, "we");
	size_t i;
	int error;

	if (!out)
		return failed(ARCHIVE);
	error = newc_file(out, HOME_PROGRAM, "/bin/" HOME_PROGRAM, 0755) ||
		newc_directory(out, "pfd-return");
	for (i = 0; i < sizeof(files) / sizeof(files[0]) && !error; i++)
		if (!access(files[i], F_OK))
			error = newc_file(out, files[i] + 1, files[i], 0644);
	/* First ours, since the machine's may be compressed. */
	error = error || newc_end(out) || newc_append(out, HOME_INITRD);
	if (fclose(out))
		error = 1;
	return error ? failed(ARCHIVE) : 0;
}

static int read_cmdline(char *line, size_t size)
{
	FILE *in = fopen(HOME_CMDLINE, "re");
	int error = !in || !fgets(line, (int)size, in);

	if (in)
		fclose(in);
	if (error)
		return failed(HOME_CMDLINE);
	line[strcspn(line, "\n")] = '\0';
	return 0;
}

void home_return(const char *outcome)
{
	/* COMMAND_LINE_SIZE of powerpc (asm/setup.h) */
	char cmdline[2048];

	if (keeper > 0)
		kill(keeper, SIGUSR1);
	if (save_outcome(outcome) || save_log() || make_archive() ||
	    read_cmdline(cmdline, sizeof(cmdline)))
		return;
	if (kexec_load(HOME_KERNEL, ARCHIVE, cmdline) || kexec_go())
		failed("cannot load this machine's own kernel");
}
