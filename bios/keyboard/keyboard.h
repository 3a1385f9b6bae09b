/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keyboard and mouse at the 8042. */
#ifndef BIOS_KEYBOARD_H
#define BIOS_KEYBOARD_H

#include "bios/lib/regs.h"

/* 40:17 */
enum {
    SHIFT_RIGHT = 0x01,
    SHIFT_LEFT = 0x02,
    SHIFT_CTRL = 0x04,
    SHIFT_ALT = 0x08,
    SHIFT_SCROLL_LOCK = 0x10,
    SHIFT_NUM_LOCK = 0x20,
    SHIFT_CAPS_LOCK = 0x40,
    SHIFT_INSERT = 0x80,
};
/* 40:18: which are held */
enum {
    SHIFT2_LEFT_CTRL = 0x01,
    SHIFT2_LEFT_ALT = 0x02,
    SHIFT2_SYSRQ = 0x04,
    SHIFT2_PAUSE = 0x08,
    SHIFT2_SCROLL_LOCK = 0x10,
    SHIFT2_NUM_LOCK = 0x20,
    SHIFT2_CAPS_LOCK = 0x40,
    SHIFT2_INSERT = 0x80,
};
/* 40:96 */
enum {
    KEYBOARD_E1 = 0x01,
    KEYBOARD_E0 = 0x02,
    KEYBOARD_RIGHT_CTRL = 0x04,
    KEYBOARD_RIGHT_ALT = 0x08,
    KEYBOARD_101 = 0x10,
};

/* Puts a key, scan code and character, into the buffer of INT 16h; false: it is full. */
bool key_put(u16 key);
void keyboard_init(void);
/* Sends a byte to the keyboard; false: it was not acknowledged. */
bool keyboard_send(u8 byte);
/* Makes the keyboard's lights those of 40:17. */
void keyboard_lights(void);

/* By the 8042 and port 92h; else by going to POST. */
void keyboard_reset_machine(struct regs *r);

/* INT 15h, C2h */
void mouse_service(struct regs *r);

/* --- the 8042 --- */

enum {
    KBC_FULL = 0x01,
    KBC_BUSY = 0x02,
    KBC_AUX = 0x20,
    KBC_READ_COMMAND = 0x20,
    KBC_WRITE_COMMAND = 0x60,
    KBC_SELF_TEST = 0xaa,
    KBC_MOUSE_OFF = 0xa7,
    KBC_MOUSE_ON = 0xa8,
    KBC_KEYBOARD_OFF = 0xad,
    KBC_KEYBOARD_ON = 0xae,
    KBC_WRITE_OUTPUT = 0xd1,
    KBC_TO_MOUSE = 0xd4,
};

bool kbc_command(u8 command);
bool kbc_write(u8 byte);
/* The next byte that is the mouse's or not; -1: none came. */
int kbc_read(bool mouse);
/*
 * Turns A20 on or off. There are boards on which either of 8042 and port 92h is enough to have it
 * on; the latter is left off, since there are programs that know the former alone.
 */
void kbc_set_a20(bool on);

#endif
