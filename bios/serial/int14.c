/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 14h: 8250s at the ports of 40:0. */
#include "bios/clock/clock.h"
#include "bios/entry/entry.h"

enum { DATA, INTERRUPTS, ID, LINE_CONTROL, MODEM_CONTROL, LINE_STATUS, MODEM_STATUS };
enum { DIVISOR = 0x80, HAVE_DATA = 0x01, CAN_SEND = 0x20, TIMEOUT = 0x80 };
enum { DTR = 1, RTS = 2, DSR = 0x20 };

extern ROM u16 baud_divisors[];

static void set_line(u16 port, u16 divisor, u8 control)
{
    outb((u16)(port + LINE_CONTROL), DIVISOR);
    outb((u16)(port + DATA), (u8)divisor);
    outb((u16)(port + INTERRUPTS), (u8)(divisor >> 8));
    outb((u16)(port + LINE_CONTROL), control);
    outb((u16)(port + INTERRUPTS), 0);
}

static void get_status(struct regs *r, u16 port)
{
    r->ah = inb((u16)(port + LINE_STATUS));
    r->al = inb((u16)(port + MODEM_STATUS));
}

/* Waits for a bit of the line's status, as long as 40:7C says (in half seconds or so). */
static bool wait_for(struct regs *r, u16 port, u8 bit)
{
    u8 timeout = BDA_GET(com_timeout[r->dx & 3]);
    u32 start = clock_ticks();
    do {
        r->ah = inb((u16)(port + LINE_STATUS));
        if (r->ah & bit)
            return true;
    } while (!clock_passed(start, timeout * 9u));
    r->ah |= TIMEOUT;
    return false;
}

static void send(struct regs *r, u16 port)
{
    outb((u16)(port + MODEM_CONTROL), DTR | RTS);
    if (wait_for(r, port, CAN_SEND))
        outb((u16)(port + DATA), r->al);
}

static void receive(struct regs *r, u16 port)
{
    outb((u16)(port + MODEM_CONTROL), DTR);
    if (!wait_for(r, port, HAVE_DATA))
        return;
    r->ah &= 0x1e;
    r->al = inb((u16)(port + DATA));
}

/* 04h: what 00h has packed into a byte, each in a register of its own. */
static void extended_setup(struct regs *r, u16 port)
{
    ROM_DATA u8 parities[] = {0x00, 0x08, 0x18, 0x28, 0x38};
    ROM_DATA u16 more_divisors[] = {1047, 768, 384, 192, 96, 48, 24, 12, 6};
    u8 parity = r->bh < LENGTH(parities) ? parities[r->bh] : 0;
    u16 divisor = r->cl < LENGTH(more_divisors) ? more_divisors[r->cl] : 12;
    set_line(port, divisor, (u8)((r->ch & 3) | (r->bl & 1) << 2 | parity | (r->al & 1) << 6));
    get_status(r, port);
}

static void modem_control(struct regs *r, u16 port)
{
    if (r->al == 1)
        outb((u16)(port + MODEM_CONTROL), r->bl);
    else
        r->bl = inb((u16)(port + MODEM_CONTROL));
    get_status(r, port);
}

void int14_serial(struct regs *r)
{
    u16 port = r->dx < 4 ? BDA_GET(com[r->dx & 3]) : 0;
    if (!port) {
        r->ah |= TIMEOUT;
        return;
    }
    switch (r->ah) {
    case 0x00:
        set_line(port, baud_divisors[r->al >> 5], r->al & 0x1f);
        return get_status(r, port);
    case 0x01:
        return send(r, port);
    case 0x02:
        return receive(r, port);
    case 0x03:
        return get_status(r, port);
    case 0x04:
        return extended_setup(r, port);
    case 0x05:
        return modem_control(r, port);
    default:
        r->ah = TIMEOUT;
    }
}
