/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See alarm.h. */
#include "hw/ppc/alarm.h"

#include "exec/ppc/board.h"
#include "exec/state.h"

static void ring(void *alarm, uint64_t now)
{
    struct ppc_alarm *s = alarm;
    (void)now;
    exec_ppc_alarm(s->exec);
}

void ppc_alarm_init(struct ppc_alarm *s, struct timers *timers, struct exec *exec)
{
    s->exec = exec;
    timer_init(&s->timer, timers, ring, s);
}

static void reset(void *alarm)
{
    struct ppc_alarm *s = alarm;
    timer_cancel(&s->timer);
}

static const struct state_field fields[] = {
    {NOT_STATE(ppc_alarm, exec)},
    {STATE_OF_TIMER(ppc_alarm, timer)},
    {0},
};
static const struct state_table state = STATE_TABLE(ppc_alarm, 1, fields);

const struct device ppc_alarm_device = {.name = "ppc_alarm", .reset = reset, .state = &state};
