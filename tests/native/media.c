/* SPDX-License-Identifier: GPL-3.0-or-later */
/* States of MMX and SSE. See builder.h. */
#include "tests/native/builder.h"

/* --- values --- */

static u32 random_single(struct builder *b)
{
    static const u32 edges[] = {
        0x00000000, 0x3f800000, 0x40490fdb, 0x3f3504f3, /* 0, 1, pi, sqrt 1/2 */
        0x00000001, 0x007fffff, 0x00800000, 0x7f7fffff, /* denormal, normal: the ends */
        0x7f800000, 0x7fc00000, 0x7fc01234, 0x7f804321, /* infinity, NaNs, a signalling one */
        0x4f000000, 0x4effffff, 0x3f000000, 0x4b800001, /* around 2^31; 1/2; odd */
        0x0da24260, 0x71800000,                         /* products beyond both ends */
    };
    u32 sign = rnd(b) & 0x80000000;

    if (chance(b, 3))
        return sign |
               (0x3f800000 + (below(&b->random, 64) - 32) * 0x00800000 + (rnd(b) & 0x7fffff));
    return sign | edges[below(&b->random, sizeof edges / sizeof *edges)];
}

static u64 random64(struct builder *b)
{
    return (u64)rnd(b) << 32 | rnd(b);
}

static u64 random_double(struct builder *b)
{
    static const u64 edges[] = {
        0x0000000000000000, 0x3ff0000000000000, 0x400921fb54442d18, 0x3fe6a09e667f3bcd,
        0x0000000000000001, 0x000fffffffffffff, 0x0010000000000000, 0x7fefffffffffffff,
        0x7ff0000000000000, 0x7ff8000000000000, 0x7ff8000000001234, 0x7ff0000000004321,
        0x41e0000000000000, 0x41dfffffffc00000, 0x3fe0000000000000, 0x4340000000000001,
        0x2000000000000000, 0x5fe0000000000000, 0x380fffffffffffff, 0x47efffffe0000000,
        0x36a0000000000000, 0x47effffff0000000, 0x3690000000000001, /* singles' ends */
    };
    u64 sign = random64(b) & 1ull << 63;

    if (chance(b, 3))
        return sign |
               (0x3ff0000000000000 + ((u64)below(&b->random, 80) << 52) + (random64(b) >> 12));
    return sign | edges[below(&b->random, sizeof edges / sizeof *edges)];
}

/* Of 16 bytes: counts of shifts, words that saturate. */
static u64 random_packed(struct builder *b)
{
    u64 edges = chance(b, 2) ? 0x7f80ff0001fe8180 : 0x0003ffff80007fff;

    return chance(b, 4) ? below(&b->random, 72) : edges >> below(&b->random, 8) * 4;
}

static void random_vector(struct builder *b, u8 *to, unsigned size)
{
    unsigned kind = below(&b->random, 4);

    for (unsigned i = 0; i < size; i += 8) {
        u64 v = kind == 0   ? random_single(b) | (u64)random_single(b) << 32
                : kind == 1 ? random_double(b)
                : kind == 2 ? random64(b)
                            : random_packed(b);
        memcpy(to + i, &v, 8);
    }
}

/* --- states --- */

enum {
    CONTROL_RESET = 0x37f,
    MXCSR_OTHERS = 0xe07f, /* flags, DAZ, rounding, FZ */
};

/* What has a bit set that the processor has not is #GP, and now and then asked for. */
static u32 random_mxcsr(struct builder *b)
{
    return (rnd(b) & MXCSR_OTHERS) | (chance(b, 3) ? rnd(b) & MXCSR_MASKS : MXCSR_MASKS);
}

static void choose_registers(struct builder *b)
{
    struct vector_state *v = &b->c->start.vector;

    v->mxcsr = random_mxcsr(b);
    for (unsigned i = 0; i < 8; i++)
        random_vector(b, v->xmm[i], 16);
    random_vector(b, b->operand, 16);
    if (b->sequence) {
        fit_ldmxcsr(b);
        if (chance(b, 4))
            return;
    } else if (reg_letter(b->e) != 'P' && rm_letter(b->e) != 'Q' && rm_letter(b->e) != 'N') {
        return;
    }
    for (unsigned i = 0; i < 8; i++)
        random_vector(b, v->st[i], 8);
}

void choose_vectors(struct builder *b)
{
    struct vector_state *v = &b->c->start.vector;

    memset(v, 0, sizeof *v);
    v->mxcsr = MXCSR_RESET;
    v->control = CONTROL_RESET;
    if (b->e->form == X87 || is_media(b->e))
        choose_x87(b);
    if (b->e->form == X87)
        choose_x87_operand(b);
    if (is_media(b->e))
        choose_registers(b);
}

/* --- images --- */

/* FXRSTOR's header (SDM vol. 1, table 10-2); behind it is what happens to be there. */
void fit_fxrstor(struct builder *b)
{
    struct vector_state v = b->c->start.vector;
    u32 mxcsr = chance(b, 16) ? value(b) : random_mxcsr(b);

    choose_x87(b);
    memcpy(b->operand, &b->c->start.vector, 32);
    memcpy(b->operand + 24, &mxcsr, 4);
    for (unsigned at = 32; at < sizeof b->operand; at += 8)
        random_vector(b, b->operand + at, 8);
    b->operand_size = sizeof b->operand;
    b->c->start.vector = v;
}

void fit_ldmxcsr(struct builder *b)
{
    put32(b->operand, chance(b, 16) ? value(b) : random_mxcsr(b));
}
