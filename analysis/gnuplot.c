// SPDX-License-Identifier: GPL-2.0
/* Running gnuplot; see gnuplot.h. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "gnuplot.h"
#include "message.h"

void gnuplot_set(FILE *code, const char *name, const char *value)
{
	fprintf(code, "%s='", name);
	for (; *value; value++) {
		/* In single quotes only the quote itself means something. */
		if (*value == '\'')
			fputc('\'', code);
		fputc(*value, code);
	}
	fputs("';", code);
}

/* Keeps the last line that is not empty: gnuplot quotes the code before it. */
static void read_last_line(int fd, char *last, size_t size)
{
	char line[512] = "";
	size_t used = 0;
	char chunk[512];
	ssize_t got;
	ssize_t i;

	last[0] = '\0';
	while ((got = read(fd, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		for (i = 0; i < got; i++) {
			if (chunk[i] != '\n') {
				if (used < sizeof(line) - 1)
					line[used++] = chunk[i];
				continue;
			}
			line[used] = '\0';
			if (used)
				snprintf(last, size, "%s", line);
			used = 0;
		}
	}
}

/* Starts gnuplot with its output in a pipe; 0 or a positive errno value. */
static int start(FILE *commands, pid_t *pid, int *fd)
{
	/*
	 * -d: the user's own gnuplot settings must not change the plots. The
	 * file has a name, since only then an error is the end of it.
	 */
	char *const args[] = {"gnuplot", "-d", "/dev/stdin", NULL};
	posix_spawn_file_actions_t actions;
	int pipes[2];
	int error;

	if (pipe2(pipes, O_CLOEXEC))
		return errno;
	error = posix_spawn_file_actions_init(&actions);
	if (error)
		goto close;
	error = posix_spawn_file_actions_adddup2(&actions, fileno(commands), 0);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, pipes[1], 1);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, pipes[1], 2);
	if (!error)
		error = posix_spawnp(pid, args[0], &actions, NULL, args,
				     environ);
	posix_spawn_file_actions_destroy(&actions);
close:
	close(pipes[1]);
	if (error)
		close(pipes[0]);
	else
		*fd = pipes[0];
	return error;
}

int gnuplot_run(FILE *commands)
{
	char last[512];
	pid_t pid = -1;
	int fd = -1;
	int status;
	int error;

	if (fflush(commands) || ferror(commands) ||
	    fseek(commands, 0, SEEK_SET)) {
		message("cannot write what gnuplot is to do: %s",
			strerror(errno));
		return STAT_FAILED;
	}
	error = start(commands, &pid, &fd);
	if (error == ENOENT) {
		message("gnuplot is not there: install the package "
			"gnuplot-nox");
		return STAT_FAILED;
	}
	if (error) {
		message("cannot run gnuplot: %s", strerror(error));
		return STAT_FAILED;
	}
	read_last_line(fd, last, sizeof(last));
	close(fd);
	while (waitpid(pid, &status, 0) < 0) {
		if (errno == EINTR)
			continue;
		message("cannot wait for gnuplot: %s", strerror(errno));
		return STAT_FAILED;
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		message("gnuplot failed: %s", *last ? last : "it said nothing");
		return STAT_FAILED;
	}
	return STAT_OK;
}
