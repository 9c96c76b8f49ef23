// SPDX-License-Identifier: GPL-2.0
/*
 * pfd-cell: one cell on a machine that is there already and goes on afterwards
 * (targets/host.sh). What init does in a guest, but for everything around it:
 * nothing is mounted, set or powered off.
 *
 *	pfd-cell DIR ARGUMENT...
 *
 * DIR has pfd-load and pfd-probe; the ARGUMENTs are init's (init.c). Records go
 * to ./guest.jsonl, and what the kernel says meanwhile to ./console.log.
 *
 * The cell is a session of its own, by which the probe tells it from what
 *others do on the machine, and which is killed as a whole when this program is
 *told to stop. Exit: 0 there are records, 2 usage, 4 none could be made here.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cell.h"

#define EXIT_MACHINE 4

static volatile pid_t session;

static int failed(const char *what)
{
	fprintf(stderr, "pfd-cell: %s: %s\n", what, strerror(errno));
	return -1;
}

static void stop(int signal_number)
{
	if (session > 0)
		kill(-session, SIGKILL);
	_exit(128 + signal_number);
}

/* The kernel's messages from now on. */
static int open_messages(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return failed("/dev/kmsg");
	if (lseek(fd, 0, SEEK_END) < 0)
		return failed("/dev/kmsg");
	return fd;
}

/*
 * A read is one message: "priority,number,time,flags;text", and lines of a
 * dictionary, which begin with a space. Of this machine's own messages none may
 * be lost unseen: EPIPE says that some were overwritten.
 */
static int copy_messages(int fd, FILE *console)
{
	char message[8192 + 1], *text;
	ssize_t size;

	for (;;) {
		size = read(fd, message, sizeof(message) - 1);
		if (size < 0 && errno == EPIPE)
			return failed("kernel messages were overwritten");
		if (size <= 0)
			return size < 0 && errno != EAGAIN ? failed("/dev/kmsg")
							   : 0;
		message[size] = '\0';
		text = strchr(message, ';');
		if (!text)
			continue;
		text[1 + strcspn(text + 1, "\n")] = '\0';
		fprintf(console, "%s\n", text + 1);
	}
}

static int wait_for(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return failed("waitpid");
	/* The cell's own outcome is in its records. */
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -1;
}

static int measure(struct cell *cell, int records)
{
	struct sigaction action = {.sa_handler = stop};

	session = fork();
	if (session < 0)
		return failed("fork");
	if (session == 0) {
		setsid();
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(cell_measure(cell, records) < 0 ? EXIT_MACHINE : 0);
	}
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	return wait_for(session);
}

int main(int argc, char **argv)
{
	struct cell cell = {.shared = true};
	FILE *console;
	int messages, records, error;

	if (argc < 3) {
		fputs("usage: pfd-cell DIR run=ARM release=RELEASE "
		      "workload=NAME [NAME=VALUE...]\n",
		      stderr);
		return 2;
	}
	cell.programs = argv[1];
	cell_parse(&cell, argc - 1, argv + 1);
	if (!cell.run || !cell.workload) {
		fputs("pfd-cell: run= and workload= are missing\n", stderr);
		return 2;
	}
	messages = open_messages();
	records = open("guest.jsonl", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		       0666);
	console = fopen("console.log", "we");
	if (messages < 0 || records < 0 || !console) {
		if (messages >= 0)
			failed("cannot write here");
		return EXIT_MACHINE;
	}
	error = measure(&cell, records);
	error |= copy_messages(messages, console);
	if (fclose(console) || close(records))
		error = failed("cannot write");
	close(messages);
	return error ? EXIT_MACHINE : 0;
}
