// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "control.h"

static const char variable[] = "PFD_CONTROL";

static void close_pair(const int fds[2])
{
	close(fds[0]);
	close(fds[1]);
}

pid_t control_fork(struct control *c)
{
	int down[2], up[2], error;
	char value[32];
	pid_t child;

	*c = (struct control){-1, -1};
	if (pipe(down))
		return -errno;
	if (pipe(up)) {
		error = -errno;
		close_pair(down);
		return error;
	}
	child = fork();
	if (child < 0) {
		error = -errno;
		close_pair(down);
		close_pair(up);
		return error;
	}
	if (child == 0) {
		close(down[1]);
		close(up[0]);
		snprintf(value, sizeof(value), "%d,%d", down[0], up[1]);
		setenv(variable, value, 1);
		return 0;
	}
	/* A write to a workload that died is to fail, not to kill. */
	signal(SIGPIPE, SIG_IGN);
	close(down[0]);
	close(up[1]);
	*c = (struct control){up[0], down[1]};
	return child;
}

void control_inherit(struct control *c)
{
	const char *value = getenv(variable);

	if (!value || sscanf(value, "%d,%d", &c->in, &c->out) != 2)
		*c = (struct control){-1, -1};
}

/* All of it, or false. */
static bool receive(int fd, void *data, size_t size)
{
	char *at = data;
	ssize_t n;

	while (size) {
		n = read(fd, at, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		size -= n;
	}
	return true;
}

static void transmit(int fd, const void *data, size_t size)
{
	const char *at = data;
	ssize_t n;

	while (size) {
		n = write(fd, at, size);
		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			at += n;
			size -= n;
		}
	}
}

bool control_expect(struct control *c, enum control_step step)
{
	char got = 0;

	if (c->in < 0)
		return true;
	return receive(c->in, &got, 1) && got == (char)step;
}

void control_send(struct control *c, enum control_step step)
{
	char byte = step;

	if (c->out >= 0)
		transmit(c->out, &byte, 1);
}

void control_send_ready(struct control *c,
			const struct control_expected *expected)
{
	control_send(c, CONTROL_READY);
	if (c->out >= 0)
		transmit(c->out, expected, sizeof(*expected));
}

bool control_expect_ready(struct control *c, struct control_expected *expected)
{
	return control_expect(c, CONTROL_READY) &&
	       (c->in < 0 || receive(c->in, expected, sizeof(*expected)));
}

void control_close(struct control *c)
{
	if (c->in >= 0)
		close(c->in);
	if (c->out >= 0)
		close(c->out);
	*c = (struct control){-1, -1};
}
