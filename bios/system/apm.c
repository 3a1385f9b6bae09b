/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 15h, 53h: APM 1.2 in real mode: that it is there, idling, and being turned off. */
#include "bios/system/apm.h"

#include "bios/entry/entry.h"
#include "bios/lib/ebda.h"
#include "bios/lib/far.h"
#include "bios/lib/io.h"
#include "bios/system/setup.h"

extern SET_BY_POST struct setup setup;

enum {
    CONNECTED = 0x02,
    NOT_CONNECTED = 0x03,
    BAD_DEVICE = 0x09,
    BAD_VALUE = 0x0a,
    NO_EVENT = 0x80,
    NO_SUCH = 0x86,
};
enum { PM_CONTROL = 4, PM_SOFT_OFF = 0x2000 }; /* PMCNTRL of the PIIX4 */
enum { BIOS = 0, ALL_DEVICES = 1, STATE_OFF = 3 };

static void end(struct regs *r, u8 error)
{
    if (error)
        r->ah = error;
    set_carry(r, error);
}

static void present(struct regs *r)
{
    r->ax = 0x0102;
    r->bx = 'P' << 8 | 'M';
    r->cx = 0; /* real mode only */
    end(r, 0);
}

static void connect(struct regs *r)
{
    if (ebda.apm_connected)
        return end(r, CONNECTED);
    ebda.apm_connected = 1;
    end(r, 0);
}

static void disconnect(struct regs *r)
{
    u8 was = ebda.apm_connected;
    ebda.apm_connected = 0;
    end(r, was ? 0 : NOT_CONNECTED);
}

/* On mains, no battery. */
static void power_status(struct regs *r)
{
    r->bx = 0x01ff;
    r->cx = 0x80ff;
    r->dx = 0xffff;
    end(r, r->bx == 0 ? BAD_DEVICE : 0);
}

/* The machine is off by its power management, by the port of Bochs's BIOS, or stands still. */
static void set_state(struct regs *r)
{
    ROM_DATA char shutdown[] = "Shutdown";
    if (r->bx != ALL_DEVICES)
        return end(r, BAD_DEVICE);
    if (r->cx != STATE_OFF)
        return end(r, r->cx > STATE_OFF ? BAD_VALUE : 0);
    if (setup.pm_base)
        outw((u16)(setup.pm_base + PM_CONTROL), PM_SOFT_OFF);
    for (unsigned i = 0; i < sizeof shutdown - 1; i++)
        outb(0x8900, (u8)shutdown[i]);
    go_on_at(r, next_spin);
}

void apm_service(struct regs *r)
{
    switch (r->al) {
    case 0x00:
        return present(r);
    case 0x01:
        return connect(r);
    case 0x04:
        return disconnect(r);
    case 0x05:
    case 0x06: /* busy */
    case 0x08: /* enable */
    case 0x0d:
    case 0x0f:
        return end(r, 0);
    case 0x07:
        return set_state(r);
    case 0x0a:
        return power_status(r);
    case 0x0b:
        return end(r, NO_EVENT);
    case 0x0e:
        r->ax = 0x0102;
        return end(r, 0);
    default:
        return end(r, NO_SUCH);
    }
}
