/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What RCU itself does, by its trace events: grace periods, and its softirq.
 * Part of pfd.bpf.c.
 */
#ifndef PFD_GRACE_PERIODS_BPF_H
#define PFD_GRACE_PERIODS_BPF_H

/* The first four characters of an event's name, as they lie in memory. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define NAME(a, b, c, d) ((a) | (b) << 8 | (c) << 16 | (__u32)(d) << 24)
#else
#define NAME(a, b, c, d) ((d) | (c) << 8 | (b) << 16 | (__u32)(a) << 24)
#endif

static __always_inline __u32 name_at(__u64 address)
{
	__u32 name = 0;

	bpf_probe_read_kernel(&name, sizeof(name), (void *)address);
	return name;
}

/*
 * Only the grace-period kthread reports the events recorded here, so that
 * they never interrupt this program; the many others that do are not.
 */
SEC("raw_tp/rcu_grace_period")
int grace_period_event(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 name = name_at(ctx->args[2]);

	if (name == NAME('s', 't', 'a', 'r'))
		record(EVENT_GP_STARTED, 0, ctx->args[1]);
	else if (name == NAME('e', 'n', 'd', 0))
		record(EVENT_GP_ENDED, 0, ctx->args[1]);
	else if (name == NAME('f', 'q', 's', 's'))
		record(EVENT_GP_FORCED, 0, ctx->args[1]);
	return 0;
}

SEC("raw_tp/rcu_exp_grace_period")
int expedited_event(struct bpf_raw_tracepoint_args *ctx)
{
	if (name_at(ctx->args[2]) == NAME('e', 'n', 'd', 0))
		record(EVENT_GP_EXPEDITED, 0, 0);
	return 0;
}

SEC("raw_tp/softirq_entry")
int core_entered(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct event *e;

	if (ctx->args[0] != RCU_SOFTIRQ)
		return 0;
	e = record(EVENT_CORE_ENTERED, 0, 0);
	if (e && task->flags & PF_KTHREAD && *(__u64 *)task->comm == KSOFTIRQD)
		e->flags = EVENT_KSOFTIRQD;
	return 0;
}

SEC("raw_tp/softirq_exit")
int core_left(struct bpf_raw_tracepoint_args *ctx)
{
	if (ctx->args[0] == RCU_SOFTIRQ)
		record(EVENT_CORE_LEFT, 0, 0);
	return 0;
}

#endif
