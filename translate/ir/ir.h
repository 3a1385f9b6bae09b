/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The IR: a block as three-address code over values, each of which is computed once. A block has
 * one way in and no joins, so a guest register is no variable: it has a value at each point, and
 * the points where somebody might look, ways out and slow paths, have a snapshot that says which.
 *
 *   struct ir *ir = ir_lower(stream);   lower.c: from micro-ops
 *   ir_fold(ir); ir_addresses(ir); ir_sink(ir);     passes
 *   host_emit(ir, ...);                 host.h, allocating registers (regalloc.h) on the way
 */
#ifndef TRANSLATE_IR_IR_H
#define TRANSLATE_IR_IR_H

#include "translate/ir/guest.h"
#include "translate/uop.h"

enum ir_op {
#define IR_OP(name, operands, traits) IR_##name,
#include "translate/ir/ops.def"
#undef IR_OP
    IR_OPS
};
enum ir_traits { PURE = 1, SINKS = 2, COMMUTES = 4 };
struct ir_op_info {
    const char *name;
    u8 operands, traits;
};
extern const struct ir_op_info ir_op_info[IR_OPS];

/* A value: the number of an instruction, or IR_CONST and the number of a constant; or none. */
typedef u16 ir_ref;
enum { IR_CONST = 0x8000, IR_NONE = 0 };
static inline bool ir_is_const(ir_ref v)
{
    return v & IR_CONST;
}

enum { IR_OPERANDS = 4 };
struct ir_insn {
    u8 op;   /* enum ir_op */
    u8 size; /* bytes of memory; lea's shift */
    u8 cc;   /* enum uop_condition */
    bool sign, write;
    bool near;    /* load, store: its entry is that of another address, mostly the same */
    bool sunk;    /* computed in cold code only */
    u16 snapshot; /* number plus 1 of what a look at the state would see here */
    ir_ref operand[IR_OPERANDS];
    u32 imm;
    u32 pc;   /* of the guest instruction */
    u8 unrun; /* see stream_count_insns */
};

/* The most that a guest may have: locations (enum uop_set), and fields that are kept as values. */
enum { IR_LOCATIONS = 16, IR_FIELDS = 40, IR_PLACES = IR_LOCATIONS + IR_FIELDS };

/*
 * The guest's state at a point, by place: a location by its number, temporaries only if the way on
 * needs them; IR_LOCATIONS + the number of a field that has to be stored.
 */
struct ir_snapshot {
    u64 has;     /* the places that it has values of, as bits */
    u64 changed; /* those that may have another value than in the snapshot before */
    ir_ref value[IR_PLACES];
};

enum { IR_INSNS = 3072, IR_CONSTS = 1024, IR_SNAPSHOTS = 768 };
struct ir {
    const struct stream *stream;
    const struct ir_guest *guest;
    u32 count; /* instructions are numbered from 1 */
    u32 consts, snapshots;
    u32 pc;    /* of the guest instruction at hand, while building; */
    u8 unrun;  /* of the micro-op */
    bool full; /* more than its tables hold */
    struct ir_insn insn[IR_INSNS];
    u32 constant[IR_CONSTS];
    struct ir_snapshot snapshot[IR_SNAPSHOTS];
    u16 const_hash[256];
};

/* --- building (build.c) --- */

void ir_clear(struct ir *ir, const struct stream *s);
ir_ref ir_const(struct ir *ir, u32 value);
static inline u32 ir_value(const struct ir *ir, ir_ref v)
{
    return ir->constant[v & ~IR_CONST];
}
/* Appends an instruction; the caller fills in what it has beside its operands. */
struct ir_insn *ir_append(struct ir *ir, enum ir_op op, ir_ref a, ir_ref b, ir_ref c);
/* The same, as a value. */
ir_ref ir_emit(struct ir *ir, enum ir_op op, ir_ref a, ir_ref b, ir_ref c);
/* Empty; every place may have changed. */
struct ir_snapshot *ir_add_snapshot(struct ir *ir, struct ir_insn *of);

/* What a pure instruction computes of constants; imm and cc are its fields. */
u32 ir_evaluate(const struct ir_insn *i, u32 a, u32 b, u32 c);

enum { IR_IN_LOCATIONS = (1 << IR_LOCATIONS) - 1 };

/* The value of a place; IR_NONE: none. */
static inline ir_ref ir_seen(const struct ir_snapshot *s, unsigned place)
{
    return s->has >> place & 1 ? s->value[place] : IR_NONE;
}
static inline void ir_see(struct ir_snapshot *s, unsigned place, ir_ref v)
{
    u64 bit = (u64)1 << place;

    s->value[place] = v;
    s->has = v ? s->has | bit : s->has & ~bit;
    s->changed |= bit;
}
/* The first of some places: for (u64 left = s->has; left; left &= left - 1) ... */
static inline unsigned ir_first_place(u64 places)
{
    return (unsigned)__builtin_ctzll(places);
}

/* Is a location nothing between two instructions? */
static inline bool ir_is_temporary(const struct ir *ir, unsigned location)
{
    return ir->stream->table->temporaries & 1u << location;
}

/* Does a look at a snapshot cost nothing until it happens: is it of a slow path or a way out? */
bool ir_is_cold(enum ir_op op);
typedef void ir_value_fn(void *context, ir_ref v);
/* Calls f for each value that an instruction computes with and that is no constant. */
static inline void ir_each_operand(const struct ir_insn *i, ir_value_fn *f, void *context)
{
    for (unsigned n = 0; n < IR_OPERANDS && i->operand[n]; n++)
        if (!ir_is_const(i->operand[n]))
            f(context, i->operand[n]);
}
/* The same for those of a snapshot at some of the places that it has. */
static inline void ir_each_seen(const struct ir_snapshot *s, u64 places, ir_value_fn *f,
                                void *context)
{
    for (u64 left = places; left; left &= left - 1)
        if (!ir_is_const(s->value[ir_first_place(left)]))
            f(context, s->value[ir_first_place(left)]);
}

/* --- phases --- */

/* Micro-ops to instructions. False if they are more than its tables hold. */
bool ir_lower(struct ir *ir, const struct stream *s);
/* Constants folded and propagated, copies propagated, common subexpressions computed once. */
void ir_fold(struct ir *ir);
/* Addresses: sums merged into one, TLB lookups of neighbours into one. */
void ir_addresses(struct ir *ir);
/* What nobody sees is dropped, what only cold code sees is computed there. */
void ir_sink(struct ir *ir);

/* What the engine has made so far, in this process. */
struct ir_stats {
    u64 blocks, refused;       /* refused: more than its tables hold; templates made these */
    u64 uops, opaque;          /* opaque: as their templates */
    u64 values, dropped, sunk; /* instructions after lowering; of these: not needed; cold only */
    u64 spills;                /* stores of values for which there was no register */
};
extern struct ir_stats ir_stats;

/* For -d ir,ir_opt: is told of the IR after each pass, NULL for none. */
extern void (*ir_trace)(const struct ir *ir, const char *pass);
/* One line: `v12 = add v3, 4`. Returns the length, as snprintf does. */
int ir_print(const struct ir *ir, u32 number, char *text, size_t size);

#endif
