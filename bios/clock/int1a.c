/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 1Ah: time of day by ticks, the real-time clock and its alarm, PCI. */
#include "bios/clock/clock.h"
#include "bios/entry/entry.h"
#include "bios/system/pci.h"

enum { UPDATING = 0x80, SET = 0x80, ALARM = 0x20, HOURS_24 = 0x02, DAYLIGHT = 0x01 };

static void get_ticks(struct regs *r)
{
    u32 ticks = BDA_GET(ticks);
    r->cx = (u16)(ticks >> 16);
    r->dx = (u16)ticks;
    r->al = BDA_GET(midnight);
    BDA_SET(midnight, 0);
}

static void set_ticks(struct regs *r)
{
    BDA_SET(ticks, (u32)r->cx << 16 | r->dx);
    BDA_SET(midnight, 0);
}

/* Waits while the clock counts on; it may take 2 ms. False: it does not run. */
static bool settle(void)
{
    for (unsigned i = 0; i < 10000; i++)
        if (!(cmos_read(CMOS_A) & UPDATING))
            return true;
    return false;
}

static void get_time(struct regs *r)
{
    set_carry(r, !settle());
    r->dh = cmos_read(CMOS_SECONDS);
    r->cl = cmos_read(CMOS_MINUTES);
    r->ch = cmos_read(CMOS_HOURS);
    r->dl = cmos_read(CMOS_B) & DAYLIGHT;
}

/* Stops the clock, so that it can be set; start_clock() goes on. */
static void stop_clock(void)
{
    cmos_write(CMOS_A, 0x26);
    cmos_write(CMOS_B, cmos_read(CMOS_B) | SET | HOURS_24);
}

static void start_clock(void)
{
    cmos_write(CMOS_B, (u8)(cmos_read(CMOS_B) & ~SET));
}

static void set_time(struct regs *r)
{
    settle();
    stop_clock();
    cmos_write(CMOS_SECONDS, r->dh);
    cmos_write(CMOS_MINUTES, r->cl);
    cmos_write(CMOS_HOURS, r->ch);
    cmos_write(CMOS_B, (u8)((cmos_read(CMOS_B) & ~DAYLIGHT) | (r->dl & DAYLIGHT)));
    start_clock();
}

static void get_date(struct regs *r)
{
    set_carry(r, !settle());
    r->cl = cmos_read(CMOS_YEAR);
    r->dh = cmos_read(CMOS_MONTH);
    r->dl = cmos_read(CMOS_DAY);
    r->ch = cmos_read(CMOS_CENTURY);
}

static void set_date(struct regs *r)
{
    settle();
    stop_clock();
    cmos_write(CMOS_YEAR, r->cl);
    cmos_write(CMOS_MONTH, r->dh);
    cmos_write(CMOS_DAY, r->dl);
    cmos_write(CMOS_CENTURY, r->ch);
    start_clock();
}

static void set_alarm(struct regs *r)
{
    bool set = cmos_read(CMOS_B) & ALARM;
    set_carry(r, set);
    if (set)
        return;
    settle();
    cmos_write(CMOS_SECONDS_ALARM, r->dh);
    cmos_write(CMOS_MINUTES_ALARM, r->cl);
    cmos_write(CMOS_HOURS_ALARM, r->ch);
    outb(PORT_PIC2 + 1, inb(PORT_PIC2 + 1) & 0xfe);
    cmos_write(CMOS_B, (u8)((cmos_read(CMOS_B) & ~SET) | ALARM));
}

static void clear_alarm(void)
{
    cmos_write(CMOS_B, (u8)(cmos_read(CMOS_B) & ~(SET | ALARM)));
}

void int1a_time(struct regs *r)
{
    set_carry(r, false);
    switch (r->ah) {
    case 0x00:
        return get_ticks(r);
    case 0x01:
        return set_ticks(r);
    case 0x02:
        return get_time(r);
    case 0x03:
        return set_time(r);
    case 0x04:
        return get_date(r);
    case 0x05:
        return set_date(r);
    case 0x06:
        return set_alarm(r);
    case 0x07:
        return clear_alarm();
    case 0xb1:
        return pci_service(r);
    default:
        set_carry(r, true);
    }
}
