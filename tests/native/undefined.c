/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a case does not count, because the SDM or processors leave it open. See builder.h. */
#include "tests/native/builder.h"

static void ignore(struct builder *b, unsigned i, u32 offset, u32 size)
{
    b->info->ignore[i].at = b->target + offset;
    b->info->ignore[i].size = size;
}

/* DIFFERENCE_pointers, and the mask, which is the processor's own. */
static void look_at_fxsave(struct builder *b)
{
    if (b->e->translate != t_fxsave)
        return;
    b->info->differences |= 1 << DIFFERENCE_state_address;
    ignore(b, 0, 6, 18);
    ignore(b, 1, 28, 4);
}

/* FLDENV, FNSTENV, FRSTOR, FNSAVE; those that store put where the last instruction was, too. */
static void look_at_environment(struct builder *b)
{
    u8 reg = b->modrm >> 3 & 7;

    if (b->e->form != X87 || !b->memory || (b->e->opcode != 0xd9 && b->e->opcode != 0xdd))
        return;
    if (reg == 4 || reg == 6)
        b->info->differences |= 1 << DIFFERENCE_state_address;
    if (reg == 6)
        ignore(b, 0, b->opsize == 4 ? 12 : 6, b->opsize == 4 ? 16 : 8);
}

static void note(struct builder *b, bool shows, enum difference d)
{
    if (shows)
        b->info->differences |= 1u << d;
}

static void look_at_differences(struct builder *b)
{
    insn_fn *t = b->e->translate;
    bool is_cmps = t == t_string && b->e->arg == 3, is_scas = t == t_string && b->e->arg == 4;
    bool far_call = t == t_call_far || (t == t_far_indirect && b->e->arg);

    note(b, t == t_popa, DIFFERENCE_popa);
    note(b, t == t_ret_far || t == t_iret, DIFFERENCE_far_return_order);
    note(b, far_call, DIFFERENCE_far_call_order);
    note(b, t == t_maskmov, DIFFERENCE_masked_move);
    note(b, is_media(b->e) && b->memory && b->target % 16, DIFFERENCE_misaligned);
    note(b, is_cmps, DIFFERENCE_compare_order);
    note(b, b->rep && t == t_string, DIFFERENCE_repeated_trap);
    note(b, b->rep && (is_cmps || is_scas), DIFFERENCE_repeated_compare);
}

/* Whether it counts is a matter of the processor. */
static void look_at_open(struct builder *b)
{
    insn_fn *t = b->e->translate;
    bool far_call = t == t_call_far || (t == t_far_indirect && b->e->arg);
    enum form form = (enum form)b->e->form;
    bool stores_state = t == t_fxsave || (form == X87 && b->memory);

    note(b, t == t_push_seg || far_call, OPEN_push_segment);
    note(b, t == t_pusha || t == t_enter || stores_state, OPEN_partial_stores);
    note(b, t == t_load_far || t == t_far_indirect || far_call, OPEN_far_order);
    note(b, t == t_call || t == t_call_indirect, OPEN_near_call_order);
    note(b, t == t_bound, OPEN_bound_order);
    note(b, b->rep && t == t_string, OPEN_repeated_flags);
    note(b, t == t_mov_cr, OPEN_control_order);
    note(b, is_media(b->e) && b->memory && b->target % 16, OPEN_misaligned_order);
    note(b, t == t_maskmov, OPEN_masked_bytes);
    note(b, b->memory && (form == Ed_Pq || form == Qq_Pq || form == Mq_Pq), OPEN_mmx_store);
    note(b, form == X87 && b->memory, OPEN_x87_store);
}

/* What any memory access may show. */
void look_at_accesses(struct builder *b)
{
    note(b, true, OPEN_split_address);
    note(b, true, OPEN_split_lock);
}

/* --- flags and results --- */

u32 shift_count(const struct builder *b)
{
    switch ((enum form)b->e->form) {
    case Eb_1:
    case Ev_1:
        return 1;
    case Eb_CL:
    case Ev_CL:
    case Ev_Gv:
        return b->regs[ECX] & 31;
    default:
        return b->imm & 31;
    }
}

/* What a rule of insns.def says of this instruction's operands. */
static u32 undefined_by_rule(struct builder *b, u32 rule)
{
    u32 count = shift_count(b), width = size_of_operand(b) * 8;
    u32 undef = count > 1 ? FLAG_OF : 0;

    switch (rule) {
    case UNDEF_ROTATE:
        return undef;
    case UNDEF_SAR:
        return undef | (count ? FLAG_AF : 0);
    case UNDEF_SHIFT:
        return undef | (count ? FLAG_AF : 0) | (count >= width ? FLAG_CF : 0);
    case UNDEF_DOUBLE:
        if (count <= width)
            return undef | (count ? FLAG_AF : 0);
        b->info->undef_memory = b->memory;
        b->info->undef_regs |= b->memory ? 0 : (u8)(1 << (b->modrm & 7));
        return FLAGS_ARITH;
    case UNDEF_SCAN &UNDEF_RULES:
        b->info->undef_if_zero = (u8)(1 << (b->modrm >> 3 & 7));
        return 0;
    case UNDEF_LAR:
        b->info->undef_bits = 0xf0000;
        return 0;
    case UNDEF_BSWAP16:
        b->info->undef_regs |= b->opsize == 2 ? (u8)(1 << (b->e->opcode & 7)) : 0;
        return 0;
    default:
        return 0;
    }
}

u32 undefined_flags_of(struct builder *b)
{
    u32 undef = b->e->flags >> UNDEF_FLAGS_SHIFT & FLAGS_ARITH;

    return undef | undefined_by_rule(b, b->e->flags & UNDEF_RULES);
}

void look_at_undefined(struct builder *b)
{
    struct case_info *info = b->info;
    u32 undef = undefined_flags_of(b);

    for (u32 i = 1; i <= PATCH_SIZE; i++)
        info->undef_flags[i] = (u16)undef;
    info->undef_else = (u16)undef;
    look_at_environment(b);
    look_at_fxsave(b);
    look_at_differences(b);
    look_at_open(b);
    look_at_accesses(b);
}
