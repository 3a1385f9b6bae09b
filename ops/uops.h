/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a row of a guest's table of micro-ops says: UOP(name, shape, params, reads, writes, access,
 * cold, end). Whoever asks something of a micro-op asks its row, and nobody else restates it.
 *
 *   shape    N, R (location d), RR (locations d and b): one template for each choice. Of what
 *            compares the interpreter has, and dyngen can have, one for each condition, too
 *   params   what its parameters are (the union in struct uop), and so what goes into its holes:
 *            NONE; IMM1 to IMM3, as many numbers; DISP, a signed one; COUNTER, the address of one
 *            OFFSET, OFFSETS   of one or two fields of cpu; OFFSET_IMM, OFFSETS_IMM, then a number
 *            ACCESS   memory at base + disp, see `access`, by the TLB; P4 is arg
 *            AT_T0    memory at T0, likewise: P3 is arg
 *            WINDOW, WINDOW_AT_T0   the same by the stack window: disp and arg; arg
 *            WINDOW_CHECK   its check (ops/window.h)
 *            COMPARE  `condition` (ops/host/conditions.h), of D and B, or D and to.imm
 *            TEST     one of the first of them, of D & B, or D & to.imm, and 0
 *            TARGET   to.target
 *            OFFSET_TARGET   the offset of a field, to.imm, and to.target
 *            CALL     pc, call.a, call.b
 *            CACHE    the jump cache
 *   reads    locations, and parts of cpu, that it may read: sets of enum uop_set. What is written
 *   writes   in part is read as well. L_D and L_B are the ones that the micro-op names
 *   access   LOAD(size, sign) or STORE(size) of memory, in bytes (base b for what loads into d,
 *            else d, or T0), whose address is left in T0 if it is by the TLB; with LOAD_ALIGNED and
 *            STORE_ALIGNED it must be a multiple of the size
 *   cold     what its __op_cold does. Every flag, location and fault is as before the micro-op:
 *            NEVER      it has none
 *            LOCATION   the access, into d or from b (slow.h); FIELD, at cpu + P4; IMMEDIATE, of P4
 *            SLOW(op)   the micro-op `op`, with arg, and what the flags follow from, as its P2
 *            BY(call)   the whole instruction, by the micro-op that calls a helper, with arg
 *            LEAVE      to the exec loop, at the instruction; LEAVE_D, at D
 *            WINDOW     fills the window, or goes to the block's form without one
 *            LAYOUT     what the layout says, which alone has put it there, and fills its holes
 *   end      NEXT       goes on behind it
 *            BRANCH     that, or to to.target
 *            JUMP       to to.target
 *            LOOKUP     to where the jump cache says
 *            LOOP       to the exec loop
 */
#ifndef OPS_UOPS_H
#define OPS_UOPS_H

#include "ops/core.h"
#include "ops/host/conditions.h"
#include "ops/interp.h"

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
    PARAMS_AT_T0,
    PARAMS_WINDOW,
    PARAMS_WINDOW_AT_T0,
    PARAMS_WINDOW_CHECK,
    PARAMS_COMPARE,
    PARAMS_TEST,
    PARAMS_TARGET,
    PARAMS_OFFSET_TARGET,
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
    L_CARRY = 1 << 19, /* cpu->carry and cpu->kept */
    L_KEPT = 1 << 20,
    L_STATE = 1 << 21, /* all else: of cpu, of the host's registers beside the locations */
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
    bool aligned; /* to its size, or a fault */
};

enum uop_cold {
    COLD_NEVER,
    COLD_LOCATION,
    COLD_IMMEDIATE,
    COLD_FIELD,
    COLD_SLOW,
    COLD_HELPER,
    COLD_LEAVE,
    COLD_LEAVE_D,
    COLD_WINDOW,
    COLD_LAYOUT,
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
    u16 cold_op; /* COLD_SLOW, COLD_HELPER: the micro-op that the cold part consists of */
    u16 first;   /* its first template: + d * d_step + b * b_step + condition * condition_step */
    u8 d_step, b_step, condition_step;
};

/* The micro-ops that every guest has, by number; its own come behind them. */
enum common_uop {
#define UOP(name, ...) UOP_##name,
#include "ops/common.def"
#undef UOP
    COMMON_UOPS
};

/*
 * A guest's micro-ops, in all forms: its table, the templates and the interpreter's functions made
 * of them, and what translation and execution have to know of its cpu.
 */
struct dyngen_template;
struct ir_guest;
struct uop_table {
    const char *name; /* of the guest */
    const struct uop_info *rows;
    unsigned count, templates, locations;
    const char *const *location_names;
    const u8 *slots; /* where in the cpu's regs a location is; NULL: at its number */
    u8 t0;           /* the location where an access leaves its address, and jumps find theirs */
    u32 temporaries; /* enum uop_set: what is nothing between two instructions */
    size_t rest;     /* where in the cpu struct core_rest is, in bytes */
    /*
     * Flags: micro-ops (of IMM1) that store how all of them (flags_kind), or FLAGS_OTHERS alone,
     * follow from their operands; the one that stores the operand of the latter; the kind that a
     * helper that changes flags leaves; and the names of FLAGS_CARRY and FLAGS_OTHERS in listings.
     * All zero for a guest that defers none.
     */
    u16 store_kind, store_others_kind, store_others;
    u16 kind_after_call;
    /*
     * Comparisons: micro-ops that store the difference of which flags are, the last of those that
     * store them; one that stores the left operand instead; what that adds to the kind.
     */
    struct {
        u16 op[2], left, kind;
    } compare;
    char flag_names[2][8];
    u16 note_at_t0; /* see stream_put_off_notes; 0: has no notes */
    /*
     * The stack window (translate/window.c): the form of a micro-op that goes by it, by number, 0
     * for none; the stack pointer. All zero for a guest without.
     */
    struct {
        const u16 *form;
        u8 stack;
    } window;
    const struct ir_guest *ir; /* translate/ir/guest.h; NULL: the IR engine does not know them */
    const struct dyngen_template *const dyngen; /* what dyngen made, by name */
    const u16 *dyngen_order;                    /* its index there, by template */
    interp_fn *const *interp;                   /* likewise */
    void (*enter)(struct core *core,
                  const void *code); /* templates' code; returns when it leaves */
    void (*enter_interp)(struct core *core, const void *code); /* a stream */
};

#endif
