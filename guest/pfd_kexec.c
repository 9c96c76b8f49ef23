// SPDX-License-Identifier: GPL-2.0
/*
 * pfd-kexec: there and back, for targets/kexec.sh.
 *
 * On the machine: makes an archive that goes before or behind another kernel's
 * initramfs, loads that kernel, starts it.
 *
 * On the way back it is the first process of the machine's own kernel, by
 * rdinit=: guest/home.c put it in front of the machine's initrd, with what came
 * of the cell in /pfd-return. It leaves that with a child that outlives the
 * initramfs, and becomes the /init that would have been first. The child only
 * keeps the files open, as /proc/PID/fd/3 and so on (see names[]): no disk
 * is needed for that, and no memory once it is killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "home.h"
#include "kexec_load.h"
#include "newc.h"

static const char usage[] =
	"Usage: pfd-kexec archive FILE NAME=FROM...\n"
	"       pfd-kexec load KERNEL INITRD COMMAND-LINE\n"
	"       pfd-kexec go\n"
	"\n"
	"archive: a cpio archive with the file FROM as NAME, and so on. NAME "
	"may\n"
	"be in a directory, then NAME/= comes before it. load: what is "
	"started\n"
	"by go, which does not return. Exit status: 0, 2 usage, 4 failed.\n";

/* Held open by the child, from 3 on; targets/kexec.sh has the same order. */
static const char *const names[] = {HOME_TOKEN, HOME_OUTCOME, HOME_RECORDS,
				    HOME_CONSOLE};

/* systemd spares a process with such a name when it leaves an initrd
 * (https://systemd.io/ROOT_STORAGE_DAEMONS). */
#define KEEPER "@pfd-return"

static int failed(const char *what)
{
	fprintf(stderr, "pfd-kexec: %s: %s\n", what, strerror(errno));
	return 4;
}

static int archive(const char *path, char **entries)
{
	FILE *out = fopen(path, "we");
	char *from;
	int error = 0;

	if (!out)
		return failed(path);
	for (; *entries && !error; entries++) {
		from = strchr(*entries, '=');
		if (!from || from == *entries) {
			fclose(out);
			fputs(usage, stderr);
			return 2;
		}
		*from++ = '\0';
		if (from[-2] == '/') {
			from[-2] = '\0';
			error = newc_directory(out, *entries);
		} else {
			error = newc_file(out, *entries, from,
					  access(from, X_OK) ? 0644 : 0755);
		}
		if (error)
			error = failed(from);
	}
	if (!error && newc_end(out))
		error = failed(path);
	if (fclose(out) && !error)
		error = failed(path);
	return error;
}

static void leave_with_child(void)
{
	char *child_argv[] = {KEEPER, NULL}, *child_environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	size_t i;
	pid_t child;
	int fd;

	if (posix_spawn_file_actions_init(&actions))
		return;
	/* Not to keep the console. */
	for (fd = 0; fd < 3; fd++)
		posix_spawn_file_actions_addclose(&actions, fd);
	/* One that is missing is empty: any other answer would lose all. */
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		posix_spawn_file_actions_addopen(&actions, 3 + (int)i, names[i],
						 O_RDONLY | O_CREAT, 0600);
	/* Returns when the child runs the program, which may then go. */
	if (posix_spawn(&child, "/" HOME_PROGRAM, &actions, NULL, child_argv,
			child_environment))
		failed("cannot hand over what came of the cell");
	posix_spawn_file_actions_destroy(&actions);
}

static int first_process(char **argv)
{
	char name[] = "/init";

	leave_with_child();
	argv[0] = name;
	execv(name, argv);
	return failed("/init of this machine's initrd");
}

int main(int argc, char **argv)
{
	if (getpid() == 1)
		return first_process(argv);
	if (!strcmp(argv[0], KEEPER)) {
		for (;;)
			pause();
	}
	if (argc >= 4 && !strcmp(argv[1], "archive"))
		return archive(argv[2], argv + 3);
	if (argc == 5 && !strcmp(argv[1], "load"))
		return kexec_load(argv[2], argv[3], argv[4]) ? failed(argv[2])
							     : 0;
	if (argc == 2 && !strcmp(argv[1], "go")) {
		kexec_go();
		return failed("no other kernel is started");
	}
	fputs(usage, stderr);
	return 2;
}
