/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFD_GUEST_WATCHDOG_H
#define PFD_GUEST_WATCHDOG_H

/*
 * This machine's best watchdog (/dev/watchdog0 ...): one that is no program of
 * the kernel itself, if there is any. It resets the machine when it has not
 * been fed for so many seconds; closed, it still does.
 */

/* Returns a file descriptor, or -1, said on stderr. */
int watchdog_open(int timeout_s);

void watchdog_feed(int fd);

#endif
