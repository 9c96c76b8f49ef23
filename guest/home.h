/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFD_GUEST_HOME_H
#define PFD_GUEST_HOME_H

/*
 * A cell on a real machine, which was left by kexec for this kernel and is to
 * come back the same way: no disk, no console of our own, and nobody to switch
 * it off and on. For init, when it is given return=SECONDS; targets/kexec.sh
 * put into its initramfs what home_return() needs.
 *
 * Order: home_begin(), the cell with its records going to home_records(),
 * home_return().
 */

/* What comes along: the machine's own kernel, initrd, command line. */
#define HOME_KERNEL  "/pfd-home/kernel"
#define HOME_INITRD  "/pfd-home/initrd"
#define HOME_CMDLINE "/pfd-home/cmdline"
/* What goes back: whose cell it is (given), how it ended (done, timeout), and
 * its files. */
#define HOME_TOKEN   "/pfd-return/token"
#define HOME_OUTCOME "/pfd-return/outcome"
#define HOME_RECORDS "/pfd-return/guest.jsonl"
#define HOME_CONSOLE "/pfd-return/console.log"
/* The machine's first process, on the way back. */
#define HOME_PROGRAM "pfd-kexec"

/*
 * From now on this machine is back after limit_s and a minute or two, whatever
 * the cell does, if the kernel has a watchdog: a process of its own keeps that
 * quiet until then. At limit_s that process goes home, and says "timeout". What
 * is said on stderr is in the kernel's log from now on.
 */
void home_begin(int limit_s);

/* The file for the records; -1, said on stderr. */
int home_records(void);

/* Home, with what there is. Returns only if that failed, said on stderr. */
void home_return(const char *outcome);

#endif
