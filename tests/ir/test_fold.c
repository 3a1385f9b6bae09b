/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folding: what single rules make of it, and random code that must mean what it meant before. */
#include "ops/host/conditions.h"
#include "tests/ir/test_ir.h"

#include <string.h>

/* --- rules --- */

START_TEST(constants)
{
    ir_ref sum = op(IR_add, constant(3), constant(4));
    leave_with(EAX, op(IR_mul, sum, constant(6)));
    ir_fold(&ir);
    expect_ir("jump -> 00002000  { eax 0x2a }\n");
}
END_TEST

START_TEST(sums_become_one)
{
    ir_ref v = op(IR_add, entry(EAX), constant(4));
    v = op(IR_add, v, constant(4));
    leave_with(EAX, op(IR_sub, v, constant(1)));
    ir_fold(&ir);
    ir_sink(&ir);
    expect_ir("v11 = add v1, 0x7\njump -> 00002000  { eax v11 }\n");
}
END_TEST

/* As of a stack pointer behind a function; somebody may use what it was meanwhile. */
START_TEST(a_sum_of_nothing_vanishes)
{
    ir_ref below = op(IR_add, entry(EAX), constant(-16u));
    ir_ref used = op(IR_mul, below, entry(ECX));
    leave_with(EDX, op(IR_xor, used, op(IR_add, below, constant(16))));
    ir_fold(&ir);
    expect_ir("v9 = add v1, 0xfffffff0\nv10 = mul v9, v2\nv12 = xor v10, v1\n"
              "jump -> 00002000  { edx v12 }\n");
}
END_TEST

/* (a + b) - b, as flags of a subtraction are looked at. */
START_TEST(operands_come_back)
{
    ir_ref v = op(IR_add, entry(EAX), entry(ECX));
    leave_with(EDX, op(IR_sub, v, entry(ECX)));
    ir_fold(&ir);
    ir_sink(&ir);
    expect_ir("jump -> 00002000  { edx v1 }\n");
}
END_TEST

START_TEST(common_subexpressions)
{
    ir_ref v = op(IR_xor, entry(EAX), entry(ECX)), w = op(IR_xor, entry(EAX), entry(ECX));
    leave_with(EAX, op(IR_mul, v, w));
    ir_fold(&ir);
    expect_ir("v9 = xor v1, v2\nv11 = mul v9, v9\njump -> 00002000  { eax v11 }\n");
}
END_TEST

/* Over a template they would have to be kept in memory. */
START_TEST(not_over_templates)
{
    static struct stream stream = {.table = &i386_uops, .count = 1};
    ir_ref v = op(IR_xor, entry(EAX), entry(ECX)), w;

    stream.uops[0] = uop_make(&i386_uops, UOP_call_flags, 0);
    ir.stream = &stream;
    op(IR_opaque, IR_NONE, IR_NONE);
    w = op(IR_xor, entry(EAX), entry(ECX));
    leave_with(EAX, op(IR_mul, v, w));
    ir_fold(&ir);
    ck_assert_uint_eq(ir.insn[w].op, IR_xor);
}
END_TEST

START_TEST(masks_become_extensions)
{
    ir_ref v = op(IR_and, entry(EAX), constant(0xff));
    leave_with(EAX, op(IR_and, v, constant(0xffff)));
    ir_fold(&ir);
    expect_ir("v9 = zero8 v1\njump -> 00002000  { eax v9 }\n");
}
END_TEST

/* The byte that was inserted is the byte that is read. */
START_TEST(inserted_byte)
{
    ir_ref v = op(IR_insert8, entry(EAX), entry(ECX));
    leave_with(EDX, op(IR_zero8, v, IR_NONE));
    ir_fold(&ir);
    ir_sink(&ir);
    expect_ir("v10 = zero8 v2\njump -> 00002000  { edx v10 }\n");
}
END_TEST

/* The zero flag of a comparison's result, as 0 or 1, which a branch tests: its operands. */
START_TEST(comparison_of_comparison)
{
    ir_ref v = op(IR_sub, entry(EAX), entry(ECX));
    v = compare(IR_test, IF_equal, v, v);
    compare(IR_branch_test, IF_not_equal, v, v);
    ir.insn[ir.count].imm = 0x3000;
    leave_with(EAX, IR_NONE);
    ir_fold(&ir);
    ir_sink(&ir);
    expect_ir("branch_cmp equal, v1, v2 -> 00003000\njump -> 00002000  { }\n");
}
END_TEST

/* A constant in front changes places with what it is compared to. */
START_TEST(constants_are_compared_last)
{
    compare(IR_branch_cmp, IF_equal, constant(7), entry(EAX));
    compare(IR_branch_cmp, IF_below, constant(7), entry(EAX));
    compare(IR_branch_cmp, IF_not_greater, constant(7), entry(EAX));
    compare(IR_branch_cmp, IF_equal, constant(0), entry(EAX));
    leave_with(EAX, entry(EAX));
    ir_fold(&ir);
    expect_ir("branch_cmp equal, v1, 0x7 -> 00000000\n"
              "branch_cmp above, v1, 0x7 -> 00000000\n"
              "branch_cmp not_less, v1, 0x7 -> 00000000\n"
              "branch_test equal, v1, v1 -> 00000000\n"
              "jump -> 00002000  { }\n");
}
END_TEST

START_TEST(branch_never_taken)
{
    compare(IR_branch_cmp, IF_below, constant(2), constant(1));
    ir_fold(&ir);
    ck_assert_uint_eq(ir.insn[ir.count].op, IR_never);
}
END_TEST

START_TEST(addresses)
{
    ir_ref index = op(IR_shl, entry(ECX), constant(2));
    ir_ref base = op(IR_add, entry(EAX), constant(8));
    leave_with(EAX, lea(base, index, 0, 4));
    ir_fold(&ir);
    ir_sink(&ir);
    expect_ir("v11 = lea v1, v2 << 2, 0xc\njump -> 00002000  { eax v11 }\n");
}
END_TEST

START_TEST(counts_are_modulo_32)
{
    leave_with(ECX, op(IR_shl, entry(EAX), constant(32)));
    ir_fold(&ir);
    expect_ir("jump -> 00002000  { ecx v1 }\n");
}
END_TEST

/* --- random code --- */

enum { LENGTH = 60, ROUNDS = 3000, CASES = 4 };

static const u32 corners[] = {0,      1,          2,          4,          31,
                              32,     0x7f,       0x80,       0xff,       0x8000,
                              0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};

static u32 some_number(void)
{
    return below(3) ? corners[below(sizeof corners / sizeof *corners)] : next_random();
}

static ir_ref some_value(void)
{
    ir_ref v = (ir_ref)(1 + below(ir.count));

    return ir.insn[v].op < IR_load && below(4) ? v : constant(some_number());
}

static void append_random(void)
{
    enum ir_op code = (enum ir_op)(IR_add + below(IR_page - IR_add + 1));
    unsigned operands = ir_op_info[code].operands;
    ir_ref v[3] = {IR_NONE};

    if (!(ir_op_info[code].traits & PURE) || code == IR_mulh)
        return;
    for (unsigned n = 0; n < operands; n++)
        v[n] = some_value();
    if (code == IR_adc || code == IR_sbb) /* a carry is 0 or 1 */
        v[2] = below(2) ? constant(below(2)) : op(IR_and, v[2], constant(1));
    struct ir_insn *i = ir_append(&ir, code, v[0], v[1], v[2]);
    if (code == IR_cmp || code == IR_test)
        i->cc = (u8)below(CONDITIONS);
    if (code == IR_lea)
        i->size = (u8)below(4);
    if (code == IR_lea || code == IR_page)
        i->imm = some_number();
}

static void append_branch(void)
{
    ir_ref a = some_value(), b = some_value();

    compare(below(2) ? IR_branch_cmp : IR_branch_test, (enum uop_condition)below(CONDITIONS), a, b);
}

static void make_code(void)
{
    ir_setup();
    while (ir.count < LENGTH)
        if (below(8))
            append_random();
        else
            append_branch();
    leave_with(EAX, IR_NONE);
    for (unsigned k = 0; k < T0; k++)
        ir_see(&ir.snapshot[ir.snapshots - 1], k, some_value());
}

/* What registers are at the end, and which branches are taken. */
struct meaning {
    u32 reg[T0];
    bool taken[LENGTH * 2];
};

static u32 value_of(const u32 *values, ir_ref v)
{
    return ir_is_const(v) ? ir_value(&ir, v) : v ? values[v] : 0;
}

static struct meaning meaning_of(const u32 *entries)
{
    static u32 values[IR_INSNS];
    struct meaning m = {.taken = {false}};

    memcpy(values + 1, entries, T0 * sizeof *values);
    for (u32 n = T0 + 1; n <= ir.count; n++) {
        struct ir_insn i = ir.insn[n];
        bool branch = i.op == IR_branch_cmp || i.op == IR_branch_test;
        if (branch)
            i.op = i.op == IR_branch_cmp ? IR_cmp : IR_test;
        if (!(ir_op_info[i.op].traits & PURE))
            continue;
        values[n] = ir_evaluate(&i, value_of(values, i.operand[0]), value_of(values, i.operand[1]),
                                value_of(values, i.operand[2]));
        if (branch)
            m.taken[n] = values[n];
    }
    for (unsigned k = 0; k < T0; k++)
        m.reg[k] = value_of(values, ir_seen(&ir.snapshot[ir.snapshots - 1], k));
    return m;
}

START_TEST(random_code)
{
    u32 entries[CASES][T0];
    struct meaning before[CASES];

    for (unsigned round = 0; round < ROUNDS; round++) {
        make_code();
        for (unsigned n = 0; n < CASES; n++) {
            for (unsigned k = 0; k < T0; k++)
                entries[n][k] = some_number();
            before[n] = meaning_of(entries[n]);
        }
        ir_fold(&ir);
        ir_sink(&ir);
        for (unsigned n = 0; n < CASES; n++) {
            struct meaning after = meaning_of(entries[n]);
            ck_assert_msg(memcmp(&after, &before[n], sizeof after) == 0, "round %u", round);
        }
    }
}
END_TEST

/* --- conditions --- */

static bool holds(enum ir_op op, enum uop_condition cc, u32 a, u32 b)
{
    return ir_evaluate(&(struct ir_insn){.op = (u8)op, .cc = (u8)cc}, a, b, 0);
}

/* They mean what micro-ops mean by the same names, and so do their opposites. */
START_TEST(conditions)
{
    static const u32 numbers[] = {0, 1, 2, 0x7f, 0x80, 0x7fffffff, 0x80000000, 0x80000001, ~0u};
    u32 a = numbers[_i];

    for (unsigned n = 0; n < sizeof numbers / sizeof *numbers; n++) {
        u32 b = numbers[n];
#define SAME(name, ...)                                                                            \
    ck_assert_msg(holds(IR_cmp, IF_##name, a, b) == IS_##name(a, b) &&                             \
                      holds(IR_cmp, IF_##name ^ 1, a, b) != IS_##name(a, b),                       \
                  "%#x " #name " %#x", a, b);
#define SAME_OF_AND(name, ...)                                                                     \
    ck_assert_msg(holds(IR_test, IF_##name, a, b) == IS_##name(a & b, 0u), "%#x & %#x " #name, a,  \
                  b);
        EACH_COMPARE_CONDITION(SAME, )
        EACH_TEST_CONDITION(SAME_OF_AND, )
        ck_assert(holds(IR_cmp, IF_even, a, b) == !__builtin_parity((a - b) & 0xff));
        ck_assert(holds(IR_cmp, IF_odd, a, b) == __builtin_parity((a - b) & 0xff));
    }
}
END_TEST

Suite *fold_suite(void)
{
    Suite *suite = suite_create("folding");
    TCase *c = tcase_create("folding");

    tcase_add_checked_fixture(c, ir_setup, NULL);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, constants);
    tcase_add_test(c, sums_become_one);
    tcase_add_test(c, a_sum_of_nothing_vanishes);
    tcase_add_test(c, operands_come_back);
    tcase_add_test(c, common_subexpressions);
    tcase_add_test(c, not_over_templates);
    tcase_add_test(c, masks_become_extensions);
    tcase_add_test(c, inserted_byte);
    tcase_add_test(c, comparison_of_comparison);
    tcase_add_test(c, constants_are_compared_last);
    tcase_add_test(c, branch_never_taken);
    tcase_add_test(c, addresses);
    tcase_add_test(c, counts_are_modulo_32);
    tcase_add_test(c, random_code);
    tcase_add_loop_test(c, conditions, 0, 9);
    suite_add_tcase(suite, c);
    return suite;
}
