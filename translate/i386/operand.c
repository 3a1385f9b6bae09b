/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Appending micro-ops, and operands: addresses, loads, stores, parts of registers. */
#include "translate/i386/decode.h"

/* --- appending --- */

/* A branch can be fused only while the registers hold what the flags came from. */
static void check_fusion(struct decoder *d, const struct uop *u)
{
    struct fusion *f = &d->fusion;

    if (f->kind == FUSE_NONE || uop_is_mark(u))
        return;
    if (f->kind == FUSE_BIT) {
        if (u->op == UOP_bt || u->op == UOP_bti || uop_is_call(u))
            f->kind = FUSE_NONE;
    } else if (uop_writes(u) & (1u << f->d | (f->b != NO_LOCATION ? 1u << f->b : 0))) {
        f->kind = FUSE_NONE;
    }
}

struct uop *emit_uop(struct decoder *d, u16 op)
{
    /* goes_on() leaves room for any one instruction. */
    struct uop *u = stream_append(d->s, op, d->pc);

    u->cc = !uop_is_mark(u) && uop_row(u)->writes == L_FLAGS;
    return u;
}

void emit_n(struct decoder *d, u16 op, u32 p0, u32 p1)
{
    struct uop *u = emit_uop(d, op);
    u->imm[0] = p0;
    u->imm[1] = p1;
    check_fusion(d, u);
}

void emit_r(struct decoder *d, u16 op, u8 location, u32 p0)
{
    struct uop *u = emit_uop(d, op);
    u->d = location;
    u->imm[0] = p0;
    check_fusion(d, u);
}

void emit_rr(struct decoder *d, u16 op, u8 to, u8 from)
{
    struct uop *u = emit_uop(d, op);
    u->d = to;
    u->b = from;
    check_fusion(d, u);
}

struct uop *last_uop(struct decoder *d)
{
    return &d->s->uops[d->s->count - 1];
}

void emit_rr_disp(struct decoder *d, u16 op, u8 to, u8 from, u32 disp)
{
    emit_rr(d, op, to, from);
    last_uop(d)->disp = disp;
}

void for_flags(struct decoder *d)
{
    last_uop(d)->cc = true;
}

void mark_flags(struct decoder *d, enum flag_part set, u8 cc, u8 inc)
{
    struct uop *u = emit_uop(d, UOP_cc);
    u->flags.parts = (u8)set;
    u->flags.kind = cc;
    u->flags.others = inc;
    if (set == FLAGS_ALL)
        d->cc = cc;
    d->inc = inc;
    d->fusion.kind = FUSE_NONE;
}

void emit_call(struct decoder *d, u16 op, u32 a, u32 b)
{
    static const u8 ends[UOP_CODES] = {
#define HELPER(name, cc, end) [UOP_call_##name] = HELPER_##end,
#include "ops/i386/helpers.def"
#undef HELPER
    };

    emit_n(d, op, a, b);
    if (ends[op] != HELPER_NEXT)
        d->after = ends[op];
    d->x87_operand = 0;
    if (uop_call_changes_flags(last_uop(d))) {
        d->cc = CC_EFLAGS;
        d->inc = CC_NOT_INC;
    }
}

u8 sized(u8 cc_b, unsigned size)
{
    return (u8)(cc_b + (size == 1 ? 0 : size == 2 ? 1 : 2));
}

/* --- addresses --- */

bool segment_is_flat(const struct decoder *d, enum segment_register segment)
{
    return d->mode & (MODE_FLAT_ES << segment);
}

void offset_to_t0(struct decoder *d)
{
    const struct address *a = &d->address;

    if (a->index != NO_LOCATION && a->base != NO_LOCATION)
        emit_rr(d, (enum uop_code)(UOP_lea0 + a->scale), a->base, a->index);
    else if (a->index != NO_LOCATION)
        emit_r(d, UOP_lea_index, a->index, a->scale);
    else if (a->base != NO_LOCATION)
        emit_rr_disp(d, UOP_lea, T0, a->base, a->disp);
    else
        emit_r(d, UOP_movi, T0, a->disp);
    if (a->index != NO_LOCATION && a->disp)
        emit_r(d, UOP_addi, T0, a->disp);
    if (d->adsize == 2 && (a->base != NO_LOCATION || a->index != NO_LOCATION))
        emit_n(d, UOP_t0_16, 0, 0);
}

static void check_bounds(struct decoder *d, enum segment_register segment, unsigned size,
                         bool write)
{
    emit_n(d, write ? UOP_segment_write : UOP_segment_read, (u32)offsetof(struct cpu, seg[segment]),
           size - 1);
    last_uop(d)->arg = slow_segment(segment, write, size);
}

void segment_t0(struct decoder *d, enum segment_register segment, unsigned size, bool write)
{
    if (!segment_is_flat(d, segment) || (write && segment == CS))
        check_bounds(d, segment, size, write);
}

struct place operand_place(struct decoder *d, unsigned size, bool write)
{
    const struct address *a = &d->address;
    bool flat = segment_is_flat(d, a->segment);

    if (write && a->segment == CS)
        flat = false;
    if (flat && d->adsize == 4 && a->base != NO_LOCATION && a->index == NO_LOCATION)
        return (struct place){a->base, a->disp};
    if (flat && d->adsize == 4 && a->base != NO_LOCATION) {
        emit_rr(d, (enum uop_code)(UOP_lea0 + a->scale), a->base, a->index);
        return (struct place){T0, a->disp};
    }
    if (flat && d->adsize == 4 && a->index != NO_LOCATION) {
        emit_r(d, UOP_lea_index, a->index, a->scale);
        return (struct place){T0, a->disp};
    }
    offset_to_t0(d);
    if (!flat)
        check_bounds(d, a->segment, size, write);
    return (struct place){T0, 0};
}

void address_to_t0(struct decoder *d, unsigned size, bool write)
{
    struct place at = operand_place(d, size, write);

    if (at.base != T0 || at.disp)
        emit_rr_disp(d, UOP_lea, T0, at.base, at.disp);
}

/* --- memory --- */

void access_at_t0(struct decoder *d, u16 op, u32 arg)
{
    const struct uop_access *a = &d->s->table->rows[op].access;
    struct place at = operand_place(d, a->size, a->kind == ACCESS_STORE);

    emit_rr_disp(d, UOP_lea, T0, at.base, at.disp);
    emit_n(d, op, 0, 0);
    last_uop(d)->arg = arg;
}

static void address_is_in_t0(struct place *at)
{
    if (at->base == T0)
        at->disp = 0;
}

struct place place_behind(struct place at, u32 offset)
{
    return (struct place){at.base, at.disp + offset};
}

void load(struct decoder *d, u8 to, struct place *at, unsigned size, bool sign, bool write)
{
    enum uop_code op = size == 4   ? UOP_ld32
                       : size == 2 ? sign ? UOP_ld16s : UOP_ld16
                       : sign      ? UOP_ld8s
                                   : UOP_ld8;
    emit_rr_disp(d, op, to, at->base, at->disp);
    last_uop(d)->write = write;
    address_is_in_t0(at);
}

void store(struct decoder *d, struct place *at, u8 from, unsigned size)
{
    emit_rr_disp(d,
                 size == 4   ? UOP_st32
                 : size == 2 ? UOP_st16
                             : UOP_st8,
                 at->base, from, at->disp);
    address_is_in_t0(at);
}

void store_imm(struct decoder *d, struct place *at, u32 value, unsigned size)
{
    struct uop *u = emit_uop(d, size == 4 ? UOP_st32i : size == 2 ? UOP_st16i : UOP_st8i);
    u->d = at->base;
    u->disp = at->disp;
    u->arg = value & size_mask(size);
    check_fusion(d, u);
    address_is_in_t0(at);
}

/* An operand's address, and the access: where it is done once. */
static void load_operand(struct decoder *d, u8 to, unsigned size, bool sign)
{
    struct place at = operand_place(d, size, false);
    load(d, to, &at, size, sign, false);
}

/* --- operands --- */

static bool is_high_byte(const struct operand *o)
{
    return o->kind == OPERAND_REG && o->size == 1 && o->reg >= 4;
}

u8 read_any(struct decoder *d, const struct operand *o, u8 temp)
{
    if (o->kind == OPERAND_REG && !is_high_byte(o))
        return o->reg;
    return read_zero(d, o, temp);
}

u8 read_zero(struct decoder *d, const struct operand *o, u8 temp)
{
    if (o->kind == OPERAND_REG && o->size == 4)
        return o->reg;
    copy_zero(d, o, temp);
    return temp;
}

u8 read_sign(struct decoder *d, const struct operand *o, u8 temp)
{
    if (o->kind == OPERAND_REG && o->size == 4)
        return o->reg;
    if (o->kind == OPERAND_MEM) {
        load_operand(d, temp, o->size, true);
    } else if (is_high_byte(o)) {
        emit_rr(d, UOP_movzx8h, temp, o->reg & 3);
        emit_rr(d, UOP_movsx8, temp, temp);
    } else {
        emit_rr(d, o->size == 1 ? UOP_movsx8 : UOP_movsx16, temp, o->reg);
    }
    return temp;
}

void copy_any(struct decoder *d, const struct operand *o, u8 temp)
{
    u8 from = read_any(d, o, temp);
    if (from != temp)
        emit_rr(d, UOP_mov, temp, from);
}

void copy_zero(struct decoder *d, const struct operand *o, u8 temp)
{
    if (o->kind == OPERAND_IMM)
        emit_r(d, UOP_movi, temp, o->imm);
    else if (o->kind == OPERAND_MEM)
        load_operand(d, temp, o->size, false);
    else if (is_high_byte(o))
        emit_rr(d, UOP_movzx8h, temp, o->reg & 3);
    else
        emit_rr(d, o->size == 1 ? UOP_movzx8 : o->size == 2 ? UOP_movzx16 : UOP_mov, temp, o->reg);
}

void write_reg(struct decoder *d, const struct operand *o, u8 from)
{
    if (o->size == 4) {
        if (from != o->reg)
            emit_rr(d, UOP_mov, o->reg, from);
    } else if (o->size == 2) {
        emit_rr(d, UOP_insert16, o->reg, from);
    } else {
        emit_rr(d, is_high_byte(o) ? UOP_insert8h : UOP_insert8, o->reg & 3, from);
    }
}

void write_operand(struct decoder *d, const struct operand *o, u8 from)
{
    if (o->kind == OPERAND_MEM) {
        struct place at = operand_place(d, o->size, true);
        store(d, &at, from, o->size);
    } else {
        write_reg(d, o, from);
    }
}
