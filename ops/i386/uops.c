/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of ops.def as data. */
#include "ops/i386/uops.h"
#include "ops/i386/x87_insn.h"

enum { COUNT_N = 1, COUNT_R = LOCATIONS, COUNT_RR = LOCATIONS * LOCATIONS };

/* FIRST_x is the first template of micro-op x. */
enum first_template {
#define UOP(name, shape, ...) FIRST_##name, LAST_##name = FIRST_##name + COUNT_##shape - 1,
#include "ops/i386/ops.def"
#undef UOP
};

enum {
    L_EAX = 1 << EAX,
    L_ECX = 1 << ECX,
    L_EDX = 1 << EDX,
    L_T0 = 1 << T0,
    L_T1 = 1 << T1,
};

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
#define BOUNDS              (COLD_BOUNDS, 0)
#define LEAVE               (COLD_LEAVE, 0)
#define LEAVE_T0            (COLD_LEAVE_T0, 0)
#define BY(helper)          (COLD_HELPER, UOP_call_##helper)

#define FIELDS(...)             __VA_ARGS__
#define COLD_OF(cold, helper)   cold
#define HELPER_OF(cold, helper) helper

const struct uop_info uop_info[UOP_CODES] = {
#define UOP(name_, shape_, params_, reads_, writes_, access_, cold_, end_)                         \
    {                                                                                              \
        .name = #name_,                                                                            \
        .shape = SHAPE_##shape_,                                                                   \
        .params = PARAMS_##params_,                                                                \
        .cold = COLD_OF cold_,                                                                     \
        .end = END_##end_,                                                                         \
        .access = {FIELDS access_},                                                                \
        .reads = (reads_),                                                                         \
        .writes = (writes_),                                                                       \
        .helper = HELPER_OF cold_,                                                                 \
        .first = FIRST_##name_,                                                                    \
    },
#include "ops/i386/ops.def"
#undef UOP
};

const char *const location_names[LOCATIONS] = {
    "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "t0", "t1",
};
