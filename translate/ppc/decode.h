/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the parts of the decoder share. Each instruction is a row of insns.def, which names one of
 * the functions t_X below; that appends its micro-ops by the vocabulary here.
 */
#ifndef TRANSLATE_PPC_DECODE_H
#define TRANSLATE_PPC_DECODE_H

#include "ops/ppc/table.h"
#include "ops/ppc/word.h"
#include "translate/ppc/translate.h"

/*
 * What was compared last for a field of CR. While its operands are where they were, a branch
 * compares them again, in one instruction of the host, and needs no field.
 */
struct comparison {
    bool known, is_signed;
    bool of_two; /* locations; else of `a` and a number */
    u8 a, b;
    u32 imm, field;
    u32 behind; /* how many micro-ops of the stream come before it, its own included */
};

struct decoder {
    struct stream *s;
    const struct code_source *source;
    u32 mode, pc, word;
    const struct insn *insn;
    struct comparison compared;
    u32 exits; /* ways out so far that did not end the block */
    bool end;
};

typedef void insn_fn(struct decoder *d);
struct insn {
    const char *name;
    insn_fn *translate;
    u32 arg;
    u8 cr0; /* enum cr0_effect */
};

/* What an instruction does to CR0. */
enum cr0_effect {
    CR0_WANTED, /* it may read it, fault or go elsewhere */
    CR0_LEFT,
    CR0_SET,
    CR0_BY_RC,    /* set if the word's bit Rc is, else left */
    CR0_BY_FIELD, /* set if that is the field that the word names, else left */
};

/* In `arg`, beside a size in bytes or the number of a micro-op. */
enum {
    SIZE = 15,
    HIGH_HALF = 16,     /* instead of a size: the immediate is shifted so far */
    UPDATES = 1 << 4,   /* RA becomes the address */
    INDEXED = 1 << 5,   /* the address is RA + RB */
    ALGEBRAIC = 1 << 6, /* sign-extended */
    REVERSED = 1 << 7,  /* the least significant byte first */
    RESERVES = 1 << 8,
    OP_MASK = 0xffff,
    COMPLEMENTS = 1 << 16, /* the second operand is inverted first, */
    INVERTS = 1 << 17,     /* or the result at last */
    SINGLE = 1 << 19,      /* a float in storage */
    WORD = 1 << 23,        /* the low half of an FPR is stored as it is */
    STORES = 1 << 20,      /* to a line, which is touched as by a store */
    ENDS = 1 << 21,        /* a helper after which the block ends, */
    ENDS_ALL = 1 << 22,    /* or that has set pc */
    HYPERVISORS = 1 << 25, /* not for a guest's supervisor */
    IN_ORDER = 1 << 24,    /* of two operands, which cannot be exchanged */
    BY_IMMEDIATE = 1 << 18 /* the second operand is in the word, where RB would be */
};
/* Of ppc_t_branch_register. */
enum { BY_LR, BY_CTR };

/* Every function that a row names. */
#define PRIMARY(opcode, name, form, cr0, translate, arg)           insn_fn translate;
#define EXTENDED(primary, opcode, name, form, cr0, translate, arg) insn_fn translate;
#define SHORT(primary, opcode, name, form, cr0, translate, arg)    insn_fn translate;
#include "translate/ppc/insns.def"
#undef PRIMARY
#undef EXTENDED
#undef SHORT

/* --- fields of the word beside those of ops/ppc/word.h --- */

static inline u32 rd(const struct decoder *d) /* RT, RS */
{
    return word_d(d->word);
}
static inline u32 ra(const struct decoder *d)
{
    return word_a(d->word);
}
static inline u32 rb(const struct decoder *d)
{
    return word_b(d->word);
}
static inline u32 immediate(const struct decoder *d)
{
    return d->word & 0xffff;
}
static inline u32 signed_immediate(const struct decoder *d)
{
    return (u32)(s16)d->word;
}
static inline bool records(const struct decoder *d)
{
    return d->word & 1;
}

bool ppc_sets_cr0(const struct decoder *d);

/* --- appending --- */

struct uop *ppc_emit(struct decoder *d, u16 op);
void ppc_emit_n(struct decoder *d, u16 op, u32 imm);
void ppc_emit_r(struct decoder *d, u16 op, enum location to, u32 imm);
void ppc_emit_rr(struct decoder *d, u16 op, enum location to, enum location from);
void ppc_emit_call(struct decoder *d, u16 op, u32 a, u32 b);
/* GPR n to a location, and back. */
void ppc_get(struct decoder *d, enum location to, u32 n);
void ppc_put(struct decoder *d, u32 n, enum location from);
/* GPR n's own location; if it has none, `scratch`, and there it is put. */
enum location ppc_operand(struct decoder *d, u32 n, enum location scratch);
/* Likewise of RA, or zero in the place of r0. */
enum location ppc_base(struct decoder *d, enum location scratch);
/* Where GPR n's new value can be made, unless its old one is still wanted: its own location, or T0.
 */
enum location ppc_target(u32 n);
/* Is CR0 overwritten at `target` before anybody reads it, or code there faults? */
bool ppc_cr0_is_dead_at(const struct decoder *d, u32 target);
/* T0 = the sum of two GPRs. */
void ppc_sum(struct decoder *d, u32 first, u32 second);
/*
 * RT = RA op RB, as the micro-op says of two locations, by number; where it commutes, either can be
 * the first. Returns where it is.
 */
enum location ppc_of_two(struct decoder *d, u16 op, u32 to, u32 first, u32 second, bool commutes);
/* A field of CR, and the byte of it where LT and SO are. */
static inline u32 cr_offset(u32 n)
{
    return (u32)offsetof(struct ppc_cpu, cr[0]) + n * (u32)sizeof(s64);
}
enum { CR_LAST_BYTE = 7 };

/* --- storage --- */

/* Where the address is, but for `disp`: RA's or RB's location, or T0. */
enum location ppc_address(struct decoder *d, u32 *disp);
void ppc_access(struct decoder *d, u16 op, enum location to, enum location from, u32 disp);
/* The host's byte order to the guest's, and back. */
void ppc_swap(struct decoder *d, enum location l, u32 size);
/* An access has left its address in T0, which becomes RA if the instruction says so. */
void ppc_update(struct decoder *d);

/* --- ends of blocks --- */

/* Before what may close a loop: leave if somebody wants the exec loop's attention. */
void ppc_exit_check(struct decoder *d);
void ppc_end_direct(struct decoder *d, u32 target);
void ppc_end_t0(struct decoder *d);
/* Where a helper has set pc. */
void ppc_end_pc(struct decoder *d);
void ppc_raise_in_block(struct decoder *d, enum ppc_interrupt interrupt, u32 why);
/* What comes next may be another mode, or elsewhere: the block ends. */
void ppc_end_after(struct decoder *d);
void ppc_t_illegal(struct decoder *d);
/* True if the instruction may not be run here, and raises that. */
bool ppc_is_privileged(struct decoder *d);
/* Likewise of what is for the hypervisor alone. */
bool ppc_is_hypervisors(struct decoder *d);

#endif
