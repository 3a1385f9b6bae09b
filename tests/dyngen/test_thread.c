/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_thread.c: the templates made of thread_ops.s have the size that they should have, and do
 * what the ops did. Behind each op a is set to 100; a way out elsewhere leaves a alone.
 */
#include "tests/dyngen/running.h"

enum { BEHIND = 100 };

static void setup_op(enum dyngen_status (*op)(struct dyngen_emit *))
{
    running_setup();
    e.target[DYNGEN_TAKEN] = e.target[DYNGEN_COLD] = test_leave_address;
    emit(op);
}

static void then_mark(void)
{
    e.param[0] = BEHIND;
    emit(emit_set);
    emit(emit_leave);
}

static void expect(uint32_t a, uint32_t b, uint32_t a_after, uint32_t b_after)
{
    state = (struct state){.a = a, .b = b};
    test_enter(&state, executable(writable));
    ck_assert_msg(state.a == a_after && state.b == b_after, "from %u, %u: %u, %u; not %u, %u", a, b,
                  state.a, state.b, a_after, b_after);
}

static void shape(const char *name, unsigned size, unsigned taken, unsigned cold)
{
    const struct dyngen_template *t = find(name);
    ck_assert_msg(t->size == size, "%s: %u bytes, not %u", name, t->size, size);
    ck_assert_uint_eq(holes_of(t, DYNGEN_TAKEN), taken);
    ck_assert_uint_eq(holes_of(t, DYNGEN_COLD), cold);
}

START_TEST(cold_once)
{
    shape("cold_once", 12, 0, 1); /* test, jne cold, inc */
    setup_op(emit_cold_once);
    ck_assert_uint_eq(find("cold_once")->holes[0].at, 5);
    ck_assert_uint_eq(writable[3], 0x0f);
    ck_assert_uint_eq(writable[4], 0x85);
    then_mark();
    expect(0, 7, BEHIND, 8);
    expect(1, 7, 1, 7);
}
END_TEST

START_TEST(cold_twice)
{
    shape("cold_twice", 25, 0, 2);
    setup_op(emit_cold_twice);
    ck_assert_uint_eq(find("cold_twice")->holes[1].at, 18);
    then_mark();
    expect(0, 7, BEHIND, 9);
    expect(1, 7, 1, 7);
    expect(0, 4, 0, 5);
}
END_TEST

START_TEST(taken_between)
{
    shape("taken_between", 18, 1, 0);
    setup_op(emit_taken_between);
    then_mark();
    expect(0, 7, BEHIND, 10);
    expect(1, 7, 1, 8);
    const uint8_t *elsewhere = e.at;
    e.param[0] = 55;
    emit(emit_set);
    emit(emit_leave);
    ck_assert_int_eq(dyngen_patch(find("taken_between"), writable, e.exec, DYNGEN_TAKEN,
                                  (uintptr_t)executable(elsewhere)),
                     DYNGEN_OK);
    expect(0, 7, BEHIND, 10);
    expect(1, 7, 55, 8);
}
END_TEST

START_TEST(fallen_into)
{
    shape("fallen_into", 26, 0, 2);
    setup_op(emit_fallen_into);
    then_mark();
    expect(1, 7, 1, 7);
    expect(0, 7, 0, 8);
    expect(0, 3, BEHIND, 3);
}
END_TEST

START_TEST(loop_at_limit)
{
    shape("loop_at_limit", 3 + 6 + 4 + 6 + 4 + 28 * 4 + 3 + 6, 0, 1);
    setup_op(emit_loop_at_limit);
    e.param[0] = 1;
    emit(emit_add);
    emit(emit_leave);
    expect(0, 3, 10, 0);
    expect(5, 0, 6, 0);
    expect(0, 11, 6, 9);
}
END_TEST

START_TEST(short_forms)
{
    shape("short_only", 3 + 2 + 3 + 5 + 5, 0, 1);
    setup_op(emit_short_only);
    then_mark();
    expect(0, 7, 0, 7);
    expect(1, 7, BEHIND, 8);
    shape("short_at_limit", 3 + 2 + 3 + 2 + 29 * 4 + 3 + 3 + 5 + 5, 0, 1);
    setup_op(emit_short_at_limit);
    then_mark();
    expect(0, 7, BEHIND, 8);
    expect(1, 7, BEHIND, 9);
    expect(1, 0, 1, 0);
}
END_TEST

START_TEST(around)
{
    shape("around", 9, 0, 1); /* test, je cold */
    setup_op(emit_around);
    then_mark();
    expect(0, 7, 0, 7);
    expect(1, 7, BEHIND, 7);
    shape("around_middle", 12, 0, 1);
    setup_op(emit_around_middle);
    then_mark();
    expect(0, 7, 0, 7);
    expect(1, 7, BEHIND, 8);
}
END_TEST

START_TEST(around_next)
{
    shape("around_next", 3 + 2 + 3 + 4 + 6 + 3, 1, 0); /* test, je next, inc, cmp, je taken, inc */
    setup_op(emit_around_next);
    then_mark();
    expect(0, 7, BEHIND, 7);
    expect(1, 7, BEHIND, 9);
    shape("around_next_far", 3 + 6 + 50 * 3, 0, 0);
    setup_op(emit_around_next_far);
    then_mark();
    expect(0, 7, BEHIND, 7);
    expect(1, 7, BEHIND, 57);
    shape("around_direct_next", 3 + 2 + 3, 0, 0);
    setup_op(emit_around_direct_next);
    then_mark();
    expect(0, 7, BEHIND, 7);
    expect(1, 7, BEHIND, 8);
    shape("around_inside", 3 + 4 + 2 + 3, 0, 0); /* inc, cmp, jb to the start, inc */
    setup_op(emit_around_inside);
    then_mark();
    expect(0, 7, BEHIND, 11);
}
END_TEST

START_TEST(chain)
{
    shape("chain", 12, 0, 0);
    setup_op(emit_chain);
    then_mark();
    expect(0, 7, 0, 7);
    expect(1, 7, BEHIND, 8);
}
END_TEST

START_TEST(unreached)
{
    shape("unreached", 6 + 3 + 6 + 7, 1, 0);
    running_setup();
    e.param[0] = 20;
    e.param[1] = 3;
    e.target[DYNGEN_TAKEN] = test_leave_address;
    emit(emit_unreached);
    emit(emit_leave);
    expect(0, 0, 23, 0);
    expect(0, 1, 20, 1);
}
END_TEST

START_TEST(many)
{
    shape("many", 300 * 12, 0, 300);
    setup_op(emit_many);
    then_mark();
    expect(1, 0, 1, 1);
    expect(300, 0, 300, 300);
    expect(0, 0, BEHIND, 300);
}
END_TEST

START_TEST(conditions)
{
    enum { BELOW = 2, ABOVE = 7 };
    shape("condition", 3 + 4 + 6 + 3, 1, 0);
    running_setup();
    e.target[DYNGEN_TAKEN] = test_leave_address;
    e.param[0] = ABOVE;
    emit(emit_condition);
    then_mark();
    expect(1, 10, 1, 11);
    expect(1, 9, BEHIND, 11);
    shape("condition_around", 4 + 2 + 5 + 3, 1, 0);
    running_setup();
    e.target[DYNGEN_TAKEN] = test_leave_address;
    e.param[0] = BELOW;
    emit(emit_condition_around);
    then_mark();
    expect(1, 9, BEHIND, 10);
    expect(1, 10, 1, 10);
}
END_TEST

TCase *thread_tests(void)
{
    TCase *threads = tcase_create("threads");
    tcase_add_test(threads, cold_once);
    tcase_add_test(threads, cold_twice);
    tcase_add_test(threads, taken_between);
    tcase_add_test(threads, fallen_into);
    tcase_add_test(threads, loop_at_limit);
    tcase_add_test(threads, short_forms);
    tcase_add_test(threads, around);
    tcase_add_test(threads, around_next);
    tcase_add_test(threads, chain);
    tcase_add_test(threads, unreached);
    tcase_add_test(threads, many);
    tcase_add_test(threads, conditions);
    return threads;
}
