/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_dyngen.c: the templates made of ops.c, run. */
#include "tests/dyngen/running.h"
#include "tests/suites.h"
#include <stdbool.h>
#include <stdlib.h>

/* One op with one value, between known registers. */
static void run_with(enum dyngen_status (*op)(struct dyngen_emit *), uint64_t param)
{
    e.at = writable;
    e.param[0] = param;
    emit(op);
    run();
}

static enum dyngen_status status_of(enum dyngen_status (*op)(struct dyngen_emit *), uint64_t param)
{
    uint8_t *before = e.at;
    e.param[0] = param;
    enum dyngen_status status = op(&e);
    ck_assert(status == DYNGEN_OK || e.at == before);
    e.at = before;
    return status;
}

START_TEST(values)
{
    run_with(emit_set, 42);
    ck_assert_uint_eq(state.a, 42);
    run_with(emit_set, 0xffffffff);
    ck_assert_uint_eq(state.a, 0xffffffff);
    state.a = 5;
    run_with(emit_add, (uint64_t)-7);
    ck_assert_uint_eq(state.a, (uint32_t)-2);
    state.b = 0x10;
    run_with(emit_lea, 0xfffffff8);
    ck_assert_uint_eq(state.a, 8);
    state.a = 3;
    run_with(emit_shift, 4);
    ck_assert_uint_eq(state.a, 48);
    state.a = 3;
    run_with(emit_add_byte, (uint64_t)-4);
    ck_assert_uint_eq(state.a, 0xffffffff);
    state.wide = ~0ULL;
    run_with(emit_store16, 0xfedc);
    ck_assert_uint_eq(state.wide, 0xfffffffffffffedc);
    run_with(emit_store64, (uint64_t)-9);
    ck_assert_uint_eq(state.wide, (uint64_t)-9);
    run_with(emit_whole, 0x123456789abcdef0);
    ck_assert_uint_eq(state.wide, 0x123456789abcdef0);
    run_with(emit_near, (uint64_t)(uintptr_t)executable(writable + 100));
    ck_assert_uint_eq(state.wide, (uintptr_t)executable(writable + 100));
    state.b = 77;
    run_with(emit_load, 4);
    ck_assert_uint_eq(state.a, 77);
}
END_TEST

START_TEST(all_values)
{
    for (unsigned i = 0; i < DYNGEN_PARAMS; i++)
        e.param[i] = 0x0101010101010101 * (i + 1);
    emit(emit_all);
    run();
    for (unsigned i = 0; i < DYNGEN_PARAMS; i++)
        ck_assert_uint_eq(state.param[i], 0x0101010101010101 * (i + 1));
}
END_TEST

START_TEST(ranges)
{
    struct {
        enum dyngen_status (*op)(struct dyngen_emit *);
        int64_t low;
        uint64_t high;
    } cases[] = {
        {emit_set, 0, 0xffffffff},
        {emit_and, 0, 0xffffffff},
        {emit_compare, -0x80000000LL, 0xffffffff},
        {emit_add, -0x80000000LL, 0xffffffff},
        {emit_lea, -0x80000000LL, 0xffffffff},
        {emit_load, -0x80000000LL, 0x7fffffff},
        {emit_store64, -0x80000000LL, 0x7fffffff},
        {emit_shift, -0x80, 0xff},
        {emit_add_byte, -0x80, 0x7f},
        {emit_store16, -0x8000, 0xffff},
        {emit_if, 0, 15},
        {emit_compared, 0, 15},
        {emit_move_if, 0, 15},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t low = (uint64_t)cases[i].low, high = cases[i].high;
        ck_assert_int_eq(status_of(cases[i].op, low), DYNGEN_OK);
        ck_assert_int_eq(status_of(cases[i].op, low - 1), DYNGEN_RANGE);
        ck_assert_int_eq(status_of(cases[i].op, high), DYNGEN_OK);
        ck_assert_int_eq(status_of(cases[i].op, high + 1), DYNGEN_RANGE);
        ck_assert_int_eq(status_of(cases[i].op, 0x8000000000000000), DYNGEN_RANGE);
    }
    ck_assert_int_eq(status_of(emit_whole, 0x8000000000000000), DYNGEN_OK);
    uint64_t here = (uintptr_t)executable(writable);
    ck_assert_int_eq(status_of(emit_near, here + 0x7fffff00), DYNGEN_OK);
    ck_assert_int_eq(status_of(emit_near, here + 0x80000100), DYNGEN_RANGE);
    e.target[DYNGEN_COLD] = (const void *)(uintptr_t)(here + 0x100000000);
    ck_assert_int_eq(status_of(emit_if_zero, 0), DYNGEN_RANGE);
}
END_TEST

/* Those of SDM vol. 1, appendix B. */
START_TEST(conditions)
{
    static const uint32_t numbers[] = {0, 5, 0x7fffffff, 0x80000000};
    enum { NUMBERS = sizeof numbers / sizeof *numbers };
    for (unsigned i = 0; i < NUMBERS * NUMBERS * 16; i++) {
        unsigned condition = i % 16;
        uint32_t a = numbers[i / 16 % NUMBERS], b = numbers[i / 16 / NUMBERS], r = a - b;
        bool overflow = ((a ^ b) & (a ^ r)) >> 31, sign = r >> 31;
        bool first[] = {overflow,
                        a < b,
                        a == b,
                        a <= b,
                        sign,
                        !__builtin_parity(r & 0xff),
                        (int32_t)a < (int32_t)b,
                        (int32_t)a <= (int32_t)b};
        bool holds = first[condition / 2] != condition % 2;

        state = (struct state){.a = a, .b = b};
        run_with(emit_compared, condition);
        ck_assert_msg(state.a == holds, "%u of %#x, %#x", condition, a, b);
        state = (struct state){.a = a, .b = b};
        run_with(emit_move_if, condition);
        ck_assert_msg(state.a == (holds ? b : a), "%u of %#x, %#x", condition, a, b);
        e.at = writable;
        e.target[DYNGEN_TAKEN] = test_leave_address;
        emit(emit_if);
        e.param[0] = 77;
        emit(emit_set);
        emit(emit_leave);
        state = (struct state){.a = a, .b = b};
        test_enter(&state, executable(writable));
        ck_assert_msg(state.a == (holds ? a : 77), "%u of %#x, %#x", condition, a, b);
        ck_assert_int_eq(dyngen_patch(find("if"), writable, e.exec, DYNGEN_PARAM1, condition ^ 1),
                         DYNGEN_OK);
        state = (struct state){.a = a, .b = b};
        test_enter(&state, executable(writable));
        ck_assert_msg(state.a == (holds ? 77 : a), "not %u of %#x, %#x", condition, a, b);
    }
    ck_assert_uint_eq(find("if")->size, 9); /* cmp, jcc taken */
}
END_TEST

START_TEST(no_room)
{
    uint8_t *start = e.at;
    for (unsigned i = 0; i < dyngen_template_count; i++) {
        const struct dyngen_template *t = &dyngen_templates[i];
        if (!t->size)
            continue;
        memset(start, 0xaa, t->size);
        struct dyngen_emit few = e;
        few.end = start + t->size - 1;
        struct dyngen_emit before = few;
        ck_assert_int_eq(dyngen_emit_template(&few, t), DYNGEN_NO_ROOM);
        ck_assert(!memcmp(&few, &before, sizeof few));
        for (unsigned b = 0; b < t->size; b++)
            ck_assert_uint_eq(start[b], 0xaa);
        few.end = start - 1;
        ck_assert_int_eq(dyngen_emit_template(&few, t), DYNGEN_NO_ROOM);
    }
}
END_TEST

START_TEST(targets)
{
    /* if (a < b) a = 1; else a = 2; the former behind the latter */
    uint8_t *code = e.at;
    emit(emit_if_less);
    e.param[0] = 2;
    emit(emit_set);
    emit(emit_leave);
    const struct dyngen_template *t = &dyngen_templates[DYNGEN_OP_if_less];
    uintptr_t there = (uintptr_t)executable(e.at);
    ck_assert_int_eq(dyngen_patch(t, code, e.exec, DYNGEN_TAKEN, there), DYNGEN_OK);
    e.param[0] = 1;
    emit(emit_set);
    run();
    ck_assert_uint_eq(state.a, 2);
    state.b = 4;
    test_enter(&state, executable(writable));
    ck_assert_uint_eq(state.a, 1);
}
END_TEST

START_TEST(cold)
{
    e.target[DYNGEN_COLD] = test_leave_address;
    emit(emit_if_zero);
    run();
    ck_assert_uint_eq(state.a, 0);
    ck_assert_uint_eq(state.b, 0);
    state.a = 7;
    test_enter(&state, executable(writable));
    ck_assert_uint_eq(state.b, 14);
}
END_TEST

START_TEST(ways_to_next)
{
    e.target[DYNGEN_TAKEN] = test_leave_address;
    emit(emit_middle);
    e.param[0] = 5;
    emit(emit_set);
    run();
    ck_assert_uint_eq(state.a, 5);
    ck_assert_uint_eq(state.wide, 3);
    state = (struct state){.a = 1};
    test_enter(&state, executable(writable));
    ck_assert_uint_eq(state.a, 5);
    ck_assert_uint_eq(state.wide, 0);
    state = (struct state){.b = 1};
    test_enter(&state, executable(writable));
    ck_assert_uint_eq(state.a, 0);
}
END_TEST

START_TEST(loops_and_constants)
{
    state = (struct state){.b = 3, .number = 2.0, .vector = {1, 2, 3, 4}};
    emit(emit_loop);
    emit(emit_number);
    emit(emit_third);
    emit(emit_table);
    run();
    ck_assert(state.number == 8.75);
    for (int i = 0; i < 4; i++)
        ck_assert(state.vector[i] == -3.25F * (float)(i + 1));
    /* ((0*3+3)*3+2)*3+1 = 34 */
    ck_assert_uint_eq(state.a, 13);
}
END_TEST

START_TEST(helpers)
{
    state = (struct state){.a = 4, .b = 2};
    emit(emit_call);
    emit(emit_helper_address);
    run();
    ck_assert_uint_eq(state.a, 42);
    ck_assert(state.pointer == (const void *)test_helper);
    e.at = writable;
    emit(emit_call_subtract);
    run();
    ck_assert_uint_eq(state.a, 40);
}
END_TEST

START_TEST(addresses_of_code)
{
    const void *taken = executable(writable + 64);
    e.target[DYNGEN_TAKEN] = taken;
    emit(emit_taken_address);
    run();
    ck_assert_ptr_eq(state.pointer, taken);

    e.at = writable;
    emit(emit_taken_near);
    run();
    ck_assert_ptr_eq(state.pointer, taken);

    e.at = writable;
    emit(emit_next_address);
    const void *next = executable(e.at);
    run();
    ck_assert_ptr_eq(state.pointer, next);

    e.at = writable;
    emit(emit_next_near);
    next = executable(e.at);
    state.pointer = NULL;
    run();
    ck_assert_ptr_eq(state.pointer, next);
}
END_TEST

START_TEST(indirect)
{
    emit(emit_indirect);
    uint8_t *there = e.at;
    e.param[0] = 9;
    emit(emit_set);
    const void *to = executable(there);
    memcpy(&state.code, &to, sizeof to);
    run();
    ck_assert_uint_eq(state.a, 9);
}
END_TEST

START_TEST(table)
{
    for (unsigned i = 0; i < dyngen_template_count; i++) {
        const struct dyngen_template *t = &dyngen_templates[i];
        if (i)
            ck_assert_int_lt(strcmp(dyngen_templates[i - 1].name, t->name), 0);
        uint8_t *before = e.at;
        for (unsigned p = 0; p < DYNGEN_PARAMS; p++)
            e.param[p] = 1;
        if (i == DYNGEN_OP_near)
            continue;
        ck_assert_int_eq(dyngen_emit_template(&e, t), DYNGEN_OK);
        ck_assert_int_eq(e.at - before, t->size);
    }
    const struct dyngen_template *t = find("if_less");
    ck_assert(t->targets == 1 << DYNGEN_TAKEN && !t->params);
    ck_assert(holes_of(t, DYNGEN_TAKEN) == 1 && holes_of(t, DYNGEN_COLD) == 0);
    ck_assert_uint_eq(t->size, 9); /* cmp, jb taken */
    t = find("taken_address");
    ck_assert(t->targets == 1 << DYNGEN_TAKEN && holes_of(t, DYNGEN_TAKEN) == 1);
    ck_assert_uint_eq(find("all")->params, 0xff);
    ck_assert_uint_eq(find("nothing")->size, 0);
    ck_assert_uint_eq(strlen(DYNGEN_DIGEST), 16);
}
END_TEST

static bool fields_are_alike(const struct dyngen_hole *a, const struct dyngen_hole *b)
{
    return a->addend == b->addend && a->at == b->at && a->source == b->source &&
           a->field.bit == b->field.bit && a->field.width == b->field.width &&
           a->field.shift == b->field.shift && a->field.size == b->field.size &&
           a->field.zeros == b->field.zeros && a->field.base == b->field.base &&
           a->field.range == b->field.range;
}

static bool are_alike(const struct dyngen_template *a, const struct dyngen_template *b)
{
    bool alike = a->size == b->size && a->hole_count == b->hole_count;
    for (unsigned i = 0; alike && i < a->hole_count; i++)
        alike = fields_are_alike(&a->holes[i], &b->holes[i]);
    return alike;
}

/* Whatever helpers they call. */
START_TEST(shared_emitters)
{
    ck_assert_ptr_eq(find("call")->emit, find("call_subtract")->emit);
    for (unsigned i = 0; i < dyngen_template_count; i++)
        for (unsigned k = 0; k < i; k++) {
            const struct dyngen_template *a = &dyngen_templates[i], *b = &dyngen_templates[k];
            if (are_alike(a, b))
                ck_assert_msg(a->emit == b->emit, "%s, %s", a->name, b->name);
            if (a->emit == b->emit)
                ck_assert_msg(a->size == b->size, "%s, %s", a->name, b->name);
        }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("dyngen");
    TCase *templates = tcase_create("templates");
    tcase_add_checked_fixture(templates, running_setup, NULL);
    tcase_add_test(templates, values);
    tcase_add_test(templates, all_values);
    tcase_add_test(templates, ranges);
    tcase_add_test(templates, conditions);
    tcase_add_test(templates, no_room);
    tcase_add_test(templates, targets);
    tcase_add_test(templates, cold);
    tcase_add_test(templates, ways_to_next);
    tcase_add_test(templates, loops_and_constants);
    tcase_add_test(templates, helpers);
    tcase_add_test(templates, addresses_of_code);
    tcase_add_test(templates, indirect);
    tcase_add_test(templates, table);
    tcase_add_test(templates, shared_emitters);
    suite_add_tcase(s, templates);
    suite_add_tcase(s, a64_tests());
    suite_add_tcase(s, expression_tests());
    suite_add_tcase(s, patch_tests());
    suite_add_tcase(s, thread_tests());
    suite_add_tcase(s, tool_tests());
    return s;
}

TEST_MAIN(suite)
