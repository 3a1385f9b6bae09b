/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_expressions.c: expressions.def, compiled by several compilers at several levels into
 * templates. With every value that is emitted, a template computes what C says of the expression
 * with a variable in the hole's place; others must be refused as out of range.
 */
#include "tests/dyngen/expressions.h"
#include "tests/dyngen/running.h"
#include <stdio.h>

#define EXPRESSION(name, value)                                                                    \
    static __attribute__((noinline))                                                               \
    uint64_t c_##name(uint64_t P, uint64_t Q, uint64_t w, uint32_t a)                              \
    {                                                                                              \
        (void)P, (void)Q, (void)w, (void)a;                                                        \
        return (uint64_t)(value);                                                                  \
    }
#include "tests/dyngen/expressions.def"
#undef EXPRESSION

static const struct expression {
    const char *name;
    uint64_t (*value)(uint64_t P, uint64_t Q, uint64_t w, uint32_t a);
} expressions[] = {
#define EXPRESSION(name, value) {#name, c_##name},
#include "tests/dyngen/expressions.def"
#undef EXPRESSION
};
enum { EXPRESSIONS = sizeof expressions / sizeof *expressions };

/* Around where fields end. Not 0, which no address is. */
static const uint64_t values[] = {
    1,
    2,
    42,
    0x7f,
    0x80,
    0xff,
    0x100,
    0x7fff,
    0x8000,
    0xffff,
    0x7ffffff0,
    0x7fffffff,
    0x80000000,
    0x80000001,
    0xfffffff8,
    0xffffffff,
    0x100000000,
    0x100000001,
    0x7fffffffffffffff,
    0x8000000000000000,
    0xffffffff00000000,
    0xffffffff7fffffff,
    0xffffffff80000000,
    0xffffffff80000001,
    0xffffffffffff8000,
    0xffffffffffffff80,
    0xfffffffffffffffe,
    0xffffffffffffffff,
};
enum { VALUES = sizeof values / sizeof *values };

static const uint64_t words[] = {0, 1, 0x5a, 0x80000000, 0xffffffff, 0x123456789abcdef0, -1ULL};
enum { WORDS = sizeof words / sizeof *words };

void test_return(uint64_t *result, uint64_t w, uint32_t a)
{
    (void)result, (void)w, (void)a;
}

static const struct dyngen_template *template_for(const char *set, const char *name)
{
    char full[128];
    snprintf(full, sizeof full, "%s_%s", set, name);
    return find(full);
}

static void compare(const char *set, const struct expression *x)
{
    void (*code)(uint64_t *, uint64_t, uint32_t);
    const void *entry = executable(writable);
    memcpy(&code, &entry, sizeof code);
    for (unsigned i = 0; i < WORDS; i++)
        for (unsigned k = 0; k < WORDS; k++) {
            uint32_t a = (uint32_t)words[k];
            uint64_t is = ~0ULL, must = x->value(e.param[0], e.param[1], words[i], a);
            code(&is, words[i], a);
            ck_assert_msg(is == must,
                          "%s_%s with P 0x%lx, Q 0x%lx, w 0x%lx, a 0x%x: 0x%lx, in C 0x%lx", set,
                          x->name, e.param[0], e.param[1], words[i], a, is, must);
        }
}

/* What every field takes is emitted. */
static void try(const char *set, const struct expression *x, uint64_t p, uint64_t q)
{
    const struct dyngen_template *t = template_for(set, x->name);
    e.at = writable;
    e.param[0] = p;
    e.param[1] = q;
    enum dyngen_status status = dyngen_emit_template(&e, t);
    ck_assert_msg(status == DYNGEN_OK || (status == DYNGEN_RANGE && p > 0x7ffffff0),
                  "%s_%s with P 0x%lx: status %d", set, x->name, p, status);
    if (status != DYNGEN_OK)
        return;
    ck_assert_int_eq(dyngen_emit_template(&e, template_for(set, "return")), DYNGEN_OK);
    compare(set, x);
}

static void try_set(const char *set)
{
    for (unsigned i = 0; i < EXPRESSIONS; i++)
        for (unsigned k = 0; k < VALUES; k++)
            try(set, &expressions[i], values[k], k % 2 ? 300 : 3);
}

/* A set has an op SET_return. */
START_TEST(as_in_c)
{
    int sets = 0;
    for (unsigned i = 0; i < dyngen_template_count; i++) {
        char set[64];
        snprintf(set, sizeof set, "%s", dyngen_templates[i].name);
        char *end = strstr(set, "_return");
        if (!end)
            continue;
        *end = 0;
        try_set(set);
        sets++;
    }
    ck_assert_int_eq(sets, 3 * 3);
}
END_TEST

TCase *expression_tests(void)
{
    TCase *tests = tcase_create("expressions");
    tcase_set_timeout(tests, 300);
    tcase_add_checked_fixture(tests, running_setup, NULL);
    tcase_add_test(tests, as_in_c);
    return tests;
}
