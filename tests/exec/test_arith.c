/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arithmetic helpers against the same instructions on the host CPU. */
#include "tests/exec/bare_cpu.h"
#include "tests/exec/native.h"

#include <string.h>

enum { ROUNDS = 4000 };

/* Numbers that sit on edges, and others. */
static u32 number(void)
{
    static const u32 edges[] = {
        0,       1,          2,          0x7f, 0x80, 0xff,       0x100,      0x7fff, 0x8000, 0xffff,
        0x10000, 0x7fffffff, 0x80000000, ~0u,  ~1u,  0xffffff80, 0xffff8000, 9,      0x99};
    u32 pick = bare_random();
    if (pick % 3 == 0)
        return edges[pick / 3 % (sizeof edges / sizeof edges[0])];
    return pick % 3 == 1 ? bare_random() : bare_random() >> (bare_random() & 31);
}

static u32 mask_of(unsigned size)
{
    return 0xffffffff >> (32 - 8 * size);
}

/* The same registers and flags for both; the helper's operands in T0 and T1 are the test's. */
static struct native_state random_state(void)
{
    struct native_state s = {.flags = bare_random() & FLAGS_ARITH};
    for (unsigned i = EAX; i <= EDI; i++)
        s.regs[i] = number();
    return s;
}

static void give(const struct native_state *s)
{
    memcpy(bare.cpu->regs, s->regs, sizeof s->regs);
    cc_set(bare.cpu, s->flags);
}

/* An instruction with an operand-size prefix if it is a 16-bit one. */
static bool run(const u8 *bytes, size_t count, unsigned size, struct native_state *s)
{
    u8 code[16] = {0x66};
    size_t prefix = size == 2;
    memcpy(code + prefix, bytes, count);
    return native_run(code, count + prefix, s);
}

static void check_flags(const char *what, const struct native_state *before,
                        const struct native_state *after, u32 defined)
{
    u32 flags = cc_get(bare.cpu);
    ck_assert_msg((flags & defined) == (after->flags & defined),
                  "%s: flags %03x, the host has %03x of %03x (eax %08x ebx %08x ecx %08x edx %08x "
                  "flags %03x)",
                  what, flags & defined, after->flags & defined, defined, before->regs[EAX],
                  before->regs[EBX], before->regs[ECX], before->regs[EDX], before->flags);
}

static void check_regs(const char *what, const struct native_state *before,
                       const struct native_state *after)
{
    for (unsigned i = EAX; i <= EDI; i++)
        ck_assert_msg(bare.cpu->regs[i] == after->regs[i],
                      "%s: register %u is %08x, the host has %08x (eax %08x ebx %08x ecx %08x "
                      "edx %08x flags %03x)",
                      what, i, bare.cpu->regs[i], after->regs[i], before->regs[EAX],
                      before->regs[EBX], before->regs[ECX], before->regs[EDX], before->flags);
}

/* --- shifts and rotates: EBX by CL --- */

static u32 rotate_flags(unsigned count)
{
    if (count == 0 || count == 1)
        return FLAGS_ARITH;
    return FLAGS_ARITH & ~FLAG_OF;
}

static u32 shift_flags(unsigned count, unsigned width)
{
    u32 flags = FLAG_ZF | FLAG_SF | FLAG_PF;
    if (count == 0)
        return FLAGS_ARITH;
    if (count <= width)
        flags |= FLAG_CF;
    if (count == 1)
        flags |= FLAG_OF;
    return flags;
}

struct shift {
    const char *name;
    unsigned extension; /* in the opcode's modrm byte */
    helper_fn *helper;
    u32 kind;
    bool rotates;
};

static const struct shift shifts[] = {
    {"rol", 0, helper_rotate, 0, true},       {"ror", 1, helper_rotate, 1, true},
    {"rcl", 2, helper_rotate_carry, 0, true}, {"rcr", 3, helper_rotate_carry, 1, true},
    {"shl", 4, helper_shift, 0, false},       {"shr", 5, helper_shift, 1, false},
    {"sar", 7, helper_shift, 2, false},
};

static void check_shift(const struct shift *op, unsigned size)
{
    u8 code[] = {size == 1 ? 0xd2 : 0xd3, (u8)(0xc0 | op->extension << 3 | EBX)};
    struct native_state before = random_state(), after;
    unsigned count = before.regs[ECX] & 31;
    u32 *t1 = &bare.cpu->regs[T1];

    after = before;
    ck_assert(run(code, sizeof code, size, &after));
    give(&before);
    bare.cpu->regs[T0] = before.regs[ECX] & 0xff;
    *t1 = before.regs[EBX] & mask_of(size);
    ck_assert_int_eq(bare_try(op->helper, size | op->kind << 4, 0), NOT_RAISED);
    ck_assert_msg(*t1 == (after.regs[EBX] & mask_of(size)), "%s %u: %08x by %u gave %08x", op->name,
                  size, before.regs[EBX], count, *t1);
    check_flags(op->name, &before, &after,
                op->rotates ? rotate_flags(count) : shift_flags(count, 8 * size));
}

START_TEST(test_shift)
{
    for (unsigned round = 0; round < ROUNDS; round++)
        for (unsigned size = 1; size <= 4; size *= 2)
            check_shift(&shifts[_i], size);
}
END_TEST

/* SHLD, SHRD ebx, edx, cl. */
static void check_shift_double(unsigned size, unsigned right)
{
    u8 code[] = {0x0f, right ? 0xad : 0xa5, 0xc0 | EDX << 3 | EBX};
    struct native_state before = random_state(), after;
    unsigned count = before.regs[ECX] & 31;
    u32 *t1 = &bare.cpu->regs[T1];

    if (count > 8 * size) {
        before.regs[ECX] ^= 16;
        count &= 15;
    }
    after = before;
    ck_assert(run(code, sizeof code, size, &after));
    give(&before);
    bare.cpu->regs[T0] = before.regs[ECX] & 0xff;
    *t1 = before.regs[EBX] & mask_of(size);
    ck_assert_int_eq(bare_try(helper_shift_double, size | right << 4 | EDX << 8, 0), NOT_RAISED);
    ck_assert_msg(*t1 == (after.regs[EBX] & mask_of(size)), "%s %u: %08x, %08x by %u gave %08x",
                  right ? "shrd" : "shld", size, before.regs[EBX], before.regs[EDX], count, *t1);
    check_flags("shld/shrd", &before, &after, shift_flags(count, 8 * size));
}

START_TEST(test_shift_double)
{
    for (unsigned round = 0; round < ROUNDS; round++)
        for (unsigned variant = 0; variant < 4; variant++)
            check_shift_double(variant & 1 ? 2 : 4, variant >> 1);
}
END_TEST

/* Past 16 a 16-bit SHLD takes bits of the destination again, as P6 processors do. */
START_TEST(test_shift_double_past_width)
{
    u32 *r = bare.cpu->regs;

    r[T1] = 0x1234, r[EDX] = 0xabcd, r[T0] = 20;
    ck_assert_int_eq(bare_try(helper_shift_double, 2 | EDX << 8, 0), NOT_RAISED);
    ck_assert_uint_eq(r[T1], 0xbcd1);
    r[T1] = 0x1234, r[EDX] = 0xabcd, r[T0] = 20;
    ck_assert_int_eq(bare_try(helper_shift_double, 2 | 1 << 4 | EDX << 8, 0), NOT_RAISED);
    ck_assert_uint_eq(r[T1], 0x4abc);
}
END_TEST

/* --- division by EBX --- */

static void check_divide(unsigned size, bool is_signed)
{
    u8 code[] = {size == 1 ? 0xf6 : 0xf7, (u8)(is_signed ? 0xf8 | EBX : 0xf0 | EBX)};
    struct native_state before = random_state(), after;
    bool done;
    int vector;

    /* Half of the dividends are small enough to have a quotient. */
    if (bare_random() & 1)
        before.regs[EDX] = before.regs[EAX] & 0x80000000 && is_signed ? ~0u : 0;
    after = before;
    done = run(code, sizeof code, size, &after);
    give(&before);
    bare.cpu->regs[T1] = before.regs[EBX] & mask_of(size);
    vector = bare_try(is_signed ? helper_idiv : helper_div, size, 0);
    ck_assert_msg(vector == (done ? NOT_RAISED : EXC_DE), "div %u: %d for %08x:%08x / %08x", size,
                  vector, before.regs[EDX], before.regs[EAX], before.regs[EBX]);
    check_regs("div", &before, done ? &after : &before);
}

START_TEST(test_divide)
{
    for (unsigned round = 0; round < ROUNDS; round++)
        for (unsigned size = 1; size <= 4; size *= 2)
            check_divide(size, _i);
}
END_TEST

START_TEST(test_divide_smallest)
{
    give(&(struct native_state){.regs = {[EAX] = 0, [EDX] = 0x80000000}});
    bare.cpu->regs[T1] = ~0u;
    ck_assert_int_eq(bare_try(helper_idiv, 4, 0), EXC_DE);
}
END_TEST

/* --- decimal --- */

struct decimal {
    const char *name;
    u8 code[2];
    unsigned length;
    helper_fn *helper;
    u32 defined; /* flags */
};

static const struct decimal decimals[] = {
    {"daa", {0x27}, 1, helper_daa, FLAGS_ARITH & ~FLAG_OF},
    {"das", {0x2f}, 1, helper_das, FLAGS_ARITH & ~FLAG_OF},
    {"aaa", {0x37}, 1, helper_aaa, FLAG_CF | FLAG_AF},
    {"aas", {0x3f}, 1, helper_aas, FLAG_CF | FLAG_AF},
    {"aam", {0xd4, 10}, 2, helper_aam, FLAG_ZF | FLAG_SF | FLAG_PF},
    {"aam 7", {0xd4, 7}, 2, helper_aam, FLAG_ZF | FLAG_SF | FLAG_PF},
    {"aad", {0xd5, 10}, 2, helper_aad, FLAG_ZF | FLAG_SF | FLAG_PF},
    {"aad 200", {0xd5, 200}, 2, helper_aad, FLAG_ZF | FLAG_SF | FLAG_PF},
};

static void check_decimal(const struct decimal *op, u32 eax, u32 flags)
{
    struct native_state before = {.regs = {eax}, .flags = flags}, after = before;

    ck_assert(native_run(op->code, op->length, &after));
    give(&before);
    ck_assert_int_eq(bare_try(op->helper, op->code[1], 0), NOT_RAISED);
    check_regs(op->name, &before, &after);
    check_flags(op->name, &before, &after, op->defined);
}

START_TEST(test_decimal)
{
    for (u32 ax = 0; ax < 0x10000; ax += ax < 0x200 || ax >= 0xfe00 ? 1 : 37)
        for (u32 flags = 0; flags < 4; flags++)
            check_decimal(&decimals[_i], 0x12340000 | ax,
                          (flags & 1 ? FLAG_CF : 0) | (flags & 2 ? FLAG_AF : 0));
}
END_TEST

START_TEST(test_aam_zero)
{
    ck_assert_int_eq(bare_try(helper_aam, 0, 0), EXC_DE);
}
END_TEST

/* --- with memory --- */

static u8 *native_data(void)
{
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): mapped at a chosen place */
    return (u8 *)(uintptr_t)NATIVE_DATA;
}

/* The helper will see flat segments, and the memory that the host's instruction has. */
static void flat_cpu(void)
{
    for (unsigned i = 0; i < SEGMENTS; i++)
        segment_load(&bare.cpu->seg[i], 8, (struct descriptor){0xffff, 0xcf9300});
    bare.cpu->cr0 |= CR0_PE;
    cpu_update_mode(bare.cpu);
}

static void fill_data(void)
{
    static const u8 nop = 0x90;
    ck_assert(native_run(&nop, 1, &(struct native_state){.flags = 0})); /* maps it */
    for (u32 i = 0; i < NATIVE_DATA_SIZE; i += 4) {
        u32 word = bare_random();
        memcpy(native_data() + i, &word, 4);
        poke(NATIVE_DATA + i, word, 4);
    }
}

static void check_data(const char *what)
{
    for (u32 i = 0; i < NATIVE_DATA_SIZE; i++)
        ck_assert_msg(peek(NATIVE_DATA + i, 1) == native_data()[i], "%s: byte %x is %02x, not %02x",
                      what, i, peek(NATIVE_DATA + i, 1), native_data()[i]);
}

/* CMPXCHG8B [esi] */
START_TEST(test_cmpxchg8b)
{
    static const u8 code[] = {0x0f, 0xc7, 0x08 | ESI};

    flat_cpu();
    fill_data();
    for (unsigned round = 0; round < 100; round++) {
        struct native_state before = random_state(), after;
        before.regs[ESI] = NATIVE_DATA + bare_random() % (NATIVE_DATA_SIZE - 8);
        if (round & 1) {
            before.regs[EAX] = peek(before.regs[ESI], 1) | peek(before.regs[ESI] + 1, 1) << 8 |
                               peek(before.regs[ESI] + 2, 1) << 16 |
                               peek(before.regs[ESI] + 3, 1) << 24;
            before.regs[EDX] = peek(before.regs[ESI] + 4, 1) | peek(before.regs[ESI] + 5, 1) << 8 |
                               peek(before.regs[ESI] + 6, 1) << 16 |
                               peek(before.regs[ESI] + 7, 1) << 24;
        }
        after = before;
        ck_assert(native_run(code, sizeof code, &after));
        give(&before);
        bare.cpu->regs[T0] = before.regs[ESI];
        ck_assert_int_eq(bare_try(helper_cmpxchg8b, 0, 0), NOT_RAISED);
        check_regs("cmpxchg8b", &before, &after);
        check_flags("cmpxchg8b", &before, &after, FLAGS_ARITH);
    }
    check_data("cmpxchg8b");
}
END_TEST

/* BOUND ebx, [esi] */
START_TEST(test_bound)
{
    static const u8 code[] = {0x62, EBX << 3 | ESI};
    unsigned size = _i ? 2 : 4;

    flat_cpu();
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct native_state before = random_state(), after;
        u32 lower = number() & mask_of(size), upper = number() & mask_of(size);
        fill_data();
        memcpy(native_data(), &lower, size);
        memcpy(native_data() + size, &upper, size);
        before.regs[ESI] = NATIVE_DATA;
        after = before;
        bool inside = run(code, sizeof code, size, &after);
        give(&before);
        bare.cpu->regs[T0] = lower;
        bare.cpu->regs[T1] = upper;
        ck_assert_int_eq(bare_try(helper_bound, size, EBX), inside ? NOT_RAISED : EXC_BR);
    }
}
END_TEST

static void check_stack(const char *what, const u8 *code, size_t length, helper_fn *helper,
                        unsigned size, u32 b)
{
    struct native_state before = random_state(), after;

    before.regs[ESP] = NATIVE_DATA + 0x800 + bare_random() % 64;
    before.regs[EBP] = NATIVE_DATA + 0xa00 + bare_random() % 64;
    after = before;
    ck_assert(run(code, length, size, &after));
    give(&before);
    ck_assert_int_eq(bare_try(helper, size, b), NOT_RAISED);
    check_regs(what, &before, &after);
    check_flags(what, &before, &after, FLAGS_ARITH);
    check_data(what);
}

START_TEST(test_pusha_popa)
{
    static const u8 pusha = 0x60, popa = 0x61;

    flat_cpu();
    fill_data();
    for (unsigned round = 0; round < 20; round++) {
        check_stack("pusha", &pusha, 1, helper_pusha, 4, 0);
        check_stack("pushaw", &pusha, 1, helper_pusha, 2, 0);
        check_stack("popa", &popa, 1, helper_popa, 4, 0);
        check_stack("popaw", &popa, 1, helper_popa, 2, 0);
    }
}
END_TEST

START_TEST(test_enter)
{
    unsigned level = (unsigned)_i;
    u8 code[] = {0xc8, 0x24, 0x01, (u8)(level | 0xe0)};

    flat_cpu();
    fill_data();
    check_stack("enter", code, sizeof code, helper_enter, 4, 0x124 | (level | 0xe0) << 16);
    check_stack("enterw", code, sizeof code, helper_enter, 2, 0x124 | (level | 0xe0) << 16);
}
END_TEST

/* A fault in the middle leaves the registers alone. */
START_TEST(test_stack_fault)
{
    struct native_state before = random_state();

    flat_cpu();
    bare.cpu->seg[SS].limit = NATIVE_DATA + 0x7ff;
    bare.cpu->seg[SS].attr |= SEG_EXPAND_DOWN;
    segment_update_bounds(&bare.cpu->seg[SS]);
    before.regs[ESP] = NATIVE_DATA + 0x810;
    give(&before);
    ck_assert_int_eq(bare_try(helper_pusha, 4, 0), EXC_SS);
    ck_assert_uint_eq(bare.error, 0);
    check_regs("pusha", &before, &before);
    ck_assert_int_eq(bare_try(helper_enter, 4, 0x20), EXC_SS);
    check_regs("enter", &before, &before);
    bare.cpu->regs[ESP] = 0xffffffe0;
    before = (struct native_state){0};
    memcpy(before.regs, bare.cpu->regs, sizeof before.regs);
    ck_assert_int_eq(bare_try(helper_popa, 4, 0), NOT_RAISED);
    give(&before);
    bare.cpu->seg[SS].attr &= ~SEG_D;
    segment_update_bounds(&bare.cpu->seg[SS]);
    ck_assert_int_eq(bare_try(helper_popa, 4, 0), EXC_SS);
    check_regs("popa", &before, &before);
}
END_TEST

/* --- the lazy flags --- */

/* ADD, SUB, AND of EBX and EDX, then INC or DEC of the result, as micro-ops would note them. */
static void check_lazy(unsigned kind, unsigned width, unsigned inc)
{
    static const u8 opcodes[] = {0x00, 0x28, 0x20};
    unsigned size = 1u << width;
    u8 code[] = {(u8)(opcodes[kind] | (size > 1)), 0xc0 | EDX << 3 | EBX};
    u8 inc_code[] = {size == 1 ? 0xfe : 0xff, (u8)(0xc0 | (inc == 2) << 3 | EBX)};
    struct native_state before = random_state(), after = before;
    u32 x = before.regs[EBX], y = before.regs[EDX];
    u32 result = kind == 0 ? x + y : kind == 1 ? x - y : x & y;

    ck_assert(run(code, sizeof code, size, &after));
    bare.cpu->cc_op = CC_ADDB + 3 * kind + width;
    bare.cpu->cc_dst = result;
    bare.cpu->cc_src = y;
    check_flags("lazy", &before, &after, kind == 2 ? FLAGS_ARITH & ~FLAG_AF : FLAGS_ARITH);
    if (kind == 1) {
        bare.cpu->cc_op = CC_CMPB + width;
        bare.cpu->cc_dst = x;
        check_flags("lazy cmp", &before, &after, FLAGS_ARITH);
    }
    if (!inc)
        return;
    ck_assert(run(inc_code, sizeof inc_code, size, &after));
    bare.cpu->cc_op |= ((inc == 1 ? CC_INCB : CC_DECB) + width) << 8;
    bare.cpu->inc_dst = inc == 1 ? result + 1 : result - 1;
    check_flags("lazy inc", &before, &after, FLAGS_ARITH);
}

START_TEST(test_lazy)
{
    for (unsigned round = 0; round < ROUNDS; round++)
        for (unsigned variant = 0; variant < 27; variant++)
            check_lazy(variant % 3, variant / 3 % 3, variant / 9);
}
END_TEST

/* ADC and SBB with carries out of each bit. */
START_TEST(test_lazy_carry)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        unsigned width = round % 3, size = 1u << width;
        bool sbb = round & 1;
        u8 code[] = {(u8)((sbb ? 0x18 : 0x10) | (size > 1)), 0xc0 | EDX << 3 | EBX};
        struct native_state before = random_state(), after = before;
        u32 x = before.regs[EBX], y = before.regs[EDX], c = before.flags & FLAG_CF;
        u32 result = sbb ? x - y - c : x + y + c;
        ck_assert(run(code, sizeof code, size, &after));
        bare.cpu->cc_op = CC_CARRYB + width;
        bare.cpu->cc_dst = result;
        bare.cpu->cc_src = sbb ? (~x & y) | ((~x | y) & result) : (x & y) | ((x | y) & ~result);
        check_flags("adc/sbb", &before, &after, FLAGS_ARITH);
    }
}
END_TEST

/* SHR and SAR: what was shifted but for the last step, and the result. */
START_TEST(test_lazy_right_shift)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        unsigned width = round % 3, size = 1u << width, bits = size * 8;
        u8 count = (u8)(1 + round / 6 % (bits - 1));
        bool sar = round & 1;
        u8 code[] = {size > 1 ? 0xc1 : 0xc0, (sar ? 0xf8 : 0xe8) | EBX, count};
        struct native_state before = random_state(), after = before;
        u32 x = before.regs[EBX];
        s64 value = size == 1   ? sar ? (s8)x : (u8)x
                    : size == 2 ? sar ? (s16)x : (u16)x
                    : sar       ? (s64)(s32)x
                                : (s64)x;
        ck_assert(run(code, sizeof code, size, &after));
        bare.cpu->cc_op = CC_SHRB + width;
        bare.cpu->cc_dst = (u32)(value >> count);
        bare.cpu->cc_src = (u32)(value >> (count - 1));
        check_flags(sar ? "sar" : "shr", &before, &after,
                    FLAGS_ARITH & ~(u32)(FLAG_AF | (count > 1 ? FLAG_OF : 0)));
    }
}
END_TEST

Suite *arith_suite(void)
{
    Suite *suite = suite_create("arithmetic");
    TCase *tests = tcase_create("against the host");

    tcase_add_checked_fixture(tests, bare_setup, bare_teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, test_shift, 0, sizeof shifts / sizeof shifts[0]);
    tcase_add_test(tests, test_shift_double);
    tcase_add_test(tests, test_shift_double_past_width);
    tcase_add_loop_test(tests, test_divide, 0, 2);
    tcase_add_test(tests, test_divide_smallest);
    tcase_add_loop_test(tests, test_decimal, 0, sizeof decimals / sizeof decimals[0]);
    tcase_add_test(tests, test_aam_zero);
    tcase_add_test(tests, test_cmpxchg8b);
    tcase_add_loop_test(tests, test_bound, 0, 2);
    tcase_add_test(tests, test_pusha_popa);
    tcase_add_loop_test(tests, test_enter, 0, 32);
    tcase_add_test(tests, test_stack_fault);
    tcase_add_test(tests, test_lazy);
    tcase_add_test(tests, test_lazy_carry);
    tcase_add_test(tests, test_lazy_right_shift);
    suite_add_tcase(suite, tests);
    return suite;
}
