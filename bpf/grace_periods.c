// SPDX-License-Identifier: GPL-2.0
/* RCU grace periods. */
#include "hist_json.h"
#include "instruments.h"
#include "write.h"

void grace_periods_event(struct replay *r, const struct event *e)
{
	struct grace_periods *gp = r->grace_periods;

	switch (e->kind) {
	case EVENT_GP_STARTED:
		gp->started++;
		gp->start_ns = e->time_ns;
		break;
	case EVENT_GP_ENDED:
		/* The first one may have begun before anybody looked. */
		if (!gp->start_ns)
			break;
		gp->completed++;
		hist_add(&gp->duration, e->time_ns - gp->start_ns, 1);
		gp->start_ns = 0;
		break;
	case EVENT_GP_FORCED:
		gp->forced++;
		break;
	case EVENT_GP_EXPEDITED:
		gp->expedited++;
		break;
	}
}

int grace_periods_write(struct replay *r, FILE *out)
{
	const struct grace_periods *gp = r->grace_periods;

	return write_record(
		json_pack("{ss, sI, sI, sI, sI, so}", "type", "grace_period",
			  "started_count", (json_int_t)gp->started,
			  "completed_count", (json_int_t)gp->completed,
			  "forced_count", (json_int_t)gp->forced,
			  "expedited_count", (json_int_t)gp->expedited,
			  "duration_ns", hist_to_json(&gp->duration)),
		out);
}
