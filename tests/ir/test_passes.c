/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows folding: shared TLB lookups, and what is computed in cold code or not at all. */
#include "tests/ir/test_ir.h"

/* --- addresses --- */

enum { PAGE = 4096, RANGE = 140 };

static const struct ir_insn *insn(ir_ref v)
{
    return &ir.insn[v];
}

START_TEST(neighbours_share_an_entry)
{
    ir_ref first = append_access(IR_load, lea(entry(EBX), IR_NONE, 0, 4), 4, IR_NONE);
    ir_ref second = append_access(IR_load, lea(entry(EBX), IR_NONE, 0, 8), 4, IR_NONE);

    ir_addresses(&ir);
    ck_assert(!insn(first)->near && insn(second)->near);
    ck_assert_uint_eq(insn(second)->operand[1], insn(first)->operand[1]);
}
END_TEST

START_TEST(other_registers_do_not)
{
    ir_ref first = append_access(IR_load, lea(entry(EBX), entry(ECX), 2, 4), 4, IR_NONE);
    ir_ref second = append_access(IR_load, lea(entry(EBX), entry(EDX), 2, 4), 4, IR_NONE);
    ir_ref third = append_access(IR_load, lea(entry(EBX), entry(ECX), 1, 4), 4, IR_NONE);

    ir_addresses(&ir);
    ck_assert(!insn(first)->near && !insn(second)->near && !insn(third)->near);
}
END_TEST

/*
 * Wherever in a page the leader is: if the follower's comparison finds the page of the leader's
 * entry, all of its bytes are there.
 */
START_TEST(no_neighbour_crosses_a_page)
{
    static const u8 sizes[] = {1, 2, 4, 8};
    unsigned followers = 0;

    for (int ahead = -RANGE; ahead <= RANGE; ahead++)
        for (unsigned k = 0; k < sizeof sizes; k++) {
            ir_setup();
            append_access(IR_load, lea(entry(EBX), IR_NONE, 0, 0), 4, IR_NONE);
            ir_ref second =
                append_access(IR_load, lea(entry(EBX), IR_NONE, 0, (u32)ahead), sizes[k], 0);
            ir_addresses(&ir);
            if (!insn(second)->near)
                continue;
            followers++;
            const struct ir_insn *page = insn(insn(second)->operand[2]);
            for (u32 leader = 4 * PAGE; leader < 5 * PAGE; leader++) {
                u32 at = leader + (u32)ahead;
                if (ir_evaluate(page, at, 0, 0) == 4 * PAGE)
                    ck_assert(at >= 4 * PAGE && at + sizes[k] <= 5 * PAGE);
            }
        }
    ck_assert_uint_gt(followers, 2 * 128 * 3);
}
END_TEST

/* --- sinking --- */

START_TEST(unused_values_vanish)
{
    ir_ref v = op(IR_add, entry(EAX), entry(ECX));
    op(IR_mul, v, v);
    leave_with(EAX, entry(EDX));
    ir_sink(&ir);
    expect_ir("jump -> 00002000  { eax v3 }\n");
}
END_TEST

/* An operand of flags that only the way out of a branch stores. */
START_TEST(flags_are_computed_on_the_way_out)
{
    ir_ref v = op(IR_sub, entry(EAX), entry(ECX));
    compare(IR_branch_cmp, IF_below, entry(EAX), entry(ECX));
    ir.insn[ir.count].imm = 0x3000;
    ir_see(ir_add_snapshot(&ir, &ir.insn[ir.count]), IR_LOCATIONS + FIELD_CC_DST, v);
    leave_with(EAX, entry(EAX));
    ir_sink(&ir);
    expect_ir("(cold) v9 = sub v1, v2\nbranch_cmp below, v1, v2 -> 00003000  { cc_dst v9 }\n"
              "jump -> 00002000  { }\n");
}
END_TEST

/* What the block's end stores is computed where it was. */
START_TEST(flags_of_the_end_are_hot)
{
    ir_ref v = op(IR_sub, entry(EAX), entry(ECX));
    leave_with(EAX, entry(EAX));
    ir_see(&ir.snapshot[ir.snapshots - 1], IR_LOCATIONS + FIELD_CC_DST, v);
    ir_sink(&ir);
    ck_assert(!insn(v)->sunk);
}
END_TEST

/* Cold code computes cheap things only, and not through many steps. */
START_TEST(dear_values_stay)
{
    ir_ref v = op(IR_mul, entry(EAX), entry(ECX)), w = entry(EAX);

    for (unsigned n = 0; n < 20; n++)
        w = op(IR_add, w, entry(ECX));
    compare(IR_branch_cmp, IF_below, entry(EAX), entry(ECX));
    struct ir_snapshot *s = ir_add_snapshot(&ir, &ir.insn[ir.count]);
    ir_see(s, IR_LOCATIONS + FIELD_CC_DST, v);
    ir_see(s, IR_LOCATIONS + FIELD_CC_SRC, w);
    leave_with(EAX, entry(EAX));
    ir_sink(&ir);
    ck_assert(!insn(v)->sunk);
    ck_assert(insn(w)->sunk);
    ck_assert(!insn(T0 + 2)->sunk);
}
END_TEST

Suite *passes_suite(void)
{
    Suite *suite = suite_create("passes");
    TCase *c = tcase_create("passes");

    tcase_add_checked_fixture(c, ir_setup, NULL);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, neighbours_share_an_entry);
    tcase_add_test(c, other_registers_do_not);
    tcase_add_test(c, no_neighbour_crosses_a_page);
    tcase_add_test(c, unused_values_vanish);
    tcase_add_test(c, flags_are_computed_on_the_way_out);
    tcase_add_test(c, flags_of_the_end_are_hot);
    tcase_add_test(c, dear_values_stay);
    suite_add_tcase(suite, c);
    return suite;
}
