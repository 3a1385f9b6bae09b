/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of an American keyboard, as the keyboard controller translates them: scan code set 1. */
#include "guest.h"

enum { DATA = 0x60, RELEASED = 0x80, PREFIX = 0xe0 };
enum { KEY_LEFT_SHIFT = 0x2a, KEY_RIGHT_SHIFT = 0x36, KEY_CONTROL = 0x1d };

static const char plain[] = "\0\033"
                            "1234567890-=\b\tqwertyuiop[]\n\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
static const char shifted[] = "\0\033"
                              "!@#$%^&*()_+\b\tQWERTYUIOP{}\n\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";

static bool shift, control;

static void pressed(u8 key)
{
    u8 c = key < sizeof(plain) - 1 ? (u8)(shift ? shifted : plain)[key] : 0;
    if (control && c >= 'a' && c <= 'z')
        c &= 0x1f;
    if (c)
        console_take(c == '\n' ? '\r' : c);
}

void keyboard_interrupt(void)
{
    static bool prefixed;
    u8 code = in8(DATA), key = code & (u8)~RELEASED;
    bool released = code & RELEASED;
    if (code == PREFIX) {
        prefixed = true;
        return;
    }
    if (key == KEY_CONTROL)
        control = !released;
    else if (!prefixed && (key == KEY_LEFT_SHIFT || key == KEY_RIGHT_SHIFT))
        shift = !released;
    else if (!released && !prefixed)
        pressed(key);
    prefixed = false;
}
