/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_a64.c: templates for a second host (a64/): fields inside of words, shifted, scattered,
 * relative to pages, all written by dyngen.h's dyngen_fill. They are not run; the words are what
 * clang's assembler makes of the instructions, and the Arm ARM says of their fields.
 */
#include "tests/dyngen/a64/templates.h"
#include <check.h>

#define TEMPLATE(name) (&a64_templates[A64_OP_##name])

const void *a64_flushed;
size_t a64_flushed_size;

void a64_helper(void);
void a64_helper(void)
{
}

enum { ROOM = 16 };
static uint32_t code[ROOM];
static struct dyngen_emit e;

/* Code that runs at an address, wherever it is written. */
static void place_at(uint64_t address)
{
    memset(code, 0, sizeof code);
    e = (struct dyngen_emit){.at = (uint8_t *)code, .end = (uint8_t *)(code + ROOM)};
    e.exec = (intptr_t)(address - (uintptr_t)code);
}

static void setup(void)
{
    place_at(0x40001000);
    a64_flushed = NULL;
}

static const void *pointer(uint64_t address)
{
    return (const void *)(uintptr_t)address;
}

static void expect(enum dyngen_status (*emit)(struct dyngen_emit *), const uint32_t *words,
                   size_t count)
{
    ck_assert_int_eq(emit(&e), DYNGEN_OK);
    ck_assert_uint_eq(e.at - (uint8_t *)code, 4 * count);
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(code[i] == words[i], "word %zu: 0x%08x, not 0x%08x", i, code[i], words[i]);
}
#define EXPECT(op, ...)                                                                            \
    expect(op, (const uint32_t[]){__VA_ARGS__},                                                    \
           sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static void expect_misfit(enum dyngen_status (*emit)(struct dyngen_emit *), const char *symbol,
                          unsigned at)
{
    const uint8_t *before = e.at;
    e.misfit = NULL;
    ck_assert_int_eq(emit(&e), DYNGEN_RANGE);
    ck_assert_ptr_eq(e.at, before);
    ck_assert(e.misfit && e.misfit->at == at);
    ck_assert_str_eq(e.misfit->symbol, symbol);
}

/* mov x0, #0x1122334455667788 by four instructions. */
START_TEST(test_value_in_four_words)
{
    e.param[0] = 0x1122334455667788;
    EXPECT(a64_emit_wide, 0xd28ef100, 0xf2aaacc0, 0xf2c66880, 0xf2e22440);
    e.at = (uint8_t *)code;
    e.param[0] = (uint64_t)-2;
    EXPECT(a64_emit_wide, 0xd29fffc0, 0xf2bfffe0, 0xf2dfffe0, 0xf2ffffe0);
}
END_TEST

START_TEST(test_short_value)
{
    e.param[0] = 0xffff;
    EXPECT(a64_emit_short, 0x529fffe3);
    e.at = (uint8_t *)code;
    e.param[0] = 0x10000;
    expect_misfit(a64_emit_short, "__op_param1", 0);
    e.param[0] = (uint64_t)-1;
    expect_misfit(a64_emit_short, "__op_param1", 0);
}
END_TEST

/* ADRP's 21 bits are in two places, and count pages from the page it is in. */
START_TEST(test_address)
{
    e.param[0] = 0x40003010 - 8; /* 2 pages on */
    e.param[1] = 0x7ff8;
    EXPECT(a64_emit_address, 0xd0000000, 0x91004000, 0xf97ffc41);
    place_at(0x40001ffc);
    e.param[0] = 0x40000123 - 8; /* 1 page back, from the end of one */
    e.param[1] = 8;
    EXPECT(a64_emit_address, 0xf0ffffe0, 0x91048c00, 0xf9400441);
    place_at(0x40001000);
    e.param[1] = 8;
    e.param[0] = 0x40001000 + 0xffffffffULL - 8; /* the farthest, and one farther */
    EXPECT(a64_emit_address, 0xf07fffe0, 0x913ffc00, 0xf9400441);
    e.at = (uint8_t *)code;
    e.param[0]++;
    expect_misfit(a64_emit_address, "__op_param1", 0);
    ck_assert_uint_eq(e.misfit->field.bit, 5);
    place_at(0x240001000);
    e.param[1] = 8;
    e.param[0] = 0x140001000 - 8;
    EXPECT(a64_emit_address, 0x90800000, 0x91000000, 0xf9400441);
    e.at = (uint8_t *)code;
    e.param[0]--;
    expect_misfit(a64_emit_address, "__op_param1", 0);
    e.param[0]++;
    e.param[1] = 12; /* not a multiple of 8 */
    expect_misfit(a64_emit_address, "__op_param2", 8);
}
END_TEST

START_TEST(test_next_address)
{
    place_at(0x40001ff8);
    EXPECT(a64_emit_next_address, 0xb0000000, 0x91001000, 0xd61f0060);
}
END_TEST

/* b.eq __op_cold; cbnz x0, __op_taken; add; b __op_cold: threaded and turned around. */
START_TEST(test_branches)
{
    e.target[DYNGEN_TAKEN] = pointer(0x40001004 - 16);
    e.target[DYNGEN_COLD] = pointer(0x4000100c + 0x400);
    EXPECT(a64_emit_branch, 0x54002060, 0xb5ffff80, 0x8b020021, 0x14000100);
    ck_assert_uint_eq(TEMPLATE(branch)->hole_count, 3);
    ck_assert_uint_eq(TEMPLATE(branch)->targets, 3);
    e.at = (uint8_t *)code;
    e.target[DYNGEN_TAKEN] = pointer(0x40001004 + 0xffffc); /* 1 MiB less one instruction */
    EXPECT(a64_emit_branch, 0x54002060, 0xb57fffe0, 0x8b020021, 0x14000100);
    e.at = (uint8_t *)code;
    e.target[DYNGEN_TAKEN] = pointer(0x40001004 + 0x100000);
    expect_misfit(a64_emit_branch, "__op_taken", 4);
    e.target[DYNGEN_TAKEN] = pointer(0x40001006); /* between instructions */
    expect_misfit(a64_emit_branch, "__op_taken", 4);
}
END_TEST

START_TEST(test_jump)
{
    e.target[DYNGEN_TAKEN] = pointer(0x40001000 + 0x7fffffc);
    EXPECT(a64_emit_jump, 0x15ffffff);
    e.at = (uint8_t *)code;
    e.target[DYNGEN_TAKEN] = pointer(0x40001000 - 0x8000000);
    EXPECT(a64_emit_jump, 0x16000000);
    e.at = (uint8_t *)code;
    e.target[DYNGEN_TAKEN] = pointer(0x40001000 + 0x8000000);
    expect_misfit(a64_emit_jump, "__op_taken", 0);
}
END_TEST

START_TEST(test_call)
{
    place_at(((uintptr_t)a64_helper & ~(uintptr_t)3) - 0x108);
    EXPECT(a64_emit_call, 0xd10043ff, 0xf90003fe, 0x94000040, 0xf94003fe, 0x910043ff);
    place_at(((uintptr_t)a64_helper & ~(uintptr_t)3) + 0x10000000);
    expect_misfit(a64_emit_call, "a64_helper", 8);
}
END_TEST

/* All words that take a value, those of one instruction at once; or none. */
START_TEST(test_patch)
{
    const struct dyngen_template *t = TEMPLATE(address);
    e.param[0] = 0x40003010 - 8;
    e.param[1] = 8;
    EXPECT(a64_emit_address, 0xd0000000, 0x91004000, 0xf9400441);
    ck_assert_int_eq(dyngen_patch(t, (uint8_t *)code, e.exec, DYNGEN_PARAM1, 0x40000123 - 8),
                     DYNGEN_OK);
    ck_assert(code[0] == 0xf0ffffe0 && code[1] == 0x91048c00 && code[2] == 0xf9400441);
    ck_assert_ptr_eq(a64_flushed, pointer(0x40001000));
    ck_assert_uint_eq(a64_flushed_size, t->size);
    a64_flushed = NULL;
    ck_assert_int_eq(dyngen_patch(t, (uint8_t *)code, e.exec, DYNGEN_PARAM1, 0x240000123),
                     DYNGEN_RANGE);
    ck_assert_int_eq(dyngen_patch(t, (uint8_t *)code, e.exec, DYNGEN_PARAM2, 4), DYNGEN_RANGE);
    ck_assert_int_eq(dyngen_patch(t, (uint8_t *)code, e.exec, DYNGEN_TAKEN, 4), DYNGEN_NO_HOLE);
    ck_assert(code[0] == 0xf0ffffe0 && code[1] == 0x91048c00 && code[2] == 0xf9400441);
    ck_assert_ptr_null(a64_flushed);
}
END_TEST

START_TEST(test_atomic)
{
    ck_assert(dyngen_is_atomic(TEMPLATE(address), 0x40001004, DYNGEN_PARAM1));
    ck_assert(!dyngen_is_atomic(TEMPLATE(address), 0x40001002, DYNGEN_PARAM1));
    ck_assert(!dyngen_is_atomic(TEMPLATE(address), 0x40001004, DYNGEN_TAKEN));
}
END_TEST

/* A field that is a whole unit, and one of all sizes, at each end of each range. */
START_TEST(test_fields)
{
    const struct dyngen_hole byte = {
        "x", 0, 1, 0, DYNGEN_PARAM1, {4, 3, 1, 1, 1, DYNGEN_ABSOLUTE, DYNGEN_WRAP}};
    const struct dyngen_hole half = {
        "x", 0, 0, 0, DYNGEN_PARAM1, {3, 9, 4, 2, 0, DYNGEN_ABSOLUTE, DYNGEN_SIGNED}};
    const struct dyngen_hole quad = {
        "x", 0, 0, 0, DYNGEN_PARAM1, {1, 63, 0, 8, 0, DYNGEN_ABSOLUTE, DYNGEN_UNSIGNED}};
    uint8_t unit[8];
    memset(unit, 0xff, sizeof unit);
    ck_assert_uint_eq(dyngen_fill(&byte, unit, 0, 3), 0); /* 3 + 1 = 4: bits 010 */
    ck_assert_uint_eq(unit[0], 0xaf);
    ck_assert_uint_ne(dyngen_fill(&byte, unit, 0, 4), 0); /* 5 is odd */
    ck_assert_uint_ne(dyngen_fill(&byte, unit, 0, 17), 0);
    ck_assert_uint_eq(dyngen_fill(&byte, unit, 0, 15), 0);
    ck_assert_uint_eq(unit[0], 0x8f); /* 16 wraps to 0 */
    ck_assert_uint_eq(dyngen_fill(&half, unit, 0, (uint64_t)-0x1000), 0);
    ck_assert(unit[0] == 0x07 && unit[1] == 0xf8);
    ck_assert_uint_ne(dyngen_fill(&half, unit, 0, (uint64_t)-0x1001), 0);
    ck_assert_uint_eq(dyngen_fill(&half, unit, 0, 0xfff), 0);
    ck_assert_uint_ne(dyngen_fill(&half, unit, 0, 0x1000), 0);
    memset(unit, 0xff, sizeof unit);
    ck_assert_uint_eq(dyngen_fill(&quad, unit, 0, 0x7ffffffffffffffe), 0);
    ck_assert(unit[0] == 0xfd && unit[7] == 0xff);
    ck_assert_uint_ne(dyngen_fill(&quad, unit, 0, 0x8000000000000000), 0);
}
END_TEST

TCase *a64_tests(void);
TCase *a64_tests(void)
{
    TCase *tests = tcase_create("a64");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, test_value_in_four_words);
    tcase_add_test(tests, test_short_value);
    tcase_add_test(tests, test_address);
    tcase_add_test(tests, test_next_address);
    tcase_add_test(tests, test_branches);
    tcase_add_test(tests, test_jump);
    tcase_add_test(tests, test_call);
    tcase_add_test(tests, test_patch);
    tcase_add_test(tests, test_atomic);
    tcase_add_test(tests, test_fields);
    return tests;
}
