/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keysyms to keys: see keymap.h. */
#include "hw/host/keymap.h"

#include <string.h>

enum { HELD = sizeof((struct typist *)0)->down };

/* What is down is not told again: the keyboard repeats by itself. */
static void set_key(struct typist *t, unsigned key, bool down)
{
    if (t->pressed[key] != down)
        input_key(t->input, key, down);
    t->pressed[key] = down;
}

void typist_release(struct typist *t)
{
    for (unsigned key = 0; key < KEYS; key++)
        set_key(t, key, false);
    typist_init(t, t->layout, t->input);
}

void typist_init(struct typist *t, const struct layout *layout, struct input *input)
{
    *t = (struct typist){.layout = layout, .input = input};
    t->caps = input_leds(input) & LED_CAPS_LOCK;
}

/* What of it he does not hold goes down, what he holds in vain comes up; or all that back again. */
static void adjust(struct typist *t, unsigned wanted, bool begin)
{
    unsigned other = wanted ^ t->held;
    if (other & STROKE_SHIFT && wanted & STROKE_SHIFT)
        input_key(t->input, AT_SHIFT, begin);
    if (other & t->held & STROKE_SHIFT && t->shifts & 1)
        input_key(t->input, AT_SHIFT, !begin);
    if (other & t->held & STROKE_SHIFT && t->shifts & 2)
        input_key(t->input, AT_SHIFT_R, !begin);
    if (other & STROKE_ALTGR)
        input_key(t->input, AT_ALT_R, begin == !!(wanted & STROKE_ALTGR));
}

void typist_key(struct typist *t, unsigned key, bool down)
{
    key %= KEYS;
    uint8_t shift = key == AT_SHIFT ? 1 : key == AT_SHIFT_R ? 2 : 0;
    t->shifts = (uint8_t)(down ? t->shifts | shift : t->shifts & ~shift);
    if (key == AT_ALT_R)
        t->held = (uint8_t)((t->held & ~STROKE_ALTGR) | (down ? STROKE_ALTGR : 0));
    t->held = (uint8_t)((t->held & ~STROKE_SHIFT) | (t->shifts ? STROKE_SHIFT : 0));
    t->caps ^= key == AT_CAPS_LOCK && down && !t->pressed[key];
    set_key(t, key, down);
}

/* With Caps Lock, letters want the other Shift than what they show. */
static unsigned wanted_for(const struct typist *t, uint32_t keysym, const struct stroke *s)
{
    bool letter = (keysym | 0x20) >= 'a' && (keysym | 0x20) <= 'z';
    return s->held ^ (letter && t->caps ? STROKE_SHIFT : 0);
}

static void press(struct typist *t, uint32_t keysym, const struct stroke *s)
{
    unsigned wanted = wanted_for(t, keysym, s);
    unsigned i = 0;
    if (t->pressed[s->key])
        return;
    while (i < HELD - 1 && t->down[i])
        i++;
    t->down[i] = s->key;
    t->seen[i] = keysym;
    adjust(t, wanted, true);
    set_key(t, s->key, true);
    adjust(t, wanted, false);
}

/* If Shift came up first, it is another keysym than went down, on our keyboard another key, too. */
static unsigned find_pressed(const struct typist *t, uint32_t keysym, unsigned key)
{
    unsigned only = HELD, count = 0;
    for (unsigned i = 0; i < HELD; i++)
        if (t->down[i]) {
            if (t->seen[i] == keysym || t->down[i] == key)
                return i;
            only = i;
            count++;
        }
    return count == 1 ? only : HELD;
}

static void release(struct typist *t, uint32_t keysym, unsigned key)
{
    unsigned i = find_pressed(t, keysym, key);
    if (i == HELD)
        return;
    set_key(t, t->down[i], false);
    t->down[i] = 0;
}

void typist_keysym(struct typist *t, uint32_t keysym, bool down)
{
    struct stroke s = {0};
    bool known = layout_find(t->layout, keysym, &s);
    if (known && !s.printable)
        typist_key(t, s.key, down);
    else if (!down)
        release(t, keysym, s.key);
    else if (known)
        press(t, keysym, &s);
}

void typist_type(struct typist *t, uint32_t keysym, const uint8_t *keys)
{
    unsigned n = 0;
    for (; keys[n]; n++)
        typist_key(t, keys[n], true);
    typist_keysym(t, keysym, true);
    typist_keysym(t, keysym, false);
    while (n-- > 0)
        typist_key(t, keys[n], false);
}
