/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about snapshots; the guest stands still meanwhile. */
#include "hw/monitor/monitor.h"
#include "hw/snapshot/store.h"

bool monitor_savevm(struct monitor_call *c)
{
    return snapshot_store_save(c->monitor->snapshots, c->word[0], c->error);
}

/* What cannot be completed leaves a machine that has to begin anew. */
bool monitor_loadvm(struct monitor_call *c)
{
    bool broken = false;
    bool loaded = snapshot_store_load(c->monitor->snapshots, c->word[0], &broken, c->error);
    struct control *control = c->monitor->parts.control;
    if (broken)
        control_reset(control, CAUSE_SYSTEM_RESET);
    else if (loaded && control_state(control) == RUN_SHUTDOWN)
        control_stop(control, RUN_PRELAUNCH); /* it has ended, what is here now has not */
    return loaded;
}

bool monitor_delvm(struct monitor_call *c)
{
    return snapshot_store_remove(c->monitor->snapshots, c->word[0], c->error);
}

bool monitor_info_snapshots(struct monitor_call *c)
{
    snapshot_store_print(c->monitor->snapshots, c->to);
    return true;
}
