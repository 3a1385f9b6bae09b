/* SPDX-License-Identifier: GPL-3.0-or-later */
/* States of the x87. See builder.h. */
#include "tests/native/builder.h"

static const struct {
    u16 sign_exponent;
    u64 significand;
} reals[] = {
#define VALUE(sign_exponent, significand) {sign_exponent, significand},
#include "tests/x87_values.def"
#undef VALUE
};

static void random_real(struct builder *b, u8 *to)
{
    u16 sign_exponent = (u16)(0x3fff - 40 + below(&b->random, 80));
    u64 significand = ((u64)rnd(b) << 32 | rnd(b)) | 1ull << 63;

    if (chance(b, 2)) {
        unsigned i = below(&b->random, sizeof reals / sizeof *reals);
        sign_exponent = reals[i].sign_exponent;
        significand = reals[i].significand;
    }
    if (chance(b, 2))
        sign_exponent ^= 0x8000;
    memcpy(to, &significand, 8);
    memcpy(to + 8, &sign_exponent, 2);
}

enum { X87_ERRORS = 0x3f, X87_BUSY = 0x8080 };

/* Any rounding and precision, now and then unmasked exceptions, that may be pending. */
void choose_x87(struct builder *b)
{
    struct vector_state *v = &b->c->start.vector;
    u32 r = rnd(b);

    v->control = (u16)(0x40 | ((r & 3) == 1 ? 3 : r & 3) << 8 | (r >> 2 & 3) << 10);
    v->control |= chance(b, 3) ? r >> 16 & X87_ERRORS : X87_ERRORS;
    v->status = rnd(b) & 0x7f7f;
    if (!chance(b, 16))
        v->status &= (u16) ~(X87_ERRORS & ~v->control);
    if (v->status & ~v->control & X87_ERRORS)
        v->status |= X87_BUSY;
    v->tags = chance(b, 3) ? (u8)rnd(b) : 0xff;
    for (unsigned i = 0; i < 8; i++)
        random_real(b, v->st[i]);
}

void choose_x87_operand(struct builder *b)
{
    static const u32 edges[] = {0,          0x3ff00000, 0x7ff00000, 0x7ff80000, 0x7ff40000,
                                0x7fc00000, 0x7fa00000, 0x7f800000, 0x80000000, 0x3f800000};

    random_real(b, b->operand);
    if (!chance(b, 2))
        return;
    for (unsigned i = 0; i < 2; i++)
        put32(b->operand + 4 * i, chance(b, 3) ? value(b) : edges[below(&b->random, 10)]);
}
