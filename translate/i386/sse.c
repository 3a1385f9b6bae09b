/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MMX and SSE: moves here, the others by the table sse.def. XMM registers are fields of struct
 * cpu, whose offsets micro-ops have as parameters; so is cpu->sse.temp, which takes a source from
 * anywhere else. Each micro-op so exists once, but for those on MMX registers, which are the
 * host's: eight, one for each destination.
 */
#include "ops/i386/x87_insn.h"
#include "translate/i386/decode.h"

/* --- may it run, and how --- */

enum { TEMP = offsetof(struct cpu, sse.temp) };

static bool is_kind(const struct decoder *d, enum operand_kind kind)
{
    return d->op[0].kind == kind || d->op[1].kind == kind;
}

/* SDM vol. 3, 2.5 (CR0.EM, CR0.TS), 13.1.3 (CR4.OSFXSR). False if the instruction is refused. */
static bool sse_allowed(struct decoder *d, bool xmm)
{
    if (!(d->mode & (xmm ? MODE_NO_SSE : MODE_NO_FPU)))
        return true;
    emit_call(d, UOP_call_sse_refused, xmm, 0);
    return false;
}

/* The same by its operands; MMX registers are the x87's, whose pending exceptions come first. */
static bool begin(struct decoder *d)
{
    if (!sse_allowed(d, is_kind(d, OPERAND_XMM)))
        return false;
    if ((d->mode & MODE_FPU_TRAP) && is_kind(d, OPERAND_MMX))
        emit_call(d, UOP_call_x87, X87_WAIT, 0);
    return true;
}

/* --- operands --- */

static u32 xmm_offset(u8 reg)
{
    return (u32)(offsetof(struct cpu, sse.xmm) + reg * sizeof(struct xmm));
}

static void emit_3(struct decoder *d, enum uop_code op, u32 p0, u32 p1, u32 p2)
{
    emit_n(d, op, p0, p1);
    last_uop(d)->imm[2] = p2;
}

static enum uop_code mmx_op(enum uop_code first, u8 reg)
{
    return (enum uop_code)(first + reg);
}

static void load_field(struct decoder *d, const struct operand *from, u32 field)
{
    access_at_t0(d,
                 from->size == 4   ? UOP_sse_ld32
                 : from->size == 8 ? UOP_sse_ld64
                 : from->any_place ? UOP_sse_ld128
                                   : UOP_sse_ld128a,
                 field);
}

static void store_field(struct decoder *d, const struct operand *to, u32 field)
{
    access_at_t0(d,
                 to->size == 4   ? UOP_sse_st32
                 : to->size == 8 ? UOP_sse_st64
                 : to->any_place ? UOP_sse_st128
                                 : UOP_sse_st128a,
                 field);
}

static void load_word(struct decoder *d, u8 to)
{
    struct place at = operand_place(d, 2, false);

    load(d, to, &at, 2, false, false);
}

/* The field that holds a source: its register's, or temp, with zeros above if it is not MMX. */
static u32 source_field(struct decoder *d, const struct operand *from)
{
    switch (from->kind) {
    case OPERAND_XMM:
        return xmm_offset(from->reg);
    case OPERAND_MMX:
        emit_n(d, mmx_op(UOP_mmx_get_mm0, from->reg), TEMP, 0);
        return TEMP;
    case OPERAND_REG:
        emit_r(d, UOP_sse_put32, from->reg, TEMP);
        return TEMP;
    default:
        if (from->size == 2) {
            load_word(d, T1);
            emit_r(d, UOP_sse_put32, T1, TEMP);
        } else {
            load_field(d, from, TEMP);
        }
        return TEMP;
    }
}

static void write_mmx(struct decoder *d, u8 reg, u32 field)
{
    emit_n(d, mmx_op(UOP_mmx_movq_mm0, reg), field, 0);
}

/* --- moves --- */

static void move_to_xmm(struct decoder *d, u8 reg, const struct operand *from)
{
    u32 to = xmm_offset(reg);

    if (from->kind == OPERAND_MEM)
        load_field(d, from, to);
    else if (from->kind == OPERAND_REG)
        emit_r(d, UOP_sse_put32, from->reg, to);
    else if (from->size == 16)
        emit_n(d, UOP_sse_mov, to, source_field(d, from));
    else if (d->insn->arg != KEEPS_REST)
        emit_n(d, UOP_sse_movq, to, source_field(d, from));
    else
        emit_n(d, from->size == 4 ? UOP_sse_movss : UOP_sse_movsd, to, source_field(d, from));
}

static void move_to_memory(struct decoder *d, const struct operand *to, const struct operand *from)
{
    if (from->kind == OPERAND_XMM) {
        store_field(d, to, xmm_offset(from->reg));
        return;
    }
    /* Pairs: the forms of 32 and of 64 bits for each register. */
    access_at_t0(d,
                 (enum uop_code)((to->size == 8 ? UOP_mmx_st64_mm0 : UOP_mmx_st32_mm0) +
                                 from->reg * (UOP_mmx_st32_mm1 - UOP_mmx_st32_mm0)),
                 from->reg | (u32)to->size << 4);
}

/* All moves of a whole operand; arg: a register is merged into another, not zero-extended. */
void t_sse_mov(struct decoder *d)
{
    const struct operand *to = &d->op[0], *from = &d->op[1];

    if (!begin(d))
        return;
    switch (to->kind) {
    case OPERAND_XMM:
        move_to_xmm(d, to->reg, from);
        break;
    case OPERAND_MMX:
        write_mmx(d, to->reg, source_field(d, from));
        break;
    case OPERAND_REG:
        emit_r(d, UOP_sse_get32, to->reg, source_field(d, from));
        break;
    default:
        move_to_memory(d, to, from);
        break;
    }
}

/* MOVLPS, MOVHPS and MOVHLPS, MOVLHPS, which these are between registers. */
void t_sse_half(struct decoder *d)
{
    const struct operand *to = &d->op[0], *from = &d->op[1];
    bool high = d->insn->arg == HIGH_HALF;

    if (!begin(d))
        return;
    if (to->kind == OPERAND_MEM)
        store_field(d, to, xmm_offset(from->reg) + (high ? 8 : 0));
    else if (from->kind == OPERAND_MEM)
        emit_n(d, high ? UOP_sse_movhps : UOP_sse_movlps, xmm_offset(to->reg),
               source_field(d, from));
    else
        emit_n(d, high ? UOP_sse_movlhps : UOP_sse_movhlps, xmm_offset(to->reg),
               source_field(d, from));
}

void t_movnti(struct decoder *d)
{
    write_operand(d, &d->op[0], d->op[1].reg);
}

/* MASKMOVQ, MASKMOVDQU: to DS:EDI. */
void t_maskmov(struct decoder *d)
{
    bool xmm = d->op[0].kind == OPERAND_XMM;
    unsigned size = xmm ? 16 : 8;

    if (!begin(d))
        return;
    d->address = (struct address){
        .base = EDI,
        .index = NO_LOCATION,
        .segment = d->segment != NO_LOCATION ? (enum segment_register)d->segment : DS,
    };
    address_to_t0(d, size, true);
    emit_call(d, UOP_call_maskmov, size, d->op[0].reg | (u32)d->op[1].reg << 4);
}

/* --- words --- */

void t_pextrw(struct decoder *d)
{
    const struct operand *to = &d->op[0], *from = &d->op[1];
    u32 last = from->kind == OPERAND_XMM ? 7 : 3;

    if (!begin(d))
        return;
    emit_n(d, UOP_get16, source_field(d, from) + 2 * (d->imm & last), 0);
    write_reg(d, to, T1);
}

/* Of an MMX register; sse.def has the other. */
void t_pinsrw(struct decoder *d)
{
    const struct operand *to = &d->op[0], *from = &d->op[1];
    u8 word = from->reg;

    if (!begin(d))
        return;
    if (from->kind == OPERAND_MEM) {
        load_word(d, T1);
        word = T1;
    }
    emit_n(d, mmx_op(UOP_mmx_get_mm0, to->reg), TEMP, 0);
    emit_r(d, UOP_sse_put16, word, TEMP + 2 * (d->imm & 3));
    write_mmx(d, to->reg, TEMP);
}

void t_pshufw(struct decoder *d)
{
    u32 from;

    if (!begin(d))
        return;
    from = source_field(d, &d->op[1]);
    emit_3(d, UOP_sse_pshuflw, TEMP, from, d->imm);
    write_mmx(d, d->op[0].reg, TEMP);
}

/* Of an MMX register; sse.def has the other. */
void t_pmovmskb(struct decoder *d)
{
    if (!begin(d))
        return;
    emit_n(d, UOP_mmx_pmovmskb, source_field(d, &d->op[1]), 0);
    write_reg(d, &d->op[0], T1);
}

void t_emms(struct decoder *d)
{
    if (!sse_allowed(d, false))
        return;
    if (d->mode & MODE_FPU_TRAP)
        emit_call(d, UOP_call_x87, X87_WAIT, 0);
    emit_n(d, UOP_mmx_emms, 0, 0);
}

/* --- by the table --- */

enum sse_kind { TO_XMM, TO_FLAGS, TO_GPR, TO_MMX };
static const struct sse_row {
    u16 op;
    u8 kind;
    bool fp; /* may raise a SIMD floating-point exception */
} rows[] = {
#define ROW(opcode, op, kind, fp)                [(opcode)-0x100] = {op, kind, fp},
#define XMM(name, opcode, form, needs, fp)       ROW(opcode, UOP_sse_##name, TO_XMM, fp)
#define XMM_UNARY(name, opcode, form, needs, fp) ROW(opcode, UOP_sse_##name, TO_XMM, fp)
#define XMM_IMM(name, opcode, form, needs, fp)   ROW(opcode, UOP_sse_##name, TO_XMM, fp)
#define XMM_SHUFFLE(name, opcode, form, needs)   ROW(opcode, UOP_sse_##name, TO_XMM, false)
#define XMM_FLAGS(name, opcode, form, needs, fp) ROW(opcode, UOP_sse_##name, TO_FLAGS, fp)
#define XMM_GPR(name, opcode, form, needs, fp)   ROW(opcode, UOP_sse_##name, TO_GPR, fp)
#define MMX(name, opcode, form, needs, fp)       ROW(opcode, UOP_mmx_##name##_mm0, TO_MMX, fp)
#include "ops/i386/sse.def"
#undef ROW
};

static void emit_row(struct decoder *d, const struct sse_row *row, u32 from)
{
    u8 to = d->op[0].reg;

    if (row->kind == TO_MMX)
        emit_n(d, mmx_op((enum uop_code)row->op, to), from, 0);
    else if (row->kind == TO_GPR)
        emit_n(d, (enum uop_code)row->op, from, 0);
    else
        emit_3(d, (enum uop_code)row->op, xmm_offset(to), from, d->imm);
}

void t_sse(struct decoder *d)
{
    const struct sse_row *row = &rows[d->opcode - 0x100];
    bool traps = row->fp && (d->mode & MODE_SSE_TRAP);
    u32 from;

    if (!begin(d))
        return;
    from = source_field(d, &d->op[1]);
    if (traps)
        emit_call(d, UOP_call_sse_unmask, 0, 0);
    emit_row(d, row, from);
    if (traps)
        emit_n(d, UOP_sse_mask, 0, 0);
    if (row->kind == TO_GPR)
        write_reg(d, &d->op[0], T1);
    if (row->kind == TO_FLAGS)
        mark_flags(d, FLAGS_ALL, CC_EFLAGS, CC_NOT_INC);
}

/* Shifts by an immediate: opcodes x71 to x73, by ModRM's reg. */
static const u16 shifts[2][3][8] = {
#define XMM_SHIFT(name, opcode, reg, needs) [1][((opcode)&3) - 1][reg] = UOP_sse_##name##_imm,
#define MMX_SHIFT(name, opcode, reg, needs) [0][((opcode)&3) - 1][reg] = UOP_mmx_##name##_mm0,
#include "ops/i386/sse.def"
};

void t_sse_shift(struct decoder *d)
{
    const struct operand *o = &d->op[0];
    bool xmm = o->kind == OPERAND_XMM;
    enum uop_code op = (enum uop_code)shifts[xmm][(d->opcode & 3) - 1][d->modrm >> 3 & 7];

    if (!begin(d))
        return;
    if (xmm) {
        emit_n(d, op, xmm_offset(o->reg), d->imm);
    } else {
        emit_n(d, UOP_sse_puti, TEMP, d->imm);
        emit_n(d, mmx_op(op, o->reg), TEMP, 0);
    }
}

/* --- state --- */

/* The block is left in its midst if this unmasks an exception; no place for that in single step. */
void t_ldmxcsr(struct decoder *d)
{
    struct place at;

    if (!sse_allowed(d, true))
        return;
    at = operand_place(d, 4, false);
    load(d, T1, &at, 4, false, false);
    if (d->mode & (MODE_TF | MODE_STEP | MODE_SSE_TRAP)) {
        emit_call(d, UOP_call_ldmxcsr, 0, 0);
        end_leave(d);
    } else {
        emit_n(d, UOP_sse_ldmxcsr, 0, 0);
        last_uop(d)->arg = d->next - d->pc;
    }
}

void t_stmxcsr(struct decoder *d)
{
    struct place at;

    if (!sse_allowed(d, true))
        return;
    at = operand_place(d, 4, true);
    if (!(d->mode & MODE_SSE_TRAP))
        emit_n(d, UOP_sse_stmxcsr, 0, 0);
    emit_n(d, UOP_get32, offsetof(struct cpu, sse.mxcsr), 0);
    store(d, &at, T1, 4);
}

/* FXSAVE, FXRSTOR (arg 1): whatever CR4.OSFXSR says. */
void t_fxsave(struct decoder *d)
{
    if (d->mode & MODE_NO_FPU) {
        raise_in_block(d, EXC_NM);
        return;
    }
    address_to_t0(d, 512, d->insn->arg == FXSAVE);
    emit_call(d, d->insn->arg == FXRSTOR ? UOP_call_fxrstor : UOP_call_fxsave, 0, 0);
}

/* LFENCE, MFENCE, SFENCE: accesses are in order already. */
void t_fence(struct decoder *d)
{
    if (d->modrm < 0xc0)
        t_undefined(d);
}

/* SFENCE, or in memory CLFLUSH, which faults as a load of a byte does. */
void t_clflush(struct decoder *d)
{
    if (d->modrm >= 0xc0)
        return;
    if (!has_feature(d, FEATURE_CLFSH)) {
        t_undefined(d);
        return;
    }
    offset_to_t0(d);
    emit_call(d, UOP_call_clflush, d->address.segment, 0);
}
