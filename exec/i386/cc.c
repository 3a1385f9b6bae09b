/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EFLAGS: the arithmetic flags are worked out here from what the last micro-op left. */
#include "exec/i386/helper.h"
#include "exec/i386/i386.h"
#include "exec/i386/model.h"

enum { CC_MASK = 0xff, CC_INC_SHIFT = 8 };

/* The sign bit of the width an enum cc (or cc_inc) stands for: each kind comes as B, W, L. */
static u32 sign_of(unsigned kind)
{
#define SIGNS 0x80, 0x8000, 0x80000000
    static const u32 sign[] = {0, SIGNS, SIGNS, SIGNS, SIGNS, SIGNS, SIGNS};
    _Static_assert(sizeof sign / sizeof *sign == CC_CMPL + 1, "each kind has one");
#undef SIGNS

    return sign[kind];
}

/* ZF, SF and PF of a result. */
static u32 result_flags(u32 result, u32 sign)
{
    u32 flags = __builtin_parity(result & 0xff) ? 0 : FLAG_PF;

    if (!(result & (sign | (sign - 1))))
        flags |= FLAG_ZF;
    if (result & sign)
        flags |= FLAG_SF;
    return flags;
}

/* CF, OF and AF from the carries out of each bit. */
static u32 carry_flags(u32 carries, u32 sign)
{
    bool top = carries & sign, below = carries & (sign >> 1);

    return (top ? FLAG_CF : 0) | (top != below ? FLAG_OF : 0) | (carries & 8 ? FLAG_AF : 0);
}

/* CF and OF of a right shift; OF as for a shift by one: the old sign is still behind the new. */
static u32 right_shift_flags(u32 dst, u32 src, u32 sign)
{
    return (src & FLAG_CF) | ((dst ^ dst << 1) & sign ? FLAG_OF : 0);
}

static u32 op_flags(unsigned cc, u32 dst, u32 src)
{
    u32 sign = sign_of(cc), carries = 0, a;

    if (cc >= CC_CMPB) {
        dst -= src;
        cc -= CC_CMPB - CC_SUBB;
    }
    if (cc <= CC_ADDL) {
        a = dst - src;
        carries = (a & src) | ((a | src) & ~dst);
    } else if (cc <= CC_SUBL) {
        a = dst + src;
        carries = (~a & src) | ((~a | src) & dst);
    } else if (cc >= CC_SHRB) {
        return result_flags(dst, sign) | right_shift_flags(dst, src, sign);
    } else if (cc >= CC_CARRYB) {
        carries = src;
    }
    return result_flags(dst, sign) | carry_flags(carries, sign);
}

/* All but CF of a result that INC or DEC left. */
static u32 inc_flags(unsigned inc, u32 result)
{
    u32 sign = sign_of(inc), mask = sign | (sign - 1);
    bool dec = inc >= CC_DECB;
    u32 flags = result_flags(result, sign);

    if ((result & mask) == (dec ? sign - 1 : sign))
        flags |= FLAG_OF;
    if ((result & 15) == (dec ? 15 : 0))
        flags |= FLAG_AF;
    return flags;
}

u32 cc_get(const struct cpu *cpu)
{
    unsigned cc = cpu->cc_op & CC_MASK, inc = cpu->cc_op >> CC_INC_SHIFT;
    u32 flags;

    if (cc == CC_EFLAGS)
        flags = cpu->cc_src & FLAGS_ARITH;
    else
        flags = op_flags(cc, cpu->cc_dst, cpu->cc_src);
    if (inc)
        flags = (flags & FLAG_CF) | inc_flags(inc, cpu->inc_dst);
    return flags;
}

void cc_set(struct cpu *cpu, u32 flags)
{
    cpu->cc_op = CC_EFLAGS;
    cpu->cc_src = flags & FLAGS_ARITH;
}

/* Where a block begins with a condition nobody knows the kind, and this is asked. */
DEFINE_HELPER(flags)
{
    cc_set(cpu, cc_get(cpu));
}

u32 cpu_eflags(const struct cpu *cpu)
{
    return cpu->eflags | cc_get(cpu);
}

void cpu_set_eflags(struct cpu *cpu, u32 value, u32 mask)
{
    u32 changed;

    if ((mask & FLAGS_ARITH) == FLAGS_ARITH)
        cc_set(cpu, value);
    else if (mask & FLAGS_ARITH)
        cc_set(cpu, (cc_get(cpu) & ~mask) | (value & mask));
    mask &= model_eflags_bits(cpu->model) & ~(u32)(FLAGS_ARITH | FLAG_1);
    changed = (cpu->eflags ^ value) & mask;
    cpu->eflags ^= changed;
    /* An interrupt that waited for IF, and RF, are looked at before the next block. */
    changed &= cpu->eflags;
    if (((changed & FLAG_IF) && cpu->core.int_line) || (changed & FLAG_RF))
        cpu_request_exit(cpu);
}
