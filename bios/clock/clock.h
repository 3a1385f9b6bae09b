/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time: the 8254's ticks, 18.2 a second, and the MC146818's clock. */
#ifndef BIOS_CLOCK_H
#define BIOS_CLOCK_H

#include "bios/lib/regs.h"

enum { TICKS_A_DAY = 0x1800b0 };

/* Ticks since midnight, as INT 08h counts them; goes on only while interrupts are let in. */
u32 clock_ticks(void);
/* Ticks since `start`. */
u32 clock_since(u32 start);
/* Whether so many ticks have passed since `start`; lets interrupts in. */
bool clock_passed(u32 start, u32 ticks);
/* By the refresh bit of port 61h, which changes every 15 microseconds. */
void clock_delay(u32 microseconds);
/* INT 15h, 83h and 86h. */
void clock_event_wait(struct regs *r);
void clock_wait(struct regs *r);

#endif
