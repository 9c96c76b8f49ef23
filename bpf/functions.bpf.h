/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a function of the kernel's is looked at, as it begins and as it returns:
 * by fprobe or a kprobe, in whose program BPF_KPROBE() names the arguments; or
 * with PFD_BY_TRAMPOLINE by a trampoline (fentry, fexit), which costs a tenth
 * and lets no program exclude another. Then what BPF_KPROBE() takes from a
 * register comes from the trampoline, as a number: the verifier allows no
 * arithmetic on a pointer whose type it knows. Part of pfd.bpf.c.
 */
#ifndef PFD_FUNCTIONS_BPF_H
#define PFD_FUNCTIONS_BPF_H

#ifdef PFD_BY_TRAMPOLINE

#define ENTRY  SEC("fentry")
#define RETURN SEC("fexit")

static __always_inline __u64 trampoline_argument(void *ctx, __u32 which)
{
	__u64 value = 0;

	bpf_get_func_arg(ctx, which, &value);
	return value;
}

static __always_inline __u64 trampoline_result(void *ctx)
{
	__u64 value = 0;

	bpf_get_func_ret(ctx, &value);
	return value;
}

#undef PT_REGS_PARM1
#undef PT_REGS_PARM2
#undef PT_REGS_PARM3
#undef PT_REGS_RC
#define PT_REGS_PARM1(ctx) trampoline_argument(ctx, 0)
#define PT_REGS_PARM2(ctx) trampoline_argument(ctx, 1)
#define PT_REGS_PARM3(ctx) trampoline_argument(ctx, 2)
#define PT_REGS_RC(ctx)	   trampoline_result(ctx)

#else

#define ENTRY  SEC("kprobe.multi")
#define RETURN SEC("kretprobe.multi")

#endif

/* Whence the function was called; only powerpc has that in a register. */
#ifdef __TARGET_ARCH_powerpc
#define CALLER(ctx) ((ctx)->link)
#else
#define CALLER(ctx) 0
#endif

/* x86 hands the struct page of a table around, powerpc the table. */
#ifdef __TARGET_ARCH_x86
#define TABLES_ARE_PAGES
#endif

#endif
