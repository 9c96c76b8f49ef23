/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the replay has to ask the kernel: by BPF programs that are run for their
 * answer and are attached to nothing.
 */
#ifndef PFD_ANSWERS_H
#define PFD_ANSWERS_H

#include "replay.h"

struct pfd_bpf;

/*
 * Looks up the addresses that struct machine wants, and sets the functions that
 * answer the rest, for as long as the programs are loaded. Returns 0, or a
 * negative errno value if this kernel lacks one of the addresses; shared: which
 * is for programs_lack() then.
 */
int answers_find(struct pfd_bpf *skel, struct machine *machine, bool shared);

#endif
