/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 05h: the screen's text on the first printer. 50:0 says how it went. */
#include "bios/entry/entry.h"
#include "bios/lib/string.h"

enum { STATUS_SEGMENT = 0x50, DONE = 0, BUSY = 1, FAILED = 0xff, PRINTER_ERRORS = 0x29 };

static bool print(u8 character)
{
    struct regs r;
    memset(&r, 0, sizeof r);
    r.al = character;
    call_int(&r, 0x17);
    return !(r.ah & PRINTER_ERRORS);
}

static void video(struct regs *r, u8 function, u16 position)
{
    memset(r, 0, sizeof *r);
    r->ah = function;
    r->bh = BDA_GET(page);
    r->dx = position;
    call_int(r, 0x10);
}

static bool print_row(u8 row, u8 columns)
{
    struct regs r;
    for (u8 column = 0; column < columns; column++) {
        video(&r, 0x02, (u16)(row << 8 | column));
        video(&r, 0x08, 0);
        if (!print(r.al ? r.al : ' '))
            return false;
    }
    return print('\r') && print('\n');
}

static bool print_screen(void)
{
    struct regs r;
    u8 rows = BDA_GET(rows), columns = (u8)BDA_GET(columns);
    video(&r, 0x03, 0);
    u16 cursor = r.dx;
    bool good = print('\r') && print('\n');
    for (u8 row = 0; row <= rows && good; row++)
        good = print_row(row, columns);
    video(&r, 0x02, cursor);
    return good;
}

void int05_print_screen(struct regs *r)
{
    struct far status = far(STATUS_SEGMENT, 0);
    (void)r;
    if (far_read_u8(status) == BUSY)
        return;
    far_write_u8(status, BUSY);
    far_write_u8(status, print_screen() ? DONE : FAILED);
}
