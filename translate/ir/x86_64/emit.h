/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the emitter share: the code of a block under way. */
#ifndef TRANSLATE_IR_X86_64_EMIT_H
#define TRANSLATE_IR_X86_64_EMIT_H

#include "translate/ir/regalloc.h"
#include "translate/ir/x86_64/x86.h"

/* Code that is laid out behind the block: of a slow path, or of a way out. */
enum cold_kind { COLD_ACCESS, COLD_EXIT };
struct cold {
    u8 kind;
    u8 temporary; /* access: the register through which memory is reached */
    u16 insn;     /* its number */
    u16 segment;  /* see struct code_mark */
    u8 *from;     /* the jump to it */
    const u8 *resume;
    const u8 *again; /* access: behind the load of the addend */
    u8 address;      /* access: a register */
    u8 *link;        /* access: the field that wants the description's address */
    struct ra_state state;
};

/* A template in the code: it is written when its cold part's place is known. */
struct inlined {
    const struct uop *uop;
    u8 *hot;
    struct fragment size;
};

enum { COLDS = IR_SNAPSHOTS, INLINED = 256 };
struct emitter {
    const struct ir *ir;
    struct ra ra;
    struct x86 x;
    intptr_t exec;
    struct code_map *map; /* NULL: nobody asks for it */
    const u8 *entry;
    u16 segment;
    bool ended; /* the rest is cold */
    u32 rest;   /* offsets in cpu: of struct core_rest, of the privilege's TLB */
    u32 tlb;
    /* The value whose sign and zero the host's flags tell, and none after another instruction. */
    ir_ref flags;
    u32 colds, inlineds, exits;
    struct cold cold[COLDS];
    struct inlined inlined[INLINED];
    struct {
        u32 pc;
        u8 *field;
    } exit[BLOCK_EXITS];
};

static inline struct x86_mem cpu_at(u32 offset)
{
    return (struct x86_mem){CPU_REG, NO_REG, 0, (s32)offset};
}

static inline struct x86_mem slot_at(const struct emitter *e, u8 slot)
{
    return cpu_at(e->rest + (u32)offsetof(struct core_rest, spill) + slot * 4u);
}

/* A register as a bit; none for NO_REG. */
static inline u32 reg_bit(u8 reg)
{
    return reg == NO_REG ? 0 : 1u << reg;
}

/* --- values (value.c) --- */

/* An operand in a register, or a constant (reg NO_REG) that goes into the instruction. */
struct source {
    u8 reg;
    u32 constant;
};
struct source source_of(struct emitter *e, ir_ref v);
/* The hot code of an instruction that computes a value of others. */
void emit_value(struct emitter *e, u32 n, const struct ir_insn *i);

/* A condition of the IR (enum uop_condition) by its flags. */
enum x86_cc cc_of(u8 condition);

/*
 * d = the value of an instruction that can sink, of a and b in registers (b NO_REG: the constant).
 * d may be either. Returns whether the host's flags tell the result's sign and zero.
 */
bool put_value(struct x86 *x, const struct ir_insn *i, u8 d, u8 a, u8 b, u32 constant);
void put_compare(struct x86 *x, bool test, u8 a, u8 b, u32 constant);
/* entry = the offset of an address's entry in a TLB. */
void put_tlb_entry(struct x86 *x, u8 entry, u8 address);
/* page = the page of address + ahead. */
void put_page(struct x86 *x, u8 page, u8 address, u32 ahead);

/* --- one instruction's code (select.c) --- */

void put_access(struct emitter *e, const struct ir_insn *i, u8 through, u8 address, u8 stored);
struct x86_mem tlb_at(const struct emitter *e, u8 entry, u32 constant, u32 field);
u32 tlb_tag(const struct ir_insn *i);
/* The hot code of instruction number n. */
void emit_insn(struct emitter *e, u32 n);

/* What comes next is for this instruction. */
void map_code(struct emitter *e, u32 n, u16 segment, enum code_part part);

/* --- ways out (leave.c) --- */

/* Brings the guest's registers to where templates have them, and fields into cpu. */
void put_state(struct emitter *e, struct ra_state *state, const struct ir_snapshot *s);
/* Is there nothing to do for that? */
bool state_is_placed(const struct emitter *e, const struct ra_state *state,
                     const struct ir_snapshot *s);
void put_jump_out(struct emitter *e, u32 pc);
/* A jump's field becomes an exit to pc that can be chained; false if there are too many. */
bool add_exit(struct emitter *e, u8 *field, u32 pc);
/* Makes room for a template. */
void put_inlined(struct emitter *e, const struct uop *u);
struct cold *add_cold(struct emitter *e, enum cold_kind kind, u32 n, u8 *from);
/* What lies behind the hot code. Returns where instructions end and data begin; NULL: no room. */
const u8 *emit_cold(struct emitter *e, struct exit_site *sites);

#endif
