/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See approximate.h. */
#include "tests/native/approximate.h"

#include <math.h>
#include <string.h>

bool is_approximate(const struct entry *e)
{
    static const char *const names[] = {"rcpps", "rcpss", "rsqrtps", "rsqrtss"};

    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(e->name, names[i]) == 0)
            return true;
    if (e->form != X87 || e->opcode != 0xd9)
        return false;
    switch (e->modrm) {
    case 0xf0: /* F2XM1 */
    case 0xf1: /* FYL2X */
    case 0xf2: /* FPTAN */
    case 0xf3: /* FPATAN */
    case 0xf9: /* FYL2XP1 */
    case 0xfb: /* FSINCOS */
    case 0xfe: /* FSIN */
    case 0xff: /* FCOS */
        return true;
    default:
        return false;
    }
}

/* A number's place among all of its sign. */
static __int128 ordinal(const u8 *st)
{
    u64 significand;
    u16 sign_exponent;

    memcpy(&significand, st, sizeof significand);
    memcpy(&sign_exponent, st + sizeof significand, sizeof sign_exponent);
    return ((__int128)sign_exponent << 63) + (__int128)(significand & ~(1ull << 63));
}

static bool near_real(const u8 *a, const u8 *b)
{
    enum { ULPS = 4 };
    __int128 apart = ordinal(a) - ordinal(b);

    return apart >= -ULPS && apart <= ULPS;
}

static const float smallest = 0x1p-125F;

/* Of denormals and what becomes of them nothing is said but that they are small. */
static bool near_single(const u8 *a, const u8 *b)
{
    float x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return memcmp(a, b, sizeof x) == 0 || fabsf(x - y) <= fabsf(x) * 0x1p-10F ||
           (fabsf(x) < smallest && fabsf(y) < smallest);
}

bool near_vector(const struct vector_state *a, const struct vector_state *b)
{
    enum { C1 = 1 << 9, UNDERFLOW = 1 << 4 }; /* UE in a status word, its mask in a control word */
    u32 any = C1 | (a->control & UNDERFLOW);  /* by the processor, the least normal number's sine */
    bool near = a->control == b->control && !((a->status ^ b->status) & ~any) &&
                a->tags == b->tags && a->mxcsr == b->mxcsr;

    for (unsigned i = 0; i < 8; i++) {
        near = near && near_real(a->st[i], b->st[i]);
        for (unsigned k = 0; k < 16; k += 4)
            near = near && near_single(a->xmm[i] + k, b->xmm[i] + k);
    }
    return near;
}
