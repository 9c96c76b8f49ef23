// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <linux/fs.h>
#include <unistd.h>
#include "load.h"
#include "reclaim.h"

#define DISK   "/dev/ram0"
#define GROUPS "/tmp/cgroup"
/* Of the root group, that is of everybody (mm/memcontrol.c). */
#define RECLAIM	      GROUPS "/memory.reclaim"
#define PAGES_AT_ONCE 32

/* union swap_header (include/linux/swap.h) where it is not zero. */
struct header {
	char boot[1024];
	uint32_t version, last_page, bad_pages_count;
};

static const char magic[] = "SWAPSPACE2"; /* ends the first page */

static int write_header(int fd)
{
	size_t page_size = sysconf(_SC_PAGESIZE), size = sizeof(magic) - 1;
	struct header header = {.version = 1};
	uint64_t bytes;

	if (ioctl(fd, BLKGETSIZE64, &bytes))
		return -1;
	header.last_page = bytes / page_size - 1;
	return pwrite(fd, &header, sizeof(header), 0) == sizeof(header) &&
			       pwrite(fd, magic, size, page_size - size) ==
				       (ssize_t)size
		       ? 0
		       : -1;
}

bool reclaim_possible(void)
{
	return !access(DISK, F_OK);
}

int reclaim_begin(struct load *load)
{
	int fd = open(DISK, O_RDWR | O_CLOEXEC), error = 0;

	if (fd < 0 || write_header(fd))
		error = load_error(load, DISK, -errno);
	if (fd >= 0)
		close(fd);
	if (!error && swapon(DISK, 0))
		error = load_error(load, "swapon " DISK, -errno);
	if (!error && ((mkdir(GROUPS, 0755) && errno != EEXIST) ||
		       mount("cgroup2", GROUPS, "cgroup2", 0, NULL)))
		error = load_error(load, "mount cgroup2", -errno);
	return error;
}

int reclaim_some(struct load *load)
{
	int fd = open(RECLAIM, O_WRONLY | O_CLOEXEC), error = 0;
	char bytes[24];
	int size = snprintf(bytes, sizeof(bytes), "%ld",
			    PAGES_AT_ONCE * sysconf(_SC_PAGESIZE));

	/* EAGAIN: there was not so much. */
	if (fd < 0 || (write(fd, bytes, size) != size && errno != EAGAIN))
		error = load_error(load, RECLAIM, -errno);
	if (fd >= 0)
		close(fd);
	return error;
}
