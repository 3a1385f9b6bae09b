/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second guest: single PowerPC instructions against what the architecture says of them, and a
 * program with loads, stores, a loop and calls, in each engine and in lockstep.
 */
#include "exec/ppc/ppc.h"

#include "tests/assert.h"
#include "tests/exec/no_board.h"
#include "tests/suites.h"

#include <stdlib.h>
#include <string.h>

enum { RAM = 4 << 20, CODE = 0x10000, STACK = 0x200000, DEVICE = 0xe0000000 };
/* Where exec_ppc_flat has handlers. */
enum {
    MACHINE_CHECK = 0x200,
    EXTERNAL = 0x500,
    PROGRAM = 0x700,
    FP_UNAVAILABLE = 0x800,
    SYSTEM_CALL = 0xc00
};

static struct memory *memory;
static struct exec *ppc;
static u32 told; /* to the device */
static unsigned times_told;

/* --- a device that ends the run when it is written to --- */

static u32 read_device(void *device, u32 offset, unsigned size)
{
    (void)device, (void)size;
    return 0x11 * (offset + 1);
}

/* Values arrive in the host's byte order. */
static void write_device(void *device, u32 offset, u32 value, unsigned size)
{
    (void)device, (void)offset, (void)size;
    told = __builtin_bswap32(value);
    times_told++;
    exec_stop(ppc);
}

static const struct exec_options engines[] = {
    {.jit = JIT_TEMPLATE},
    {.jit = JIT_INTERP},
    {.jit = JIT_IR},
    {.jit = JIT_MIXED, .runs = 3},
    {.jit = JIT_LOCKSTEP, .lockstep = {JIT_TEMPLATE, JIT_INTERP}},
    {.jit = JIT_LOCKSTEP, .lockstep = {JIT_TEMPLATE, JIT_IR}},
};
enum { ENGINES = sizeof engines / sizeof *engines };

static struct ppc_cpu *cpu(void)
{
    return (struct ppc_cpu *)exec_core(ppc);
}

static void create(int engine)
{
    struct exec_options options = engines[engine];
    const char *error = NULL;

    options.guest = &ppc_guest;
    options.cache_size = 1 << 20;
    memory = memory_create(RAM, &error);
    ck_assert_msg(memory != NULL, "%s", error);
    ck_assert_ptr_nonnull(memory_map_io(memory, DEVICE, 0x1000, read_device, write_device, NULL));
    ppc = exec_create(&options, memory, &no_board.board, &error);
    ck_assert_msg(ppc != NULL, "%s", error);
    exec_ppc_flat(ppc);
    times_told = 0;
}

static void destroy(void)
{
    exec_destroy(ppc);
    memory_destroy(memory);
}

static void put(u32 address, const u32 *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        memory_write(memory, address + 4 * (u32)i, __builtin_bswap32(words[i]), 4);
}

/* --- words of code --- */

#define D_FORM(op, t, a, imm) ((u32)(op) << 26 | (u32)(t) << 21 | (u32)(a) << 16 | ((imm)&0xffff))
#define X_FORM(t, a, b, op, rc)                                                                    \
    (31u << 26 | (u32)(t) << 21 | (u32)(a) << 16 | (u32)(b) << 11 | (u32)(op) << 1 | (rc))
#define M_FORM(op, s, a, sh, mb, me)                                                               \
    ((u32)(op) << 26 | (u32)(s) << 21 | (u32)(a) << 16 | (u32)(sh) << 11 | (u32)(mb) << 6 |        \
     (u32)(me) << 1)
#define ADDI(t, a, imm) D_FORM(14, t, a, imm)
#define STW(s, d, a)    D_FORM(36, s, a, d)
#define LWZ(t, d, a)    D_FORM(32, t, a, d)
#define MTCTR(s)        X_FORM(s, 9, 0, 467, 0)
#define MTLR(s)         X_FORM(s, 8, 0, 467, 0)
#define MFLR(t)         X_FORM(t, 8, 0, 339, 0)
#define B(to)           (18u << 26 | ((u32)(to)&0x3fffffc))
#define BL(to)          (B(to) | 1)
#define BC(bo, bi, to)  (D_FORM(16, bo, bi, to))
#define BLR             (19u << 26 | 20u << 21 | 16u << 1)
#define BCTR            (19u << 26 | 20u << 21 | 528u << 1)
#define SC              (17u << 26 | 2)
#define RFI             (19u << 26 | 50u << 1)
/* Tells r31 to the device, which ends the run. */
#define END D_FORM(15, 30, 0, 0xe000), STW(31, 0, 30), B(0)

/* --- single instructions --- */

enum { A = 5, T = 6, C = 7 }; /* registers: operands, result */
static const struct {
    const char *name;
    u32 word, a, b, result, cr; /* cr: of field 0, only for those that change it */
} cases[] = {
    {"addi", ADDI(T, A, -16), 8, 0, (u32)-8, 0},
    {"addi r0", ADDI(T, 0, 5), 8, 0, 5, 0},
    {"addis", D_FORM(15, T, A, 0x8001), 3, 0, 0x80010003, 0},
    {"mulli", D_FORM(7, T, A, -3), 7, 0, (u32)-21, 0},
    {"ori", D_FORM(24, A, T, 0xf000), 0x0f, 0, 0xf00f, 0},
    {"oris", D_FORM(25, A, T, 0xf000), 0x0f, 0, 0xf000000f, 0},
    {"xori", D_FORM(26, A, T, 0xffff), 0x12345678, 0, 0x1234a987, 0},
    {"xoris", D_FORM(27, A, T, 0xffff), 0x12345678, 0, 0xedcb5678, 0},
    {"andi.", D_FORM(28, A, T, 0xff00), 0x1234, 0, 0x1200, CR_GT},
    {"andi. zero", D_FORM(28, A, T, 0xff00), 0x34, 0, 0, CR_EQ},
    {"andis.", D_FORM(29, A, T, 0xff00), 0x81001234, 0, 0x81000000, CR_LT},
    {"add", X_FORM(T, A, C, 266, 0), 0xffffffff, 3, 2, 0},
    {"add.", X_FORM(T, A, C, 266, 1), 0xffffffff, 1, 0, CR_EQ},
    {"subf", X_FORM(T, A, C, 40, 0), 3, 10, 7, 0},
    {"neg.", X_FORM(T, A, 0, 104, 1), 3, 0, (u32)-3, CR_LT},
    {"mullw", X_FORM(T, A, C, 235, 0), 0x10001, 0x10001, 0x20001, 0},
    {"divw", X_FORM(T, A, C, 491, 0), (u32)-7, 2, (u32)-3, 0},
    {"divw by zero", X_FORM(T, A, C, 491, 0), 7, 0, 0, 0},
    {"divw of the least", X_FORM(T, A, C, 491, 0), 0x80000000, (u32)-1, 0, 0},
    {"divwu", X_FORM(T, A, C, 459, 0), (u32)-7, 2, 0x7ffffffc, 0},
    {"and", X_FORM(A, T, C, 28, 0), 0xff00ff, 0xff0f0f, 0xff000f, 0},
    {"or", X_FORM(A, T, C, 444, 0), 0xf0, 0x0f, 0xff, 0},
    {"xor", X_FORM(A, T, C, 316, 0), 0xff, 0x0f, 0xf0, 0},
    {"nor", X_FORM(A, T, C, 124, 0), 0xff, 0x0f, ~0xffu, 0},
    {"nand", X_FORM(A, T, C, 476, 0), 0xff, 0x0f, ~0x0fu, 0},
    {"andc", X_FORM(A, T, C, 60, 0), 0xff, 0x0f, 0xf0, 0},
    {"orc", X_FORM(A, T, C, 412, 0), 0xf0, ~0x0fu, 0xff, 0},
    {"eqv", X_FORM(A, T, C, 284, 0), 0xff, 0x0f, ~0xf0u, 0},
    {"slw", X_FORM(A, T, C, 24, 0), 3, 31, 0x80000000, 0},
    {"slw by 32", X_FORM(A, T, C, 24, 0), 3, 32, 0, 0},
    {"slw by 64", X_FORM(A, T, C, 24, 0), 3, 64, 3, 0},
    {"srw", X_FORM(A, T, C, 536, 0), 0x80000000, 31, 1, 0},
    {"srw by 63", X_FORM(A, T, C, 536, 0), ~0u, 63, 0, 0},
    {"extsb", X_FORM(A, T, 0, 954, 0), 0x1280, 0, 0xffffff80, 0},
    {"extsh.", X_FORM(A, T, 0, 922, 1), 0x18000, 0, 0xffff8000, CR_LT},
    {"rlwinm", M_FORM(21, A, T, 8, 0, 31), 0x12345678, 0, 0x34567812, 0},
    {"slwi", M_FORM(21, A, T, 4, 0, 27), 0x12345678, 0, 0x23456780, 0},
    {"srwi", M_FORM(21, A, T, 28, 4, 31), 0x12345678, 0, 0x01234567, 0},
    {"rlwinm around", M_FORM(21, A, T, 0, 28, 3), 0x12345678, 0, 0x10000008, 0},
    {"rlwinm. ", M_FORM(21, A, T, 0, 28, 3) | 1, 0x82345678, 0, 0x80000008, CR_LT},
    {"cmpb", X_FORM(A, T, C, 508, 0), 0x11223344, 0x11003340, 0xff00ff00, 0},
    {"popcntb", X_FORM(A, T, 0, 122, 0), 0xff0103f0, 0, 0x08010204, 0},
    {"popcntw", X_FORM(A, T, 0, 378, 0), 0xff0103f0, 0, 15, 0},
    {"prtyw", X_FORM(A, T, 0, 154, 0), 0x01010103, 0, 0, 0},
    {"prtyw odd", X_FORM(A, T, 0, 154, 0), 0x01000100 | 0x01, 0, 1, 0},
    {"divwo of the least", X_FORM(T, A, C, 1003, 1), 0x80000000, (u32)-1, 0, CR_EQ | CR_SO},
    {"divwuo by zero", X_FORM(T, A, C, 971, 1), 7, 0, 0, CR_EQ | CR_SO},
    {"cmpw", X_FORM(0, A, C, 0, 0), (u32)-1, 1, 0, CR_LT},
    {"cmplw", X_FORM(0, A, C, 32, 0), (u32)-1, 1, 0, CR_GT},
    {"cmpwi", D_FORM(11, 0, A, -1), (u32)-1, 0, 0, CR_EQ},
    {"cmplwi", D_FORM(10, 0, A, 0xffff), (u32)-1, 0, 0, CR_GT},
};

START_TEST(instructions)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const u32 code[] = {cases[i].word, END};

        create(_i);
        put(CODE, code, sizeof code / sizeof *code);
        cpu()->gpr[A] = cases[i].a;
        cpu()->gpr[C] = cases[i].b;
        exec_core(ppc)->pc = CODE;
        exec_run(ppc);
        ck_assert_msg(cpu()->gpr[T] == cases[i].result, "%s: %08x", cases[i].name, cpu()->gpr[T]);
        ck_assert_msg(ppc_cr(cpu()) >> 28 == cases[i].cr, "%s: CR %08x", cases[i].name,
                      ppc_cr(cpu()));
        destroy();
    }
}
END_TEST

/* Bytes are where a big-endian processor has them. */
START_TEST(loads_and_stores)
{
    const u32 code[] = {
        D_FORM(15, 3, 0, 0x1234), /* lis r3 */
        D_FORM(24, 3, 3, 0x89ab), /* ori */
        D_FORM(37, 3, 1, -8),     /* stwu r3, -8(r1) */
        D_FORM(34, 4, 1, 0),      /* lbz */
        D_FORM(40, 5, 1, 2),      /* lhz */
        D_FORM(42, 6, 1, 2),      /* lha */
        D_FORM(44, 3, 1, 4),      /* sth */
        D_FORM(38, 3, 1, 6),      /* stb */
        LWZ(7, 4, 1),             /* across what was stored */
        LWZ(8, 1, 1),             /* not aligned */
        ADDI(9, 0, 3),
        X_FORM(10, 1, 9, 87, 0), /* lbzx */
        D_FORM(33, 11, 1, 4),    /* lwzu */
        END,
    };

    create(_i);
    put(CODE, code, sizeof code / sizeof *code);
    cpu()->gpr[1] = STACK;
    exec_core(ppc)->pc = CODE;
    exec_run(ppc);
    ck_assert_uint_eq(memory_read(memory, STACK - 8, 1), 0x12);
    ck_assert_uint_eq(cpu()->gpr[4], 0x12);
    ck_assert_uint_eq(cpu()->gpr[5], 0x89ab);
    ck_assert_uint_eq(cpu()->gpr[6], 0xffff89ab);
    ck_assert_uint_eq(cpu()->gpr[7], 0x89abab00);
    ck_assert_uint_eq(cpu()->gpr[8], 0x3489ab89);
    ck_assert_uint_eq(cpu()->gpr[10], 0xab);
    ck_assert_uint_eq(cpu()->gpr[11], 0x89abab00);
    ck_assert_uint_eq(cpu()->gpr[1], STACK - 4);
    destroy();
}
END_TEST

/* Reservations of a byte and of two: one that holds, one that is of another address. */
START_TEST(reservations)
{
    const u32 code[] = {
        ADDI(3, 0, 0),          /* index */
        ADDI(4, 0, 2),          /* another */
        X_FORM(5, 1, 3, 52, 0), /* lbarx */
        ADDI(6, 0, 0x77),
        X_FORM(6, 1, 3, 694, 1), /* stbcx. */
        X_FORM(7, 0, 0, 19, 0),  /* mfcr */
        X_FORM(6, 1, 3, 694, 1), /* without */
        X_FORM(8, 0, 0, 19, 0),
        X_FORM(9, 1, 3, 116, 0), /* lharx */
        X_FORM(6, 1, 4, 726, 1), /* sthcx. elsewhere */
        X_FORM(10, 0, 0, 19, 0),
        X_FORM(9, 1, 4, 116, 0),
        X_FORM(6, 1, 4, 726, 1),
        X_FORM(11, 0, 0, 19, 0),
        END,
    };

    create(_i);
    put(CODE, code, sizeof code / sizeof *code);
    put(STACK, (u32[]){0x12345678}, 1);
    cpu()->gpr[1] = STACK;
    exec_core(ppc)->pc = CODE;
    exec_run(ppc);
    ck_assert_uint_eq(cpu()->gpr[5], 0x12);
    ck_assert_uint_eq(cpu()->gpr[7] >> 28, CR_EQ);
    ck_assert_uint_eq(cpu()->gpr[8] >> 28, 0);
    ck_assert_uint_eq(cpu()->gpr[10] >> 28, 0);
    ck_assert_uint_eq(cpu()->gpr[11] >> 28, CR_EQ);
    ck_assert_uint_eq(__builtin_bswap32(memory_read(memory, STACK, 4)), 0x77340077);
    destroy();
}
END_TEST

/* twi and tw: the condition holds or does not. */
START_TEST(traps)
{
    const u32 code[] = {D_FORM(3, 4, 3, 1),    /* tweqi r3, 1: no */
                        X_FORM(1, 4, 3, 4, 0), /* twlgt r4, r3: unsigned, yes */
                        ADDI(31, 0, 1), END};
    const u32 handler[] = {X_FORM(31, 26, 0, 339, 0), X_FORM(3, 27, 0, 339, 0), END};

    create(_i);
    put(CODE, code, sizeof code / sizeof *code);
    put(PROGRAM, handler, sizeof handler / sizeof *handler);
    cpu()->gpr[4] = ~0u;
    exec_core(ppc)->pc = CODE;
    exec_run(ppc);
    ck_assert_uint_eq(told, CODE + 4);
    ck_assert_uint_eq(cpu()->esr, ESR_PTR);
    destroy();
}
END_TEST

/* Without MSR[FP]. */
START_TEST(no_floating_point)
{
    const u32 code[] = {D_FORM(50, 0, 1, 0), END};
    const u32 handler[] = {X_FORM(31, 26, 0, 339, 0), END};

    create(_i);
    put(CODE, code, sizeof code / sizeof *code);
    put(FP_UNAVAILABLE, handler, sizeof handler / sizeof *handler);
    cpu()->gpr[1] = STACK;
    exec_core(ppc)->pc = CODE;
    exec_run(ppc);
    ck_assert_uint_eq(told, CODE);
    destroy();
}
END_TEST

/* The QEMU paper's addi r1,r1,-16, in a function that a loop calls: the sum of 1 to 1000. */
START_TEST(loop_and_call)
{
    const u32 code[] = {
        ADDI(31, 0, 0),      /* 00 */
        ADDI(4, 0, 1000),    /* 04 */
        ADDI(1, 1, -16),     /* 08: the loop */
        STW(4, 8, 1),        /* 0c */
        BL(0x20),            /* 10: to 30 */
        ADDI(1, 1, 16),      /* 14 */
        ADDI(4, 4, -1),      /* 18 */
        D_FORM(11, 0, 4, 0), /* 1c: cmpwi */
        BC(4, 2, -0x18),     /* 20: bne 08 */
        B(0x2c),             /* 24: to 50 */
        0,
        0,                     /* 28 */
        D_FORM(37, 1, 1, -16), /* 30: stwu r1, -16(r1) */
        MFLR(0),
        STW(0, 12, 1), /* 34 */
        LWZ(5, 24, 1), /* 3c */
        X_FORM(31, 31, 5, 266, 0),
        LWZ(0, 12, 1),
        MTLR(0),
        ADDI(1, 1, 16),
        BLR, /* 4c, 50 */
    };
    const u32 last[] = {END};

    create(_i);
    put(CODE, code, sizeof code / sizeof *code);
    put(CODE + 0x24, (u32[]){B(0x100)}, 1);
    put(CODE + 0x124, last, sizeof last / sizeof *last);
    cpu()->gpr[1] = STACK;
    exec_core(ppc)->pc = CODE;
    exec_run(ppc);
    ck_assert_uint_eq(times_told, 1);
    ck_assert_uint_eq(told, 500500);
    ck_assert_uint_eq(cpu()->gpr[1], STACK);
    destroy();
}
END_TEST

/* CR0 is overwritten before it is read at the loop's beginning; all else is to be kept, and CR0 at
 * its end. */
START_TEST(loop_over_a_field)
{
    const u32 code[] = {
        ADDI(12, 0, 100),
        ADDI(8, 8, 3),              /* 04: the loop */
        ADDI(12, 12, -1),           /* 08 */
        X_FORM(12, 12, 12, 444, 1), /* 0c: mr. */
        BC(4, 2, -0xc),             /* 10: bne 04 */
        X_FORM(3, 0, 0, 19, 0),     /* mfcr */
        M_FORM(21, 3, 3, 4, 28, 31),
        X_FORM(31, 3, 8, 266, 0),
        END,
    };

    create(_i);
    put(CODE, code, sizeof code / sizeof *code);
    exec_core(ppc)->pc = CODE;
    exec_run(ppc);
    ck_assert_uint_eq(told, 300 + CR_EQ);
    ck_assert_uint_eq(cpu()->gpr[12], 0);
    destroy();
}
END_TEST

/* Each condition behind a comparison, of CR0 and of another field, of two registers and of one. */
START_TEST(compared_and_branched)
{
    static const u32 numbers[] = {0, 1, 5, 6, 0x7fffffff, 0x80000000, 0xfffffffb, 0xffffffff};
    enum { NUMBERS = sizeof numbers / sizeof *numbers, CASES = 2 * 2 * 2 * 2 * 3 };

    for (u32 n = 0; n < CASES * NUMBERS; n++) {
        u32 a = numbers[n % NUMBERS], of = n / NUMBERS, bit = of % 3, set = of / 3 & 1;
        u32 is_signed = of / 6 & 1, field = of / 12 & 1 ? 7 : 0, two = of / 24 & 1;
        bool less = is_signed ? (s32)a < 5 : a < 5, greater = is_signed ? (s32)a > 5 : a > 5;
        bool holds = bit == 0 ? less : bit == 1 ? greater : a == 5;
        const u32 code[] = {
            ADDI(31, 0, 1),
            two ? X_FORM(field << 2, 11, 4, is_signed ? 0 : 32, 0)
                : D_FORM(is_signed ? 11 : 10, field << 2, 11, 5),
            BC(set ? 12 : 4, field * 4 + bit, 8),
            ADDI(31, 0, 2),
            END,
        };
        create(_i);
        put(CODE, code, sizeof code / sizeof *code);
        cpu()->gpr[11] = a;
        cpu()->gpr[4] = 5;
        exec_core(ppc)->pc = CODE;
        exec_run(ppc);
        ck_assert_msg(told == (holds == set ? 1 : 2), "case %u: %u", of, told);
        ck_assert_uint_eq(ppc_cr(cpu()) >> (28 - 4 * field) & 15, less      ? CR_LT
                                                                  : greater ? CR_GT
                                                                            : CR_EQ);
        destroy();
    }
}
END_TEST

/* bdnz, bctr, and conditions of both kinds at once. */
START_TEST(branches)
{
    const u32 code[] = {
        ADDI(3, 0, 5),
        MTCTR(3),
        ADDI(31, 31, 1), /* 08 */
        BC(16, 0, -4),   /* bdnz */
        ADDI(3, 0, 4),
        MTCTR(3),
        D_FORM(11, 4, 31, 8), /* 18: cmpwi cr1, r31, 8 */
        ADDI(31, 31, 1),
        BC(0, 6, -8),           /* 20: bdnzf eq of cr1, 18 */
        D_FORM(15, 3, 0, 1),    /* 24: lis r3, 1 */
        D_FORM(24, 3, 3, 0x40), /* ori r3, r3, 40 */
        MTCTR(3),
        BCTR, /* 2c, 30 */
    };
    const u32 last[] = {END};

    create(_i);
    put(CODE, code, sizeof code / sizeof *code);
    put(CODE + 0x40, last, sizeof last / sizeof *last);
    exec_core(ppc)->pc = CODE;
    exec_run(ppc);
    ck_assert_uint_eq(told, 9);
    destroy();
}
END_TEST

/* Interrupts of the program's own, and the way back. */
START_TEST(system_calls)
{
    const u32 code[] = {ADDI(31, 0, 1), SC, ADDI(31, 31, 2), 0, ADDI(31, 31, 4), END};
    const u32 handler[] = {ADDI(31, 31, 16), RFI};
    const u32 skipping[] = {X_FORM(3, 26, 0, 339, 0), ADDI(3, 3, 4), X_FORM(3, 26, 0, 467, 0),
                            ADDI(31, 31, 32), RFI};

    create(_i);
    put(CODE, code, sizeof code / sizeof *code);
    put(SYSTEM_CALL, handler, sizeof handler / sizeof *handler);
    put(PROGRAM, skipping, sizeof skipping / sizeof *skipping);
    exec_core(ppc)->pc = CODE;
    exec_run(ppc);
    ck_assert_uint_eq(told, 1 + 16 + 2 + 32 + 4);
    ck_assert_uint_eq(cpu()->esr, ESR_PIL);
    destroy();
}
END_TEST

/* The user may not, and the external interrupt waits for MSR.EE. */
START_TEST(privileges)
{
    const u32 code[] = {X_FORM(3, 0, 0, 83, 0), ADDI(31, 31, 1), END};
    const u32 handler[] = {X_FORM(3, 27, 0, 339, 0), ADDI(31, 0, 7), END};

    create(_i);
    put(CODE, code, sizeof code / sizeof *code);
    put(PROGRAM, handler, sizeof handler / sizeof *handler);
    cpu()->msr = MSR_PR;
    exec_core(ppc)->pc = CODE;
    exec_state_changed(ppc);
    exec_run(ppc);
    ck_assert_uint_eq(told, 7);
    ck_assert_uint_eq(cpu()->gpr[3], MSR_PR);
    ck_assert_uint_eq(cpu()->esr, ESR_PPR);
    destroy();
}
END_TEST

START_TEST(interrupts)
{
    const u32 code[] = {ADDI(3, 0, 0), D_FORM(24, 3, 3, MSR_EE), X_FORM(3, 0, 0, 146, 0), B(0)};
    const u32 handler[] = {X_FORM(31, 26, 0, 339, 0), END};

    create(_i);
    put(CODE, code, sizeof code / sizeof *code);
    put(EXTERNAL, handler, sizeof handler / sizeof *handler);
    exec_core(ppc)->pc = CODE;
    exec_interrupt_line(ppc, true);
    exec_run(ppc);
    ck_assert_uint_eq(told, CODE + 12);
    destroy();
}
END_TEST

/* Code that is written over runs as it is then. */
START_TEST(changed_code)
{
    const u32 code[] = {
        D_FORM(15, 5, 0, 1),    /* 00: lis r5, 1 */
        D_FORM(32, 4, 5, 0x40), /* 04: the instruction at 10040 */
        ADDI(6, 0, 2),          /* 08 */
        ADDI(31, 31, 1),        /* 0c: becomes + 16 */
        STW(4, 0xc, 5),         /* 10 */
        ADDI(6, 6, -1),         /* 14 */
        D_FORM(11, 0, 6, 0),    /* 18 */
        BC(4, 2, -0x10),        /* 1c: bne 0c */
        END,
    };

    create(_i);
    put(CODE, code, sizeof code / sizeof *code);
    put(CODE + 0x40, (u32[]){ADDI(31, 31, 16)}, 1);
    exec_core(ppc)->pc = CODE;
    exec_run(ppc);
    ck_assert_uint_eq(told, 17);
    destroy();
}
END_TEST

static Suite *ppc_suite(void)
{
    Suite *s = suite_create("powerpc");
    TCase *c = tcase_create("guest");

    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, instructions, 0, ENGINES);
    tcase_add_loop_test(c, loads_and_stores, 0, ENGINES);
    tcase_add_loop_test(c, reservations, 0, ENGINES);
    tcase_add_loop_test(c, traps, 0, ENGINES);
    tcase_add_loop_test(c, no_floating_point, 0, ENGINES);
    tcase_add_loop_test(c, loop_and_call, 0, ENGINES);
    tcase_add_loop_test(c, loop_over_a_field, 0, ENGINES);
    tcase_add_loop_test(c, compared_and_branched, 0, ENGINES);
    tcase_add_loop_test(c, branches, 0, ENGINES);
    tcase_add_loop_test(c, system_calls, 0, ENGINES);
    tcase_add_loop_test(c, privileges, 0, ENGINES);
    tcase_add_loop_test(c, interrupts, 0, ENGINES);
    tcase_add_loop_test(c, changed_code, 0, ENGINES);
    suite_add_tcase(s, c);
    return s;
}

TEST_MAIN(ppc_suite)
