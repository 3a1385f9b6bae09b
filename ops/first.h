/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Templates by number: FIRST_x is the first of micro-op x. The includer has a guest's table.h.
 * Apart from table.h, since only tables of templates need it, and it is long.
 *
 * What compares has a number for each condition, outside those of locations: the interpreter has a
 * function for each, while several numbers can be the same template of dyngen's.
 */
#ifndef OPS_FIRST_H
#define OPS_FIRST_H

enum {
    TEMPLATES_N = 1,
    TEMPLATES_R = LOCATIONS,
    TEMPLATES_RR = LOCATIONS * LOCATIONS,
};
/* Of arguments whose expansions may have commas: by `, x` a macro that is there wins. */
#define SECOND(...)                   SECOND_OF(__VA_ARGS__)
#define SECOND_OF(first, second, ...) second
#define CONDITIONS_OF(params)         SECOND(CONDITIONS_OF_##params, 1, )
#define CONDITIONS_OF_COMPARE         , COMPARE_CONDITIONS
#define CONDITIONS_OF_TEST            , TEST_CONDITIONS
enum first_template {
#define UOP(name, shape, params, ...)                                                              \
    FIRST_##name, LAST_##name = FIRST_##name + TEMPLATES_##shape * CONDITIONS_OF(params) - 1,
#include "ops/common.def"
#include OWN_OPS
#undef UOP
    TEMPLATES
};

#endif
