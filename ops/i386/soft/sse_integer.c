/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The integer instructions of MMX and SSE in C, and those that move parts of registers. */
#include "ops/i386/soft/sse.h"
#include "ops/i386/soft/x87.h"

#include <string.h>

/* --- element by element --- */

/* NAME_of(d, s, size) does `size` bytes of registers; part is one of union sse_register. */
#define EACH(name, part, expression)                                                               \
    static void name##_of(union sse_register *d, const union sse_register *s, unsigned size)       \
    {                                                                                              \
        for (unsigned i = 0; i < size / sizeof d->part[0]; i++)                                    \
            d->part[i] = (__typeof__(d->part[0]))(expression);                                     \
    }
#define A(part) d->part[i]
#define S(part) s->part[i]

static s32 clamped(s32 value, s32 low, s32 high)
{
    return value < low ? low : value > high ? high : value;
}

EACH(paddb, b, A(b) + S(b))
EACH(paddw, w, A(w) + S(w))
EACH(paddd, l, A(l) + S(l))
EACH(paddq, q, A(q) + S(q))
EACH(psubb, b, A(b) - S(b))
EACH(psubw, w, A(w) - S(w))
EACH(psubd, l, A(l) - S(l))
EACH(psubq, q, A(q) - S(q))
EACH(paddsb, sb, clamped(A(sb) + S(sb), -128, 127))
EACH(paddsw, sw, clamped(A(sw) + S(sw), -32768, 32767))
EACH(psubsb, sb, clamped(A(sb) - S(sb), -128, 127))
EACH(psubsw, sw, clamped(A(sw) - S(sw), -32768, 32767))
EACH(paddusb, b, clamped(A(b) + S(b), 0, 255))
EACH(paddusw, w, clamped(A(w) + S(w), 0, 65535))
EACH(psubusb, b, clamped(A(b) - S(b), 0, 255))
EACH(psubusw, w, clamped(A(w) - S(w), 0, 65535))
EACH(pminub, b, A(b) < S(b) ? A(b) : S(b))
EACH(pmaxub, b, A(b) > S(b) ? A(b) : S(b))
EACH(pminsw, sw, A(sw) < S(sw) ? A(sw) : S(sw))
EACH(pmaxsw, sw, A(sw) > S(sw) ? A(sw) : S(sw))
EACH(pavgb, b, (A(b) + S(b) + 1) >> 1)
EACH(pavgw, w, (A(w) + S(w) + 1) >> 1)
EACH(pcmpeqb, sb, -(A(b) == S(b)))
EACH(pcmpeqw, sw, -(A(w) == S(w)))
EACH(pcmpeqd, sl, -(A(l) == S(l)))
EACH(pcmpgtb, sb, -(A(sb) > S(sb)))
EACH(pcmpgtw, sw, -(A(sw) > S(sw)))
EACH(pcmpgtd, sl, -(A(sl) > S(sl)))
EACH(pmullw, w, (u32)A(w) * S(w))
EACH(pmulhw, sw, A(sw) * S(sw) >> 16)
EACH(pmulhuw, w, (u32)A(w) * S(w) >> 16)
EACH(pmuludq, q, (u64)(u32)A(q) * (u32)S(q))
EACH(pmaddwd, sl, (u32)(d->sw[2 * i] * s->sw[2 * i]) + (u32)(d->sw[2 * i + 1] * s->sw[2 * i + 1]))
EACH(pand, q, A(q) & S(q))
EACH(pandn, q, ~A(q) & S(q))
EACH(por, q, A(q) | S(q))
EACH(pxor, q, A(q) ^ S(q))

static void psadbw_of(union sse_register *d, const union sse_register *s, unsigned size)
{
    for (unsigned i = 0; i < size; i += 8) {
        u64 sum = 0;
        for (unsigned k = i; k < i + 8; k++)
            sum += d->b[k] > s->b[k] ? d->b[k] - s->b[k] : s->b[k] - d->b[k];
        d->q[i / 8] = sum;
    }
}

/* --- shifts, by a count of 64 bits --- */

#define SHIFT(name, part, bits, shifted, beyond)                                                   \
    static void name##_by(union sse_register *d, u64 n, unsigned size)                             \
    {                                                                                              \
        for (unsigned i = 0; i < size / sizeof d->part[0]; i++)                                    \
            d->part[i] = (__typeof__(d->part[0]))(n < (bits) ? (shifted) : (beyond));              \
    }                                                                                              \
    static void name##_of(union sse_register *d, const union sse_register *s, unsigned size)       \
    {                                                                                              \
        name##_by(d, s->q[0], size);                                                               \
    }
SHIFT(psrlw, w, 16, A(w) >> n, 0)
SHIFT(psrld, l, 32, A(l) >> n, 0)
SHIFT(psrlq, q, 64, A(q) >> n, 0)
SHIFT(psllw, w, 16, A(w) << n, 0)
SHIFT(pslld, l, 32, A(l) << n, 0)
SHIFT(psllq, q, 64, A(q) << n, 0)
SHIFT(psraw, sw, 16, A(sw) >> n, A(sw) >> 15)
SHIFT(psrad, sl, 32, A(sl) >> n, A(sl) >> 31)

static void psrldq_by(union sse_register *d, u64 n, unsigned size)
{
    union sse_register from = *d;

    for (unsigned i = 0; i < size; i++)
        d->b[i] = n < size && i + n < size ? from.b[i + n] : 0;
}

static void pslldq_by(union sse_register *d, u64 n, unsigned size)
{
    union sse_register from = *d;

    for (unsigned i = 0; i < size; i++)
        d->b[i] = i >= n ? from.b[i - n] : 0;
}

/* --- packing --- */

/* The elements of d, then those of s, each cut down to half its width. */
#define PACK(name, to, from, low, high)                                                            \
    static void name##_of(union sse_register *d, const union sse_register *s, unsigned size)       \
    {                                                                                              \
        unsigned n = size / sizeof d->from[0];                                                     \
        union sse_register x = *d, y = *s;                                                         \
        for (unsigned i = 0; i < n; i++) {                                                         \
            d->to[i] = (__typeof__(d->to[0]))clamped(x.from[i], low, high);                        \
            d->to[n + i] = (__typeof__(d->to[0]))clamped(y.from[i], low, high);                    \
        }                                                                                          \
    }
PACK(packsswb, sb, sw, -128, 127)
PACK(packuswb, b, sw, 0, 255)
PACK(packssdw, sw, sl, -32768, 32767)

/* Elements of d and s by turns, from the low half of each, or the high. */
#define UNPACK(name, part, high)                                                                   \
    static void name##_of(union sse_register *d, const union sse_register *s, unsigned size)       \
    {                                                                                              \
        unsigned n = size / sizeof d->part[0] / 2;                                                 \
        union sse_register x = *d, y = *s;                                                         \
        for (unsigned i = 0; i < n; i++) {                                                         \
            d->part[2 * i] = x.part[i + ((high) ? n : 0)];                                         \
            d->part[2 * i + 1] = y.part[i + ((high) ? n : 0)];                                     \
        }                                                                                          \
    }
UNPACK(punpcklbw, b, false)
UNPACK(punpcklwd, w, false)
UNPACK(punpckldq, l, false)
UNPACK(punpcklqdq, q, false)
UNPACK(punpckhbw, b, true)
UNPACK(punpckhwd, w, true)
UNPACK(punpckhdq, l, true)
UNPACK(punpckhqdq, q, true)

/* --- the functions of XMM and of MMX registers --- */

#define OF_XMM(function, name)                                                                     \
    void helper_soft_##name(union sse_register *d, const union sse_register *s)                    \
    {                                                                                              \
        function##_of(d, s, 16);                                                                   \
    }
#define OF_MMX(name)                                                                               \
    void helper_soft_mmx_##name(unsigned i, const union sse_register *s)                           \
    {                                                                                              \
        union sse_register d = {.q = {soft_mmx_get(i)}};                                           \
        name##_of(&d, s, 8);                                                                       \
        soft_mmx_set(i, d.q[0]);                                                                   \
    }
#define OF_BOTH(name) OF_XMM(name, name) OF_MMX(name)
OF_BOTH(paddb)
OF_BOTH(paddw)
OF_BOTH(paddd)
OF_BOTH(paddq)
OF_BOTH(psubb)
OF_BOTH(psubw)
OF_BOTH(psubd)
OF_BOTH(psubq)
OF_BOTH(paddsb)
OF_BOTH(paddsw)
OF_BOTH(psubsb)
OF_BOTH(psubsw)
OF_BOTH(paddusb)
OF_BOTH(paddusw)
OF_BOTH(psubusb)
OF_BOTH(psubusw)
OF_BOTH(pminub)
OF_BOTH(pmaxub)
OF_BOTH(pminsw)
OF_BOTH(pmaxsw)
OF_BOTH(pavgb)
OF_BOTH(pavgw)
OF_BOTH(pcmpeqb)
OF_BOTH(pcmpeqw)
OF_BOTH(pcmpeqd)
OF_BOTH(pcmpgtb)
OF_BOTH(pcmpgtw)
OF_BOTH(pcmpgtd)
OF_BOTH(pmullw)
OF_BOTH(pmulhw)
OF_BOTH(pmulhuw)
OF_BOTH(pmuludq)
OF_BOTH(pmaddwd)
OF_BOTH(pand)
OF_BOTH(pandn)
OF_BOTH(por)
OF_BOTH(pxor)
OF_BOTH(psadbw)
OF_BOTH(psrlw)
OF_BOTH(psrld)
OF_BOTH(psrlq)
OF_BOTH(psllw)
OF_BOTH(pslld)
OF_BOTH(psllq)
OF_BOTH(psraw)
OF_BOTH(psrad)
OF_BOTH(packsswb)
OF_BOTH(packuswb)
OF_BOTH(packssdw)
OF_BOTH(punpcklbw)
OF_BOTH(punpcklwd)
OF_BOTH(punpckldq)
OF_BOTH(punpckhbw)
OF_BOTH(punpckhwd)
OF_BOTH(punpckhdq)
OF_XMM(punpcklqdq, punpcklqdq)
OF_XMM(punpckhqdq, punpckhqdq)
OF_XMM(punpckldq, unpcklps)
OF_XMM(punpckhdq, unpckhps)
OF_XMM(punpcklqdq, unpcklpd)
OF_XMM(punpckhqdq, unpckhpd)
OF_XMM(pand, andps)
OF_XMM(pand, andpd)
OF_XMM(pandn, andnps)
OF_XMM(pandn, andnpd)
OF_XMM(por, orps)
OF_XMM(por, orpd)
OF_XMM(pxor, xorps)
OF_XMM(pxor, xorpd)

#define XMM_SHIFT(name, opcode, reg, needs)                                                        \
    void helper_soft_##name##_imm(union sse_register *d, u8 n)                                     \
    {                                                                                              \
        name##_by(d, n, 16);                                                                       \
    }
#include "ops/i386/sse.def"

void helper_soft_mmx_movq(unsigned i, const union sse_register *s)
{
    soft_mmx_set(i, s->q[0]);
}

u64 helper_soft_mmx_get(unsigned i)
{
    return soft_mmx_get(i);
}

void helper_soft_mmx_emms(void)
{
    soft_x87.empty = 0xff;
    soft_x87.status &= (u16) ~(7 << X87_TOP_SHIFT);
}

/* --- shuffles --- */

void helper_soft_movss(union sse_register *d, const union sse_register *s)
{
    d->l[0] = s->l[0];
}

void helper_soft_movsd(union sse_register *d, const union sse_register *s)
{
    d->q[0] = s->q[0];
}

void helper_soft_movhlps(union sse_register *d, const union sse_register *s)
{
    d->q[0] = s->q[1];
}

void helper_soft_movlhps(union sse_register *d, const union sse_register *s)
{
    d->q[1] = s->q[0];
}

void helper_soft_movddup(union sse_register *d, const union sse_register *s)
{
    d->q[0] = d->q[1] = s->q[0];
}

void helper_soft_movsldup(union sse_register *d, const union sse_register *s)
{
    helper_soft_pshufd(d, s, 0xa0);
}

void helper_soft_movshdup(union sse_register *d, const union sse_register *s)
{
    helper_soft_pshufd(d, s, 0xf5);
}

void helper_soft_pshufd(union sse_register *d, const union sse_register *s, u8 n)
{
    union sse_register from = *s;

    for (unsigned i = 0; i < 4; i++)
        d->l[i] = from.l[n >> 2 * i & 3];
}

static void shuffle_words(union sse_register *d, union sse_register from, u8 n, unsigned first)
{
    *d = from;
    for (unsigned i = 0; i < 4; i++)
        d->w[first + i] = from.w[first + (n >> 2 * i & 3)];
}

void helper_soft_pshuflw(union sse_register *d, const union sse_register *s, u8 n)
{
    shuffle_words(d, *s, n, 0);
}

void helper_soft_pshufhw(union sse_register *d, const union sse_register *s, u8 n)
{
    shuffle_words(d, *s, n, 4);
}

void helper_soft_shufps(union sse_register *d, const union sse_register *s, u8 n)
{
    union sse_register a = *d, b = *s;

    for (unsigned i = 0; i < 4; i++)
        d->l[i] = (i < 2 ? &a : &b)->l[n >> 2 * i & 3];
}

void helper_soft_shufpd(union sse_register *d, const union sse_register *s, u8 n)
{
    union sse_register a = *d, b = *s;

    d->q[0] = a.q[n & 1];
    d->q[1] = b.q[n >> 1 & 1];
}

void helper_soft_pinsrw(union sse_register *d, const union sse_register *s, u8 n)
{
    d->w[n & 7] = s->w[0];
}

/* --- to a general register --- */

u32 helper_soft_movmskps(const union sse_register *s)
{
    u32 mask = 0;
    for (unsigned i = 0; i < 4; i++)
        mask |= s->l[i] >> 31 << i;
    return mask;
}

u32 helper_soft_movmskpd(const union sse_register *s)
{
    return (u32)(s->q[0] >> 63 | s->q[1] >> 63 << 1);
}

static u32 signs(const u8 *bytes, unsigned size)
{
    u32 mask = 0;
    for (unsigned i = 0; i < size; i++)
        mask |= (u32)(bytes[i] >> 7) << i;
    return mask;
}

u32 helper_soft_pmovmskb(const union sse_register *s)
{
    return signs(s->b, 16);
}

u32 helper_soft_mmx_pmovmskb(u64 value)
{
    union sse_register s = {.q = {value}};
    return signs(s.b, 8);
}
