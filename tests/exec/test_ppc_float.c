/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The PowerPC's floating point where tests/ppc cannot look: interrupts of enabled exceptions, and
 * what QEMU does otherwise (Power ISA 2.07, book I, 4.4 and 4.6; book III-E, program interrupt).
 */
#include "exec/ppc/float_number.h"
#include "exec/registers.h"
#include "translate/ir/ir.h"

#include "tests/assert.h"
#include "tests/exec/no_board.h"
#include "tests/suites.h"

#include <string.h>

enum { RAM = 4 << 20, CODE = 0x10000, DEVICE = 0xe0000000, PROGRAM = 0x700 };

static struct memory *memory;
static struct exec *ppc;

static u32 read_device(void *device, u32 offset, unsigned size)
{
    (void)device, (void)offset, (void)size;
    return 0;
}

static void write_device(void *device, u32 offset, u32 value, unsigned size)
{
    (void)device, (void)offset, (void)value, (void)size;
    exec_stop(ppc);
}

static const struct exec_options engines[] = {
    {.jit = JIT_TEMPLATE},
    {.jit = JIT_INTERP},
    {.jit = JIT_IR},
    {.jit = JIT_LOCKSTEP, .lockstep = {JIT_TEMPLATE, JIT_INTERP}},
};
enum { ENGINES = sizeof engines / sizeof *engines };

static struct ppc_cpu *cpu(void)
{
    return exec_ppc_cpu(ppc);
}

static void put(u32 address, const u32 *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        memory_write(memory, address + 4 * (u32)i, __builtin_bswap32(words[i]), 4);
}
#define PUT(address, ...)                                                                          \
    put(address, (const u32[]){__VA_ARGS__}, sizeof((const u32[]){__VA_ARGS__}) / sizeof(u32))

/* --- words of code: f3 = f1 op f2, on the way out what the handler noted is in r4 --- */

#define X_FORM(t, a, b, op)                                                                        \
    (31u << 26 | (u32)(t) << 21 | (u32)(a) << 16 | (u32)(b) << 11 | (u32)(op) << 1)
#define MFSPR(t, n)    X_FORM(t, (n)&31, (n) >> 5, 339)
#define MTMSR(s)       X_FORM(s, 0, 0, 146)
#define LI(t, imm)     (14u << 26 | (u32)(t) << 21 | ((imm)&0xffff))
#define A_FORM(op, c)  (63u << 26 | 3 << 21 | 1 << 16 | 2 << 11 | (c) << 6 | (op) << 1)
#define SINGLE(op)     (59u << 26 | 3 << 21 | 2 << 11 | (op) << 1)
#define FDIV           A_FORM(18, 0)
#define FADD           A_FORM(21, 0)
#define FSEL           A_FORM(23, 4)
#define FCTIWZ         (63u << 26 | 3 << 21 | 2 << 11 | 15 << 1)
#define FRES           SINGLE(24)
#define FCMPO          (63u << 26 | 1 << 16 | 2 << 11 | 32 << 1)
#define MTFSFI(f, imm) (63u << 26 | (f) << 23 | (imm) << 12 | 134 << 1)
#define END            15u << 26 | 30 << 21 | 0xe000, 36u << 26 | 30 << 16, 18u << 26

#define ONE       0x3ff0000000000000
#define THREE     0x4008000000000000
#define HUGE      0x7fe0000000000000
#define INFINITE  0x7ff0000000000000
#define QUIET     0x7ff8000000000000
#define MINUS     0x8000000000000000
#define UNCHANGED 0x1234

enum { SRR0 = 26, SRR1 = 27 };

static void create(int engine, u32 msr, u32 fpscr)
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
    cpu()->msr = MSR_FP | msr;
    cpu()->fpscr = fpscr;
    cpu()->fpr[3] = UNCHANGED;
    exec_state_changed(ppc);
    PUT(PROGRAM, MFSPR(4, SRR0), MFSPR(5, SRR1), END);
}

static void run(void)
{
    exec_core(ppc)->pc = CODE;
    exec_run(ppc);
}

static void destroy(void)
{
    exec_destroy(ppc);
    memory_destroy(memory);
}

/* --- enabled exceptions --- */

static const struct {
    const char *name;
    u32 word;
    u64 a, b, result;
    u32 enable, raised;
} exceptions[] = {
    {"zero divide", FDIV, ONE, 0, UNCHANGED, FPSCR_ZE, FPSCR_ZX},
    {"invalid", FDIV, 0, 0, UNCHANGED, FPSCR_VE, FPSCR_VXZDZ},
    {"inexact", FDIV, ONE, THREE, 0x3fd5555555555555, FPSCR_XE, FPSCR_XX},
    /* exponents are adjusted by 1536 (4.4.3.1, 4.4.4.1) */
    {"overflow", FADD, HUGE, HUGE, 0x1ff0000000000000, FPSCR_OE, FPSCR_OX},
    {"underflow", FDIV, 0x0010000000000000, 0x4000000000000000, 0x6000000000000000, FPSCR_UE,
     FPSCR_UX},
    {"conversion", FCTIWZ, 0, HUGE, UNCHANGED, FPSCR_VE, FPSCR_VXCVI},
    {"comparison", FCMPO, ONE, QUIET, UNCHANGED, FPSCR_VE, FPSCR_VXVC},
    {"estimate", FRES, 0, MINUS, UNCHANGED, FPSCR_ZE, FPSCR_ZX},
};
enum { EXCEPTIONS = sizeof exceptions / sizeof *exceptions };

static const u32 modes[] = {MSR_FE0 | MSR_FE1, MSR_FE0, MSR_FE1, 0};

/* At the instruction itself, in all modes but that of none; with its result if it leaves one. */
START_TEST(enabled_exceptions)
{
    for (unsigned i = 0; i < EXCEPTIONS; i++) {
        for (unsigned m = 0; m < sizeof modes / sizeof *modes; m++) {
            create(_i, modes[m], exceptions[i].enable);
            PUT(CODE, LI(31, 0), exceptions[i].word, LI(31, 1), END);
            cpu()->fpr[1] = exceptions[i].a;
            cpu()->fpr[2] = exceptions[i].b;
            run();
            ck_assert_msg(cpu()->fpr[3] == exceptions[i].result, "%s: %llx", exceptions[i].name,
                          (unsigned long long)cpu()->fpr[3]);
            ck_assert_msg(cpu()->fpscr & exceptions[i].raised && cpu()->fpscr & FPSCR_FEX,
                          "%s: FPSCR %08x", exceptions[i].name, cpu()->fpscr);
            ck_assert_uint_eq(cpu()->gpr[31], !modes[m]);
            ck_assert_uint_eq(cpu()->gpr[4], modes[m] ? CODE + 4 : 0);
            ck_assert_uint_eq(cpu()->gpr[5], modes[m] ? MSR_FP | modes[m] : 0);
            ck_assert_uint_eq(cpu()->esr, modes[m] ? ESR_FP : 0);
            destroy();
        }
    }
}
END_TEST

/* What is not enabled does not interrupt, and leaves the result that it has. */
START_TEST(disabled_exceptions)
{
    create(_i, MSR_FE0 | MSR_FE1, FPSCR_VE | FPSCR_OE | FPSCR_UE | FPSCR_XE);
    PUT(CODE, LI(31, 0), FDIV, LI(31, 1), END);
    cpu()->fpr[1] = ONE | MINUS;
    cpu()->fpr[2] = 0;
    run();
    ck_assert_uint_eq(cpu()->gpr[31], 1);
    ck_assert_uint_eq(cpu()->fpr[3], INFINITE | MINUS);
    ck_assert_uint_eq(cpu()->fpscr & (FPSCR_ZX | FPSCR_FEX), FPSCR_ZX);
    destroy();
}
END_TEST

/* An instruction that only sets FPSCR so. */
START_TEST(enabling_by_fpscr)
{
    create(_i, MSR_FE0, FPSCR_FX | FPSCR_ZX);
    PUT(CODE, LI(31, 0), MTFSFI(6, 1), LI(31, 1), END);
    run();
    ck_assert_uint_eq(cpu()->gpr[4], CODE + 4);
    ck_assert_uint_eq(cpu()->esr, ESR_FP);
    destroy();
}
END_TEST

/* MSR enables what is there already: behind mtmsr, as one that an instruction before has left. */
START_TEST(enabling_by_msr)
{
    create(_i, 0, FPSCR_ZE);
    PUT(CODE, FDIV, LI(3, MSR_FP | MSR_FE0), MTMSR(3), LI(31, 1), END);
    cpu()->fpr[1] = ONE;
    cpu()->fpr[2] = 0;
    run();
    ck_assert_uint_eq(cpu()->gpr[31], 0);
    ck_assert_uint_eq(cpu()->gpr[4], CODE + 12);
    ck_assert_uint_eq(cpu()->esr, ESR_FP | ESR_PIE);
    destroy();
}
END_TEST

/* --- results --- */

static const struct {
    const char *name;
    u32 word;
    u64 a, b, c, result;
} results[] = {
    {"fsel", FSEL, ONE, 1, 2, 2},
    {"fsel of zero", FSEL, 0, 1, 2, 2},
    {"fsel of minus zero", FSEL, MINUS, 1, 2, 2},
    {"fsel of less", FSEL, MINUS | 1, 1, 2, 1},
    {"fsel of a NaN", FSEL, QUIET, 1, 2, 1},
    {"fres of zero", FRES, 0, 0, 0, INFINITE},
    {"fres of minus zero", FRES, 0, MINUS, 0, MINUS | INFINITE},
    {"fres of infinity", FRES, 0, MINUS | INFINITE, 0, MINUS},
    {"fctiwz", FCTIWZ, 0, MINUS | 0x400fffffffffffff, 0, (u64)-3},
};

START_TEST(values)
{
    for (unsigned i = 0; i < sizeof results / sizeof *results; i++) {
        create(_i, 0, 0);
        PUT(CODE, results[i].word, END);
        cpu()->fpr[1] = results[i].a;
        cpu()->fpr[2] = results[i].b;
        cpu()->fpr[4] = results[i].c;
        run();
        ck_assert_msg(cpu()->fpr[3] == results[i].result, "%s: %llx", results[i].name,
                      (unsigned long long)cpu()->fpr[3]);
        destroy();
    }
}
END_TEST

/* --- by the host's arithmetic --- */

static u64 some_double(u32 *seed, bool single)
{
    u64 bits = 0;

    for (unsigned i = 0; i < 4; i++) {
        *seed = *seed * 1664525 + 1013904223;
        bits = bits << 16 | *seed >> 16;
    }
    if (*seed >> 30 == 0) /* a few bits only: sums and products that are exact */
        bits &= 0x800f000000000000;
    bits = (bits & 0x800fffffffffffff) | (u64)(1003 + (*seed >> 20) % 40) << 52;
    return single ? bits & ~(u64)0x1fffffff : bits;
}

/* The same result, FPSCR and CR1 as without it: that is how it is with an exception enabled. */
START_TEST(the_host_s_arithmetic)
{
    enum { TRIALS = 20000 };
    static const u8 ops[] = {18, 20, 21, 25, 28, 29, 30, 31};
    static struct ppc_cpu fast, slow;
    u32 seed = 1, done = 0;

    for (u32 i = 0; i < TRIALS; i++) {
        bool single = i & 1;
        u32 word = (single ? 59u : 63u) << 26 | 1 << 21 | 2 << 16 | 3 << 11 | 4 << 6 |
                   (u32)ops[i / 2 % 8] << 1 | (i >> 4 & 1);
        for (unsigned n = 2; n < 5; n++)
            fast.fpr[n] = some_double(&seed, single);
        if (i % 5 == 0)
            fast.fpr[3] = fast.fpr[2] ^ MINUS ^ (seed & 3) << (single ? 29 : 0);
        fast.fpscr = seed >> 31 ? FPSCR_FX | FPSCR_XX : 0;
        slow = fast;
        slow.fpscr |= FPSCR_UE;
        if (!ppc_float_fast(&fast, word))
            continue;
        done++;
        ppc_helper_float(&slow, word, 0);
        ck_assert_msg(fast.fpr[1] == slow.fpr[1] && (fast.fpscr | FPSCR_UE) == slow.fpscr &&
                          fast.cr[1] == slow.cr[1],
                      "%08x: %llx, %08x, and not %llx, %08x", word, (unsigned long long)fast.fpr[1],
                      fast.fpscr, (unsigned long long)slow.fpr[1], slow.fpscr);
    }
    ck_assert_uint_gt(done, TRIALS * 3 / 4);
}
END_TEST

/* --- for gdb --- */

static unsigned number_of(const char *name)
{
    for (unsigned n = 0; ppc_registers.at(n); n++)
        if (!strcmp(ppc_registers.at(n)->name, name))
            return n;
    ck_abort_msg("no register %s", name);
}

START_TEST(registers)
{
    static const u8 three[8] = {0x40, 8}, enabling[4] = {0x40, 0, 0, FPSCR_ZE};
    u8 bytes[8];

    create(_i, 0, FPSCR_ZE);
    cpu()->fpr[31] = ONE;
    ppc_registers.get(exec_core(ppc), number_of("f31"), bytes);
    ck_assert_mem_eq(bytes, ((u8[]){0x3f, 0xf0, 0, 0, 0, 0, 0, 0}), 8);
    ck_assert(ppc_registers.set(exec_core(ppc), number_of("f0"), three));
    ck_assert_uint_eq(cpu()->fpr[0], THREE);
    /* FEX follows from others */
    ck_assert(ppc_registers.set(exec_core(ppc), number_of("fpscr"), enabling));
    ck_assert_uint_eq(cpu()->fpscr, FPSCR_ZE);
    ck_assert_str_eq(ppc_registers.at(number_of("fpscr"))->feature, "org.gnu.gdb.power.fpu");
    destroy();
}
END_TEST

/* --- moves: values to the IR, whose code asks no template for them --- */

#define MOVE(t, b, op) (63u << 26 | (u32)(t) << 21 | (u32)(b) << 11 | (u32)(op) << 1)
#define LFD(t, imm)    (50u << 26 | (u32)(t) << 21 | (imm))
#define STFD(t, imm)   (54u << 26 | (u32)(t) << 21 | (imm))
#define LFS(t, imm)    (48u << 26 | (u32)(t) << 21 | (imm))
#define STFS(t, imm)   (52u << 26 | (u32)(t) << 21 | (imm))
#define CMPWI(f, imm)  (11u << 26 | (u32)(f) << 23 | (imm))
#define MCRF(to, from) (19u << 26 | (u32)(to) << 23 | (u32)(from) << 18)
#define CNTLZW(a, s)   X_FORM(s, a, 0, 26)

START_TEST(moves)
{
    const bool is_ir = engines[_i].jit == JIT_IR;

    create(_i, 0, 0);
    PUT(CODE, LFD(1, 0x2000), MOVE(2, 1, 40), MOVE(3, 2, 72), MOVE(4, 3, 264), MOVE(5, 4, 136),
        MOVE(5, 5, 72), STFD(5, 0x2008), LI(8, 0x40), CNTLZW(6, 8), CNTLZW(7, 0), CMPWI(7, 5),
        MCRF(0, 7), MCRF(3, 0), END);
    PUT(0x2000, (u32)(THREE >> 32), 7);
    u64 opaque = ir_stats.opaque, blocks = ir_stats.blocks;
    run();
    ck_assert_uint_eq(cpu()->fpr[1], THREE | 7);
    ck_assert_uint_eq(cpu()->fpr[2], MINUS | THREE | 7);
    ck_assert_uint_eq(cpu()->fpr[3], MINUS | THREE | 7);
    ck_assert_uint_eq(cpu()->fpr[4], THREE | 7);
    ck_assert_uint_eq(cpu()->fpr[5], MINUS | THREE | 7);
    ck_assert_uint_eq(memory_read(memory, 0x200c, 4), __builtin_bswap32(7));
    ck_assert_uint_eq(memory_read(memory, 0x2008, 4), __builtin_bswap32((MINUS | THREE) >> 32));
    ck_assert_uint_eq(cpu()->gpr[6], 25);
    ck_assert_uint_eq(cpu()->gpr[7], 32);
    ck_assert_uint_eq(ppc_cr(cpu()), (u32)CR_LT << 28 | CR_LT << 16 | CR_LT);
    ck_assert_uint_eq(ir_stats.blocks > blocks, is_ir);
    ck_assert_uint_eq(ir_stats.opaque, opaque);
    destroy();
}
END_TEST

/* In storage and in a register (book I, 4.6.2 and 4.6.3). */
static const struct {
    u32 single;
    u64 wide;
} singles[] = {
    {0, 0},
    {0x80000000, MINUS},
    {0x00000001, 0x36a0000000000000}, /* denormalised: the least */
    {0x80000100, MINUS | 0x3720000000000000},
    {0x00400000, 0x3800000000000000},
    {0x007fffff, 0x380fffffc0000000},
    {0x00800000, 0x3810000000000000},
    {0x3f800000, ONE},
    {0xbf800001, MINUS | 0x3ff0000020000000},
    {0x7f7fffff, 0x47efffffe0000000},
    {0x7f800000, INFINITE},
    {0xff800001, MINUS | 0x7ff0000020000000}, /* signalling */
    {0x7fc12345, 0x7ff82468a0000000},
};

/* What is no single loses bits. */
static const struct {
    u64 wide;
    u32 single;
} cut_off[] = {
    {0x3690000000000000, 0},
    {0x36affffffffffffe, 1},
    {MINUS | 0x380fffffffffffff, 0x807fffff},
    {0x3ff000003fffffff, 0x3f800001},
};

START_TEST(singles_in_storage)
{
    enum { SINGLES = sizeof singles / sizeof *singles, CUT_OFF = sizeof cut_off / sizeof *cut_off };

    create(_i, 0, 0);
    for (u32 n = 0; n < SINGLES; n++) {
        PUT(CODE + 8 * n, LFS(n, 0x2000 + 4 * n), STFS(n, 0x2100 + 4 * n));
        PUT(0x2000 + 4 * n, singles[n].single);
    }
    for (u32 n = 0; n < CUT_OFF; n++) {
        PUT(CODE + 8 * SINGLES + 4 * n, STFS(31 - n, 0x2200 + 4 * n));
        cpu()->fpr[31 - n] = cut_off[n].wide;
    }
    PUT(CODE + 8 * SINGLES + 4 * CUT_OFF, END);
    run();
    for (u32 n = 0; n < SINGLES; n++) {
        ck_assert_uint_eq(cpu()->fpr[n], singles[n].wide);
        ck_assert_uint_eq(__builtin_bswap32(memory_read(memory, 0x2100 + 4 * n, 4)),
                          singles[n].single);
    }
    for (u32 n = 0; n < CUT_OFF; n++)
        ck_assert_uint_eq(__builtin_bswap32(memory_read(memory, 0x2200 + 4 * n, 4)),
                          cut_off[n].single);
    destroy();
}
END_TEST

static Suite *ppc_float_suite(void)
{
    Suite *s = suite_create("powerpc floating point");
    TCase *c = tcase_create("guest");

    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, enabled_exceptions, 0, ENGINES);
    tcase_add_loop_test(c, disabled_exceptions, 0, ENGINES);
    tcase_add_loop_test(c, enabling_by_fpscr, 0, ENGINES);
    tcase_add_loop_test(c, enabling_by_msr, 0, ENGINES);
    tcase_add_loop_test(c, values, 0, ENGINES);
    tcase_add_test(c, the_host_s_arithmetic);
    tcase_add_loop_test(c, registers, 0, 1);
    tcase_add_loop_test(c, moves, 0, ENGINES);
    tcase_add_loop_test(c, singles_in_storage, 0, ENGINES);
    suite_add_tcase(s, c);
    return s;
}

TEST_MAIN(ppc_float_suite)
