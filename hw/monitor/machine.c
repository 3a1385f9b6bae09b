/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about the machine as a whole, and about what is logged. */
#include "hw/monitor/monitor.h"

#include "exec/exec.h"

#include <string.h>

static struct control *control(const struct monitor_call *c)
{
    return c->monitor->parts.control;
}

bool monitor_stop(struct monitor_call *c)
{
    control_stop(control(c), RUN_PAUSED);
    return true;
}

bool monitor_cont(struct monitor_call *c)
{
    return control_continue(control(c), c->error);
}

bool monitor_system_reset(struct monitor_call *c)
{
    control_reset(control(c), CAUSE_SYSTEM_RESET);
    return true;
}

bool monitor_system_powerdown(struct monitor_call *c)
{
    return control_power_down(control(c), c->error);
}

bool monitor_nmi(struct monitor_call *c)
{
    return control_send_nmi(control(c), c->error);
}

bool monitor_quit(struct monitor_call *c)
{
    control_shut_down(control(c), CAUSE_QUIT);
    return true;
}

bool monitor_log(struct monitor_call *c)
{
    const char *bad;
    if (strcmp(c->word[0], "none") == 0)
        log_mask = 0;
    else if (!log_parse(c->word[0], &bad))
        return error_set(c->error, "%s: no such item; -d help lists them", bad);
    return true;
}

bool monitor_singlestep(struct monitor_call *c)
{
    bool off = c->words && strcmp(c->word[0], "off") == 0;
    if (c->words && !off && strcmp(c->word[0], "on") != 0)
        return error_set(c->error, "%s: not on or off", c->word[0]);
    exec_set_block_length(c->monitor->parts.exec, off ? EXEC_BLOCK_LENGTH : 1);
    return true;
}
