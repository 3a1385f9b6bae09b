/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PS/2 keyboard and mouse, as far as commands go: nobody presses a key. */
#include "hw/ps2.h"

enum { ACK = 0xfa, RESEND = 0xfe, PASSED = 0xaa, ECHO = 0xee, MOUSE_ID = 0 };

enum {
    KEYBOARD_LEDS = 0xed,
    KEYBOARD_ECHO = 0xee,
    KEYBOARD_SCANCODES = 0xf0,
    KEYBOARD_IDENTIFY = 0xf2,
    KEYBOARD_RATE = 0xf3,
    KEYBOARD_ENABLE = 0xf4,
    KEYBOARD_DISABLE = 0xf5,
    KEYBOARD_DEFAULTS = 0xf6,
    KEYBOARD_SET3_FIRST = 0xf7, /* F7..FA: how all keys report; FB..FD: how one key does */
    KEYBOARD_SET3_KEY = 0xfb,
    KEYBOARD_SET3_LAST = 0xfd,
};

enum {
    MOUSE_SCALE_1 = 0xe6,
    MOUSE_SCALE_2 = 0xe7,
    MOUSE_RESOLUTION = 0xe8,
    MOUSE_STATUS = 0xe9,
    MOUSE_STREAM = 0xea,
    MOUSE_READ = 0xeb,
    MOUSE_UNWRAP = 0xec,
    MOUSE_WRAP = 0xee,
    MOUSE_REMOTE = 0xf0,
    MOUSE_IDENTIFY = 0xf2,
    MOUSE_RATE = 0xf3,
    MOUSE_ENABLE = 0xf4,
    MOUSE_DISABLE = 0xf5,
    MOUSE_DEFAULTS = 0xf6,
};
enum { COMMAND_RESEND = 0xfe, COMMAND_RESET = 0xff };

bool ps2_pending(const struct ps2_queue *q)
{
    return q->count > 0;
}

uint8_t ps2_take(struct ps2_queue *q)
{
    if (!q->count)
        return 0;
    q->last = q->byte[q->head];
    q->head = (q->head + 1) % PS2_QUEUE;
    q->count--;
    return q->last;
}

void ps2_put(struct ps2_queue *q, uint8_t byte)
{
    if (q->count < PS2_QUEUE)
        q->byte[(q->head + q->count++) % PS2_QUEUE] = byte;
}

/* An answer takes the place of what has not been read yet. */
static void answer(struct ps2_queue *q, uint8_t byte)
{
    q->count = 0;
    ps2_put(q, byte);
}

/* --- keyboard --- */

static void keyboard_defaults(struct ps2_keyboard *k)
{
    k->scancode_set = 2;
    k->leds = 0;
    k->command = 0;
    k->scanning = true;
}

void ps2_keyboard_reset(struct ps2_keyboard *k)
{
    *k = (struct ps2_keyboard){0};
    keyboard_defaults(k);
}

static void keyboard_argument(struct ps2_keyboard *k, uint8_t value)
{
    uint8_t command = k->command;
    k->command = 0;
    if (command == KEYBOARD_SCANCODES && value > 3) {
        answer(&k->queue, RESEND);
        return;
    }
    answer(&k->queue, ACK);
    if (command == KEYBOARD_LEDS)
        k->leds = value & 7;
    else if (command == KEYBOARD_SCANCODES && value == 0)
        ps2_put(&k->queue, k->scancode_set);
    else if (command == KEYBOARD_SCANCODES)
        k->scancode_set = value;
}

static void keyboard_command(struct ps2_keyboard *k, uint8_t value)
{
    struct ps2_queue *q = &k->queue;
    answer(q, ACK);
    switch (value) {
    case KEYBOARD_ECHO:
        answer(q, ECHO);
        break;
    case KEYBOARD_LEDS:
    case KEYBOARD_SCANCODES:
    case KEYBOARD_RATE:
        k->command = value;
        break;
    case KEYBOARD_IDENTIFY:
        ps2_put(q, 0xab);
        ps2_put(q, 0x83);
        break;
    case KEYBOARD_ENABLE:
        k->scanning = true;
        break;
    case KEYBOARD_DISABLE:
        keyboard_defaults(k);
        k->scanning = false;
        break;
    case KEYBOARD_DEFAULTS:
        keyboard_defaults(k);
        break;
    case COMMAND_RESEND:
        answer(q, q->last);
        break;
    case COMMAND_RESET:
        keyboard_defaults(k);
        ps2_put(q, PASSED);
        break;
    default:
        if (value < KEYBOARD_SET3_FIRST || value > KEYBOARD_SET3_LAST)
            answer(q, RESEND);
        else if (value >= KEYBOARD_SET3_KEY)
            k->command = value;
    }
}

void ps2_keyboard_write(struct ps2_keyboard *k, uint8_t value)
{
    /* A command in the place of an argument is a command: those have bit 7, arguments do not. */
    if (k->command && value < 0x80)
        keyboard_argument(k, value);
    else {
        k->command = 0;
        keyboard_command(k, value);
    }
}

/* --- mouse --- */

static void mouse_defaults(struct ps2_mouse *m)
{
    m->rate = 100;
    m->resolution = 2;
    m->command = 0;
    m->scaled = m->remote = m->wrap = m->reporting = false;
}

void ps2_mouse_reset(struct ps2_mouse *m)
{
    *m = (struct ps2_mouse){0};
    mouse_defaults(m);
}

static void mouse_argument(struct ps2_mouse *m, uint8_t value)
{
    if (m->command == MOUSE_RATE)
        m->rate = value;
    else
        m->resolution = value & 3;
    m->command = 0;
    answer(&m->queue, ACK);
}

static void mouse_status(struct ps2_mouse *m)
{
    ps2_put(&m->queue, (m->remote ? 0x40 : 0) | (m->reporting ? 0x20 : 0) | (m->scaled ? 0x10 : 0));
    ps2_put(&m->queue, m->resolution);
    ps2_put(&m->queue, m->rate);
}

/* A packet of a mouse that has not moved: bit 3 is always set. */
static void mouse_packet(struct ps2_mouse *m)
{
    ps2_put(&m->queue, 0x08);
    ps2_put(&m->queue, 0);
    ps2_put(&m->queue, 0);
}

static void mouse_command(struct ps2_mouse *m, uint8_t value)
{
    struct ps2_queue *q = &m->queue;
    answer(q, ACK);
    switch (value) {
    case MOUSE_SCALE_1:
    case MOUSE_SCALE_2:
        m->scaled = value == MOUSE_SCALE_2;
        break;
    case MOUSE_RESOLUTION:
    case MOUSE_RATE:
        m->command = value;
        break;
    case MOUSE_STATUS:
        mouse_status(m);
        break;
    case MOUSE_STREAM:
    case MOUSE_REMOTE:
        m->remote = value == MOUSE_REMOTE;
        break;
    case MOUSE_READ:
        mouse_packet(m);
        break;
    case MOUSE_WRAP:
    case MOUSE_UNWRAP:
        m->wrap = value == MOUSE_WRAP;
        break;
    case MOUSE_IDENTIFY:
        ps2_put(q, MOUSE_ID);
        break;
    case MOUSE_ENABLE:
    case MOUSE_DISABLE:
        m->reporting = value == MOUSE_ENABLE;
        break;
    case MOUSE_DEFAULTS:
        mouse_defaults(m);
        break;
    case COMMAND_RESEND:
        answer(q, q->last);
        break;
    case COMMAND_RESET:
        mouse_defaults(m);
        ps2_put(q, PASSED);
        ps2_put(q, MOUSE_ID);
        break;
    default:
        answer(q, RESEND);
    }
}

void ps2_mouse_write(struct ps2_mouse *m, uint8_t value)
{
    if (m->wrap && value != COMMAND_RESET && value != MOUSE_UNWRAP)
        answer(&m->queue, value);
    else if (m->command)
        mouse_argument(m, value);
    else
        mouse_command(m, value);
}

/* --- state --- */

static const struct state_field queue_fields[] = {
    {STATE(ps2_queue, head), .most = PS2_QUEUE - 1},
    {STATE(ps2_queue, count), .most = PS2_QUEUE},
    {STATE_ARRAY(ps2_queue, byte)},
    {STATE(ps2_queue, last)},
    {0},
};
static const struct state_table queue_state = STATE_TABLE(ps2_queue, 1, queue_fields);

static const struct state_field keyboard_fields[] = {
    {STATE_OF(ps2_keyboard, queue, &queue_state)},
    {STATE(ps2_keyboard, command)},
    {STATE(ps2_keyboard, scancode_set)},
    {STATE(ps2_keyboard, leds)},
    {STATE(ps2_keyboard, scanning)},
    {0},
};
const struct state_table ps2_keyboard_state = STATE_TABLE(ps2_keyboard, 1, keyboard_fields);

static const struct state_field mouse_fields[] = {
    {STATE_OF(ps2_mouse, queue, &queue_state)},
    {STATE(ps2_mouse, command)},
    {STATE(ps2_mouse, rate)},
    {STATE(ps2_mouse, resolution)},
    {STATE(ps2_mouse, scaled)},
    {STATE(ps2_mouse, remote)},
    {STATE(ps2_mouse, wrap)},
    {STATE(ps2_mouse, reporting)},
    {0},
};
const struct state_table ps2_mouse_state = STATE_TABLE(ps2_mouse, 1, mouse_fields);
