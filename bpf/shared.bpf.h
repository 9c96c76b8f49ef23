/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is different on a machine that others use too, with a kernel that was
 * not built for this (PFD_SHARED; part of pfd.bpf.c):
 *
 *	Others unlink page tables. Only those count that a task of the cell's
 *	session unlinks (setsid(2): pfd-cell), and khugepaged, for whoever it
 *	works.
 *
 *	Without CONFIG_RCU_TRACE nothing tells of callbacks but the functions
 *	themselves: call_rcu() and call_rcu_hurry() say what is queued, and each
 *	function to be watched (watched[]) when it is called and returns. All
 *	others pass unseen. pte_free_now() on powerpc is also called directly,
 *	which the replay tells from what RCU calls: that was queued.
 *
 *	Grace periods are seen by the functions of kernel/rcu/ in which the
 *	trace events would have been.
 *
 *	x86 puts struct pages into its batches, without a level; so
 *	___pte_free_tlb() is looked at, which puts those of PTEs there.
 *
 * Without PFD_SHARED none of this is there.
 */
#ifndef PFD_SHARED_BPF_H
#define PFD_SHARED_BPF_H

#ifndef PFD_SHARED

static __always_inline bool is_ours(void)
{
	return true;
}

static __always_inline bool is_kernel_thread(void)
{
	return true;
}

static __always_inline bool is_watched(__u64 func)
{
	return true;
}

static __always_inline void find_shared(void)
{
}

#else

/* In maps of their own, so that all objects have the same .bss and .rodata. */
#define SHARED_DATA   SEC(".data.shared")
#define SHARED_RODATA SEC(".rodata.shared")

/* Callbacks are told of by their functions; set by pfd-probe. */
const volatile bool by_functions SHARED_RODATA = false;

/* Found by find_shared(): the session of the one who calls it. */
__u64 our_session SHARED_DATA = 0;
/* pte_free_now(), __tlb_remove_table_one_rcu(); 0: there is none. */
__u64 page_callback SHARED_DATA = 0;
__u64 one_callback SHARED_DATA = 0;

static __always_inline __u64 session_now(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return (__u64)BPF_CORE_READ(task, signal, pids[PIDTYPE_SID]);
}

static __always_inline bool is_ours(void)
{
	return session_now() == our_session;
}

static __always_inline bool is_kernel_thread(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return BPF_CORE_READ(task, flags) & PF_KTHREAD;
}

/* Of callbacks other than the batch's. */
static __always_inline bool is_watched(__u64 func)
{
	return !by_functions || func == page_callback || func == one_callback;
}

static __always_inline void find_shared(void)
{
	const char page[] = "pte_free_now";
	const char one[] = "__tlb_remove_table_one_rcu";

	our_session = session_now();
	bpf_kallsyms_lookup_name(page, sizeof(page), 0, &page_callback);
	bpf_kallsyms_lookup_name(one, sizeof(one), 0, &one_callback);
}

static __always_inline void record_entered(__u64 head, __u64 func)
{
	record_task(EVENT_ENTERED, head, func);
}

static __always_inline void record_left(__u64 func)
{
	record_task(EVENT_LEFT, 0, func);
}

ENTRY
int BPF_KPROBE(batch_entered, __u64 head)
{
	record_entered(head, table_batch_callback);
	return 0;
}

RETURN
int BPF_KRETPROBE(batch_left)
{
	record_left(table_batch_callback);
	return 0;
}

ENTRY
int BPF_KPROBE(page_entered, __u64 head)
{
	record_entered(head, page_callback);
	return 0;
}

RETURN
int BPF_KRETPROBE(page_left)
{
	record_left(page_callback);
	return 0;
}

ENTRY
int BPF_KPROBE(one_entered, __u64 head)
{
	record_entered(head, one_callback);
	return 0;
}

RETURN
int BPF_KRETPROBE(one_left)
{
	record_left(one_callback);
	return 0;
}

/* rcu_gp_init() */
ENTRY
int BPF_KPROBE(grace_period_started)
{
	record(EVENT_GP_STARTED, 0, 0);
	return 0;
}

/* rcu_gp_cleanup() */
ENTRY
int BPF_KPROBE(grace_period_ended)
{
	record(EVENT_GP_ENDED, 0, 0);
	return 0;
}

/* force_qs_rnp() */
ENTRY
int BPF_KPROBE(grace_period_forced)
{
	record(EVENT_GP_FORCED, 0, 0);
	return 0;
}

/* rcu_exp_wait_wake(): an expedited one is over, and wakes who waits. */
ENTRY
int BPF_KPROBE(expedited_ended)
{
	record(EVENT_GP_EXPEDITED, 0, 0);
	return 0;
}

/* ___pte_free_tlb() */
ENTRY
int BPF_KPROBE(pte_table_unlinked, void *tlb, __u64 table)
{
	if (is_ours())
		record(EVENT_PTE_TABLE, table, 0);
	return 0;
}

#endif

#endif
