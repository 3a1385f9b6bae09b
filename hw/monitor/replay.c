/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about a replay and its past. */
#include "hw/monitor/monitor.h"
#include "hw/snapshot/timeline.h"

#include <inttypes.h>

bool monitor_back(struct monitor_call *c)
{
    struct timeline *t = c->monitor->timeline;
    uint64_t by = 1;
    if (!t)
        return error_set(c->error, "there is no way back but in a replay (-replay FILE)");
    if (c->words && !monitor_number(c, c->word[0], UINT64_MAX, &by))
        return false;
    uint64_t past = timeline_now(t) - timeline_begin(t);
    timeline_go(t, timeline_now(t) - (by < past ? by : past));
    fprintf(c->to, "instruction %" PRIu64 "%s\n", timeline_now(t),
            by > past ? ", the beginning" : "");
    return true;
}

bool monitor_info_replay(struct monitor_call *c)
{
    if (!c->monitor->timeline)
        return error_set(c->error, "this is no replay (-replay FILE)");
    timeline_print(c->monitor->timeline, c->to);
    return true;
}
