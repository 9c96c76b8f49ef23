// SPDX-License-Identifier: GPL-2.0
/*
 * Where page tables and RCU callbacks are at any time.
 *
 * Almost all of it is read off trace events, for two reasons. They need no
 * saving and restoring of all registers, as a kprobe does. And a kprobe's
 * program is not run at all if it interrupts another kprobe's program on the
 * same CPU (bpf_prog_active, kernel/trace/bpf_trace.c), which happens whenever
 * RCU callbacks run from an interrupt; a trace event's program only excludes
 * itself. The two functions that have no trace event are probed in task context
 * only, where they cannot interrupt anything.
 *
 * The TLB path needs no probe at all: the tables that munmap() and exit()
 * unlink travel in a struct mmu_table_batch, which is queued with call_rcu()
 * as a whole. They count as unlinked when their batch is queued, and as put
 * when its callback tlb_remove_table_rcu() is invoked.
 */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "pfd.h"
#include "callbacks.bpf.h"
#include "grace_periods.bpf.h"

char LICENSE[] SEC("license") = "GPL";
