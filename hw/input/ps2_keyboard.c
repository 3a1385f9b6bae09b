/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keyboard: commands, and what it sends for a key. In sets 1 and 2 the keys that an older
 * keyboard had on its keypad only pretend to shift: with Num Lock on, or beside a shift key that is
 * down, so that programs which know nothing of E0h see what that keyboard would have sent.
 */
#include "hw/host/input.h"
#include "hw/input/ps2.h"

#include <string.h>

enum {
    LEDS = 0xed,
    ECHO = 0xee,
    SCANCODES = 0xf0,
    IDENTIFY = 0xf2,
    RATE = 0xf3,
    ENABLE = 0xf4,
    DISABLE = 0xf5,
    DEFAULTS = 0xf6,
    ALL_REPEAT = 0xf7,
    ALL_BREAK = 0xf8,
    ALL_MAKE = 0xf9,
    ALL_BOTH = 0xfa,
    KEY_REPEATS = 0xfb,
    KEY_BREAKS = 0xfc,
    KEY_MAKES = 0xfd,
};
enum { FIRST_COMMAND = LEDS, RELEASED = 0xf0, DEFAULT_RATE = 0x2b };
enum {
    KEY_CTRL = 0x1d,
    KEY_SHIFT = 0x2a,
    KEY_RIGHT_SHIFT = 0x36,
    KEY_ALT = 0x38,
    KEY_SYSRQ = 0x54
};
enum { KEY_BREAK = KEY_E0 | 0x46, KEY_DIVIDE = KEY_E0 | 0x35 };
/* Of `shifts`: a shift key pretended to be down, or to be up. */
enum { SHIFT_DOWN = 1, LEFT_UP = 2, RIGHT_UP = 4 };

/* --- strokes: the bytes of one event, which go into the buffer together or not at all --- */

/* The longest: two shifts back, two others away, and the key itself; each with prefixes. */
enum { STROKE = 12, KEYSTROKES = PS2_BUFFER - 1 };
struct stroke {
    uint8_t byte[STROKE];
    unsigned count;
};

static void add(struct stroke *s, uint8_t byte)
{
    if (s->count < STROKE)
        s->byte[s->count++] = byte;
}

static void add_key(const struct ps2_keyboard *k, struct stroke *s, unsigned key, bool down)
{
    uint8_t code = k->scancode_set == 1 ? (uint8_t)(key & ~KEY_E0) : ps2_set2_code(key);
    if (key & KEY_E0)
        add(s, 0xe0);
    if (k->scancode_set == 1) {
        add(s, code | (down ? 0 : 0x80));
        return;
    }
    if (!down)
        add(s, RELEASED);
    add(s, code);
}

static void add_set3(const struct ps2_keyboard *k, struct stroke *s, unsigned key, bool down)
{
    uint8_t code = ps2_set3_code(key);
    if (!code || (!down && !(k->type[code] & PS2_BREAKS)))
        return;
    if (!down)
        add(s, RELEASED);
    add(s, code);
}

/* --- shifts that are pretended --- */

static bool is_shifted(const struct ps2_keyboard *k)
{
    return k->is_down[KEY_SHIFT] || k->is_down[KEY_RIGHT_SHIFT];
}

static uint8_t shifts_up(const struct ps2_keyboard *k)
{
    return (k->is_down[KEY_SHIFT] ? LEFT_UP : 0) | (k->is_down[KEY_RIGHT_SHIFT] ? RIGHT_UP : 0);
}

/* Insert, Home, the pages, Delete, End, the arrows. */
static bool is_on_old_keypad(unsigned key)
{
    unsigned code = key & ~KEY_E0;
    return key & KEY_E0 && code >= 0x47 && code <= 0x53 && code != 0x4a && code != 0x4c &&
           code != 0x4e;
}

static uint8_t shifts_for(const struct ps2_keyboard *k, unsigned key)
{
    bool num_lock = k->leds & LED_NUM_LOCK,
         ctrl = k->is_down[KEY_CTRL] || k->is_down[KEY_E0 | 0x1d];
    if (key == KEY_PRINT)
        return is_shifted(k) || ctrl ? 0 : SHIFT_DOWN;
    if (key == KEY_DIVIDE || (is_on_old_keypad(key) && !num_lock))
        return shifts_up(k);
    return is_on_old_keypad(key) && num_lock && !is_shifted(k) ? SHIFT_DOWN : 0;
}

static void add_shifts(struct ps2_keyboard *k, struct stroke *s, unsigned key)
{
    k->shifts = shifts_for(k, key);
    k->shifted = (uint8_t)key;
    if (k->shifts & SHIFT_DOWN)
        add_key(k, s, KEY_E0 | KEY_SHIFT, true);
    if (k->shifts & LEFT_UP)
        add_key(k, s, KEY_E0 | KEY_SHIFT, false);
    if (k->shifts & RIGHT_UP)
        add_key(k, s, KEY_E0 | KEY_RIGHT_SHIFT, false);
}

/* A shift key that has come up meanwhile stays up. */
static void end_shifts(struct ps2_keyboard *k, struct stroke *s)
{
    uint8_t up = k->shifts & shifts_up(k);
    if (k->shifts & SHIFT_DOWN)
        add_key(k, s, KEY_E0 | KEY_SHIFT, false);
    if (up & RIGHT_UP)
        add_key(k, s, KEY_E0 | KEY_RIGHT_SHIFT, true);
    if (up & LEFT_UP)
        add_key(k, s, KEY_E0 | KEY_SHIFT, true);
    k->shifts = k->shifted = 0;
}

/* --- keys --- */

/* It has no break code: all comes at once. With Ctrl it is Break. */
static void add_pause(const struct ps2_keyboard *k, struct stroke *s)
{
    static const unsigned parts[] = {KEY_CTRL, 0x45};
    if (k->is_down[KEY_CTRL] || k->is_down[KEY_E0 | KEY_CTRL]) {
        add_key(k, s, KEY_BREAK, true);
        add_key(k, s, KEY_BREAK, false);
        return;
    }
    for (unsigned down = 2; down--;) {
        add(s, 0xe1);
        for (unsigned i = 0; i < 2; i++)
            add_key(k, s, parts[i], down);
    }
}

/* With Alt, Print is SysRq; it comes up as what it went down. */
static unsigned as_sent(const struct ps2_keyboard *k, unsigned key)
{
    return key == KEY_PRINT && k->sysrq ? KEY_SYSRQ : key;
}

static void press(struct ps2_keyboard *k, struct stroke *s, unsigned key)
{
    if (key == KEY_PRINT)
        k->sysrq = k->is_down[KEY_ALT] || k->is_down[KEY_E0 | KEY_ALT];
    if (k->scancode_set == 3) {
        add_set3(k, s, key, true);
        return;
    }
    end_shifts(k, s);
    key = as_sent(k, key);
    if (key == KEY_PAUSE) {
        add_pause(k, s);
        return;
    }
    add_shifts(k, s, key);
    add_key(k, s, key, true);
}

static void release(struct ps2_keyboard *k, struct stroke *s, unsigned key)
{
    if (k->scancode_set == 3) {
        add_set3(k, s, key, false);
        return;
    }
    key = as_sent(k, key);
    if (key != KEY_PAUSE)
        add_key(k, s, key, false);
    if (key == k->shifted)
        end_shifts(k, s);
}

/* "Keyboard Buffer": a stroke that does not fit is lost, and an overrun code in its place. */
static void send(struct ps2_keyboard *k, const struct stroke *s)
{
    uint8_t overrun = k->scancode_set == 1 ? 0xff : 0;
    if (!s->count)
        return;
    if (k->queue.count + s->count <= KEYSTROKES)
        ps2_put(&k->queue, s->byte, s->count);
    else if (k->queue.count <= KEYSTROKES)
        ps2_put(&k->queue, &overrun, 1);
}

bool ps2_keyboard_room(const struct ps2_keyboard *k)
{
    return !k->scanning || k->queue.count + STROKE <= KEYSTROKES;
}

/* --- typematic --- */

/* "Set Typematic Rate/Delay": a period is (8 + A) * 2^B / 240 s. */
static uint64_t period(const struct ps2_keyboard *k)
{
    return (uint64_t)NS_PER_S / 240 * ((8 + (k->rate & 7u)) << (k->rate >> 3 & 3));
}

static uint64_t delay(const struct ps2_keyboard *k)
{
    return ((k->rate >> 5 & 3) + 1) * (uint64_t)(250 * NS_PER_MS);
}

static bool repeats(const struct ps2_keyboard *k, unsigned key)
{
    if (k->scancode_set == 3)
        return k->type[ps2_set3_code(key)] & PS2_REPEATS;
    return key != KEY_PAUSE;
}

static void hold(struct ps2_keyboard *k, unsigned key)
{
    k->held = (uint8_t)key;
    timer_set(&k->repeat, key ? timers_now(k->repeat.timers) + delay(k) : TIMER_NEVER);
}

static void repeat(void *device, uint64_t now)
{
    struct ps2_keyboard *k = device;
    struct stroke s = {.count = 0};
    if (k->scancode_set == 3)
        add_set3(k, &s, k->held, true);
    else
        add_key(k, &s, as_sent(k, k->held), true);
    send(k, &s);
    timer_set(&k->repeat, now + period(k));
}

void ps2_keyboard_key(struct ps2_keyboard *k, unsigned key, bool down)
{
    struct stroke s = {.count = 0};
    if (key >= KEYS || k->is_down[key] == down)
        return;
    k->is_down[key] = down;
    if (!k->scanning)
        return;
    if (down)
        press(k, &s, key);
    else
        release(k, &s, key);
    send(k, &s);
    if (down)
        hold(k, repeats(k, key) ? key : 0);
    else if (key == k->held)
        hold(k, 0);
}

/* --- commands --- */

static void set_all_types(struct ps2_keyboard *k, uint8_t type)
{
    memset(k->type, type, sizeof k->type);
}

static void set_defaults(struct ps2_keyboard *k)
{
    k->scancode_set = 2;
    k->rate = DEFAULT_RATE;
    k->command = 0;
    for (unsigned code = 0; code < PS2_SET3_CODES; code++)
        k->type[code] = ps2_set3_type((uint8_t)code);
}

/* What was typed is forgotten, and so is what is being held. */
static void clear_buffer(struct ps2_keyboard *k)
{
    ps2_clear(&k->queue);
    k->shifts = k->shifted = 0;
    hold(k, 0);
}

void ps2_keyboard_reset(struct ps2_keyboard *k)
{
    clear_buffer(k);
    k->queue.last = 0;
    k->leds = 0;
    k->scanning = true;
    k->sysrq = false;
    memset(k->is_down, 0, sizeof k->is_down);
    set_defaults(k);
}

void ps2_keyboard_init(struct ps2_keyboard *k, struct timers *timers, struct irq_line ready)
{
    memset(k, 0, sizeof *k);
    k->queue.ready = ready;
    timer_init(&k->repeat, timers, repeat, k);
    ps2_keyboard_reset(k);
}

static void select_set(struct ps2_keyboard *k, uint8_t value)
{
    if (value > 3) {
        ps2_answer(&k->queue, PS2_RESEND);
        return;
    }
    if (value)
        clear_buffer(k);
    ps2_answer(&k->queue, PS2_ACK);
    if (value)
        k->scancode_set = value;
    else
        ps2_answer_more(&k->queue, k->scancode_set);
}

/* More keys may follow, until another command does. */
static void set_type(struct ps2_keyboard *k, uint8_t command, uint8_t code)
{
    static const uint8_t types[] = {PS2_REPEATS, PS2_BREAKS, 0};
    if (code >= PS2_SET3_CODES) {
        ps2_answer(&k->queue, PS2_RESEND);
        return;
    }
    k->type[code] = types[command - KEY_REPEATS];
    k->command = command;
    ps2_answer(&k->queue, PS2_ACK);
}

static void argument(struct ps2_keyboard *k, uint8_t value)
{
    uint8_t command = k->command;
    k->command = 0;
    if (command == SCANCODES) {
        select_set(k, value);
        return;
    }
    if (command >= KEY_REPEATS) {
        set_type(k, command, value);
        return;
    }
    ps2_answer(&k->queue, PS2_ACK);
    if (command == LEDS)
        k->leds = value & 7;
    else
        k->rate = value & 0x7f;
}

/* Those that clear the buffer. */
static void set_up(struct ps2_keyboard *k, uint8_t command)
{
    clear_buffer(k);
    switch (command) {
    case ENABLE:
        k->scanning = true;
        break;
    case DISABLE:
    case DEFAULTS:
        set_defaults(k);
        k->scanning = command == DEFAULTS;
        break;
    case ALL_REPEAT:
        set_all_types(k, PS2_REPEATS);
        break;
    case ALL_BREAK:
        set_all_types(k, PS2_BREAKS);
        break;
    case ALL_MAKE:
        set_all_types(k, 0);
        break;
    case ALL_BOTH:
        set_all_types(k, PS2_BREAKS | PS2_REPEATS);
        break;
    default:
        k->command = command;
    }
    ps2_answer(&k->queue, PS2_ACK);
}

static void command(struct ps2_keyboard *k, uint8_t value)
{
    struct ps2_queue *q = &k->queue;
    k->command = 0;
    switch (value) {
    case ECHO:
        ps2_answer(q, ECHO);
        break;
    case LEDS:
    case SCANCODES:
    case RATE:
        k->command = value;
        ps2_answer(q, PS2_ACK);
        break;
    case IDENTIFY:
        ps2_answer(q, PS2_ACK);
        ps2_answer_more(q, 0xab);
        ps2_answer_more(q, 0x83);
        break;
    case PS2_COMMAND_RESEND:
        ps2_answer(q, q->last);
        break;
    case PS2_COMMAND_RESET:
        ps2_keyboard_reset(k);
        ps2_answer(q, PS2_ACK);
        ps2_answer_more(q, PS2_PASSED);
        break;
    default:
        if (value < ENABLE)
            ps2_answer(q, PS2_RESEND);
        else
            set_up(k, value);
    }
}

void ps2_keyboard_write(struct ps2_keyboard *k, uint8_t value)
{
    /* A command in the place of an argument is a command. */
    if (k->command && value < FIRST_COMMAND)
        argument(k, value);
    else
        command(k, value);
}

static const struct state_field fields[] = {
    {STATE_OF(ps2_keyboard, queue, &ps2_queue_state)},
    {STATE_OF_TIMER(ps2_keyboard, repeat)},
    {STATE(ps2_keyboard, command)},
    {STATE(ps2_keyboard, scancode_set), .least = 1, .most = 3},
    {STATE(ps2_keyboard, leds), .most = 7},
    {STATE(ps2_keyboard, rate), .most = 0x7f},
    {STATE(ps2_keyboard, scanning)},
    {STATE_ARRAY(ps2_keyboard, is_down)},
    {STATE_ARRAY(ps2_keyboard, type)},
    {STATE(ps2_keyboard, held)},
    {STATE(ps2_keyboard, shifts)},
    {STATE(ps2_keyboard, shifted)},
    {STATE(ps2_keyboard, sysrq)},
    {0},
};
const struct state_table ps2_keyboard_state = STATE_TABLE(ps2_keyboard, 1, fields);
