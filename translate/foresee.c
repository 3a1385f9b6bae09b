/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a block will have computed somewhere, told from where it begins: see uop.h. */
#include "translate/uop.h"

bool stream_foresee(const struct stream *s, const u32 *regs, u8 location, u32 *value)
{
    u32 sum = 0;

    for (u32 i = s->count; i-- > 0;) {
        const struct uop *u = &s->uops[i];
        if (uop_is_mark(u) || !(uop_writes(u) >> location & 1))
            continue;
        if (u->op != UOP_addi && u->op != UOP_lea && u->op != UOP_mov)
            return false;
        sum += u->op == UOP_addi ? u->imm[0] : u->op == UOP_lea ? u->disp : 0;
        location = u->op == UOP_addi ? location : u->b;
    }
    *value = regs[s->table->slots ? s->table->slots[location] : location] + sum;
    return true;
}
