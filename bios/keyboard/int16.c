/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 16h: what was typed. Keys that old programs do not know are left out or made old ones. */
#include "bios/clock/clock.h"
#include "bios/entry/entry.h"
#include "bios/keyboard/keyboard.h"
#include "bios/lib/ebda.h"
#include "bios/lib/io.h"
#include "bios/serial/console.h"

enum { LOOKS_AT_FIRST = 2048, LOOKS_A_TICK = 96, STACK_WORDS = 16 };

/* E0h marks keys that 84-key keyboards do not have, or have twice. */
static bool old_key(u16 *key)
{
    u8 character = *key & 0xff, code = (u8)(*key >> 8);
    if (code == 0xe0)
        *key = (u16)((character == '/' ? 0x35 : 0x1c) << 8 | character);
    else if (character == 0xe0 && code)
        *key = (u16)(code << 8);
    else if (character == 0xf0 || code > 0x84)
        return false;
    return true;
}

static bool peek(bool enhanced, u16 *key)
{
    for (;;) {
        u16 head = BDA_GET(key_head);
        if (head == BDA_GET(key_tail))
            return false;
        *key = far_read_u16(far(BDA_SEGMENT, head));
        if (enhanced || old_key(key))
            return true;
        BDA_SET(key_head, (u16)(head + 2 >= BDA_GET(key_end) ? BDA_GET(key_start) : head + 2));
    }
}

static void get(struct regs *r, bool enhanced)
{
    u16 key, head;
    if (!peek(enhanced, &key))
        return go_on_at(r, next_wait_key);
    head = BDA_GET(key_head);
    BDA_SET(key_head, (u16)(head + 2 >= BDA_GET(key_end) ? BDA_GET(key_start) : head + 2));
    r->ax = key;
}

/* The timer's interrupt is to come, and no handler of one is what called. */
static bool timer_can_wake(void)
{
    outb(0x20, 0x0b); /* the 8259 tells what is in service; else it tells requests */
    u8 in_service = inb(0x20);
    outb(0x20, 0x0a);
    return !in_service && !(inb(0x21) & 1);
}

/*
 * Of all registers, what is on the stack, and where the cursor is: who works while it waits changes
 * some of that from one call to the next.
 */
static u32 sum_state(const struct regs *r)
{
    u32 sum = r->edi + r->esi + r->ebp + r->ebx + r->edx + r->ecx + r->eax + r->esp +
              (u32)(r->ds + r->es + r->ss + r->ip) + (u32)r->cs * 16 + BDA_GET(cursor[0]);
    set_fs(r->ss);
    for (u32 i = 0; i < STACK_WORDS; i++) {
        u16 offset = (u16)(r->esp + i * 2);
        sum = (sum << 1 | sum >> 31) + *(const volatile __seg_fs u16 *)(u32)offset;
    }
    return sum;
}

/* Counts looks in the same state with no disk's work (INT 13h) between, and those of this tick. */
static bool only_looks(const struct regs *r)
{
    u8 tick = BDA_GET(ticks) & 0xff;
    u32 sum = sum_state(r);
    if (sum != ebda.look_sum)
        ebda.looks = 0;
    if (sum != ebda.look_sum || tick != ebda.look_tick)
        ebda.looks_of_tick = 0;
    ebda.look_sum = sum;
    ebda.look_tick = tick;
    if (ebda.looks < LOOKS_AT_FIRST)
        ebda.looks++;
    return ++ebda.looks_of_tick >= LOOKS_A_TICK && ebda.looks >= LOOKS_AT_FIRST;
}

/*
 * Who looks that often does nothing but wait for a key: the processor rests till the next
 * interrupt, at most a tick. DOS looks in each of its functions, for the sake of Ctrl-C: whoever
 * reads a file byte by byte looks a sector's bytes often, and then reads another.
 */
static void rest_if_waiting(const struct regs *r)
{
    if (!only_looks(r) || !(r->flags & FLAG_INTERRUPT) || !timer_can_wake())
        return;
    ebda.looks_of_tick = 0;
    await_interrupt();
}

static void look(struct regs *r, bool enhanced)
{
    u16 key;
    bool there = peek(enhanced, &key);
    if (!there) {
        rest_if_waiting(r);
        there = peek(enhanced, &key);
    }
    set_zero(r, !there);
    r->flags |= FLAG_INTERRUPT;
    if (there)
        r->ax = key;
}

/* What waits in the 8042 goes to its interrupt first: it would be taken for an answer. */
static void let_pass(void)
{
    enum { TRIES = 100 };
    let_interrupts();
    for (unsigned i = 0; i < TRIES && inb(PORT_KBD_STATUS) & KBC_FULL; i++) {
        clock_delay(1);
        let_interrupts();
    }
}

static void set_rate(const struct regs *r)
{
    if (r->al != 5)
        return;
    let_pass();
    if (keyboard_send(0xf3))
        keyboard_send((u8)((r->bh & 3) << 5 | (r->bl & 0x1f)));
}

/* 40:18 and 40:96 together: SysRq, locks and both sides' Ctrl and Alt that are held. */
static void get_shifts(struct regs *r)
{
    u8 held = BDA_GET(shift[1]), right = BDA_GET(keyboard[0]);
    r->al = BDA_GET(shift[0]);
    r->ah = (u8)((held & 0x73) | (held & SHIFT2_SYSRQ ? 0x80 : 0) | (right & 0x0c));
}

void int16_keyboard(struct regs *r)
{
    console_poll();
    switch (r->ah) {
    case 0x00:
    case 0x10:
    case 0x20:
        return get(r, r->ah != 0x00);
    case 0x01:
    case 0x11:
    case 0x21:
        return look(r, r->ah != 0x01);
    case 0x02:
        r->al = BDA_GET(shift[0]);
        return;
    case 0x03:
        return set_rate(r);
    case 0x05:
        r->al = !key_put(r->cx);
        return;
    case 0x09:
        r->al = 0x64; /* 00h-02h, 05h, 10h-12h, 20h-22h; 03h with AL 5 */
        return;
    case 0x12:
    case 0x22:
        return get_shifts(r);
    default:
        return;
    }
}
