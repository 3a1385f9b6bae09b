/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bios/vga/print_screen.h"

#include "bios/vga/draw.h"

enum { DONE = 0, IN_PROGRESS = 1, FAILED = 0xff };
enum { PRINTER_TROUBLE = 0x29 /* of INT 17h's AH: timeout, error, out of paper */ };

static struct far status(void)
{
    return far(pm_info.data, 0x500);
}

/* Has the first printer taken it? */
static bool print(uint8_t character)
{
    uint16_t ax = character;
    __asm__ volatile("int $0x17" : "+a"(ax) : "d"(0) : "memory", "cc");
    return !(ax >> 8 & PRINTER_TROUBLE);
}

static bool print_row(struct screen *s, unsigned row)
{
    for (unsigned column = 0; column < s->columns; column++) {
        uint8_t character = (uint8_t)read_character(s, column, row);
        if (!print(character ? character : ' '))
            return false;
    }
    return print('\r') && print('\n');
}

void print_screen(void)
{
    struct screen s = screen_now(BDA->page);
    bool good = true;
    if (far_read8(status()) == IN_PROGRESS)
        return;
    far_write8(status(), IN_PROGRESS);
    for (unsigned row = 0; row < s.rows && good; row++)
        good = print_row(&s, row);
    far_write8(status(), good ? DONE : FAILED);
}
