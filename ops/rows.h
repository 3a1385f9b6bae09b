/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A row of a table of micro-ops as a struct uop_info, for the one file of a guest that makes its
 * table: UOP_ROW for UOP, with FIRST_x the first template of micro-op x (first.h), and LOCATIONS
 * defined.
 */
#ifndef OPS_ROWS_H
#define OPS_ROWS_H

#include "ops/uops.h"

/* Columns that are several fields, in parentheses. */
#define NO_ACCESS           (ACCESS_NONE, 0, false, false)
#define LOAD(size, sign)    (ACCESS_LOAD, size, sign, false)
#define LOAD_ALIGNED(size)  (ACCESS_LOAD, size, false, true)
#define STORE(size)         (ACCESS_STORE, size, false, false)
#define STORE_ALIGNED(size) (ACCESS_STORE, size, false, true)
#define NEVER               (COLD_NEVER, 0)
#define LOCATION            (COLD_LOCATION, 0)
#define IMMEDIATE           (COLD_IMMEDIATE, 0)
#define FIELD               (COLD_FIELD, 0)
#define SLOW(op)            (COLD_SLOW, UOP_##op)
#define LEAVE               (COLD_LEAVE, 0)
#define LEAVE_D             (COLD_LEAVE_D, 0)
#define WINDOW              (COLD_WINDOW, 0)
#define LAYOUT              (COLD_LAYOUT, 0)
#define BY(call)            (COLD_HELPER, UOP_##call)

#define FIELDS(...)       __VA_ARGS__
#define COLD_OF(cold, op) cold
#define COLD_OP(cold, op) op
#define D_STEP_N          0
#define D_STEP_R          1
#define D_STEP_RR         LOCATIONS
#define B_STEP_N          0
#define B_STEP_R          0
#define B_STEP_RR         1

#define UOP_ROW(name_, shape_, params_, reads_, writes_, access_, cold_, end_)                     \
    [UOP_##name_] = {                                                                              \
        .name = #name_,                                                                            \
        .shape = SHAPE_##shape_,                                                                   \
        .params = PARAMS_##params_,                                                                \
        .cold = COLD_OF cold_,                                                                     \
        .end = END_##end_,                                                                         \
        .access = {FIELDS access_},                                                                \
        .reads = (reads_),                                                                         \
        .writes = (writes_),                                                                       \
        .cold_op = COLD_OP cold_,                                                                  \
        .first = FIRST_##name_,                                                                    \
        .d_step = D_STEP_##shape_,                                                                 \
        .b_step = B_STEP_##shape_,                                                                 \
        .condition_step =                                                                          \
            LAST_##name_ - FIRST_##name_ < TEMPLATES_##shape_ ? 0 : TEMPLATES_##shape_,            \
    },

#endif
