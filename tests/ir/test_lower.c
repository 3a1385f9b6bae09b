/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lowering: what becomes of micro-ops. */
#include "tests/ir/test_ir.h"

#include <string.h>

static struct stream stream;

static void start(void)
{
    memset(&stream, 0, sizeof stream);
}

static struct uop *append(enum uop_code op, u8 d, u8 b, u32 p)
{
    struct uop *u = &stream.uops[stream.count++];

    *u = (struct uop){.op = (u16)op, .d = d, .b = b, .p = {p}};
    return u;
}

static void append_jump(void)
{
    append(UOP_jump, 0, 0, 0x2000);
}

START_TEST(moves_are_no_code)
{
    append(UOP_mov, T0, EAX, 0);
    append(UOP_mov, EAX, ECX, 0);
    append(UOP_mov, ECX, T0, 0);
    append(UOP_xchg, EDX, EBX, 0);
    append_jump();
    ck_assert(ir_lower(&ir, &stream));
    expect_ir("jump -> 00002000  { eax v2 ecx v1 edx v4 ebx v3 }\n");
}
END_TEST

/* Flags of an addition, which the end stores: operands are renamed, none is stored twice. */
START_TEST(flags_are_values)
{
    append(UOP_add, EAX, ECX, 0);
    append(UOP_cc_src, ECX, 0, 0);
    append(UOP_cc_dst, EAX, 0, 0);
    struct uop *mark = append(UOP_cc, 0, 0, FLAGS_ALL);
    mark->p[1] = CC_ADDL;
    mark->p[3] = STORE_LATE;
    append_jump();
    ck_assert(ir_lower(&ir, &stream));
    expect_ir("v9 = add v1, v2\n"
              "jump -> 00002000  { eax v9 cc_src v2 cc_dst v9 cc_op 0x3 }\n");
}
END_TEST

/* A condition on flags that were set in this block compares values, and reads nothing. */
START_TEST(conditions_read_what_was_written)
{
    append(UOP_cc_dst, EAX, 0, 0);
    struct uop *branch = append(UOP_j_z32, 0, 0, 0);
    branch->p[1] = 0x3000;
    branch->p[2] = FLAGS_ALL;
    append_jump();
    ck_assert(ir_lower(&ir, &stream));
    ck_assert_uint_eq(ir.insn[T0 + 1].op, IR_branch_test);
    ck_assert_uint_eq(ir.insn[T0 + 1].operand[0], entry(EAX));
}
END_TEST

/* What is not known here runs as its template: with the state in place, and results from there. */
START_TEST(unknown_micro_ops_are_opaque)
{
    append(UOP_call_lar, 0, 0, 0);
    append(UOP_add, EAX, EDX, 0);
    append_jump();
    ck_assert(ir_lower(&ir, &stream));
    ck_assert_uint_eq(ir.insn[T0 + 1].op, IR_opaque);
    for (u32 n = T0 + 2; n < ir.count - 1; n++)
        ck_assert_uint_eq(ir.insn[n].op, IR_result);
    ck_assert_uint_eq(ir.insn[ir.count - 1].op, IR_add);
    ck_assert_uint_gt(ir.insn[ir.count - 1].operand[0], T0);
}
END_TEST

START_TEST(too_long)
{
    while (stream.count < STREAM_UOPS - 1) {
        append(UOP_ld32, EAX, EBX, stream.count * 4);
        append(UOP_st32, EBX, EAX, stream.count * 4);
    }
    ck_assert(!ir_lower(&ir, &stream));
}
END_TEST

Suite *lower_suite(void)
{
    Suite *suite = suite_create("lowering");
    TCase *c = tcase_create("lowering");

    tcase_add_checked_fixture(c, start, NULL);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, moves_are_no_code);
    tcase_add_test(c, flags_are_values);
    tcase_add_test(c, conditions_read_what_was_written);
    tcase_add_test(c, unknown_micro_ops_are_opaque);
    tcase_add_test(c, too_long);
    suite_add_tcase(suite, c);
    return suite;
}
