/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a random guest does at last, much of it hard to leave; see maker.h. */
#include "hw/debug.h"
#include "tests/machine/maker.h"

static void end_halted(struct maker *m, struct code *c)
{
    (void)m;
    put8(c, 0xfa);
    put8(c, 0xf4);
    put_loop(c, c->size - 1);
}

static void end_halted_with_timer(struct maker *m, struct code *c)
{
    (void)m;
    put8(c, 0xfb);
    put8(c, 0xf4);
    put_loop(c, c->size - 2);
}

static void end_in_a_loop(struct maker *m, struct code *c)
{
    (void)m;
    put8(c, 0xfa);
    put_loop(c, c->size);
}

static void end_talking(struct maker *m, struct code *c)
{
    (void)m;
    put_out(c, DEBUGCON_PORT, 'x', 1);
    put_loop(c, c->size - 1);
}

/* RESET_CODE resets again, then. */
static void end_in_resets(struct maker *m, struct code *c)
{
    (void)m;
    put_store(c, RAM_STUCK, 1);
    put_out(c, 0xcf9, 2, 1);
    put_out(c, 0xcf9, 6, 1);
}

static void end_in_a_string(struct maker *m, struct code *c)
{
    static const u8 ops[] = {0xaa, 0xab, 0xa4, 0x6c, 0x6e};
    u32 top = c->size;

    put_load(c, ECX, ~0u);
    put_load(c, EDI, 0xa0000);
    put_load(c, EDX, DEBUGCON_PORT - 1);
    put8(c, 0xf3);
    put8(c, ops[below(&m->random, COUNT(ops))]);
    put_loop(c, top);
}

/* For frames without end: in ROM they destroy nothing. */
enum { ENDLESS_STACK = (int)0xfffff000 };

/* Reading the gate of #DB is one, so there is no end to them. */
static void end_in_breakpoints(struct maker *m, struct code *c)
{
    put_load(c, ESP, (u32)ENDLESS_STACK);
    put_load_dr(c, 0, m->around.idt + 8);
    put_load_dr(c, 7, 0x000f0403);
    put8(c, 0xf1);
}

/* In ring 3, as its handler: pushing the frame is the next misaligned access. */
static void end_misaligned(struct maker *m, struct code *c)
{
    u32 gate = m->around.idt + 8 * 17;

    put_store(c, gate, S_FLAT3 << 16);
    put_store(c, gate + 4, 0xee00);
    put_load(c, ESP, (u32)ENDLESS_STACK - 1);
    put_push(c, 0);
}

/* The handler of an invalid opcode begins with one. */
static void end_in_faults(struct maker *m, struct code *c)
{
    u32 gate = m->around.idt + 8 * 6;

    put_load(c, ESP, (u32)ENDLESS_STACK);
    put_store(c, gate, S_FLAT << 16 | (RAM_ARENA & 0xffff));
    put_store(c, gate + 4, 0x8e00);
    put_store(c, RAM_ARENA, 0x0b0f);
    put_opcode(c, 0x0b0f);
}

static void end_not(struct maker *m, struct code *c)
{
    (void)m;
    put_int(c, END_VECTOR);
}

struct ending {
    const char *name;
    void (*put)(struct maker *m, struct code *c);
    enum entry_mode mode;
    bool writes_tables;
};

static const struct ending endings[] = {
    {"pieces again", end_not, FLAT, false},
    {"pieces again", end_not, FLAT, false},
    {"halted", end_halted, FLAT, false},
    {"halted with a timer", end_halted_with_timer, FLAT, false},
    {"a loop", end_in_a_loop, FLAT, false},
    {"output", end_talking, FLAT, false},
    {"resets", end_in_resets, FLAT, false},
    {"a string instruction", end_in_a_string, FLAT, false},
    {"breakpoints on the gate of #DB", end_in_breakpoints, FLAT, false},
    {"#AC by #AC", end_misaligned, RING3, true},
    {"#UD by #UD", end_in_faults, FLAT, true},
};

const struct ending *ending_choose(struct random *r)
{
    return &endings[below(r, COUNT(endings))];
}

const char *ending_name(const struct ending *ending)
{
    return ending->name;
}

bool ending_writes_tables(const struct ending *ending)
{
    return ending->writes_tables;
}

void make_last_piece(struct maker *m, const struct ending *ending)
{
    struct guest_piece p = {
        .source = (u32)TOP + m->code_end, .esp = RAM_STACK - 0x400, .eflags = 2};
    struct code c = {.bytes = m->guest->rom + m->code_end, .room = PIECE_ROOM};

    p.place = p.source;
    piece_set_mode(m, &p, ending->mode);
    p.cs = ending->mode == RING3 ? S_FLAT3 : S_FLAT;
    p.ss = p.ds = p.es = p.fs = p.gs = ending->mode == RING3 ? S_DATA3 : S_DATA;
    p.eflags |= (ending->mode == RING3 ? FLAG_AC : 0) | 3u << 12;
    p.cr0 |= CR0_AM;
    ending->put(m, &c);
    m->code_end += c.size;
    piece_put(m, m->guest->pieces - 1, &p);
}
