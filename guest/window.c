// SPDX-License-Identifier: GPL-2.0
/*
 * pfd-window: runs a workload as pfd-probe does (../workloads/control.h), with
 * any other instrument in the probe's place.
 *
 * The measured part begins and ends with getcpu(2), which nobody else calls
 * there (libraries take the vDSO's): whatever sees the kernel's functions,
 * be it a kprobe or the emulator, sees the window by sys_getcpu().
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "control.h"

#define MAX_PERFS 4
/* For the last traces of what was there before the window. */
#define SETTLE_MS 200
/* For callbacks of the workload: a double wait is 50 ms, idle. */
#define DRAIN_MS 1000

static const char usage[] =
	"Usage: pfd-window [-p CONTROL,ACK]... START STOP -- COMMAND...\n"
	"\n"
	"Runs COMMAND (pfd-load), and the shell commands START when it is "
	"ready\n"
	"and STOP when its callbacks are over. What there is to count lies\n"
	"between two calls of getcpu(2). -p: fifos of a perf stat --control, "
	"which\n"
	"counts between the two. Exit status: the command's; 2 usage; 4 when\n"
	"START, STOP or a perf failed.\n";

struct window {
	char *perfs[MAX_PERFS];
	int perfs_count;
	const char *start, *stop;
};

static void sleep_ms(long ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};

	while (nanosleep(&t, &t) && errno == EINTR)
		;
}

static int failed(const char *what, const char *why)
{
	fprintf(stderr, "pfd-window: %s: %s\n", what, why);
	return -1;
}

/* Sends a command to a perf stat, and waits until it has obeyed. */
static int tell_perf(const char *fifos, const char *command)
{
	char *control = strdup(fifos), *ack, answer[16];
	int to = -1, from = -1, error = -1;

	ack = control ? strchr(control, ',') : NULL;
	if (ack) {
		*ack++ = '\0';
		/* Both ends are open for both sides: no open waits. */
		to = open(control, O_RDWR | O_CLOEXEC);
		from = open(ack, O_RDWR | O_CLOEXEC);
	}
	if (to >= 0 && from >= 0 &&
	    write(to, command, strlen(command)) == (ssize_t)strlen(command) &&
	    read(from, answer, sizeof(answer)) > 0)
		error = 0;
	if (to >= 0)
		close(to);
	if (from >= 0)
		close(from);
	free(control);
	return error ? failed(fifos, "perf does not answer") : 0;
}

static int tell_perfs(const struct window *w, const char *command)
{
	int i, error = 0;

	for (i = 0; i < w->perfs_count && !error; i++)
		error = tell_perf(w->perfs[i], command);
	return error;
}

static int shell(const char *command)
{
	return system(command) ? failed(command, "failed") : 0;
}

static int measure(const struct window *w, struct control *c)
{
	struct control_expected expected;
	int error;

	if (!control_expect_ready(c, &expected))
		return failed("the workload", "did not get ready");
	error = shell(w->start);
	if (error)
		return error;
	sleep_ms(SETTLE_MS);
	error = tell_perfs(w, "enable\n");
	if (error)
		return error;
	syscall(SYS_getcpu, NULL, NULL, NULL);
	control_send(c, CONTROL_GO);
	if (!control_expect(c, CONTROL_DONE))
		return failed("the workload", "broke off");
	sleep_ms(DRAIN_MS);
	syscall(SYS_getcpu, NULL, NULL, NULL);
	error = tell_perfs(w, "disable\n");
	if (!error)
		error = shell(w->stop);
	control_send(c, CONTROL_LEAVE);
	return error;
}

static int run(const struct window *w, char **command)
{
	struct control c;
	int error, status = 0;
	pid_t child = control_fork(&c);

	if (child == 0) {
		execvp(command[0], command);
		failed(command[0], strerror(errno));
		_exit(127);
	}
	error = child < 0 ? failed("fork", strerror(-child)) : measure(w, &c);
	control_close(&c);
	if (child > 0 && waitpid(child, &status, 0) < 0)
		error = failed("waitpid", strerror(errno));
	if (error)
		return 4;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	struct window w = {};
	int option;

	while ((option = getopt(argc, argv, "+hp:")) != -1) {
		if (option == 'p' && w.perfs_count < MAX_PERFS) {
			w.perfs[w.perfs_count++] = optarg;
			continue;
		}
		fputs(usage, option == 'h' ? stdout : stderr);
		return option == 'h' ? 0 : 2;
	}
	if (argc - optind < 4 || strcmp(argv[optind + 2], "--")) {
		fputs(usage, stderr);
		return 2;
	}
	w.start = argv[optind];
	w.stop = argv[optind + 1];
	return run(&w, argv + optind + 3);
}
