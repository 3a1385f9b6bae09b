/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Linear scan over a block: going through the instructions in order, which is the order of the
 * code, each value is given a host register, mostly the one that it will have to be in at the next
 * way out. Where registers run out, the value that is used last goes to a slot in memory, and is
 * loaded again by its next use.
 *
 *   ra_start(&ra, ir, &moves);
 *   for each instruction n: ra_begin(&ra, n); ra_get...; ra_define...; ra_end(&ra);
 *
 * What it does itself to code, are moves.
 */
#ifndef TRANSLATE_IR_REGALLOC_H
#define TRANSLATE_IR_REGALLOC_H

#include "translate/ir/host.h"

enum { SLOTS = CPU_SPILL_SLOTS, NO_SLOT = 0xff };

/* What the allocator has done by others; none of them changes the host's flags. */
struct ra_moves {
    void (*move)(void *context, u8 to, u8 from);
    void (*constant)(void *context, u8 to, u32 value);
    void (*spill)(void *context, u8 slot, u8 from);
    void (*reload)(void *context, u8 to, u8 slot);
    void *context;
};

/* Which value is in which register and slot; IR_NONE: none that is needed. */
struct ra_state {
    ir_ref in[HOST_REGS];
    ir_ref slot[SLOTS];
    u32 slots; /* that are in use, as bits */
};

struct ra {
    const struct ir *ir;
    struct ra_moves moves;
    u32 available; /* registers to give: ALL_REGS, fewer for tests */
    u32 now;       /* the instruction at hand */
    u32 pinned;    /* registers that it uses */
    u32 holding;   /* registers with a value in state.in */
    bool failed;   /* an instruction wants more registers or slots than there are */
    struct ra_state state;
    ir_ref dead_in[HOST_REGS]; /* what the value just defined there has replaced */
    u8 reg[IR_INSNS];          /* NO_REG: in none */
    u8 slot_of[IR_INSNS];      /* NO_SLOT */
    u16 last[IR_INSNS];        /* the last instruction that needs it */
    ir_ref dying[IR_INSNS];    /* by instruction: values that nothing after it needs, as a list */
    ir_ref next_dying[IR_INSNS];
    u8 wanted[IR_INSNS]; /* where the next way out wants it, NO_REG: nowhere */
};

void ra_start(struct ra *ra, const struct ir *ir, const struct ra_moves *moves);
void ra_begin(struct ra *ra, u32 n);
/* A register that holds v for this instruction; constants too. */
u8 ra_get(struct ra *ra, ir_ref v);
/* The same in that very register, which the instruction may change. */
void ra_get_in(struct ra *ra, ir_ref v, u8 reg);
/* A register of `mask` to change at will during this instruction. */
u8 ra_temporary(struct ra *ra, u32 mask);
/*
 * The register that v, which is this instruction, gets: of `mask`. It may be one whose value is
 * used by this instruction for the last time.
 */
u8 ra_define(struct ra *ra, ir_ref v, u32 mask);
/* The same, in a register that has been made free. */
void ra_define_in(struct ra *ra, ir_ref v, u8 reg);
/* Frees a register, which keeps its content until the instruction changes it. */
void ra_vacate(struct ra *ra, u8 reg);
void ra_end(struct ra *ra);
/* Is v not needed after the instruction at hand? */
bool ra_is_dying(const struct ra *ra, ir_ref v);
/* Every register, as templates leave them: values but those of `kept` are gone from them. */
void ra_spill_all_but(struct ra *ra, const ir_ref *kept, unsigned count);
void ra_place(struct ra *ra, ir_ref v, u8 reg);
void ra_forget_registers(struct ra *ra);
/* The state at the instruction at hand, before it has defined anything. */
void ra_capture(const struct ra *ra, struct ra_state *state);
/* Where a value is in a state: a register or NO_REG, a slot or NO_SLOT. */
u8 ra_reg_of(const struct ra_state *state, ir_ref v);
u8 ra_slot_of(const struct ra_state *state, ir_ref v);

#endif
