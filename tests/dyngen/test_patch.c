/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_patch.c: emitted code gets other targets and values, in all places and while another
 * thread runs it; and what does not fit is named.
 */
#include "tests/dyngen/running.h"
#include <math.h>
#include <pthread.h>

#define TEMPLATE(name) (&dyngen_templates[DYNGEN_OP_##name])

static uint64_t address(const uint8_t *at)
{
    return (uintptr_t)executable(at);
}

/* a after the code has run with two numbers */
static uint32_t run_numbers(double number, double other)
{
    state = (struct state){.number = number, .other = other};
    test_enter(&state, executable(writable));
    return state.a;
}

START_TEST(every_jump)
{
    const struct dyngen_template *t = TEMPLATE(if_differ);
    ck_assert_uint_eq(holes_of(t, DYNGEN_TAKEN), 2);
    e.target[DYNGEN_TAKEN] = test_leave_address;
    emit(emit_if_differ);
    e.param[0] = 1;
    emit(emit_set);
    emit(emit_leave);
    ck_assert_uint_eq(run_numbers(1, 1), 1);
    ck_assert_uint_eq(run_numbers(1, 2), 0);
    ck_assert_uint_eq(run_numbers(1, NAN), 0);
    ck_assert_int_eq(dyngen_patch(t, writable, e.exec, DYNGEN_TAKEN, address(e.at)), DYNGEN_OK);
    e.param[0] = 2;
    emit(emit_set);
    emit(emit_leave);
    ck_assert_uint_eq(run_numbers(1, 1), 1);
    ck_assert_uint_eq(run_numbers(1, 2), 2);
    ck_assert_uint_eq(run_numbers(1, NAN), 2);
}
END_TEST

START_TEST(every_value)
{
    const struct dyngen_template *t = TEMPLATE(twice);
    ck_assert_uint_eq(holes_of(t, DYNGEN_PARAM1), 2);
    e.param[0] = 5;
    emit(emit_twice);
    run();
    ck_assert(state.wide == 5 && state.a == 5);
    ck_assert_int_eq(dyngen_patch(t, writable, e.exec, DYNGEN_PARAM1, (uint64_t)-3), DYNGEN_OK);
    state.a = 10;
    test_enter(&state, executable(writable));
    ck_assert(state.wide == (uint64_t)-3 && state.a == 7);
}
END_TEST

/* Whatever part of it would fit, nothing is patched. */
START_TEST(all_or_nothing)
{
    uint8_t before[64];
    e.param[0] = 5;
    emit(emit_twice);
    memcpy(before, writable, sizeof before);
    ck_assert_int_eq(dyngen_patch(TEMPLATE(twice), writable, e.exec, DYNGEN_PARAM1, 1ULL << 40),
                     DYNGEN_RANGE);
    ck_assert(!memcmp(before, writable, sizeof before));
    e.at = writable;
    e.target[DYNGEN_TAKEN] = test_leave_address;
    emit(emit_if_less);
    memcpy(before, writable, sizeof before);
    ck_assert_int_eq(dyngen_patch(TEMPLATE(if_less), writable, e.exec, DYNGEN_TAKEN,
                                  address(writable) + 0x100000000),
                     DYNGEN_RANGE);
    const uint8_t *field = writable + TEMPLATE(if_less)->holes[0].at;
    ck_assert_int_eq(dyngen_patch_jump(writable + (field - writable), e.exec,
                                       (const void *)(uintptr_t)(address(writable) + 0x100000000)),
                     DYNGEN_RANGE);
    ck_assert(!memcmp(before, writable, sizeof before));
}
END_TEST

START_TEST(no_such_hole)
{
    emit(emit_if_less);
    const struct dyngen_template *t = TEMPLATE(if_less);
    ck_assert_int_eq(dyngen_patch(t, writable, e.exec, DYNGEN_COLD, 0), DYNGEN_NO_HOLE);
    ck_assert_int_eq(dyngen_patch(t, writable, e.exec, DYNGEN_PARAM1, 0), DYNGEN_NO_HOLE);
    ck_assert_int_eq(dyngen_patch(TEMPLATE(call), writable, e.exec, DYNGEN_FIXED, 0),
                     DYNGEN_NO_HOLE);
    ck_assert_int_eq(dyngen_patch(TEMPLATE(next_address), writable, e.exec, DYNGEN_NEXT, 0),
                     DYNGEN_NO_HOLE);
    ck_assert_int_eq(dyngen_align(&e, t, DYNGEN_COLD), DYNGEN_NO_HOLE);
}
END_TEST

/* A target whose address is taken is a place like any other. */
START_TEST(address_of_target)
{
    e.target[DYNGEN_TAKEN] = executable(writable + 64);
    emit(emit_taken_address);
    run();
    ck_assert_ptr_eq(state.pointer, executable(writable + 64));
    ck_assert_int_eq(dyngen_patch(TEMPLATE(taken_address), writable, e.exec, DYNGEN_TAKEN,
                                  address(writable + 128)),
                     DYNGEN_OK);
    test_enter(&state, executable(writable));
    ck_assert_ptr_eq(state.pointer, executable(writable + 128));
}
END_TEST

/* Each kind of field, patched, is as if it had been emitted so. */
START_TEST(as_if_emitted)
{
    for (unsigned i = 0; i < dyngen_template_count; i++) {
        const struct dyngen_template *t = &dyngen_templates[i];
        uint8_t *patched = writable, *emitted = writable + 4096;
        struct dyngen_emit one = e, two = e;
        two.at = emitted;
        two.exec -= emitted - patched; /* so that it runs at the same place */
        for (unsigned p = 0; p < DYNGEN_PARAMS; p++) {
            one.param[p] = 0x40000000;
            two.param[p] = 0x7f + p % 2;
        }
        if (dyngen_emit_template(&one, t) != DYNGEN_OK)
            for (unsigned p = 0; p < DYNGEN_PARAMS; p++)
                one.param[p] = 1;
        one.at = patched;
        one.target[DYNGEN_TAKEN] = one.target[DYNGEN_COLD] = executable(writable);
        two.target[DYNGEN_TAKEN] = two.target[DYNGEN_COLD] = test_leave_address;
        if (dyngen_emit_template(&two, t) != DYNGEN_OK)
            continue;
        ck_assert_int_eq(dyngen_emit_template(&one, t), DYNGEN_OK);
        for (unsigned s = DYNGEN_TAKEN; s < DYNGEN_NEXT; s++) {
            uint64_t to =
                s < DYNGEN_TARGETS ? (uintptr_t)two.target[s] : two.param[s - DYNGEN_PARAM1];
            if (holes_of(t, (enum dyngen_source)s))
                ck_assert_int_eq(dyngen_patch(t, patched, e.exec, (enum dyngen_source)s, to),
                                 DYNGEN_OK);
        }
        ck_assert_msg(!memcmp(patched, emitted, t->size), "%s", t->name);
    }
}
END_TEST

START_TEST(aligned)
{
    const struct {
        const struct dyngen_template *t;
        enum dyngen_source source;
    } cases[] = {
        {TEMPLATE(whole), DYNGEN_PARAM1},  {TEMPLATE(set), DYNGEN_PARAM1},
        {TEMPLATE(if_less), DYNGEN_TAKEN}, {TEMPLATE(store16), DYNGEN_PARAM1},
        {TEMPLATE(shift), DYNGEN_PARAM1},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
        for (unsigned start = 0; start < 16; start++) {
            e.at = writable + start;
            ck_assert_int_eq(dyngen_align(&e, cases[i].t, cases[i].source), DYNGEN_OK);
            ck_assert(e.at - writable - start < 8);
            ck_assert(dyngen_is_atomic(cases[i].t, (uintptr_t)e.at, cases[i].source));
            for (unsigned h = 0; h < cases[i].t->hole_count; h++) {
                uintptr_t first = (uintptr_t)e.at + cases[i].t->holes[h].at;
                uintptr_t last = first + dyngen_field_size(&cases[i].t->holes[h]) - 1;
                ck_assert_uint_eq(first / 8, last / 8);
            }
        }
}
END_TEST

/* What is put in front does nothing, whatever its length. */
START_TEST(padding)
{
    for (unsigned start = 0; start < 8; start++) {
        e.at = writable;
        for (unsigned i = 0; i < start; i++)
            *e.at++ = 0x90;
        ck_assert_int_eq(dyngen_align(&e, TEMPLATE(whole), DYNGEN_PARAM1), DYNGEN_OK);
        e.param[0] = 0x1122334455667788;
        emit(emit_whole);
        state = (struct state){.a = 3, .b = 4};
        run();
        ck_assert(state.wide == 0x1122334455667788 && state.a == 3 && state.b == 4);
    }
    struct dyngen_emit none = e;
    none.at = writable;
    while (dyngen_is_atomic(TEMPLATE(whole), (uintptr_t)none.at, DYNGEN_PARAM1))
        none.at++;
    none.end = none.at;
    ck_assert_int_eq(dyngen_align(&none, TEMPLATE(whole), DYNGEN_PARAM1), DYNGEN_NO_ROOM);
    /* two fields of 8 bytes that are not a multiple of 8 apart */
    ck_assert_int_eq(dyngen_align(&e, TEMPLATE(whole_twice), DYNGEN_PARAM1), DYNGEN_NO_HOLE);
}
END_TEST

enum { CHANGES = 200000 };
static const uint64_t old_and_new[2] = {0x1111111111111111, 0x2222222222222222};

static void *change(void *code)
{
    for (int i = 0; i < CHANGES; i++)
        dyngen_patch(TEMPLATE(whole), code, e.exec, DYNGEN_PARAM1, old_and_new[i % 2]);
    return NULL;
}

/* An inline cache is refilled while it is in use. */
START_TEST(while_it_runs)
{
    e.at = writable + 5;
    ck_assert_int_eq(dyngen_align(&e, TEMPLATE(whole), DYNGEN_PARAM1), DYNGEN_OK);
    uint8_t *code = e.at;
    e.param[0] = old_and_new[0];
    emit(emit_whole);
    emit(emit_leave);
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, change, code), 0);
    for (int i = 0; i < CHANGES; i++) {
        test_enter(&state, executable(code));
        ck_assert_msg(state.wide == old_and_new[0] || state.wide == old_and_new[1], "0x%lx",
                      state.wide);
    }
    pthread_join(thread, NULL);
    test_enter(&state, executable(code));
    ck_assert_uint_eq(state.wide, old_and_new[(CHANGES - 1) % 2]);
}
END_TEST

static void expect_misfit(enum dyngen_status (*op)(struct dyngen_emit *), const char *symbol)
{
    uint8_t *before = e.at;
    e.misfit = NULL;
    ck_assert_int_eq(op(&e), DYNGEN_RANGE);
    ck_assert_ptr_eq(e.at, before);
    ck_assert_msg(e.misfit && !strcmp(e.misfit->symbol, symbol), "%s, not %s",
                  e.misfit ? e.misfit->symbol : "nothing", symbol);
}

START_TEST(misfits)
{
    e.param[0] = 1;
    e.param[1] = 1ULL << 32;
    expect_misfit(emit_unreached, "__op_param2");
    ck_assert_uint_eq(e.misfit->source, DYNGEN_PARAM2);
    e.param[0] = (uint64_t)-1;
    expect_misfit(emit_unreached, "__op_param1");
    ck_assert_uint_eq(e.misfit->field.range, DYNGEN_UNSIGNED);
    ck_assert_uint_eq(e.misfit->field.width, 32);
    e.target[DYNGEN_COLD] = (const void *)(uintptr_t)(address(writable) + 0x100000000);
    expect_misfit(emit_if_zero, "__op_cold");
    e.exec += 0x100000000; /* far from everything; it is not run */
    expect_misfit(emit_call, "test_helper");
    expect_misfit(emit_leave, "test_leave");
    expect_misfit(emit_next_address, "__op_next");
}
END_TEST

TCase *patch_tests(void)
{
    TCase *patches = tcase_create("patches");
    tcase_set_timeout(patches, 300);
    tcase_add_checked_fixture(patches, running_setup, NULL);
    tcase_add_test(patches, every_jump);
    tcase_add_test(patches, every_value);
    tcase_add_test(patches, all_or_nothing);
    tcase_add_test(patches, no_such_hole);
    tcase_add_test(patches, address_of_target);
    tcase_add_test(patches, as_if_emitted);
    tcase_add_test(patches, aligned);
    tcase_add_test(patches, padding);
    tcase_add_test(patches, while_it_runs);
    tcase_add_test(patches, misfits);
    return patches;
}
