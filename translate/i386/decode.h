/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The i386 decoder: guest bytes, by the table insns.def, to micro-ops. translate.c walks along a
 * block; for each instruction decode.c reads prefixes, opcode and operands, and the instruction's
 * function appends micro-ops with the vocabulary below. Each file uses those above it:
 *
 *   decode.c                       bytes to a struct decoder's instruction
 *   operand.c                      where operands are, loads and stores
 *   lookahead.c condition.c        flags: who needs them, predicates
 *   move.c flow.c                  moves, the stack; jumps, ends of blocks
 *   arith.c shift.c x87.c sse.c system.c
 *   translate.c                    blocks
 */
#ifndef TRANSLATE_I386_DECODE_H
#define TRANSLATE_I386_DECODE_H

#include "ops/i386/slow.h"
#include "ops/i386/table.h"
#include "translate/i386/arg.h"
#include "translate/i386/feature.h"
#include "translate/i386/translate.h"
#include "translate/uop.h"

enum alu { ALU_ADD, ALU_OR, ALU_ADC, ALU_SBB, ALU_AND, ALU_SUB, ALU_XOR, ALU_CMP };
enum shift {
    SHIFT_ROL,
    SHIFT_ROR,
    SHIFT_RCL,
    SHIFT_RCR,
    SHIFT_SHL,
    SHIFT_SHR,
    SHIFT_SAL,
    SHIFT_SAR
};
/* clang-format off */
enum condition {
    COND_O, COND_NO, COND_B, COND_AE, COND_Z, COND_NZ, COND_BE, COND_A,
    COND_S, COND_NS, COND_P, COND_NP, COND_L, COND_GE, COND_LE, COND_G,
};
/* clang-format on */

enum operand_kind {
    OPERAND_NONE,
    OPERAND_REG,
    OPERAND_MEM,
    OPERAND_IMM,
    OPERAND_XMM,
    OPERAND_MMX,
};
struct operand {
    enum operand_kind kind;
    u8 size;        /* in bytes */
    u8 reg;         /* of size 1: 4..7 are AH CH DH BH */
    bool any_place; /* MEM of 16 bytes: at any address, not only at multiples of 16 */
    u32 imm;
};

/* A memory operand's parts, as ModRM and SIB give them. */
enum { NO_LOCATION = 0xff };
struct address {
    u8 base, index, scale; /* enum location or NO_LOCATION */
    u32 disp;
    enum segment_register segment;
};

/* Where a memory operand is, after its address has been computed: [base + disp]. */
struct place {
    u8 base;
    u32 disp;
};

/* What the next branch can be fused with: registers that still hold what flags came from. */
enum fusion_kind { FUSE_NONE, FUSE_COMPARE, FUSE_TEST, FUSE_RESULT, FUSE_ADD, FUSE_BIT };
struct fusion {
    enum fusion_kind kind;
    u8 d, b; /* b is NO_LOCATION for imm; ADD: the sum and what was added, CF is d < b */
    u8 size; /* of COMPARE, TEST: operands are zero-extended from it */
    u32 imm;
};

/* What is to come behind a helper that an instruction has called: HELPER's `end`. */
enum helper_end { HELPER_NEXT, HELPER_JUMP, HELPER_LEAVE };

struct insn;
struct decoder {
    struct stream *s;
    const struct code_source *source;
    u64 features; /* see struct i386_code */
    const struct breakpoints *breakpoints;
    u32 mode;

    /* The instruction at hand. */
    u32 pc, next; /* offsets in CS of its first byte and of the one being fetched */
    u32 most;     /* bytes from the block's first that may be fetched, */
    u32 room;     /* and from the instruction's */
    const struct insn *insn;
    u16 opcode; /* after 0F plus 0x100; 0x200, 0x300, 0x400 if 66, F3, F2 is part of it */
    u8 modrm;
    u8 opsize, adsize; /* 2 or 4 */
    u8 rep;            /* 0, F3 (1), F2 (2) */
    bool lock, bad;    /* bad: too long */
    bool crosses;      /* not the first, and reaches into the next page */
    u8 after;          /* enum helper_end */
    u8 segment;        /* override or NO_LOCATION */
    struct operand op[2];
    u32 imm; /* a third operand or a far pointer's offset */
    u16 selector;
    struct address address;

    /* What is known of the flags at this point: enum cc and cc_inc, or CC_UNKNOWN. */
    u8 cc, inc;
    struct fusion fusion;
    u8 x87_operand; /* segment register of the x87's last operand plus 1; 0: no micro-op's */
    u32 branches;   /* ways out so far that did not end the block */
    u32 likely;     /* where the indirect jump at the block's end is likely to lead, or 0 */
    u8 shadow;      /* enum sti_shadow */
    u32 body;       /* instructions of the loop that the block is, once it repeats */
    bool again;     /* the block goes on with its first instruction */
    bool end;       /* the block ends with this instruction */
};
enum { CC_UNKNOWN = 0xff };
enum sti_shadow { UNSHADOWED, SHADOW_AHEAD, IN_SHADOW };

typedef void insn_fn(struct decoder *d);

/* Operands, see insns.def. */
/* clang-format off */
enum form {
    NONE, Eb_Gb, Ev_Gv, Gb_Eb, Gv_Ev, AL_Ib, eAX_Iz, Eb_Ib, Ev_Iz, Ev_sIb, Ev_Ib, Eb_1, Ev_1, Eb_CL,
    Ev_CL, Ev_Gv_Ib, Gv_Ev_Iz, Gv_Ev_sIb, Eb, Ev, Ew, Ew_Gw, Gv_M, Gv_Eb, Gv_Ew, M, Zv, Zb_Ib,
    Zv_Iz, eAX_Zv, AL_Ob, eAX_Ov, Ob_AL, Ov_eAX, Jb, Jz, Iz, sIb, Ib, Iw, Iw_Ib, Ap, CREG, X87,
    Vx_Wx, Vx_Wu, Vx_Wq, Vx_Wd, Wx_Vx, Wu_Vx, Wq_Vx, Wd_Vx, Vx_Wx_Ib, Vx_Wq_Ib, Vx_Wd_Ib, Vx_Mq,
    Vx_Mu, Mq_Vx, Mx_Vx, Vx_Ux, Ux_Ib, Vx_Ed, Ed_Vx, Vx_Ew_Ib, Gd_Wd, Gd_Wq, Gd_Ux, Gd_Ux_Ib,
    Vx_Qq, Vx_Nq, Pq_Wq, Pq_Wx, Pq_Ux, Pq_Qq, Pq_Qd, Qq_Pq, Pq_Qq_Ib, Pq_Nq, Nq_Ib, Mq_Pq, Pq_Ed,
    Ed_Pq, Pq_Ew_Ib, Gd_Nq, Gd_Nq_Ib, Md_Gd,
};
/* clang-format on */
bool form_has_modrm(enum form form);

/* Rows of insns.def. */
struct insn {
    const char *name;
    insn_fn *translate;
    u8 form; /* enum form */
    u8 arg;
    u32 flags; /* enum insn_flags */
};

/*
 * Beside what the decoder asks for: what an instruction leaves undefined, which nothing here reads
 * but the tests that compare with processors. UNDEF_CF to UNDEF_OF are EFLAGS moved up; from
 * UNDEF_RULES on, the value of a field, is what depends on the operands.
 */
enum insn_flags {
    LOCKABLE = 1 << 0,
    /*
     * What becomes of the arithmetic flags, as a field; it reads none of them, and cannot fault if
     * its operands are registers and immediates. 0: it may, or goes elsewhere.
     */
    KEEPS_FLAGS = 1 << 1,
    KEEPS_ALWAYS = 2 << 1, /* with an operand in memory, too, which it does not access */
    SETS_FLAGS = 3 << 1,   /* or leaves them undefined */
    SETS_BUT_CF = 4 << 1,
    SETS_BY_COUNT = 5 << 1, /* all, by an immediate count that is not 0 */
    EFFECT_FIELD = 7 << 1,
    /* The feature that the processor must have, as a field. */
    NEEDS_SHIFT = 8,
    NEEDS_FIELD = 0xff,
#define FEATURE(name, word, bit, label) NEEDS_##name = FEATURE_##name << NEEDS_SHIFT,
#include "translate/i386/features.def"
#undef FEATURE
    UNDEF_FLAGS_SHIFT = 16,
    UNDEF_CF = FLAG_CF << UNDEF_FLAGS_SHIFT,
    UNDEF_PF = FLAG_PF << UNDEF_FLAGS_SHIFT,
    UNDEF_AF = FLAG_AF << UNDEF_FLAGS_SHIFT,
    UNDEF_ZF = FLAG_ZF << UNDEF_FLAGS_SHIFT,
    UNDEF_SF = FLAG_SF << UNDEF_FLAGS_SHIFT,
    UNDEF_OF = FLAG_OF << UNDEF_FLAGS_SHIFT,
    UNDEF_ALL = FLAGS_ARITH << UNDEF_FLAGS_SHIFT,
    UNDEF_MUL = UNDEF_SF | UNDEF_ZF | UNDEF_AF | UNDEF_PF,
    UNDEF_BIT = UNDEF_OF | UNDEF_SF | UNDEF_AF | UNDEF_PF,
    UNDEF_AAA = UNDEF_OF | UNDEF_SF | UNDEF_ZF | UNDEF_PF,
    UNDEF_AAM = UNDEF_OF | UNDEF_AF | UNDEF_CF,
    UNDEF_RULES = 7 << 28,
    /* By the count masked to 5 bits: 0 leaves all flags alone; else */
    UNDEF_ROTATE = 1 << 28, /* OF unless it is 1; */
    UNDEF_SAR = 2 << 28,    /* OF unless it is 1, AF; */
    UNDEF_SHIFT = 3 << 28,  /* OF unless it is 1, AF, and CF unless it is below the width; */
    UNDEF_DOUBLE = 4 << 28, /* OF unless it is 1, AF; beyond the width all, and the result */
    /* The destination if the source is 0. */
    UNDEF_SCAN = 5 << 28 | UNDEF_CF | UNDEF_OF | UNDEF_SF | UNDEF_AF | UNDEF_PF,
    /* The destination with 16-bit operands; its bits 16 to 19. */
    UNDEF_BSWAP16 = 6 << 28,
    UNDEF_LAR = 7 << 28,
};

static inline enum feature insn_needs(u32 flags)
{
    return (enum feature)(flags >> NEEDS_SHIFT & NEEDS_FIELD);
}

#define INSN(first, last, reg, name, form, translate, arg, flags) insn_fn translate;
#include "translate/i386/insns.def"
#undef INSN

/* Has the processor what a row or an encoding takes? */
static inline bool has_feature(const struct decoder *d, enum feature feature)
{
    return feature_in(d->features, feature);
}

/* --- appending --- */

/* One micro-op (or mark), whose operands and parameters are for the caller to fill in. */
struct uop *emit_uop(struct decoder *d, u16 op);
/* One of shape N, R, RR, with its first numbers (imm). */
void emit_n(struct decoder *d, u16 op, u32 p0, u32 p1);
void emit_r(struct decoder *d, u16 op, u8 location, u32 p0);
void emit_rr(struct decoder *d, u16 op, u8 to, u8 from);
void emit_rr_disp(struct decoder *d, u16 op, u8 to, u8 from, u32 disp);
/* The one appended last, for what is rare in it. */
struct uop *last_uop(struct decoder *d);
/* Marks the last micro-op as there only for flags. */
void for_flags(struct decoder *d);
void mark_flags(struct decoder *d, enum flag_part set, u8 cc, u8 inc);
/* Calls a helper. If its row says so the block ends, too, behind what else the instruction does. */
void emit_call(struct decoder *d, u16 op, u32 a, u32 b);
/* The size's variant of CC_xB or CC_INCB. */
u8 sized(u8 cc_b, unsigned size);
static inline u32 size_mask(unsigned size)
{
    return size == 4 ? ~0u : (1u << size * 8) - 1;
}

/* --- bytes (decode.c) --- */

enum { MAX_INSN = 15, MAX_BLOCK = STREAM_INSNS * MAX_INSN, CODE_PAGE = 1 << 12 };

/* The linear page of an offset in CS. */
static inline u32 page_of(const struct decoder *d, u32 offset)
{
    return (d->source->base + offset) >> 12;
}

/* The instruction at d->pc, up to d->next; false if there is none such. */
bool decode_insn(struct decoder *d);

/* --- operands (operand.c) --- */

/* Computes a memory operand's address; `write` for an access that writes. */
struct place operand_place(struct decoder *d, unsigned size, bool write);
/* The offset alone, into T0. */
void offset_to_t0(struct decoder *d);
/* The linear address of a memory operand, into T0, for a helper. */
void address_to_t0(struct decoder *d, unsigned size, bool write);
/* T0, an offset, to linear in a segment. */
void segment_t0(struct decoder *d, enum segment_register segment, unsigned size, bool write);
bool segment_is_flat(const struct decoder *d, enum segment_register segment);
/* An access leaves its linear address in T0; a place computed there is up to date after it. */
void load(struct decoder *d, u8 to, struct place *at, unsigned size, bool sign, bool write);
void store(struct decoder *d, struct place *at, u8 from, unsigned size);
void store_imm(struct decoder *d, struct place *at, u32 value, unsigned size);
/* The place `offset` bytes behind another. */
struct place place_behind(struct place at, u32 offset);
/* A micro-op that accesses memory at T0: puts the operand's address there, and appends it. */
void access_at_t0(struct decoder *d, u16 op, u32 arg);
/* A location that holds the operand: with anything, or zeros, above its size. May be `temp`. */
u8 read_any(struct decoder *d, const struct operand *o, u8 temp);
u8 read_zero(struct decoder *d, const struct operand *o, u8 temp);
u8 read_sign(struct decoder *d, const struct operand *o, u8 temp);
/* Copies it to `temp` in any case. */
void copy_any(struct decoder *d, const struct operand *o, u8 temp);
void copy_zero(struct decoder *d, const struct operand *o, u8 temp);
/* Writes a register operand. */
void write_reg(struct decoder *d, const struct operand *o, u8 from);
/* Writes a register or memory operand (computing its address) from a location other than T0. */
void write_operand(struct decoder *d, const struct operand *o, u8 from);

/* --- conditions (condition.c) --- */

/* Goes to `target` (an offset) if the condition holds. */
void branch_if(struct decoder *d, enum condition c, u32 target);
/* T0 = condition ? 1 : 0. */
void set_if(struct decoder *d, enum condition c);
/* cpu->carry = CF. */
void carry_in(struct decoder *d);
/* Makes the flags CC_EFLAGS; only for flags. */
void flags_for_change(struct decoder *d);

/* --- stack (move.c) --- */

void push_location(struct decoder *d, u8 from, unsigned size);
void push_imm(struct decoder *d, u32 value, unsigned size);
/* Loads from the stack's top at +offset, without popping; and moves ESP. */
void load_stack(struct decoder *d, u8 to, unsigned size);
void add_esp(struct decoder *d, u32 bytes);

/* --- a look ahead (lookahead.c) --- */

u32 flags_dead_at(const struct decoder *d, u32 target);

/* --- ends of blocks (flow.c) --- */

void end_direct(struct decoder *d, u32 target);
void end_indirect(struct decoder *d, u8 target);
/* The block ends in an exception (with error code 0 if it has one). */
void raise_in_block(struct decoder *d, u32 vector);
/* After a helper that set pc. */
void end_jump(struct decoder *d);
/* On at an address, in whatever mode, unless somebody wants the exec loop. */
void end_at(struct decoder *d, u32 pc);
/* After a helper that may have changed the mode: behind this instruction. */
void end_leave(struct decoder *d);
/* Behind an instruction: if it has called a helper whose row says so. */
void end_after_helper(struct decoder *d);
/* Before what is at d->pc. */
void end_before(struct decoder *d);
void exit_check(struct decoder *d);

/* --- STI's shadow (flow.c) --- */

/* Behind STI. */
void begin_shadow(struct decoder *d);
/* Another instruction begins. */
void move_shadow(struct decoder *d);
/* Has the instruction of which the micro-ops from `first` on are a way out within the shadow? */
bool branches_in_shadow(const struct decoder *d, u32 first);

#endif
