// SPDX-License-Identifier: GPL-2.0
/* Another kernel; see kexec_load.h. */
#include <errno.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kexec_load.h"

int kexec_load(const char *kernel, const char *initrd, const char *cmdline)
{
	int kernel_fd = open(kernel, O_RDONLY | O_CLOEXEC), initrd_fd;
	int error = -1, kept;

	if (kernel_fd < 0)
		return -1;
	initrd_fd = open(initrd, O_RDONLY | O_CLOEXEC);
	if (initrd_fd >= 0) {
		/* glibc has no function for it. */
		error = (int)syscall(SYS_kexec_file_load, kernel_fd, initrd_fd,
				     strlen(cmdline) + 1, cmdline, 0UL);
		kept = errno;
		close(initrd_fd);
		errno = kept;
	}
	kept = errno;
	close(kernel_fd);
	errno = kept;
	return error ? -1 : 0;
}

int kexec_go(void)
{
	sync();
	return (int)syscall(SYS_reboot, LINUX_REBOOT_MAGIC1,
			    LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_KEXEC, NULL);
}
