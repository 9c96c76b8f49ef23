// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "load.h"
#include "quiesce.h"

/* A write of 1 is an rcu_barrier() (kernel/rcu/tree.c; from Linux 6.2 on). */
#define BARRIER "/sys/module/rcutree/parameters/do_rcu_barrier"

/*
 * A batch's callback queues one of the page, and that finds that more came
 * meanwhile and queues itself again.
 */
#define ROUNDS 3

/* For callbacks to run after their grace period, where none can wait for them.
 */
#define CALLBACKS_US 100000

int quiesce(struct load *load)
{
	int fd = open(BARRIER, O_WRONLY | O_CLOEXEC), round, error = 0;

	if (fd < 0 && errno != ENOENT)
		return load_error(load, BARRIER, -errno);
	for (round = 0; round < ROUNDS && !error; round++) {
		if (fd >= 0) {
			if (pwrite(fd, "1", 1, 0) != 1)
				error = load_error(load, BARRIER, -errno);
		} else if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0,
				   0)) {
			error = load_error(load, "membarrier", -errno);
		} else {
			load_sleep_us(CALLBACKS_US);
		}
	}
	if (fd >= 0)
		close(fd);
	return error;
}
