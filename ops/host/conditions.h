/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The conditions: what can be asked of two numbers a and b of 32 bits. IS_x(a, b) says in C what
 * IF_x asks; even and odd, of the low byte of a - b, are the IR's alone. The opposite of each is
 * beside it: condition ^ 1.
 *
 *   EACH_TEST_CONDITION(X, ...)      those that say something of a number and 0: X(name, ...)
 *   EACH_COMPARE_CONDITION(X, ...)   those that micro-ops know
 *   EACH_CONDITION(X, ...)           all
 */
#ifndef OPS_HOST_CONDITIONS_H
#define OPS_HOST_CONDITIONS_H

#define EACH_TEST_CONDITION(X, ...)                                                                \
    X(equal, __VA_ARGS__)                                                                          \
    X(not_equal, __VA_ARGS__)                                                                      \
    X(negative, __VA_ARGS__)                                                                       \
    X(not_negative, __VA_ARGS__)                                                                   \
    X(greater, __VA_ARGS__)                                                                        \
    X(not_greater, __VA_ARGS__)
#define EACH_COMPARE_CONDITION(X, ...)                                                             \
    EACH_TEST_CONDITION(X, __VA_ARGS__)                                                            \
    X(less, __VA_ARGS__)                                                                           \
    X(not_less, __VA_ARGS__)                                                                       \
    X(below, __VA_ARGS__)                                                                          \
    X(not_below, __VA_ARGS__)                                                                      \
    X(above, __VA_ARGS__)                                                                          \
    X(not_above, __VA_ARGS__)
#define EACH_CONDITION(X, ...)                                                                     \
    EACH_COMPARE_CONDITION(X, __VA_ARGS__)                                                         \
    X(even, __VA_ARGS__)                                                                           \
    X(odd, __VA_ARGS__)

enum uop_condition {
#define CONDITION(name, ...) IF_##name,
    EACH_CONDITION(CONDITION, )
#undef CONDITION
        CONDITIONS,
    TEST_CONDITIONS = IF_less,
    COMPARE_CONDITIONS = IF_even,
};

#define IS_equal(a, b)     ((a) == (b))
#define IS_not_equal(a, b) ((a) != (b))
/* the sign of the difference */
#define IS_negative(a, b)     ((s32)((a) - (b)) < 0)
#define IS_not_negative(a, b) ((s32)((a) - (b)) >= 0)
/* an order of signed numbers */
#define IS_greater(a, b)     ((s32)(a) > (s32)(b))
#define IS_not_greater(a, b) ((s32)(a) <= (s32)(b))
#define IS_less(a, b)        ((s32)(a) < (s32)(b))
#define IS_not_less(a, b)    ((s32)(a) >= (s32)(b))
/* of unsigned ones */
#define IS_below(a, b)     ((a) < (b))
#define IS_not_below(a, b) ((a) >= (b))
#define IS_above(a, b)     ((a) > (b))
#define IS_not_above(a, b) ((a) <= (b))

#endif
