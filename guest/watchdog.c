// SPDX-License-Identifier: GPL-2.0
/* A watchdog; see watchdog.h. */
#include <fcntl.h>
#include <linux/watchdog.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "watchdog.h"

#define MOST 4

/* drivers/watchdog/softdog.c: a timer, and timers can stop. */
static int is_software(int fd)
{
	struct watchdog_info info = {};

	return ioctl(fd, WDIOC_GETSUPPORT, &info) ||
	       !strcmp((const char *)info.identity, "Software Watchdog");
}

/* The first that is there and, if hardware is set, real. */
static int first(int hardware)
{
	char name[] = "/dev/watchdog0";
	int fd;

	for (; name[sizeof(name) - 2] < '0' + MOST; name[sizeof(name) - 2]++) {
		fd = open(name, O_WRONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (!hardware || !is_software(fd))
			return fd;
		/* Stops it again. */
		if (write(fd, "V", 1) != 1)
			fprintf(stderr, "init: %s goes on\n", name);
		close(fd);
	}
	return -1;
}

int watchdog_open(int timeout_s)
{
	struct watchdog_info info = {};
	int fd = first(1);

	if (fd < 0)
		fd = first(0);
	if (fd < 0) {
		fputs("init: no watchdog: who hangs stays so\n", stderr);
		return -1;
	}
	if (ioctl(fd, WDIOC_SETTIMEOUT, &timeout_s))
		fputs("init: the watchdog's time cannot be set\n", stderr);
	ioctl(fd, WDIOC_GETSUPPORT, &info);
	fprintf(stderr, "init: watchdog '%.32s', %d s\n",
		(const char *)info.identity, timeout_s);
	return fd;
}

void watchdog_feed(int fd)
{
	if (fd >= 0)
		ioctl(fd, WDIOC_KEEPALIVE, NULL);
}
