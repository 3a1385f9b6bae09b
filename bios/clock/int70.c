/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * INT 70h: the real-time clock's alarm, which calls INT 4Ah, and its 1024 ticks a second, by which
 * INT 15h waits.
 */
#include "bios/clock/clock.h"
#include "bios/entry/entry.h"

enum { PERIODIC = 0x40, ALARM = 0x20, TICK_US = 977 };
/* wait_active: somebody's flag is to be set; or we wait in INT 15h, 86h. */
enum { WAITING = 0x01, WAIT_86 = 0x02, WAIT_86_OVER = 0x80 };

static void start_wait(u8 kind, u32 microseconds)
{
    BDA_SET(wait_count, microseconds);
    BDA_SET(wait_active, kind);
    outb(PORT_PIC2 + 1, inb(PORT_PIC2 + 1) & 0xfe);
    cmos_write(CMOS_A, 0x26);
    cmos_write(CMOS_B, cmos_read(CMOS_B) | PERIODIC);
}

static void stop_wait(u8 left)
{
    BDA_SET(wait_active, left);
    cmos_write(CMOS_B, (u8)(cmos_read(CMOS_B) & ~PERIODIC));
}

static void wait_over(u8 kind)
{
    if (kind & WAIT_86)
        return stop_wait(WAIT_86_OVER);
    struct far flag = BDA_GET(wait_flag);
    far_write_u8(flag, far_read_u8(flag) | 0x80);
    stop_wait(0);
}

static void count_wait(void)
{
    u8 kind = BDA_GET(wait_active);
    u32 left = BDA_GET(wait_count);
    if (!(kind & (WAITING | WAIT_86)))
        return;
    BDA_SET(wait_count, left > TICK_US ? left - TICK_US : 0);
    if (left <= TICK_US)
        wait_over(kind);
}

/* INT 15h, 83h: AL 0: set bit 7 of the byte at ES:BX in CX:DX microseconds; 1: do not. */
void clock_event_wait(struct regs *r)
{
    bool busy = r->al == 0 && BDA_GET(wait_active);
    set_carry(r, busy || r->al > 1);
    if (r->flags & FLAG_CARRY)
        return;
    if (r->al == 1)
        return stop_wait(0);
    BDA_SET(wait_flag, far(r->es, r->bx));
    start_wait(WAITING, (u32)r->cx << 16 | r->dx);
}

/* INT 15h, 86h: comes here again and again until CX:DX microseconds are over. */
void clock_wait(struct regs *r)
{
    u8 state = BDA_GET(wait_active);
    set_carry(r, state & WAITING);
    if (state & WAITING)
        return;
    if (state == WAIT_86_OVER)
        return stop_wait(0);
    if (!state)
        start_wait(WAIT_86, (u32)r->cx << 16 | r->dx);
    go_on_at(r, next_wait_clock);
}

void int70_clock(struct regs *r)
{
    u8 why = cmos_read(CMOS_C) & cmos_read(CMOS_B);
    if (why & PERIODIC)
        count_wait();
    if (why & ALARM)
        go_on_at(r, next_alarm);
    end_interrupt_high();
}
