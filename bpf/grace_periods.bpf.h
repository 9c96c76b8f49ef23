/* SPDX-License-Identifier: GPL-2.0 */
/*
 * RCU grace periods, from their trace events.
 */
#ifndef PFD_GRACE_PERIODS_BPF_H
#define PFD_GRACE_PERIODS_BPF_H

#include "common.bpf.h"

/* The first four characters of an event's name, as they lie in memory. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define EVENT(a, b, c, d) ((a) | (b) << 8 | (c) << 16 | (__u32)(d) << 24)
#else
#define EVENT(a, b, c, d) ((d) | (c) << 8 | (b) << 16 | (__u32)(a) << 24)
#endif

static __always_inline __u32 event_of(__u64 name)
{
	__u32 event = 0;

	bpf_probe_read_kernel(&event, sizeof(event), (void *)name);
	return event;
}

/*
 * Only the grace-period kthread reports the events counted here, so that
 * they never interrupt this program; the many others that do are not counted.
 */
SEC("raw_tp/rcu_grace_period")
int grace_period_event(struct bpf_raw_tracepoint_args *ctx)
{
	struct grace_period_stats *gp = &grace_period;
	__u32 event = event_of(ctx->args[2]);

	if (event == EVENT('s', 't', 'a', 'r')) {
		gp->started++;
		gp->start_ns = bpf_ktime_get_ns();
	} else if (event == EVENT('e', 'n', 'd', 0) && gp->start_ns) {
		gp->completed++;
		hist_add(&gp->duration, bpf_ktime_get_ns() - gp->start_ns, 1);
		gp->start_ns = 0;
	} else if (event == EVENT('f', 'q', 's', 's')) {
		gp->forced++;
	}
	return 0;
}

SEC("raw_tp/rcu_exp_grace_period")
int expedited_event(struct bpf_raw_tracepoint_args *ctx)
{
	if (event_of(ctx->args[2]) == EVENT('e', 'n', 'd', 0))
		__sync_fetch_and_add(&grace_period.expedited, 1);
	return 0;
}

#endif
