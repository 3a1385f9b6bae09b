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

static void look_at_differences(struct builder *b)
{
    bool is_string = b->e->translate == t_string;
    bool is_cmps = is_string && b->e->arg == 3, is_scas = is_string && b->e->arg == 4;

    if (b->e->translate == t_popa)
        b->info->differences |= 1 << DIFFERENCE_popa;
    if (b->e->translate == t_ret_far || b->e->translate == t_iret)
        b->info->differences |= 1 << DIFFERENCE_far_return_order;
    if (b->e->translate == t_call_far || (b->e->translate == t_far_indirect && b->e->arg))
        b->info->differences |= 1 << DIFFERENCE_far_call_order;
    if (b->e->translate == t_maskmov)
        b->info->differences |= 1 << DIFFERENCE_masked_move;
    if (is_media(b->e) && b->memory && b->target % 16)
        b->info->differences |= 1 << DIFFERENCE_misaligned;
    if (is_cmps)
        b->info->differences |= 1 << DIFFERENCE_compare_order;
    if (b->rep && is_string)
        b->info->differences |= 1 << DIFFERENCE_repeated_trap;
    if (b->rep && (is_cmps || is_scas))
        b->info->differences |= 1 << DIFFERENCE_repeated_compare;
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
}
