/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A look ahead at the code that a jump leads to, as far as it is in the same block. */
#include "translate/i386/decode.h"

static bool counts_by_immediate(const struct decoder *d)
{
    return d->op[1].kind == OPERAND_IMM && (d->op[1].imm & 31);
}

/* What an instruction does to the flags; false if it may read them or fault. */
static bool flags_effect(const struct decoder *d, u32 *killed)
{
    bool memory = d->op[0].kind == OPERAND_MEM || d->op[1].kind == OPERAND_MEM;

    *killed = 0;
    switch (d->insn->flags & EFFECT_FIELD) {
    case KEEPS_ALWAYS:
        return true;
    case KEEPS_FLAGS:
        return !memory;
    case SETS_BUT_CF:
        *killed = FLAGS_OTHERS;
        return !memory;
    case SETS_FLAGS:
        *killed = FLAGS_ALL;
        return !memory;
    case SETS_BY_COUNT:
        *killed = FLAGS_ALL;
        return !memory && counts_by_immediate(d);
    default:
        return false;
    }
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
