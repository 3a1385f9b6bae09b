/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lowering: what becomes of micro-ops. */
#include "exec/i386/i386.h"
#include "tests/ir/test_ir.h"

#include <string.h>

static struct stream stream;

static void start(void)
{
    stream_start(&stream, &i386_uops, 0, 0, 0);
}

static struct uop *append(u16 op, u8 d, u8 b, u32 p)
{
    struct uop *u = stream_append(&stream, op, 0);

    u->d = d;
    u->b = b;
    u->imm[0] = p;
    return u;
}

static void append_jump(void)
{
    append(UOP_jump, 0, 0, 0)->to.target = 0x2000;
}

static struct uop *append_mark(enum flag_part parts, enum cc cc)
{
    struct uop *mark = append((enum uop_code)UOP_cc, 0, 0, 0);

    mark->flags.parts = (u8)parts;
    mark->flags.kind = (u8)cc;
    mark->flags.storing = STORE_LATE;
    return mark;
}

/* A note that is put off is seen by the access behind it; not so what is nothing in between. */
START_TEST(notes_are_seen)
{
    struct uop *note = append(UOP_x87_at, 0, 0, 0x1234);

    note->imm[1] = 0x5678;
    note->late = true;
    append(UOP_ld32, EAX, ECX, 0);
    append_jump();
    ck_assert(ir_lower(&ir, &stream));
    ck_assert_uint_eq(ir_seen(&ir.snapshot[0], IR_LOCATIONS + FIELD_X87_CODE), constant(0x1234));
    ck_assert_uint_eq(ir_seen(&ir.snapshot[0], IR_LOCATIONS + FIELD_X87_OPCODE), constant(0x5678));
    ck_assert_uint_eq(ir_seen(&ir.snapshot[0], T0), IR_NONE);
}
END_TEST

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
    append_mark(FLAGS_ALL, CC_ADDL);
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
    branch->to.target = 0x3000;
    branch->to.dead = FLAGS_ALL;
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

/* --- flags as bits of EFLAGS --- */

static u32 some_number(void)
{
    static const u32 corners[] = {0, 1, 0x0f, 0x10, 0x7f, 0x80, 0xff, 0x8000, 0x7fffffff, ~0u};

    return below(2) ? corners[below(sizeof corners / sizeof *corners)] : next_random();
}

/* What cc_src becomes at the block's end, of registers that are as given. */
static u32 stored_source(const u32 *regs)
{
    static u32 values[IR_INSNS];
    const struct ir_snapshot *s = &ir.snapshot[ir.snapshots - 1];
    ir_ref v = ir_seen(s, IR_LOCATIONS + FIELD_CC_SRC);

    for (u32 n = 1; n <= ir.count; n++) {
        const struct ir_insn *i = &ir.insn[n];
        u32 operand[IR_OPERANDS];
        for (unsigned k = 0; k < IR_OPERANDS; k++)
            operand[k] =
                ir_is_const(i->operand[k]) ? ir_value(&ir, i->operand[k]) : values[i->operand[k]];
        values[n] =
            i->op == IR_entry ? regs[i->imm] : ir_evaluate(i, operand[0], operand[1], operand[2]);
    }
    return ir_is_const(v) ? ir_value(&ir, v) : values[v];
}

/* cc_src is ECX, cc_dst EAX; with `inc`, inc_dst is EDX. */
static void make_flags(unsigned cc, unsigned inc)
{

    start();
    append(UOP_cc_src, ECX, 0, 0);
    append(UOP_cc_dst, EAX, 0, 0);
    append_mark(FLAGS_ALL, cc);
    if (inc) {
        append(UOP_cc_inc, EDX, 0, 0);
        append_mark(FLAGS_OTHERS, CC_EFLAGS)->flags.others = (u8)inc;
    }
    append(UOP_call_flags, 0, 0, 0);
    append_jump();
}

/* _i: enum cc. As exec/i386/cc.c works them out, folded or not. */
START_TEST(all_flags)
{
    for (unsigned inc = CC_NOT_INC; inc <= CC_DECL; inc++) {
        make_flags((unsigned)_i, inc);
        for (unsigned n = 0; n < 200; n++) {
            u32 regs[T0] = {[EAX] = some_number(), [ECX] = some_number(), [EDX] = some_number()};
            if (_i == CC_EFLAGS)
                regs[ECX] &= FLAGS_ARITH;
            struct cpu cpu = {.cc_src = regs[ECX], .cc_dst = regs[EAX], .inc_dst = regs[EDX]};
            cpu.cc_op = (u32)_i | inc << 8;
            ck_assert(ir_lower(&ir, &stream));
            ck_assert_uint_eq(stored_source(regs), cc_get(&cpu));
            ir_fold(&ir);
            ck_assert_uint_eq(stored_source(regs), cc_get(&cpu));
        }
        const struct ir_snapshot *s = &ir.snapshot[ir.snapshots - 1];
        ck_assert_uint_eq(ir_seen(s, IR_LOCATIONS + FIELD_CC_OP), constant(CC_EFLAGS));
        ck_assert_uint_eq(ir_seen(s, IR_LOCATIONS + FIELD_CC_OP_INC), IR_NONE);
    }
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
    tcase_add_test(c, notes_are_seen);
    tcase_add_test(c, moves_are_no_code);
    tcase_add_test(c, flags_are_values);
    tcase_add_test(c, conditions_read_what_was_written);
    tcase_add_test(c, unknown_micro_ops_are_opaque);
    tcase_add_loop_test(c, all_flags, CC_EFLAGS, CC_OPS);
    tcase_add_test(c, too_long);
    suite_add_tcase(suite, c);
    return suite;
}
