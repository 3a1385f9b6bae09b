/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the IR asks of a guest: to lower what is its own. Its table of micro-ops leads here. */
#ifndef TRANSLATE_IR_GUEST_H
#define TRANSLATE_IR_GUEST_H

#include "ops/types.h"

struct core;
struct lowering;
struct uop;

/* A field of cpu that is kept as a value: what flags follow from, notes, temporaries. */
struct ir_field {
    const char *name;
    u32 offset;
    u8 size; /* in bytes */
};

struct ir_guest {
    /* Those that overlap, which must be constants, are stored at a way out in this order. */
    const struct ir_field *fields;
    unsigned field_count; /* IR_FIELDS at most */
    u64 no_flags;         /* fields, by number, that do not die with the flags */
    bool in_state;  /* they are of L_STATE, not of L_FLAGS: who names that finds them stored */
    const u8 *home; /* by location: the host's register in which templates have it */
    /*
     * Lowers a micro-op that is none of ops/common.def, nor an end, or a mark of flags (UOP_cc), by
     * what lower.h has. False: it is not known here, and runs as its template.
     */
    bool (*lower)(struct lowering *l, const struct uop *u);
    /* Runs IR_native, IR_native_load or IR_native_store instead of the host: `what` is its imm. */
    void (*native)(struct core *core, u32 what);
};

#endif
