/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 08h: the 8254's tick. entry.S calls INT 1Ch afterwards. */
#include "bios/clock/clock.h"
#include "bios/disk/floppy.h"
#include "bios/entry/entry.h"
#include "bios/keyboard/keyboard.h"
#include "bios/lib/ebda.h"
#include "bios/serial/console.h"

u32 clock_ticks(void)
{
    return BDA_GET(ticks);
}

u32 clock_since(u32 start)
{
    u32 now = clock_ticks();
    return now >= start ? now - start : now + TICKS_A_DAY - start;
}

bool clock_passed(u32 start, u32 ticks)
{
    let_interrupts();
    return clock_since(start) >= ticks;
}

void clock_delay(u32 microseconds)
{
    enum { REFRESH = 0x10, PERIOD = 15 };
    u8 last = inb(PORT_61) & REFRESH;
    for (u32 left = microseconds / PERIOD + 1; left;) {
        u8 now = inb(PORT_61) & REFRESH;
        left -= now != last;
        last = now;
    }
}

void int08_count(struct regs *r)
{
    u32 ticks = BDA_GET(ticks) + 1;
    if (ticks >= TICKS_A_DAY) {
        ticks = 0;
        BDA_SET(midnight, 1);
    }
    BDA_SET(ticks, ticks);
    if (ebda.reset_ticks && !--ebda.reset_ticks)
        keyboard_reset_machine(r);
    floppy_tick();
    console_tick();
}
