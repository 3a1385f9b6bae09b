/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exec/place.c: where address space is taken from. */
#include "exec/place.h"
#include "tests/exec/fake_cpu.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/personality.h>

static const uint64_t gib = 1 << 30;
static const int in_program = 1;

static void *map(enum place place, size_t size)
{
    return place_map(place, size, PROT_READ, MAP_PRIVATE);
}

static uint64_t place_of(enum place place, size_t size)
{
    uint8_t *at = map(place, size);
    ck_assert_ptr_nonnull(at);
    ck_assert_uint_eq(at[size - 1], 0);
    ck_assert_int_eq(munmap(at, size), 0);
    return (uintptr_t)at;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

static const size_t sizes[] = {4096, 64 << 20, 1 << 30};

START_TEST(is_in_reach)
{
    uint64_t program = (uintptr_t)&in_program, size = sizes[_i];
    for (unsigned i = 0; i < 100; i++) {
        uint64_t at = place_of(PLACE_NEAR, size);
        ck_assert_uint_lt(distance(at, program), 2 * gib);
        ck_assert_uint_lt(distance(at + size, program), 2 * gib);
        ck_assert_uint_le(place_of(PLACE_LOW, size) + size, 2 * gib);
        ck_assert_uint_ge(place_of(PLACE_HIDDEN, size), 4 * gib);
    }
}
END_TEST

START_TEST(is_another_each_time)
{
    enum { TIMES = 64 };
    uint64_t at[TIMES], varied = 0;
    for (unsigned i = 0; i < TIMES; i++) {
        at[i] = place_of((enum place)_i, 4096);
        varied |= at[i] ^ at[0];
    }
    /* Each bit that can vary is the same in all of them once in 2^63 runs. */
    const unsigned bits[] = {[PLACE_NEAR] = 30, [PLACE_LOW] = 31, [PLACE_HIDDEN] = 47};
    for (unsigned bit = 12; bit < bits[_i]; bit++)
        ck_assert_msg(varied >> bit & 1, "bit %u is always the same", bit);
}
END_TEST

/* In a process of its own, as all tests are here. */
START_TEST(is_the_same_where_nothing_is_random)
{
    ck_assert_int_ne(personality(ADDR_NO_RANDOMIZE), -1);
    uint64_t first = place_of((enum place)_i, 1 << 20);
    ck_assert_uint_eq(place_of((enum place)_i, 1 << 20), first);
    void *kept = map((enum place)_i, 1 << 20);
    ck_assert_ptr_nonnull(kept);
    ck_assert_uint_ne(place_of((enum place)_i, 1 << 20), first);
}
END_TEST

START_TEST(there_may_be_no_room)
{
    errno = 0;
    ck_assert_ptr_null(map(PLACE_LOW, (size_t)2 << 30));
    ck_assert_int_eq(errno, ENOMEM);
    ck_assert_ptr_null(map(PLACE_NEAR, (size_t)4 << 30));
    ck_assert_ptr_null(map(PLACE_HIDDEN, (size_t)1 << 47));
}
END_TEST

Suite *place_suite(void)
{
    Suite *suite = suite_create("places");
    TCase *tests = tcase_create("places");
    tcase_add_loop_test(tests, is_in_reach, 0, sizeof sizes / sizeof *sizes);
    tcase_add_loop_test(tests, is_another_each_time, PLACE_NEAR, PLACE_HIDDEN + 1);
    tcase_add_loop_test(tests, is_the_same_where_nothing_is_random, PLACE_NEAR, PLACE_HIDDEN + 1);
    tcase_add_test(tests, there_may_be_no_room);
    suite_add_tcase(suite, tests);
    return suite;
}
