/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 17h: printers at the ports of 40:8. */
#include "bios/clock/clock.h"
#include "bios/entry/entry.h"

enum { DATA, STATUS, CONTROL };
enum { NOT_BUSY = 0x80, TIMEOUT = 0x01, STROBE = 0x01, INITIALISE = 0x04, SELECT = 0x08 };

/* Acknowledge and I/O error are low on the wire. */
static u8 get_status(u16 port)
{
    return (u8)((inb((u16)(port + STATUS)) ^ 0x48) & 0xf8);
}

static void print(struct regs *r, u16 port)
{
    u8 timeout = BDA_GET(lpt_timeout[r->dx & 3]);
    u32 start = clock_ticks();
    outb((u16)(port + DATA), r->al);
    while (!(inb((u16)(port + STATUS)) & NOT_BUSY))
        if (clock_passed(start, timeout * 4u)) {
            r->ah = get_status(port) | TIMEOUT;
            return;
        }
    u8 control = inb((u16)(port + CONTROL)) & 0x1e;
    outb((u16)(port + CONTROL), control | STROBE);
    clock_delay(5);
    outb((u16)(port + CONTROL), control);
    r->ah = get_status(port);
}

static void initialise(struct regs *r, u16 port)
{
    outb((u16)(port + CONTROL), SELECT);
    clock_delay(60);
    outb((u16)(port + CONTROL), SELECT | INITIALISE);
    r->ah = get_status(port);
}

void int17_printer(struct regs *r)
{
    u16 port = r->dx < 3 ? BDA_GET(lpt[r->dx & 3]) : 0;
    if (!port)
        r->ah = TIMEOUT;
    else if (r->ah == 0)
        print(r, port);
    else if (r->ah == 1)
        initialise(r, port);
    else if (r->ah == 2)
        r->ah = get_status(port);
    else
        r->ah = TIMEOUT;
}
