/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * INT 09h: scan codes of set 1 become keys for INT 16h. entry.S has read the code and offered it
 * to INT 15h, 4Fh; it is in AL.
 */
#include "bios/clock/clock.h"
#include "bios/entry/entry.h"
#include "bios/keyboard/keyboard.h"

enum {
    KEY_CTRL = 0x1d,
    KEY_LEFT_SHIFT = 0x2a,
    KEY_RIGHT_SHIFT = 0x36,
    KEY_PRINT = 0x37,
    KEY_ALT = 0x38,
    KEY_CAPS_LOCK = 0x3a,
    KEY_NUM_LOCK = 0x45,
    KEY_SCROLL_LOCK = 0x46,
    KEY_HOME = 0x47,
    KEY_INSERT = 0x52,
    KEY_DELETE = 0x53,
    KEY_SYSRQ = 0x54,
    KEY_SLASH = 0x35,
    KEY_ENTER = 0x1c,
    RELEASED = 0x80,
};

/* Which lock makes shift of no shift. */
enum lock { NO_LOCK, CAPS, NUM };

/* What a key is, scan code and character: alone, with Shift, Ctrl, Alt; 0: nothing. */
struct key {
    u16 plain, shift, ctrl, alt;
    u8 lock;
};

/* clang-format off */
ROM_DATA struct key keys[] = {
    [0x01] = {0x011b, 0x011b, 0x011b, 0x0100, NO_LOCK}, /* Esc */
    [0x02] = {0x0231, 0x0221, 0x0000, 0x7800, NO_LOCK}, /* 1 */
    [0x03] = {0x0332, 0x0340, 0x0300, 0x7900, NO_LOCK},
    [0x04] = {0x0433, 0x0423, 0x0000, 0x7a00, NO_LOCK},
    [0x05] = {0x0534, 0x0524, 0x0000, 0x7b00, NO_LOCK},
    [0x06] = {0x0635, 0x0625, 0x0000, 0x7c00, NO_LOCK},
    [0x07] = {0x0736, 0x075e, 0x071e, 0x7d00, NO_LOCK},
    [0x08] = {0x0837, 0x0826, 0x0000, 0x7e00, NO_LOCK},
    [0x09] = {0x0938, 0x092a, 0x0000, 0x7f00, NO_LOCK},
    [0x0a] = {0x0a39, 0x0a28, 0x0000, 0x8000, NO_LOCK},
    [0x0b] = {0x0b30, 0x0b29, 0x0000, 0x8100, NO_LOCK}, /* 0 */
    [0x0c] = {0x0c2d, 0x0c5f, 0x0c1f, 0x8200, NO_LOCK},
    [0x0d] = {0x0d3d, 0x0d2b, 0x0000, 0x8300, NO_LOCK},
    [0x0e] = {0x0e08, 0x0e08, 0x0e7f, 0x0e00, NO_LOCK}, /* Backspace */
    [0x0f] = {0x0f09, 0x0f00, 0x9400, 0xa500, NO_LOCK}, /* Tab */
    [0x10] = {0x1071, 0x1051, 0x1011, 0x1000, CAPS},    /* Q */
    [0x11] = {0x1177, 0x1157, 0x1117, 0x1100, CAPS},
    [0x12] = {0x1265, 0x1245, 0x1205, 0x1200, CAPS},
    [0x13] = {0x1372, 0x1352, 0x1312, 0x1300, CAPS},
    [0x14] = {0x1474, 0x1454, 0x1414, 0x1400, CAPS},
    [0x15] = {0x1579, 0x1559, 0x1519, 0x1500, CAPS},
    [0x16] = {0x1675, 0x1655, 0x1615, 0x1600, CAPS},
    [0x17] = {0x1769, 0x1749, 0x1709, 0x1700, CAPS},
    [0x18] = {0x186f, 0x184f, 0x180f, 0x1800, CAPS},
    [0x19] = {0x1970, 0x1950, 0x1910, 0x1900, CAPS},
    [0x1a] = {0x1a5b, 0x1a7b, 0x1a1b, 0x1a00, NO_LOCK},
    [0x1b] = {0x1b5d, 0x1b7d, 0x1b1d, 0x1b00, NO_LOCK},
    [0x1c] = {0x1c0d, 0x1c0d, 0x1c0a, 0x1c00, NO_LOCK}, /* Enter */
    [0x1e] = {0x1e61, 0x1e41, 0x1e01, 0x1e00, CAPS},    /* A */
    [0x1f] = {0x1f73, 0x1f53, 0x1f13, 0x1f00, CAPS},
    [0x20] = {0x2064, 0x2044, 0x2004, 0x2000, CAPS},
    [0x21] = {0x2166, 0x2146, 0x2106, 0x2100, CAPS},
    [0x22] = {0x2267, 0x2247, 0x2207, 0x2200, CAPS},
    [0x23] = {0x2368, 0x2348, 0x2308, 0x2300, CAPS},
    [0x24] = {0x246a, 0x244a, 0x240a, 0x2400, CAPS},
    [0x25] = {0x256b, 0x254b, 0x250b, 0x2500, CAPS},
    [0x26] = {0x266c, 0x264c, 0x260c, 0x2600, CAPS},
    [0x27] = {0x273b, 0x273a, 0x0000, 0x2700, NO_LOCK},
    [0x28] = {0x2827, 0x2822, 0x0000, 0x2800, NO_LOCK},
    [0x29] = {0x2960, 0x297e, 0x0000, 0x2900, NO_LOCK},
    [0x2b] = {0x2b5c, 0x2b7c, 0x2b1c, 0x2b00, NO_LOCK},
    [0x2c] = {0x2c7a, 0x2c5a, 0x2c1a, 0x2c00, CAPS},    /* Z */
    [0x2d] = {0x2d78, 0x2d58, 0x2d18, 0x2d00, CAPS},
    [0x2e] = {0x2e63, 0x2e43, 0x2e03, 0x2e00, CAPS},
    [0x2f] = {0x2f76, 0x2f56, 0x2f16, 0x2f00, CAPS},
    [0x30] = {0x3062, 0x3042, 0x3002, 0x3000, CAPS},
    [0x31] = {0x316e, 0x314e, 0x310e, 0x3100, CAPS},
    [0x32] = {0x326d, 0x324d, 0x320d, 0x3200, CAPS},
    [0x33] = {0x332c, 0x333c, 0x0000, 0x3300, NO_LOCK},
    [0x34] = {0x342e, 0x343e, 0x0000, 0x3400, NO_LOCK},
    [0x35] = {0x352f, 0x353f, 0x0000, 0x3500, NO_LOCK},
    [0x37] = {0x372a, 0x372a, 0x9600, 0x3700, NO_LOCK}, /* keypad * */
    [0x39] = {0x3920, 0x3920, 0x3920, 0x3920, NO_LOCK}, /* space */
    [0x3b] = {0x3b00, 0x5400, 0x5e00, 0x6800, NO_LOCK}, /* F1 */
    [0x3c] = {0x3c00, 0x5500, 0x5f00, 0x6900, NO_LOCK},
    [0x3d] = {0x3d00, 0x5600, 0x6000, 0x6a00, NO_LOCK},
    [0x3e] = {0x3e00, 0x5700, 0x6100, 0x6b00, NO_LOCK},
    [0x3f] = {0x3f00, 0x5800, 0x6200, 0x6c00, NO_LOCK},
    [0x40] = {0x4000, 0x5900, 0x6300, 0x6d00, NO_LOCK},
    [0x41] = {0x4100, 0x5a00, 0x6400, 0x6e00, NO_LOCK},
    [0x42] = {0x4200, 0x5b00, 0x6500, 0x6f00, NO_LOCK},
    [0x43] = {0x4300, 0x5c00, 0x6600, 0x7000, NO_LOCK},
    [0x44] = {0x4400, 0x5d00, 0x6700, 0x7100, NO_LOCK}, /* F10 */
    [0x47] = {0x4700, 0x4737, 0x7700, 0x0000, NUM},     /* keypad 7, Home */
    [0x48] = {0x4800, 0x4838, 0x8d00, 0x0000, NUM},
    [0x49] = {0x4900, 0x4939, 0x8400, 0x0000, NUM},
    [0x4a] = {0x4a2d, 0x4a2d, 0x8e00, 0x4a00, NO_LOCK},
    [0x4b] = {0x4b00, 0x4b34, 0x7300, 0x0000, NUM},
    [0x4c] = {0x4c00, 0x4c35, 0x8f00, 0x0000, NUM},
    [0x4d] = {0x4d00, 0x4d36, 0x7400, 0x0000, NUM},
    [0x4e] = {0x4e2b, 0x4e2b, 0x9000, 0x4e00, NO_LOCK},
    [0x4f] = {0x4f00, 0x4f31, 0x7500, 0x0000, NUM},
    [0x50] = {0x5000, 0x5032, 0x9100, 0x0000, NUM},
    [0x51] = {0x5100, 0x5133, 0x7600, 0x0000, NUM},
    [0x52] = {0x5200, 0x5230, 0x9200, 0x0000, NUM},
    [0x53] = {0x5300, 0x532e, 0x9300, 0x0000, NUM},
    [0x56] = {0x565c, 0x567c, 0x0000, 0x0000, NO_LOCK}, /* the 102nd key */
    [0x57] = {0x8500, 0x8700, 0x8900, 0x8b00, NO_LOCK}, /* F11 */
    [0x58] = {0x8600, 0x8800, 0x8a00, 0x8c00, NO_LOCK},
};

/* The keys between letters and keypad, which send E0h first: alone, with Ctrl, with Alt. */
ROM_DATA struct { u8 code; u16 plain, ctrl, alt; } gray_keys[] = {
    {KEY_ENTER, 0xe00d, 0xe00a, 0xa600},
    {KEY_SLASH, 0xe02f, 0x9500, 0xa400},
    {0x47, 0x47e0, 0x77e0, 0x9700},
    {0x48, 0x48e0, 0x8de0, 0x9800},
    {0x49, 0x49e0, 0x84e0, 0x9900},
    {0x4b, 0x4be0, 0x73e0, 0x9b00},
    {0x4d, 0x4de0, 0x74e0, 0x9d00},
    {0x4f, 0x4fe0, 0x75e0, 0x9f00},
    {0x50, 0x50e0, 0x91e0, 0xa000},
    {0x51, 0x51e0, 0x76e0, 0xa100},
    {0x52, 0x52e0, 0x92e0, 0xa200},
    {0x53, 0x53e0, 0x93e0, 0xa300},
};

/* Modifiers by scan code: their bits when held in 40:17, 40:18 (with E0h in 40:96). */
ROM_DATA struct { u8 code, shift, shift2, e0; } modifiers[] = {
    {KEY_LEFT_SHIFT, SHIFT_LEFT, 0, 0},
    {KEY_RIGHT_SHIFT, SHIFT_RIGHT, 0, 0},
    {KEY_CTRL, SHIFT_CTRL, SHIFT2_LEFT_CTRL, KEYBOARD_RIGHT_CTRL},
    {KEY_ALT, SHIFT_ALT, SHIFT2_LEFT_ALT, KEYBOARD_RIGHT_ALT},
};
ROM_DATA struct { u8 code, shift, held; } locks[] = {
    {KEY_CAPS_LOCK, SHIFT_CAPS_LOCK, SHIFT2_CAPS_LOCK},
    {KEY_NUM_LOCK, SHIFT_NUM_LOCK, SHIFT2_NUM_LOCK},
    {KEY_SCROLL_LOCK, SHIFT_SCROLL_LOCK, SHIFT2_SCROLL_LOCK},
    {KEY_INSERT, SHIFT_INSERT, SHIFT2_INSERT},
};
/* clang-format on */

bool key_put(u16 key)
{
    u16 tail = BDA_GET(key_tail), next = (u16)(tail + 2);
    if (next >= BDA_GET(key_end))
        next = BDA_GET(key_start);
    if (next == BDA_GET(key_head))
        return false;
    far_write_u16(far(BDA_SEGMENT, tail), key);
    BDA_SET(key_tail, next);
    return true;
}

static void beep(void)
{
    u8 speaker = inb(PORT_61);
    outb(PORT_PIT + 3, 0xb6);
    outb(PORT_PIT + 2, 0x33);
    outb(PORT_PIT + 2, 0x05);
    outb(PORT_61, speaker | 3);
    clock_delay(50000);
    outb(PORT_61, speaker);
}

static void put(u16 key)
{
    if (key && !key_put(key))
        beep();
}

static void set_bits(u8 *byte, u8 bits, bool set)
{
    *byte = (u8)(set ? *byte | bits : *byte & ~bits);
}

/* What 40:17, 40:18 and 40:96 say, while a code is worked on. */
struct state {
    u8 code;
    bool released, e0;
    u8 shift, shift2, flags;
};

/* Ctrl or Alt is held as long as either of two is. */
static bool modifier(struct state *s)
{
    for (unsigned i = 0; i < LENGTH(modifiers); i++) {
        if (modifiers[i].code != s->code)
            continue;
        bool shift_key = !modifiers[i].e0;
        if (shift_key && s->e0)
            return true; /* made up around gray keys */
        if (s->e0)
            set_bits(&s->flags, modifiers[i].e0, !s->released);
        else
            set_bits(&s->shift2, modifiers[i].shift2, !s->released);
        bool held = s->flags & modifiers[i].e0 || s->shift2 & modifiers[i].shift2 ||
                    (shift_key && !s->released);
        set_bits(&s->shift, modifiers[i].shift, held);
        return true;
    }
    return false;
}

/* Alt held and digits typed on the keypad make a character when Alt is let go. */
static void end_alt_number(const struct state *s)
{
    u8 number = BDA_GET(alt_number);
    if (s->code != KEY_ALT || !s->released || !number)
        return;
    BDA_SET(alt_number, 0);
    put(number);
}

static bool alt_digit(const struct state *s)
{
    ROM_DATA u8 digits[] = {7, 8, 9, 0xff, 4, 5, 6, 0xff, 1, 2, 3, 0};
    u8 digit = s->code >= KEY_HOME && s->code <= KEY_INSERT ? digits[s->code - KEY_HOME] : 0xff;
    if (!(s->shift & SHIFT_ALT) || s->e0 || digit == 0xff)
        return false;
    BDA_SET(alt_number, (u8)(BDA_GET(alt_number) * 10 + digit));
    return true;
}

/* True: nothing more is to be done. Insert is a key as well. */
static bool lock_key(struct state *s)
{
    for (unsigned i = 0; i < LENGTH(locks); i++) {
        if (locks[i].code != s->code)
            continue;
        if (!s->released && !(s->shift2 & locks[i].held))
            s->shift ^= locks[i].shift;
        set_bits(&s->shift2, locks[i].held, !s->released);
        return s->code != KEY_INSERT;
    }
    return false;
}

static u16 gray_key(const struct state *s)
{
    for (unsigned i = 0; i < LENGTH(gray_keys); i++)
        if (gray_keys[i].code == s->code)
            return s->shift & SHIFT_ALT    ? gray_keys[i].alt
                   : s->shift & SHIFT_CTRL ? gray_keys[i].ctrl
                                           : gray_keys[i].plain;
    return 0;
}

static u16 key_of(const struct state *s)
{
    if (s->e0)
        return gray_key(s);
    if (s->code >= LENGTH(keys))
        return 0;
    ROM struct key *key = &keys[s->code];
    if (s->shift & SHIFT_ALT)
        return key->alt;
    if (s->shift & SHIFT_CTRL)
        return key->ctrl;
    bool shift = s->shift & (SHIFT_LEFT | SHIFT_RIGHT);
    bool locked = (key->lock == CAPS && s->shift & SHIFT_CAPS_LOCK) ||
                  (key->lock == NUM && s->shift & SHIFT_NUM_LOCK);
    return shift != locked ? key->shift : key->plain;
}

void keyboard_reset_machine(struct regs *r)
{
    kbc_command(0xfe);
    outb(PORT_92, inb(PORT_92) | 1);
    go_on_at(r, reset);
}

/* Keys that make something happen at once. */
static bool special(struct regs *r, struct state *s)
{
    bool ctrl = s->shift & SHIFT_CTRL, alt = s->shift & SHIFT_ALT;
    if (s->code == KEY_DELETE && ctrl && alt) {
        BDA_SET(reset_flag, 0x1234);
        keyboard_reset_machine(r);
    } else if (s->code == KEY_PRINT && (s->e0 || s->shift & (SHIFT_LEFT | SHIFT_RIGHT)) && !ctrl) {
        go_on_at(r, next_print_screen);
    } else if (s->code == KEY_PRINT && s->e0) {
        put(0x7200);
    } else if (s->code == KEY_SCROLL_LOCK && (s->e0 || ctrl)) {
        BDA_SET(key_head, BDA_GET(key_start));
        BDA_SET(key_tail, BDA_GET(key_start));
        BDA_SET(break_pressed, 0x80);
        key_put(0);
        go_on_at(r, next_break);
    } else if (s->code == KEY_NUM_LOCK && ctrl && !s->e0) {
        s->shift2 |= SHIFT2_PAUSE;
        go_on_at(r, next_pause);
    } else {
        return false;
    }
    return true;
}

/* Any key ends Pause, and is not typed. */
static bool end_pause(struct state *s)
{
    bool paused = s->shift2 & SHIFT2_PAUSE;
    s->shift2 &= (u8)~SHIFT2_PAUSE;
    return paused;
}

static void system_request(struct regs *r, struct state *s)
{
    bool held = s->shift2 & SHIFT2_SYSRQ;
    set_bits(&s->shift2, SHIFT2_SYSRQ, !s->released);
    if (held == s->released)
        go_on_at(r, s->released ? next_sysrq_up : next_sysrq_down);
}

static void handle(struct regs *r, struct state *s)
{
    if (s->code == KEY_SYSRQ)
        return system_request(r, s);
    if (modifier(s))
        return end_alt_number(s);
    if (!s->released && special(r, s))
        return;
    if (!s->e0 || s->code == KEY_INSERT)
        if (lock_key(s))
            return;
    if (!s->released && !end_pause(s) && !alt_digit(s))
        put(key_of(s));
}

/* E1h 1Dh 45h, and the same released, is Pause. */
static bool pause_key(struct regs *r, struct state *s)
{
    if (!(s->flags & KEYBOARD_E1))
        return false;
    if (s->code == KEY_CTRL)
        return true;
    s->flags &= (u8)~KEYBOARD_E1;
    if (!s->released) {
        s->shift2 |= SHIFT2_PAUSE;
        go_on_at(r, next_pause);
    }
    return true;
}

static void take_code(struct regs *r, u8 code)
{
    struct state s = {
        .code = code & 0x7f,
        .released = code & RELEASED,
        .shift = BDA_GET(shift[0]),
        .shift2 = BDA_GET(shift[1]),
        .flags = BDA_GET(keyboard[0]),
    };
    u8 locked = s.shift;
    s.e0 = s.flags & KEYBOARD_E0;
    s.flags &= (u8)~KEYBOARD_E0;
    if (!pause_key(r, &s))
        handle(r, &s);
    BDA_SET(shift[0], s.shift);
    BDA_SET(shift[1], s.shift2);
    BDA_SET(keyboard[0], s.flags);
    if ((locked ^ s.shift) & (SHIFT_CAPS_LOCK | SHIFT_NUM_LOCK | SHIFT_SCROLL_LOCK))
        keyboard_lights();
}

void keyboard_lights(void)
{
    u8 lights = BDA_GET(shift[0]) >> 4 & 7;
    BDA_SET(keyboard[1], (u8)((BDA_GET(keyboard[1]) & ~7) | lights));
    kbc_command(KBC_KEYBOARD_OFF);
    kbc_command(KBC_KEYBOARD_ON);
    if (keyboard_send(0xed))
        keyboard_send(lights);
}

void int09_scan_code(struct regs *r)
{
    u8 code = r->al;
    u8 prefix = code == 0xe0 ? KEYBOARD_E0 : code == 0xe1 ? KEYBOARD_E1 : 0;
    if (prefix)
        BDA_SET(keyboard[0], BDA_GET(keyboard[0]) | prefix);
    else if (code != 0xfa && code != 0xfe && code != 0x00 && code != 0xff)
        take_code(r, code);
    end_interrupt_low();
}
