/* SPDX-License-Identifier: GPL-3.0-or-later */
/* States and instructions for the tests of the x87, and the host's answer to them. */
#include "tests/exec/x87_state.h"

#include "ops/host/asm.h"
#include "tests/assert.h"
#include <stdio.h>
#include <string.h>

/* A linear congruence; the low bits of those are poor. */
u32 x87_random(void)
{
    static u64 state = 20240917;
    state = state * 6364136223846793005 + 1442695040888963407;
    return (u32)(state >> 32);
}

const struct x87_test_row x87_rows[] = {
#define X87_STACK(name, escape, modrm)           {x87_row(escape, modrm), 8},
#define X87_COMPARE(name, escape, modrm)         {x87_row(escape, modrm), 8},
#define X87_MOVE(escape, modrm, condition)       {x87_row(escape, modrm), 8},
#define X87_RARE(escape, modrm)                  {x87_row(escape, modrm), 8},
#define X87_PLAIN(name, escape, modrm)           {x87_row(escape, modrm), 1},
#define X87_LOAD(name, escape, reg, type, insn)  {x87_row(escape, (reg) << 3), 1},
#define X87_STORE(name, escape, reg, type, insn) {x87_row(escape, (reg) << 3), 1},
#define x87_row(escape, modrm)                   ((escape)&7) << 8 | (modrm)
#include "ops/i386/x87.def"
    /* other encodings of some */
    {x87_row(0xdc, 0xd0), 8},
    {x87_row(0xdc, 0xd8), 8},
    {x87_row(0xdd, 0xc8), 8},
    {x87_row(0xde, 0xd0), 8},
    {x87_row(0xdf, 0xc8), 8},
    {x87_row(0xdf, 0xd0), 8},
    {x87_row(0xdf, 0xd8), 8},
    /* control */
    {x87_row(0xdb, 0xe0), 5},   /* FNENI, FNDISI, FNCLEX, FNINIT, FNSETPM */
    {x87_row(0xd9, 5 << 3), 1}, /* FLDCW */
    {x87_row(0xd9, 7 << 3), 1}, /* FNSTCW */
    {x87_row(0xdd, 7 << 3), 1}, /* FNSTSW */
#undef x87_row
};
const unsigned x87_row_count = sizeof x87_rows / sizeof *x87_rows;

/* --- states --- */

static const struct {
    u16 sign_exponent;
    u64 significand;
} values[] = {
#define VALUE(sign_exponent, significand) {sign_exponent, significand},
#include "tests/x87_values.def"
#undef VALUE
};
enum { VALUES = sizeof values / sizeof *values };

static u64 random64(void)
{
    return (u64)x87_random() << 32 | x87_random();
}

static void random_register(u8 *to)
{
    u16 sign_exponent = (u16)(0x3fff - 40 + x87_random() % 80);
    u64 significand = random64() | 1ull << 63;

    if (x87_random() % 2) {
        unsigned i = x87_random() % VALUES;
        sign_exponent = values[i].sign_exponent;
        significand = values[i].significand;
    }
    if (x87_random() % 2)
        sign_exponent ^= 0x8000;
    memcpy(to, &significand, 8);
    memcpy(to + 8, &sign_exponent, 2);
}

void x87_put32(u8 *to, u32 value)
{
    memcpy(to, &value, 4);
}

static u32 get32(const u8 *from)
{
    u32 value;
    memcpy(&value, from, 4);
    return value;
}

static u16 random_tags(void)
{
    u16 tags = 0;
    for (unsigned i = 0; i < 8; i++)
        if (x87_random() % 4 == 0)
            tags |= 3u << 2 * i;
    return tags;
}

/* Operands in memory: something of every format. */
static void random_operand(u8 *to)
{
    u64 specials[] = {0,
                      0x3ff0000000000000,
                      0x7ff0000000000000,
                      0x7ff8000000000000,
                      0x7ff4000000000000,
                      1,
                      0x7fc00000,
                      0x7fa00000,
                      0x7f800000,
                      0x80000000,
                      0x8000000000000000,
                      0x3f800000};

    random_register(to);
    if (x87_random() % 2)
        memcpy(to, &specials[x87_random() % (sizeof specials / sizeof *specials)], 8);
    memset(to + 10, 0xaa, OPERAND_SIZE - 10);
}

/* `masks` are the exceptions masked; only those may have been flagged before. */
struct x87_state x87_random_state(u16 masks)
{
    struct x87_state s;
    u32 r = x87_random();
    u16 precision = (r & 3) == 1 ? 3 : r & 3;

    x87_put32(s.image, 0xffff0040 | masks | precision << 8 | (r >> 2 & 3) << 10);
    x87_put32(s.image + 4, 0xffff0000 | (x87_random() & 0x7f00) | (x87_random() & masks & 0x3f));
    x87_put32(s.image + 8, 0xffff0000 | random_tags());
    memset(s.image + POINTERS, 0, REGISTERS - POINTERS);
    for (unsigned i = 0; i < 8; i++)
        random_register(s.image + REGISTERS + i * 10);
    random_operand(s.operand);
    s.flags = x87_random() & FLAGS_ARITH;
    s.at = OPERAND;
    return s;
}

/* --- the host --- */

static u8 *native_memory(u32 at)
{
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): memory mapped at a chosen place */
    return (u8 *)(uintptr_t)at;
}

size_t x87_put_operand(u8 *to, u8 escape, u8 reg, u32 address)
{
    to[0] = escape;
    to[1] = (u8)(reg << 3 | 5);
    x87_put32(to + 2, address);
    return 6;
}

/* The instruction's bytes: memory operands are at `at`. */
static size_t assemble(u8 *to, u32 insn, u32 at)
{
    u8 escape = (u8)(0xd8 | x87_escape(insn));
    if (x87_is_memory(insn))
        return x87_put_operand(to, escape, (u8)x87_reg(insn), at);
    to[0] = escape;
    to[1] = (u8)x87_modrm(insn);
    return 2;
}

void x87_run_native(u32 insn, struct x87_state *s)
{
    struct native_state n = {.flags = s->flags};
    u8 code[32], nop = 0x90;
    size_t size;

    ck_assert(native_run(&nop, 1, &n)); /* maps the memory */
    n.flags = s->flags;
    memcpy(native_memory(IMAGE), s->image, IMAGE_SIZE);
    memcpy(native_memory(s->at), s->operand, OPERAND_SIZE);
    size = x87_put_operand(code, 0xdd, 4, IMAGE);
    size += assemble(code + size, insn, s->at);
    size += x87_put_operand(code + size, 0xdd, 6, IMAGE);
    ck_assert(native_run(code, size, &n));
    memcpy(s->image, native_memory(IMAGE), IMAGE_SIZE);
    memcpy(s->operand, native_memory(s->at), OPERAND_SIZE);
    s->flags = n.flags;
}

bool x87_is_compare(u32 insn)
{
    return (x87_escape(insn) == 3 || x87_escape(insn) == 7) && x87_modrm(insn) >= 0xe8 &&
           x87_modrm(insn) < 0xf8;
}

bool x87_is_move(u32 insn)
{
    return (x87_escape(insn) == 2 || x87_escape(insn) == 3) && x87_modrm(insn) >= 0xc0 &&
           x87_modrm(insn) < 0xe0;
}

/* The condition of FCMOVcc: B, E, BE, U and their opposites. */
bool x87_move_condition(u32 insn, u32 flags)
{
    static const u32 tested[] = {FLAG_CF, FLAG_ZF, FLAG_CF | FLAG_ZF, FLAG_PF};
    bool holds = flags & tested[x87_reg(insn) & 3];
    return holds != (x87_escape(insn) == 3);
}

static void print_state(const char *name, const struct x87_state *s)
{
    fprintf(stderr, "%s: control %04x status %04x tags %04x flags %03x memory %08x%08x\n", name,
            get32(s->image) & 0xffff, get32(s->image + 4) & 0xffff, get32(s->image + 8) & 0xffff,
            s->flags, get32(s->operand + 4), get32(s->operand));
    for (unsigned i = 0; i < 8; i++) {
        const u8 *r = s->image + REGISTERS + 10 * i;
        fprintf(stderr, "  st%u %04x %08x%08x\n", i, r[8] | r[9] << 8, get32(r + 4), get32(r));
    }
}

static bool same(const struct x87_state *a, const struct x87_state *b)
{
    return !memcmp(a->image, b->image, POINTERS) &&
           !memcmp(a->image + REGISTERS, b->image + REGISTERS, IMAGE_SIZE - REGISTERS) &&
           !memcmp(a->operand, b->operand, OPERAND_SIZE) && a->flags == b->flags;
}

unsigned x87_ulps = HOST_ASM ? 0 : 4;

/* F2XM1, FYL2X, FPTAN, FPATAN, FYL2XP1, FSINCOS, FSIN, FCOS */
static bool is_transcendental(u32 insn)
{
    unsigned modrm = x87_modrm(insn);
    return x87_escape(insn) == 1 &&
           ((modrm >= 0xf0 && modrm < 0xf4) || modrm == 0xf9 || modrm == 0xfb || modrm >= 0xfe);
}

/* A register's place among all values of its sign. */
static __int128 ordinal(const u8 *image, unsigned i)
{
    u64 significand;
    u16 sign_exponent;

    memcpy(&significand, image + REGISTERS + 10 * i, sizeof significand);
    memcpy(&sign_exponent, image + REGISTERS + 10 * i + 8, sizeof sign_exponent);
    return ((__int128)sign_exponent << 63) + (__int128)(significand & ~(1ull << 63));
}

enum { UNDERFLOW = 1 << 4 }; /* in a control word its mask, in a status word UE */

/* Where a and b are near enough in ST(i), b is made a. */
static void forgive(const struct x87_state *a, struct x87_state *b, unsigned i)
{
    __int128 apart = ordinal(a->image, i) - ordinal(b->image, i);

    if (apart > (__int128)x87_ulps || apart < -(__int128)x87_ulps)
        return;
    memcpy(b->image + REGISTERS + 10 * i, a->image + REGISTERS + 10 * i, 10);
    memcpy(b->image + 8, a->image + 8, 2); /* one may be zero */
    b->image[5] = (u8)((b->image[5] & ~2) | (a->image[5] & 2));
    b->image[4] = (u8)((b->image[4] & ~UNDERFLOW) | (a->image[4] & UNDERFLOW));
}

/*
 * The sine of the least normal number is that number or the denormal one below it, by the
 * processor: where underflow is not masked, it has then another result, or none.
 */
static bool only_one_traps(const struct x87_state *a, const struct x87_state *b)
{
    return !(a->image[0] & UNDERFLOW) && ((a->image[4] ^ b->image[4]) & UNDERFLOW);
}

void x87_check(u32 insn, const struct x87_state *start, const struct x87_state *guest)
{
    struct x87_state native = *start;

    x87_run_native(insn, &native);
    struct x87_state near = *guest;
    if (x87_ulps && is_transcendental(insn)) {
        if (only_one_traps(&native, guest))
            return;
        for (unsigned i = 0; i < 2; i++)
            forgive(&native, &near, i);
    }
    if (same(&native, &near))
        return;
    print_state("before", start);
    print_state("host", &native);
    print_state("guest", guest);
    ck_abort_msg("x87 instruction %02x %02x differs", 0xd8 | x87_escape(insn), x87_modrm(insn));
}
