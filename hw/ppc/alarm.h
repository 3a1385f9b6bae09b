/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What wakes a PowerPC's timers: struct ppc_board's set_alarm sets `timer`. */
#ifndef HW_PPC_ALARM_H
#define HW_PPC_ALARM_H

#include "hw/timer.h"

struct exec;

struct ppc_alarm {
    struct exec *exec;
    struct timer timer;
};
void ppc_alarm_init(struct ppc_alarm *s, struct timers *timers, struct exec *exec);
extern const struct device ppc_alarm_device;

#endif
