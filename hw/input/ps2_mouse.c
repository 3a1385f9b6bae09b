/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The mouse. It reports at its sample rate, and only what is new; a button that goes down and up
 * between two reports is in two of them. A count is what the outside says it is, whatever
 * resolution has been set: that hand has moved on another table.
 */
#include "hw/host/input.h"
#include "hw/input/ps2.h"

#include <string.h>

enum {
    SCALE_1 = 0xe6,
    SCALE_2 = 0xe7,
    RESOLUTION = 0xe8,
    STATUS = 0xe9,
    STREAM = 0xea,
    READ = 0xeb,
    UNWRAP = 0xec,
    WRAP = 0xee,
    REMOTE = 0xf0,
    IDENTIFY = 0xf2,
    RATE = 0xf3,
    ENABLE = 0xf4,
    DISABLE = 0xf5,
    DEFAULTS = 0xf6,
};
enum { ID_PLAIN = 0, ID_WHEEL = 3, ID_FIVE_BUTTONS = 4, DEFAULT_RATE = 100 };
/* The first byte of a packet, besides buttons. */
enum { PACKET = 0x08, X_SIGN = 0x10, Y_SIGN = 0x20, X_OVERFLOW = 0x40, Y_OVERFLOW = 0x80 };
enum { PACKET_BUTTONS = 7, MOST_COUNTS = 255, MOST_WHEEL = 7, FAR = 1 << 24 };

/* --- packets --- */

static bool is_streaming(const struct ps2_mouse *m)
{
    return m->reporting && !m->remote && !m->wrap && !m->command;
}

/* Is there anybody to be told? */
static bool is_listened_to(const struct ps2_mouse *m)
{
    return m->remote || m->reporting;
}

static uint8_t own_buttons(const struct ps2_mouse *m)
{
    return m->buttons & (m->id == ID_FIVE_BUTTONS ? 0x1f : PACKET_BUTTONS);
}

static bool has_news(const struct ps2_mouse *m)
{
    return m->dx || m->dy || m->dz || m->owed || own_buttons(m) != m->reported;
}

static int32_t clamp(int32_t value, int32_t most)
{
    return value > most ? most : value < -most ? -most : value;
}

/* "Scaling 2:1", of streams only. */
static int32_t scale(const struct ps2_mouse *m, int32_t count)
{
    static const uint8_t few[] = {0, 1, 1, 3, 6, 9};
    int32_t size = count < 0 ? -count : count;
    if (!m->scaled || m->remote)
        return count;
    size = size < (int32_t)sizeof few ? few[size] : 2 * size;
    return count < 0 ? -size : size;
}

/* As many counts as fit; when it is asked, the mouse says that there were more, and forgets them.
 */
static int32_t take_counts(struct ps2_mouse *m, int32_t *counts, uint8_t *first, uint8_t overflow)
{
    int32_t now = clamp(*counts, m->scaled ? MOST_COUNTS / 2 : MOST_COUNTS);
    *counts -= now;
    if (*counts && m->remote) {
        *first |= overflow;
        *counts = 0;
    }
    return scale(m, now);
}

static uint8_t fourth_byte(struct ps2_mouse *m)
{
    int32_t wheel = clamp(m->dz, MOST_WHEEL);
    m->dz -= wheel;
    if (m->id == ID_WHEEL)
        return (uint8_t)wheel;
    return (uint8_t)((wheel & 0x0f) | (m->reported >> 3 & 3) << 4);
}

static void send_packet(struct ps2_mouse *m)
{
    uint8_t packet[4];
    m->reported = own_buttons(m);
    m->owed = false;
    packet[0] = PACKET | (m->reported & PACKET_BUTTONS);
    int32_t dx = take_counts(m, &m->dx, &packet[0], X_OVERFLOW);
    int32_t dy = take_counts(m, &m->dy, &packet[0], Y_OVERFLOW);
    packet[0] |= (dx < 0 ? X_SIGN : 0) | (dy < 0 ? Y_SIGN : 0);
    packet[1] = (uint8_t)dx;
    packet[2] = (uint8_t)dy;
    packet[3] = fourth_byte(m);
    ps2_put(&m->queue, packet, m->id == ID_PLAIN ? 3 : 4);
}

/* Sees to it that news are sent, when the last ones have been and it is time. */
static void look(struct ps2_mouse *m)
{
    uint64_t now = timers_now(m->sample.timers), next = m->sampled + NS_PER_S / m->rate;
    if (is_streaming(m) && has_news(m) && !ps2_pending(&m->queue))
        timer_set(&m->sample, next > now ? next : now);
    else
        timer_cancel(&m->sample);
}

static void sample(void *device, uint64_t now)
{
    struct ps2_mouse *m = device;
    m->sampled = now;
    send_packet(m);
}

uint8_t ps2_mouse_take(struct ps2_mouse *m)
{
    uint8_t byte = ps2_take(&m->queue);
    look(m);
    return byte;
}

/* --- moving --- */

static void set_buttons(struct ps2_mouse *m, unsigned buttons)
{
    m->buttons = (uint8_t)buttons;
    if (!is_listened_to(m))
        m->reported = own_buttons(m);
}

void ps2_mouse_move(struct ps2_mouse *m, int dx, int dy, int wheel, unsigned buttons)
{
    set_buttons(m, buttons);
    if (is_listened_to(m)) {
        m->dx = clamp(m->dx + clamp(dx, FAR), FAR);
        m->dy = clamp(m->dy - clamp(dy, FAR), FAR);
        m->dz = m->id == ID_PLAIN ? 0 : clamp(m->dz + clamp(wheel, FAR), FAR);
    }
    look(m);
}

bool ps2_mouse_room(const struct ps2_mouse *m)
{
    return !is_listened_to(m) || own_buttons(m) == m->reported;
}

/* --- commands --- */

static void forget_motion(struct ps2_mouse *m)
{
    m->dx = m->dy = m->dz = 0;
    m->reported = own_buttons(m);
    m->owed = false;
}

static void set_defaults(struct ps2_mouse *m)
{
    m->rate = DEFAULT_RATE;
    m->resolution = 2;
    m->command = 0;
    m->scaled = m->remote = m->wrap = m->reporting = false;
    memset(m->rates, 0, sizeof m->rates);
    forget_motion(m);
}

void ps2_mouse_reset(struct ps2_mouse *m)
{
    ps2_clear(&m->queue);
    timer_cancel(&m->sample);
    m->queue.last = m->buttons = 0;
    m->sampled = 0;
    m->id = ID_PLAIN;
    set_defaults(m);
}

void ps2_mouse_init(struct ps2_mouse *m, struct timers *timers, struct irq_line ready)
{
    memset(m, 0, sizeof *m);
    m->queue.ready = ready;
    timer_init(&m->sample, timers, sample, m);
    ps2_mouse_reset(m);
}

/* Three rates in a row ask a mouse with more than two buttons to show what it has. */
static void note_rate(struct ps2_mouse *m, uint8_t rate)
{
    static const uint8_t wheel[] = {200, 100, 80}, five_buttons[] = {200, 200, 80};
    memmove(m->rates, m->rates + 1, sizeof m->rates - 1);
    m->rates[2] = m->rate = rate;
    if (memcmp(m->rates, wheel, sizeof wheel) == 0 && m->id == ID_PLAIN)
        m->id = ID_WHEEL;
    if (memcmp(m->rates, five_buttons, sizeof five_buttons) == 0)
        m->id = ID_FIVE_BUTTONS;
}

static bool is_rate(uint8_t value)
{
    static const uint8_t rates[] = {10, 20, 40, 60, 80, 100, 200};
    return memchr(rates, value, sizeof rates);
}

static void argument(struct ps2_mouse *m, uint8_t value)
{
    bool is_good = m->command == RATE ? is_rate(value) : value <= 3;
    if (is_good && m->command == RATE)
        note_rate(m, value);
    else if (is_good)
        m->resolution = value;
    m->command = 0;
    ps2_answer(&m->queue, is_good ? PS2_ACK : PS2_RESEND);
}

static void send_status(struct ps2_mouse *m)
{
    uint8_t b = m->buttons;
    uint8_t buttons =
        (b >> BUTTON_LEFT & 1) << 2 | (b >> BUTTON_MIDDLE & 1) << 1 | (b >> BUTTON_RIGHT & 1);
    ps2_answer_more(&m->queue, (m->remote ? 0x40 : 0) | (m->reporting ? 0x20 : 0) |
                                   (m->scaled ? 0x10 : 0) | buttons);
    ps2_answer_more(&m->queue, m->resolution);
    ps2_answer_more(&m->queue, m->rate);
}

static void enable(struct ps2_mouse *m, bool reporting)
{
    m->reporting = reporting;
    forget_motion(m);
}

static void command(struct ps2_mouse *m, uint8_t value)
{
    struct ps2_queue *q = &m->queue;
    ps2_answer(q, PS2_ACK);
    switch (value) {
    case SCALE_1:
    case SCALE_2:
        m->scaled = value == SCALE_2;
        break;
    case RESOLUTION:
    case RATE:
        m->command = value;
        break;
    case STATUS:
        send_status(m);
        break;
    case STREAM:
    case REMOTE:
        m->remote = value == REMOTE;
        forget_motion(m);
        break;
    case READ:
        send_packet(m);
        break;
    case WRAP:
    case UNWRAP:
        m->wrap = value == WRAP;
        break;
    case IDENTIFY:
        ps2_answer_more(q, m->id);
        break;
    case ENABLE:
    case DISABLE:
        enable(m, value == ENABLE);
        break;
    case DEFAULTS:
        set_defaults(m);
        break;
    case PS2_COMMAND_RESET:
        ps2_mouse_reset(m);
        ps2_answer(q, PS2_ACK);
        ps2_answer_more(q, PS2_PASSED);
        ps2_answer_more(q, m->id);
        break;
    default:
        ps2_answer(q, PS2_RESEND);
    }
}

/* The host's word ends a packet under way: another is owed. */
static void interrupt_packet(struct ps2_mouse *m)
{
    m->owed = m->owed || m->queue.count;
    ps2_clear(&m->queue);
}

void ps2_mouse_write(struct ps2_mouse *m, uint8_t value)
{
    uint8_t last = m->queue.last;
    interrupt_packet(m);
    if (m->wrap && value != PS2_COMMAND_RESET && value != UNWRAP)
        ps2_answer(&m->queue, value);
    else if (value == PS2_COMMAND_RESEND)
        ps2_answer(&m->queue, last);
    else if (m->command && value < SCALE_1)
        argument(m, value);
    else {
        m->command = 0;
        command(m, value);
    }
    look(m);
}

static const struct state_field fields[] = {
    {STATE_OF(ps2_mouse, queue, &ps2_queue_state)},
    {STATE_OF_TIMER(ps2_mouse, sample)},
    {STATE(ps2_mouse, sampled)},
    {STATE(ps2_mouse, command)},
    {STATE(ps2_mouse, rate), .least = 1, .most = 255},
    {STATE(ps2_mouse, resolution), .most = 3},
    {STATE(ps2_mouse, id), .most = ID_FIVE_BUTTONS},
    {STATE_ARRAY(ps2_mouse, rates)},
    {STATE(ps2_mouse, scaled)},
    {STATE(ps2_mouse, remote)},
    {STATE(ps2_mouse, wrap)},
    {STATE(ps2_mouse, reporting)},
    {STATE(ps2_mouse, dx)},
    {STATE(ps2_mouse, dy)},
    {STATE(ps2_mouse, dz)},
    {STATE(ps2_mouse, buttons), .most = 0x1f},
    {STATE(ps2_mouse, reported), .most = 0x1f},
    {STATE(ps2_mouse, owed)},
    {0},
};
const struct state_table ps2_mouse_state = STATE_TABLE(ps2_mouse, 1, fields);
