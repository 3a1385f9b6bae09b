/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See fingers.h. */
#include "hw/monitor/fingers.h"

#include "hw/host/input.h"
#include "hw/host/keymap.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { STROKE_MS = 10, LONGEST_MS = 60000 };

/* --- names of keys --- */

static const struct {
    const char *name;
    uint8_t key;
} names[] = {
#define KEY(name, code, evdev, usage, keysym, shifted) {#name, (code)},
#define ALIAS(keysym, name)
#define USAGE(usage, name)
#include "hw/host/keymap.def"
    {"RET", AT_ENTER},      {"SPC", AT_SPACE},          {"PGUP", AT_PAGE_UP},
    {"PGDN", AT_PAGE_DOWN}, {"GRAVE_ACCENT", AT_GRAVE}, {"ASTERISK", AT_KP_MULTIPLY},
    {"META_L", AT_META},    {"SYSRQ", AT_PRINT},        {"COMPOSE", AT_MENU},
    {"SHIFT_L", AT_SHIFT},  {"CTRL_L", AT_CTRL},        {"ALT_L", AT_ALT},
    {"ALTGR", AT_ALT_R},    {"KP_EQUALS", AT_KP_EQUAL},
};

const char *fingers_name(unsigned i)
{
    return i < sizeof names / sizeof *names ? names[i].name : NULL;
}

static bool is_named(const char *name, const char *given, size_t length)
{
    size_t i = 0;
    while (i < length && name[i] == toupper((unsigned char)given[i]))
        i++;
    return i == length && !name[i];
}

unsigned fingers_key(const char *name, size_t length)
{
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (length && is_named(names[i].name, name, length))
            return names[i].key;
    return 0;
}

/* "0x1c": as QEMU has it, a byte with bit 7 for E0h. */
static unsigned key_of(const char *name, size_t length)
{
    char *end;
    if (length < 3 || name[0] != '0' || name[1] != 'x')
        return fingers_key(name, length);
    unsigned long code = strtoul(name, &end, 16);
    return end == name + length && code < KEYS && keymap_has((unsigned)code) ? (unsigned)code : 0;
}

/* --- what waits --- */

static void act(void *fingers, uint64_t now)
{
    struct fingers *f = fingers;
    while (f->count) {
        const struct step *s = &f->step[f->head];
        f->head = (f->head + 1) % FINGERS_WAITING;
        f->count--;
        input_key(f->input, s->key, s->down);
        if (s->ms) {
            timer_set(&f->timer, now + (uint64_t)s->ms * NS_PER_MS);
            return;
        }
    }
}

static void begin(struct fingers *f)
{
    if (f->timer.deadline == TIMER_NEVER)
        timer_set(&f->timer, timers_now(f->timer.timers));
}

static bool has_room(const struct fingers *f, unsigned steps, struct error *error)
{
    if (!f->input)
        return error_set(error, "this machine has no keyboard");
    return steps <= FINGERS_WAITING - f->count ||
           error_set(error, "more keys are waiting than can be kept");
}

static void add(struct fingers *f, unsigned key, bool down, unsigned ms)
{
    f->step[(f->head + f->count++) % FINGERS_WAITING] =
        (struct step){(uint8_t)key, down, (uint16_t)ms};
}

static void press(struct fingers *f, const uint8_t *keys, unsigned count, unsigned ms)
{
    for (unsigned i = 0; i < count; i++)
        add(f, keys[i], true, i + 1 == count ? ms : 0);
    for (unsigned i = count; i-- > 0;)
        add(f, keys[i], false, i ? 0 : STROKE_MS);
}

bool fingers_press(struct fingers *f, const uint8_t *keys, unsigned count, unsigned ms,
                   struct error *error)
{
    if (!has_room(f, 2 * count, error))
        return false;
    press(f, keys, count, ms < STROKE_MS ? STROKE_MS : ms < LONGEST_MS ? ms : LONGEST_MS);
    begin(f);
    return true;
}

bool fingers_press_named(struct fingers *f, const char *text, unsigned ms, struct error *error)
{
    uint8_t keys[FINGERS_CHORD];
    unsigned count = 0;
    for (;;) {
        size_t length = strcspn(text, "-");
        unsigned key = key_of(text, length);
        if (!key)
            return error_set(error, "%.*s: no such key", (int)length, text);
        if (count == FINGERS_CHORD)
            return error_set(error, "more than %d keys at once", FINGERS_CHORD);
        keys[count++] = (uint8_t)key;
        if (!text[length])
            return fingers_press(f, keys, count, ms, error);
        text += length + 1;
    }
}

/* --- text --- */

/* The next character of UTF-8; 0 at the end, and for what is none. */
static uint32_t take_character(const char **text)
{
    const uint8_t *p = (const uint8_t *)*text;
    unsigned more = *p < 0x80 ? 0 : *p >> 5 == 6 ? 1 : *p >> 4 == 14 ? 2 : *p >> 3 == 30 ? 3 : 4;
    uint32_t c = more ? *p & (0x3fu >> more) : *p;
    if (more == 4)
        return 0;
    for (; more; more--) {
        if ((*++p & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (*p & 0x3f);
    }
    *text += c ? p - (const uint8_t *)*text + 1 : 0;
    return c;
}

static uint32_t keysym_of(uint32_t c)
{
    return c == '\n'   ? 0xff0d
           : c == '\t' ? 0xff09
           : c == 0x1b ? 0xff1b
           : c == '\b' ? 0xff08
                       : keysym_of_char(c);
}

/* The keys of a character, those that are held first; 0: there are none. */
static unsigned keys_of(const struct fingers *f, uint32_t c, uint8_t *keys)
{
    struct stroke s;
    unsigned count = 0;
    if (!layout_find(f->layout, keysym_of(c), &s))
        return 0;
    if (s.printable && s.held & STROKE_SHIFT)
        keys[count++] = AT_SHIFT;
    if (s.printable && s.held & STROKE_ALTGR)
        keys[count++] = AT_ALT_R;
    keys[count++] = s.key;
    return count;
}

/* All of it, or just looks whether it can be typed. */
static bool go_through(struct fingers *f, const char *text, bool really, struct error *error)
{
    unsigned steps = 0;
    for (uint32_t c; *text;) {
        uint8_t keys[3];
        const char *at = text;
        c = take_character(&text);
        unsigned count = c ? keys_of(f, c, keys) : 0;
        if (!count)
            return error_set(error, "%.8s: the first character of it is on no key", at);
        if (really)
            press(f, keys, count, STROKE_MS);
        steps += 2 * count;
    }
    return has_room(f, really ? 0 : steps, error);
}

bool fingers_type(struct fingers *f, const char *text, struct error *error)
{
    if (!go_through(f, text, false, error))
        return false;
    go_through(f, text, true, error);
    begin(f);
    return true;
}

bool fingers_rest(const struct fingers *f)
{
    return !f->count;
}

/* --- their life --- */

bool fingers_init(struct fingers *f, struct input *input, struct timers *timers, const char *layout,
                  struct error *error)
{
    *f = (struct fingers){.input = input, .layout = layout_create(layout, error)};
    timer_init(&f->timer, timers, act, f);
    return f->layout;
}

void fingers_destroy(struct fingers *f)
{
    timer_cancel(&f->timer);
    layout_destroy(f->layout);
}
