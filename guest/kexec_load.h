/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFD_GUEST_KEXEC_LOAD_H
#define PFD_GUEST_KEXEC_LOAD_H

/*
 * Another kernel in place of the one that runs: kexec_file_load(2). By root, on
 * a kernel with CONFIG_KEXEC_FILE; on powerpc the other is an ELF file.
 */

/* Loads it; it starts with kexec_go(). Returns 0, or -1 with errno set. */
int kexec_load(const char *kernel, const char *initrd, const char *cmdline);

/* Starts it now: nobody is asked, and nothing but disks is written back.
 * Returns, -1 and errno, only if none is loaded. */
int kexec_go(void);

#endif
