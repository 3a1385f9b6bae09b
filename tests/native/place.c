/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Segments, addresses, the stack: where things are. See builder.h. */
#include "tests/native/builder.h"

/* --- segments --- */

u32 base_of(u16 selector)
{
    static const u32 bases[LDT_ENTRIES] = {
#define SEGMENT(name, base, limit, kind, flags) [LDT_##name] = (u32)(base),
#include "tests/native/segments.def"
#undef SEGMENT
    };
    return selector & 4 ? bases[selector >> 3] : 0;
}

static u16 some_data_selector(struct builder *b)
{
    static const u8 segments[] = {LDT_data, LDT_data, LDT_data, LDT_small, LDT_read_only, LDT_down};
    return local_selector((enum local_segment)segments[below(&b->random, sizeof segments)]);
}

/* Selectors that there are and that there are not; none that leads to 64-bit mode. */
u16 any_selector(struct builder *b)
{
    static const u16 selectors[] = {0,    1,    3,    USER_CS, USER_DS, 0x20,   0x21,  0x28,
                                    0x29, 0x2a, 0x08, 0x0b,    0x10,    0x13,   0x18,  0x1b,
                                    0x40, 0x43, 0x53, 0x80,    0x83,    0xfffb, 0xffff};
    if (chance(b, 2))
        return (u16)(below(&b->random, LDT_ENTRIES + 1) << 3 |
                     (chance(b, 4) ? 4 | below(&b->random, 3) : 7));
    return selectors[below(&b->random, sizeof selectors / sizeof *selectors)];
}

u16 code_selector(struct builder *b)
{
    static const u16 selectors[] = {USER_CS, USER_CS, LDT_code16 << 3 | 7, LDT_code32 << 3 | 7,
                                    LDT_code_only << 3 | 7};
    return chance(b, 4) ? any_selector(b)
                        : selectors[below(&b->random, sizeof selectors / sizeof *selectors)];
}

void choose_segments(struct builder *b)
{
    u16 *sel = b->sel;
    u32 kind = below(&b->random, 16);

    sel[CS] = USER_CS;
    sel[ES] = sel[SS] = sel[DS] = USER_DS;
    sel[FS] = sel[GS] = 0;
    if (kind == 8 || kind == 9) {
        sel[CS] = local_selector(LDT_code16);
        sel[SS] = chance(b, 4) ? USER_DS : local_selector(LDT_stack16);
        sel[DS] = some_data_selector(b);
        sel[ES] = some_data_selector(b);
    } else if (kind == 10) {
        sel[CS] = local_selector(chance(b, 2) ? LDT_code32 : LDT_code_only);
    } else if (kind == 11) {
        sel[SS] = local_selector(LDT_stack16);
    } else if (kind == 12) {
        sel[SS] = local_selector(LDT_stack_down);
    }
    if (kind >= 11) {
        sel[DS] = some_data_selector(b);
        sel[ES] = chance(b, 2) ? sel[DS] : some_data_selector(b);
    }
    if (chance(b, 2)) {
        sel[FS] = some_data_selector(b);
        sel[GS] = chance(b, 4) ? local_selector(LDT_code16) : chance(b, 4) ? USER_DS : 0;
    }
    b->code16 = sel[CS] == local_selector(LDT_code16);
}

/* A segment register that addresses of 16 bits can do something with. */
void make_reachable(struct builder *b, enum segment_register s)
{
    if (b->adsize == 2 && !base_of(b->sel[s]) && !chance(b, 16) && s != CS)
        b->sel[s] = s == SS ? local_selector(LDT_stack16) : some_data_selector(b);
}

/* Where data is in a segment: an offset. */
u32 choose_target(struct builder *b, enum segment_register s)
{
    u32 base = base_of(b->sel[s]), at;

    switch (below(&b->random, 24)) {
    case 0: /* across pages */
        at = DATA + PAGE - 1 - below(&b->random, 8);
        break;
    case 1: /* into and in the page that is read-only */
        at = DATA_READ_ONLY - 1 - below(&b->random, 8);
        break;
    case 2:
        at = DATA_READ_ONLY + below(&b->random, PAGE);
        break;
    case 3: /* where nothing is */
        at = DATA + DATA_SIZE - 1 - below(&b->random, 8);
        break;
    case 4:
        at = DATA + DATA_SIZE + below(&b->random, PAGE);
        break;
    default:
        at = DATA + 64 + below(&b->random, PAGE - 128) + (chance(b, 4) ? PAGE : 0);
        break;
    }
    if (base == STACK)
        at = STACK + below(&b->random, STACK_SIZE + 4);
    if (!chance(b, 3))
        at &= ~15u;
    b->target = at;
    return at - base;
}

/* --- code --- */

/* Now and then across pages. */
void choose_eip(struct builder *b)
{
    u32 at = chance(b, 16) ? PAGE - 1 - below(&b->random, 14) : 0x40 + below(&b->random, 0x1f00);

    b->c->start.eip = CODE + at - base_of(b->sel[CS]);
}

/* In the segment, with its HLTs, but not into the instruction itself. */
u32 code_offset(struct builder *b)
{
    u32 at, base = base_of(b->sel[CS]), self = b->c->start.eip;

    do
        at = CODE + below(&b->random, CODE_SIZE) - base;
    while (at - self < 16);
    return chance(b, 32) ? value(b) : at;
}

/* --- the stack --- */

void choose_stack(struct builder *b)
{
    u32 base = base_of(b->sel[SS]), offset;

    switch (below(&b->random, 16)) {
    case 0:
        offset = below(&b->random, 64);
        break;
    case 1:
        offset = STACK_SIZE - below(&b->random, 64);
        break;
    default:
        offset = 0x200 + below(&b->random, STACK_SIZE - 0x400);
        break;
    }
    if (!chance(b, 4))
        offset &= ~3u;
    b->regs[ESP] = STACK + offset - base;
    if (base == STACK && chance(b, 2)) /* 16 bits of it count */
        b->regs[ESP] |= rnd(b) << 16;
    if (chance(b, 2))
        b->regs[EBP] = STACK + 0x200 + below(&b->random, STACK_SIZE - 0x400) - base;
}

enum { STACK_WORDS = 12 };

/* What is popped, as words of `size` bytes, from `offset` above the stack's top. */
static void fit_stack(struct builder *b, u32 *words)
{
    insn_fn *t = b->e->translate;

    if (t == t_ret)
        words[0] = code_offset(b);
    if (t == t_ret_far || t == t_iret) {
        u16 selector = code_selector(b);
        words[0] = CODE + below(&b->random, CODE_SIZE) - base_of(selector);
        words[1] = selector | (rnd(b) & 0xffff0000);
        if (t == t_iret)
            words[2] &= ~(u32)(FLAG_NT | FLAG_VM | FLAG_RF);
    }
    if (t == t_pop_seg)
        words[0] = any_selector(b) | (rnd(b) & 0xffff0000);
    if (t == t_popf)
        words[0] = rnd(b);
}

void put_patch(struct test_case *c, unsigned which, u32 at, const u8 *bytes, u32 size)
{
    struct patch *p = &c->patch[which];

    p->at = DATA;
    p->size = 0;
    for (u32 i = 0; i < size; i++) {
        int offset = arena_offset(at + i);
        bool writable = which == 0 || (offset >= CODE_SIZE && at + i - DATA_READ_ONLY >= PAGE);
        if (writable && p->size == 0)
            p->at = at + i;
        if (writable && p->at + p->size == at + i)
            p->bytes[p->size++] = bytes[i];
    }
}

void put_stack(struct builder *b)
{
    u32 words[STACK_WORDS], esp = b->regs[ESP];
    u8 bytes[4 * STACK_WORDS];

    for (unsigned i = 0; i < STACK_WORDS; i++)
        words[i] = value(b);
    fit_stack(b, words);
    for (unsigned i = 0; i < STACK_WORDS; i++)
        memcpy(bytes + i * b->opsize, &words[i], b->opsize);
    if (base_of(b->sel[SS]) == STACK)
        esp &= 0xffff;
    put_patch(b->c, 2, base_of(b->sel[SS]) + esp, bytes, STACK_WORDS * b->opsize);
}
