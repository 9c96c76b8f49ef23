/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFD_RETURN_PROBE_H
#define PFD_RETURN_PROBE_H

/*
 * A probe at the return of a function in which many tasks may sleep at the same
 * time. The kernel follows a task to its return only as long as it has a slot
 * for it, and what BPF gets by itself is two slots a CPU (fprobe_init_rethook()
 * in kernel/trace/fprobe.c): 17 processes that fault in page tables of 4K pages
 * were too many. Tracefs gives as many as one asks for.
 */
struct bpf_link;
struct bpf_program;

/*
 * prog: of type kprobe, with no expected attach type. Returns NULL with errno
 * set if there is no such function (ENOENT) or it fails. The event that it
 * makes in tracefs is in use until the link is destroyed, and stays there until
 * return_probe_remove() or the end of the machine.
 */
struct bpf_link *return_probe_attach(const struct bpf_program *prog,
				     const char *function);
void return_probe_remove(const char *function);

#endif
