/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 8042, as INT 16h, INT 15h/C2h and POST need it: commands and what is answered. */
#include "bios/clock/clock.h"
#include "bios/entry/entry.h"
#include "bios/keyboard/keyboard.h"

enum { TRIES = 20000 /* of 15 microseconds */, ACKNOWLEDGE = 0xfa, FAST_RESET = 0x01, A20 = 0x02 };

static bool wait_ready(void)
{
    for (unsigned i = 0; i < TRIES; i++) {
        if (!(inb(PORT_KBD_STATUS) & KBC_BUSY))
            return true;
        clock_delay(1);
    }
    return false;
}

bool kbc_command(u8 command)
{
    if (!wait_ready())
        return false;
    outb(PORT_KBD_STATUS, command);
    return true;
}

bool kbc_write(u8 byte)
{
    if (!wait_ready())
        return false;
    outb(PORT_KBD_DATA, byte);
    return true;
}

int kbc_read(bool mouse)
{
    for (unsigned i = 0; i < TRIES; i++) {
        u8 status = inb(PORT_KBD_STATUS);
        if (status & KBC_FULL) {
            u8 byte = inb(PORT_KBD_DATA);
            if (!(status & KBC_AUX) == !mouse)
                return byte;
        }
        clock_delay(1);
    }
    return -1;
}

bool keyboard_send(u8 byte)
{
    return kbc_write(byte) && kbc_read(false) == ACKNOWLEDGE;
}

void kbc_set_a20(bool on)
{
    enum { OUTPUT_OFF = 0xdd, OUTPUT_ON = 0xdf };
    bool there = kbc_command(KBC_WRITE_OUTPUT);
    u8 off = inb(PORT_92) & (u8) ~(A20 | FAST_RESET);
    outb(PORT_92, on && !there ? off | A20 : off);
    if (there)
        kbc_write(on ? OUTPUT_ON : OUTPUT_OFF);
}

/* Command byte: translation, system flag, interrupts; the mouse is off until it is asked for. */
void keyboard_init(void)
{
    enum { COMMAND_BYTE = 0x65, BAT_PASSED = 0xaa };
    while (inb(PORT_KBD_STATUS) & KBC_FULL)
        inb(PORT_KBD_DATA);
    kbc_command(KBC_SELF_TEST);
    kbc_read(false);
    kbc_command(KBC_WRITE_COMMAND);
    kbc_write(0x24);
    kbc_command(KBC_KEYBOARD_ON);
    if (keyboard_send(0xff))
        kbc_read(false);
    keyboard_send(0xf4);
    kbc_command(KBC_WRITE_COMMAND);
    kbc_write(COMMAND_BYTE);
    kbc_set_a20(true);
    BDA_SET(keyboard[0], KEYBOARD_101);
}
