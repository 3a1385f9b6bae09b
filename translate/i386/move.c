/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moves, and the stack. */
#include "translate/i386/decode.h"

void t_nop(struct decoder *d)
{
    (void)d;
}

void t_mov(struct decoder *d)
{
    const struct operand *to = &d->op[0], *from = &d->op[1];

    if (to->kind == OPERAND_MEM) {
        struct place at = operand_place(d, to->size, true);
        if (from->kind == OPERAND_IMM)
            store_imm(d, &at, from->imm, to->size);
        else
            store(d, &at, read_any(d, from, T1), to->size);
    } else if (to->size == 4) {
        copy_zero(d, from, to->reg);
    } else {
        write_reg(d, to, read_any(d, from, T1));
    }
}

/* MOVZX, MOVSX. */
void t_movx(struct decoder *d)
{
    const struct operand *to = &d->op[0], *from = &d->op[1];
    bool sign = d->insn->arg == SIGNED;

    if (to->size == 4 && from->kind == OPERAND_MEM) {
        struct place at = operand_place(d, from->size, false);
        load(d, to->reg, &at, from->size, sign, false);
    } else if (to->size == 4 && !sign) {
        copy_zero(d, from, to->reg);
    } else {
        u8 value = sign ? read_sign(d, from, T1) : read_zero(d, from, T1);
        write_reg(d, to, value);
    }
}

void t_lea(struct decoder *d)
{
    const struct address *a = &d->address;
    const struct operand *to = &d->op[0];

    if (d->adsize == 4 && to->size == 4 && a->index == NO_LOCATION && a->base != NO_LOCATION) {
        emit_rr_disp(d, UOP_lea, to->reg, a->base, a->disp);
        return;
    }
    offset_to_t0(d);
    write_reg(d, to, T0);
}

void t_xlat(struct decoder *d)
{
    struct place at = {T0, 0};

    emit_rr(d, UOP_movzx8, T1, EAX);
    emit_rr(d, UOP_lea0, EBX, T1);
    if (d->adsize == 2)
        emit_n(d, UOP_t0_16, 0, 0);
    segment_t0(d, d->segment != NO_LOCATION ? (enum segment_register)d->segment : DS, 1, false);
    load(d, T1, &at, 1, false, false);
    emit_rr(d, UOP_insert8, EAX, T1);
}

/* --- the stack --- */

static bool stack_is_simple(const struct decoder *d)
{
    return (d->mode & MODE_SS32) && (d->mode & MODE_FLAT_SS);
}

/* Where the stack's top will be after a push of `size` bytes, or is (size 0), for an access. */
static struct place stack_place(struct decoder *d, u32 below, unsigned size, bool write)
{
    if (stack_is_simple(d))
        return (struct place){ESP, -below};
    emit_rr_disp(d, UOP_lea, T0, ESP, -below);
    if (!(d->mode & MODE_SS32))
        emit_n(d, UOP_t0_16, 0, 0);
    segment_t0(d, SS, size, write);
    return (struct place){T0, 0};
}

void add_esp(struct decoder *d, u32 bytes)
{
    if (d->mode & MODE_SS32) {
        emit_r(d, UOP_addi, ESP, bytes);
        return;
    }
    emit_rr_disp(d, UOP_lea, T0, ESP, bytes);
    emit_rr(d, UOP_insert16, ESP, T0);
}

void push_location(struct decoder *d, u8 from, unsigned size)
{
    struct place at = stack_place(d, size, size, true);

    store(d, &at, from, size);
    add_esp(d, -size);
}

void push_imm(struct decoder *d, u32 value, unsigned size)
{
    struct place at = stack_place(d, size, size, true);

    store_imm(d, &at, value, size);
    add_esp(d, -size);
}

void load_stack(struct decoder *d, u8 to, unsigned size)
{
    struct place at = stack_place(d, 0, size, false);

    load(d, to, &at, size, false, false);
}

void t_push(struct decoder *d)
{
    const struct operand *o = &d->op[0];

    if (o->kind == OPERAND_IMM)
        push_imm(d, o->imm, d->opsize);
    else
        push_location(d, read_any(d, o, T1), d->opsize);
}

/* POP to memory: the address is computed with the new ESP, which a fault must not leave behind. */
void t_pop(struct decoder *d)
{
    const struct operand *o = &d->op[0];

    if (o->kind == OPERAND_REG && o->size == 4 && o->reg != ESP) {
        load_stack(d, o->reg, 4);
        add_esp(d, 4);
        return;
    }
    load_stack(d, T1, d->opsize);
    if (o->kind == OPERAND_MEM) {
        if (d->address.base == ESP)
            d->address.disp += d->opsize;
        write_operand(d, o, T1);
        add_esp(d, d->opsize);
    } else {
        add_esp(d, d->opsize);
        write_reg(d, o, T1);
    }
}

void t_leave(struct decoder *d)
{
    struct place at = {EBP, 0};
    struct operand ebp = {.kind = OPERAND_REG, .size = d->opsize, .reg = EBP};

    if (!stack_is_simple(d)) {
        emit_rr(d, UOP_mov, T0, EBP);
        if (!(d->mode & MODE_SS32))
            emit_n(d, UOP_t0_16, 0, 0);
        segment_t0(d, SS, d->opsize, false);
        at.base = T0;
    }
    load(d, T1, &at, d->opsize, false, false);
    if (d->mode & MODE_SS32) {
        emit_rr_disp(d, UOP_lea, ESP, EBP, d->opsize);
    } else {
        emit_rr(d, UOP_insert16, ESP, EBP);
        add_esp(d, d->opsize);
    }
    write_reg(d, &ebp, T1);
}

void t_enter(struct decoder *d)
{
    emit_call(d, UOP_call_enter, d->opsize, d->imm);
}

void t_pusha(struct decoder *d)
{
    emit_call(d, UOP_call_pusha, d->opsize, 0);
}

void t_popa(struct decoder *d)
{
    emit_call(d, UOP_call_popa, d->opsize, 0);
}
