/* SPDX-License-Identifier: GPL-2.0 */
/*
 * RCU callbacks: queued, invoked, run. A batch of tables is one of them.
 */
#ifndef PFD_CALLBACKS_BPF_H
#define PFD_CALLBACKS_BPF_H

#include "tables.bpf.h"

/* The slot of a callback function, or MAX_FUNCTIONS. */
static __always_inline __u32 slot_of(__u64 func)
{
	static const char format[] = "%ps";
	struct function *function;
	__u32 *known, slot;

	known = bpf_map_lookup_elem(&slots, &func);
	if (known)
		return *known;
	slot = __sync_fetch_and_add(&functions_used, 1);
	/* Another CPU may be here too: whoever comes first has its slot used.
	 */
	if (bpf_map_update_elem(&slots, &func, &slot, BPF_NOEXIST)) {
		known = bpf_map_lookup_elem(&slots, &func);
		if (known)
			return *known;
	}
	function = bpf_map_lookup_elem(&functions, &slot);
	if (!function) {
		lose(LOST_FUNCTION);
		return MAX_FUNCTIONS;
	}
	bpf_snprintf(function->name, sizeof(function->name), format, &func,
		     sizeof(func));
	return slot;
}

static __always_inline void enqueued(struct callback_head *head, __u64 func)
{
	struct pending p = {.queued_ns = bpf_ktime_get_ns()};
	struct callback_stats *stats;
	__u64 key = (__u64)head;
	long error;

	p.slot = slot_of(func);
	stats = bpf_map_lookup_elem(&callbacks, &p.slot);
	if (!stats)
		return;
	if (func == table_batch_callback)
		batch_queued(head, &p);
	stats->enqueued++;
	error = bpf_map_update_elem(&pending, &key, &p, BPF_NOEXIST);
	if (error)
		lose(error == -EEXIST ? LOST_QUEUED_TWICE : LOST_PENDING);
}

/* Fires with interrupts off; not for callbacks that go through a bypass. */
SEC("tp_btf/rcu_callback")
int BPF_PROG(callback_queued, const char *rcu, struct callback_head *head)
{
	enqueued(head, (__u64)head->func);
	return 0;
}

/* Used instead with offloaded callbacks: sees the bypass too. */
SEC("kprobe.multi")
int BPF_KPROBE(callback_passed, struct callback_head *head, __u64 func)
{
	enqueued(head, func);
	return 0;
}

/* The callback before this one on this CPU is over. */
static __always_inline void finish_run(struct running *r, __u64 now)
{
	struct callback_stats *stats;

	if (!offloaded && r->start_ns) {
		stats = bpf_map_lookup_elem(&callbacks, &r->slot);
		if (stats)
			hist_add(&stats->run, now - r->start_ns, 1);
	}
	r->start_ns = 0;
}

SEC("tp_btf/rcu_invoke_callback")
int BPF_PROG(callback_invoked, const char *rcu, struct callback_head *head)
{
	struct running *r;
	__u64 key = (__u64)head, now = bpf_ktime_get_ns();
	struct callback_stats *stats;
	__u32 zero = 0, slot;
	struct pending *p;

	r = bpf_map_lookup_elem(&running, &zero);
	if (!r)
		return 0;
	finish_run(r, now);
	p = bpf_map_lookup_elem(&pending, &key);
	slot = p ? p->slot : slot_of((__u64)head->func);
	stats = bpf_map_lookup_elem(&callbacks, &slot);
	if (!stats)
		return 0;
	if (p) {
		stats->invoked++;
		hist_add(&stats->wait, now - p->queued_ns, 1);
		if (head->func == (void *)table_batch_callback)
			batch_invoked(p, now - p->queued_ns);
		bpf_map_delete_elem(&pending, &key);
	} else {
		stats->earlier++;
	}
	r->slot = slot;
	r->task = bpf_get_current_task();
	r->start_ns = bpf_ktime_get_ns();
	return 0;
}

SEC("raw_tp/rcu_batch_end")
int callbacks_done(void *ctx)
{
	__u32 zero = 0;
	struct running *r = bpf_map_lookup_elem(&running, &zero);

	if (r)
		finish_run(r, bpf_ktime_get_ns());
	return 0;
}

#endif
