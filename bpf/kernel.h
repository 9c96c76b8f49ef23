/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel types that the probes read, and of each only the members they
 * read. CO-RE relocates every access to the running kernel's own layout, so
 * neither a full vmlinux.h nor a kernel build is needed to compile.
 */
#ifndef PFD_KERNEL_H
#define PFD_KERNEL_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef _Bool bool;

#define true 1
#define false 0
#define NULL ((void *)0)

enum {
	BPF_ANY = 0,
	BPF_F_MMAPABLE = 1 << 10,
};

enum bpf_map_type {
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_STACK_TRACE = 7,
};

#pragma clang attribute push(__attribute__((preserve_access_index)),           \
			     apply_to = record)

/* include/linux/types.h: struct rcu_head is #defined to this name. */
struct callback_head {
	struct callback_head *next;
	void (*func)(struct callback_head *head);
};

/* include/asm-generic/tlb.h */
struct mmu_table_batch {
	struct callback_head rcu;
	unsigned int nr;
	void *tables[];
};

/* include/linux/pid_types.h, sched/signal.h */
enum pid_type {
	PIDTYPE_SID = 3,
};

struct signal_struct {
	struct pid *pids[4];
};

struct task_struct {
	unsigned int flags;
	char comm[16];
	struct signal_struct *signal;
};

/* kernel/rcu/tree.h; node[0] is the root. */
struct rcu_node {
	unsigned long gp_seq;
};

struct rcu_data {
	unsigned long gp_seq;
};

struct rcu_state {
	struct rcu_node node[1];
	unsigned long gp_seq;
};

typedef struct {
	int counter;
} atomic_t;

/* include/linux/mm_types.h */
struct page {
	unsigned long flags;
	void *mapping;
	unsigned int page_type;
	atomic_t _refcount;
};

/* include/linux/page-flags.h: the upper byte of page_type. */
enum pagetype {
	PGTY_table = 0xf2,
};

/* arch/powerpc/include/asm/ptrace.h, arch/x86/include/asm/ptrace.h */
struct pt_regs {
#ifdef __TARGET_ARCH_powerpc
	unsigned long gpr[32];
	unsigned long link;
#else
	unsigned long bp, ax, cx, dx, si, di, ip, sp;
#endif
};

#pragma clang attribute pop

/* The context of a raw tracepoint, include/uapi/linux/bpf.h. */
struct bpf_raw_tracepoint_args {
	__u64 args[0];
};

#define PF_EXITING 0x00000004 /* include/linux/sched.h */
#define PF_KTHREAD 0x00200000

/* include/linux/interrupt.h */
#define RCU_SOFTIRQ 9
/* The first eight characters of ksoftirqd's name, as they lie in memory. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define KSOFTIRQD 0x71726974666f736bull /* "ksoftirq" */
#else
#define KSOFTIRQD 0x6b736f6674697271ull
#endif

#endif
