/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a row of a guest's table of micro-ops says; the columns are explained there, for instance
 * in ops/i386/ops.def. A guest makes an array of struct uop_info of its rows (ops/i386/uops.c),
 * and nobody else restates what is in them.
 */
#ifndef OPS_UOPS_H
#define OPS_UOPS_H

#include "ops/types.h"

enum uop_shape { SHAPE_N, SHAPE_R, SHAPE_RR };

enum uop_params {
    PARAMS_NONE,
    PARAMS_IMM1,
    PARAMS_IMM2,
    PARAMS_IMM3,
    PARAMS_DISP,
    PARAMS_OFFSET,
    PARAMS_OFFSETS,
    PARAMS_OFFSET_IMM,
    PARAMS_OFFSETS_IMM,
    PARAMS_COUNTER,
    PARAMS_ACCESS,
    PARAMS_SEGMENT,
    PARAMS_COMPARE,
    PARAMS_TARGET,
    PARAMS_CALL,
    PARAMS_CACHE,
};

/*
 * What is read or written, as a set. Bits 0 to 15 are locations by number; L_D and L_B stand for
 * those that the micro-op at hand names.
 */
enum uop_set {
    L_LOCATIONS = 0xffff,
    L_D = 1 << 16,
    L_B = 1 << 17,
    L_FLAGS = 1 << 18, /* what the arithmetic flags follow from */
    L_CARRY = 1 << 19, /* cpu->carry and cpu->kept, temporaries as T0 is */
    L_KEPT = 1 << 20,
    L_STATE = 1 << 21, /* all else: of cpu, of the host's x87 and vectors */
    L_NOTE1 = 1 << 22, /* what only who leaves the block looks at: see stream_put_off_notes */
    L_NOTE2 = 1 << 23,
    L_NOTES = L_NOTE1 | L_NOTE2,
    L_ALL = L_LOCATIONS | L_CARRY | L_KEPT | L_STATE | L_NOTES,
};

enum access_kind { ACCESS_NONE, ACCESS_LOAD, ACCESS_STORE };
struct uop_access {
    u8 kind;      /* enum access_kind */
    u8 size;      /* in bytes */
    bool sign;    /* a load extends it so */
    bool aligned; /* to its size, or #GP */
};

enum uop_cold {
    COLD_NEVER,
    COLD_LOCATION,
    COLD_IMMEDIATE,
    COLD_FIELD,
    COLD_BOUNDS,
    COLD_HELPER,
    COLD_LEAVE,
    COLD_LEAVE_T0,
};

enum uop_end { END_NEXT, END_BRANCH, END_JUMP, END_LOOKUP, END_LOOP };

/* How many numbers that is; 0 for what is none. */
static inline unsigned uop_numbers(enum uop_params p)
{
    switch (p) {
    case PARAMS_IMM1:
    case PARAMS_OFFSET:
    case PARAMS_COUNTER:
        return 1;
    case PARAMS_IMM2:
    case PARAMS_OFFSETS:
    case PARAMS_OFFSET_IMM:
        return 2;
    case PARAMS_IMM3:
    case PARAMS_OFFSETS_IMM:
        return 3;
    default:
        return 0;
    }
}

struct uop_info {
    const char *name;
    u8 shape, params, cold, end;
    struct uop_access access;
    u32 reads, writes;
    u16 helper; /* COLD_HELPER: the micro-op that calls it */
    u16 first;  /* its first template: + d, or + d * LOCATIONS + b */
};

#endif
