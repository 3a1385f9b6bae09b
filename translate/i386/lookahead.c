/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A look ahead at the code that a jump leads to, as far as it is in the same block. */
#include "translate/i386/decode.h"

/* SHL, SHR, SAR by a number that is not 0: what they leave undefined is made anew, too. */
static bool is_shift_by_immediate(const struct decoder *d)
{
    return d->insn->translate == t_shift && d->insn->arg >= SHIFT_SHL &&
           d->op[1].kind == OPERAND_IMM && (d->op[1].imm & 31);
}

/* What an instruction on registers alone does to the flags; false if it may read them or fault. */
static bool flags_effect(const struct decoder *d, u32 *killed)
{
    insn_fn *f = d->insn->translate;
    bool memory = d->op[0].kind == OPERAND_MEM || d->op[1].kind == OPERAND_MEM;

    *killed = 0;
    if (f == t_lea || f == t_nop)
        return true;
    if (memory)
        return false;
    if (f == t_alu && d->insn->arg != ALU_ADC && d->insn->arg != ALU_SBB)
        *killed = FLAGS_ALL;
    else if (f == t_test || f == t_neg || is_shift_by_immediate(d))
        *killed = FLAGS_ALL;
    else if (f == t_inc)
        *killed = FLAGS_OTHERS;
    else
        return f == t_mov || f == t_movx || f == t_not || f == t_cwde || f == t_cdq;
    return true;
}

/*
 * The flags that code at `target` overwrites before it could read them or fault. Only looks at
 * what the block is made from, so that a write there kills the block with what it relies on.
 */
u32 flags_dead_at(const struct decoder *d, u32 target)
{
    struct decoder ahead = *d;
    u32 dead = 0, killed;

    if (d->breakpoints || d->source->all_flags)
        return 0;
    ahead.most = d->next - d->s->pc;
    for (ahead.pc = target; dead != FLAGS_ALL; ahead.pc = ahead.next) {
        bool inside = ahead.pc - d->s->pc < d->next - d->s->pc;
        if (!inside || !decode_insn(&ahead) || !flags_effect(&ahead, &killed))
            break;
        dead |= killed;
    }
    return dead;
}
