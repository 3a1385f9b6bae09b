/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Micro-ops without a location of their own. */

/* --- the slow path of segments' bounds: P1 = eip, P2 = what to do (slow_segment) --- */

OP(slow_segment)
{
    HOST_SET(cpu->core.pc, 1);
    HOST_SET(cpu->core.slow, 2);
    cpu->core.resume = TAKEN_ADDRESS;
    SLOW(segment);
}
/* --- addresses: T0 --- */

OP(t0_16)
{
    t0 = (u16)t0;
    NEXT;
}
/* T0 = the linear address of P2 + 1 bytes at T0 in the segment at offset A1. */
OP(segment_read)
{
    const struct segment *s = &FIELD(struct segment, A1);
    if (UNLIKELY(t0 < s->read_lo) || UNLIKELY((u64)t0 + P2 > s->read_hi))
        COLD;
    t0 += s->base;
    NEXT;
}
OP(segment_write)
{
    const struct segment *s = &FIELD(struct segment, A1);
    if (UNLIKELY(t0 < s->write_lo) || UNLIKELY((u64)t0 + P2 > s->write_hi))
        COLD;
    t0 += s->base;
    NEXT;
}
/* The same for a segment whose base alone matters: LGDT and the like check nothing else. */
OP(segment_base)
{
    t0 += FIELD(struct segment, A1).base;
    NEXT;
}

/* T1 = a field of cpu, 32 bits or a selector's 16. */
OP(get32)
{
    t1 = FIELD(u32, A1);
    NEXT;
}
OP(get16)
{
    t1 = FIELD(u16, A1);
    NEXT;
}
/* T0 = T1 = ..., kept over an op that needs both. */
OP(keep_t0)
{
    cpu->kept = t0;
    NEXT;
}
OP(keep_t1)
{
    cpu->kept = t1;
    NEXT;
}
OP(kept_to_t0)
{
    t0 = cpu->kept;
    NEXT;
}
OP(kept_to_t1)
{
    t1 = cpu->kept;
    NEXT;
}

/* --- multiplication and division, operand in T1; divisions go cold for #DE --- */

OP(mul32)
{
    u64 r = (u64)eax * t1;
    eax = (u32)r;
    edx = (u32)(r >> 32);
    NEXT;
}
OP(imul32)
{
    u64 r = (u64)((s64)(s32)eax * (s32)t1);
    eax = (u32)r;
    edx = (u32)(r >> 32);
    NEXT;
}
OP(div32)
{
    if (UNLIKELY(edx >= t1))
        COLD;
    if (edx == 0) { /* hosts divide 32 bits faster than 64 */
        u32 n = eax;
        eax = n / t1;
        edx = n % t1;
        NEXT;
    }
    u64 n = (u64)edx << 32 | eax;
    eax = (u32)(n / t1);
    edx = (u32)(n % t1);
    NEXT;
}
OP(idiv32)
{
    /* The common case, a dividend that CDQ made, and no overflow. */
    if (UNLIKELY(edx != (u32)((s32)eax >> 31)) || UNLIKELY(t1 + 1 <= 1))
        COLD;
    s32 n = (s32)eax, d = (s32)t1;
    eax = (u32)(n / d);
    edx = (u32)(n % d);
    NEXT;
}
OP(cdq)
{
    edx = (u32)((s32)eax >> 31);
    NEXT;
}

/* --- flags --- */

OP(cc_op)
{
    HOST_SET(cpu->cc_op, 1);
    NEXT;
}
OP(cc_inc_op)
{
    HOST_SET8(((u8 *)&cpu->cc_op)[1], 1);
    NEXT;
}
OP(cc_srci)
{
    HOST_SET(cpu->cc_src, 1);
    NEXT;
}
/* CF of CC_EFLAGS becomes cpu->carry. */
OP(cc_bit)
{
    cpu->cc_src = (cpu->cc_src & ~FLAG_CF) | cpu->carry;
    NEXT;
}
/* CF = OF = the upper half of EDX:EAX is significant (MUL; IMUL), of T0 * T1 (two-operand IMUL). */
OP(cc_mul32)
{
    cpu->cc_src = edx ? 1u << 31 : 0;
    cpu->cc_dst = eax;
    NEXT;
}
OP(cc_imul32)
{
    cpu->cc_src = edx != (u32)((s32)eax >> 31) ? 1u << 31 : 0;
    cpu->cc_dst = eax;
    NEXT;
}
OP(cc_imul_t0_t1)
{
    s64 r = (s64)(s32)t0 * (s32)t1;
    cpu->cc_src = r != (s32)r ? 1u << 31 : 0;
    cpu->cc_dst = (u32)r;
    NEXT;
}
/* The same for T1, a product of 16 or 8 bits sign- or zero-extended operands, P1 = width. */
OP(cc_smul)
{
    s32 kept = (s32)(t1 << (32 - P1)) >> (32 - P1);
    cpu->cc_src = kept != (s32)t1 ? 1u << (P1 - 1) : 0;
    cpu->cc_dst = t1;
    NEXT;
}
OP(cc_umul)
{
    cpu->cc_src = t1 >> P1 ? 1u << (P1 - 1) : 0;
    cpu->cc_dst = t1;
    NEXT;
}
/* EFLAGS of what enum cc says, 32 bits wide, for who changes some of them. */
#define EFLAGS(name, carries)                                                                      \
    OP(eflags_##name)                                                                              \
    {                                                                                              \
        u32 dst = cpu->cc_dst, src = cpu->cc_src, c = (carries);                                   \
        (void)src;                                                                                 \
        cpu->cc_src = c >> 31 | (c ^ c << 1) >> 31 << 11 | (c & 8) << 1 |                          \
                      (u32)!__builtin_parity(dst & 0xff) << 2 | (u32)(dst == 0) << 6 |             \
                      (dst >> 24 & FLAG_SF);                                                       \
        NEXT;                                                                                      \
    }
EFLAGS(addl, ((dst - src) & src) | (((dst - src) | src) & ~dst))
EFLAGS(subl, (~(dst + src) & src) | ((~(dst + src) | src) & dst))
EFLAGS(logicl, 0)
EFLAGS(carryl, src)
#undef EFLAGS
/* LAHF, SAHF: with CC_EFLAGS in place. */
OP(lahf)
{
    eax = (eax & 0xffff00ffu) | ((cpu->cc_src & 0xd5) | FLAG_1) << 8;
    NEXT;
}
OP(sahf)
{
    cpu->cc_src = (cpu->cc_src & FLAG_OF) | (eax >> 8 & 0xd5);
    NEXT;
}
OP(cmc)
{
    cpu->cc_src ^= FLAG_CF;
    NEXT;
}
OP(stc)
{
    cpu->cc_src |= FLAG_CF;
    NEXT;
}
OP(clc)
{
    cpu->cc_src &= ~(u32)FLAG_CF;
    NEXT;
}
OP(cld)
{
    cpu->eflags &= ~(u32)FLAG_DF;
    NEXT;
}
/* Of STI; that of a load of SS stays. A line that was raised in it has asked for nothing. */
OP(end_shadow)
{
    _Static_assert(!(SHADOW_INTERRUPTS & SHADOW_TRAPS), "bits of their own");
    cpu->shadow &= SHADOW_TRAPS;
    if (UNLIKELY(cpu->core.int_line))
        cpu->core.exit_request = EXIT_REQUESTED;
    NEXT;
}
OP(std)
{
    cpu->eflags |= FLAG_DF;
    NEXT;
}

/* CF to cpu->carry for ADC, SBB, RCL, RCR. */
#define CARRY(name, expression)                                                                    \
    OP(name)                                                                                       \
    {                                                                                              \
        cpu->carry = (expression);                                                                 \
        NEXT;                                                                                      \
    }
CARRY(carry_flags, cpu->cc_src &FLAG_CF)
CARRY(carry_addb, (u8)cpu->cc_dst < (u8)cpu->cc_src)
CARRY(carry_addw, (u16)cpu->cc_dst < (u16)cpu->cc_src)
CARRY(carry_addl, cpu->cc_dst < cpu->cc_src)
CARRY(carry_subb, (u8)(cpu->cc_dst + cpu->cc_src) < (u8)cpu->cc_src)
CARRY(carry_subw, (u16)(cpu->cc_dst + cpu->cc_src) < (u16)cpu->cc_src)
CARRY(carry_subl, cpu->cc_dst + cpu->cc_src < cpu->cc_src)
CARRY(carry_zero, 0)
CARRY(carry_carryb, cpu->cc_src >> 7 & 1)
CARRY(carry_carryw, cpu->cc_src >> 15 & 1)
CARRY(carry_carryl, cpu->cc_src >> 31)
#undef CARRY

#define PREDICATE(name, reads, expression)                                                         \
    OP(j_##name)                                                                                   \
    {                                                                                              \
        if (!(expression))                                                                         \
            NEXT;                                                                                  \
        TAKEN;                                                                                     \
    }                                                                                              \
    OP(set_##name)                                                                                 \
    {                                                                                              \
        t0 = (expression) ? 1 : 0;                                                                 \
        NEXT;                                                                                      \
    }
#include "ops/i386/predicates.def"
#undef PREDICATE

/* --- helpers: P1 = eip, P2 and P3 their arguments --- */

#define HELPER(name, cc, end)                                                                      \
    OP(call_##name)                                                                                \
    {                                                                                              \
        HOST_SET(cpu->core.pc, 1);                                                                 \
        SAVE_STATE;                                                                                \
        helper_##name(cpu, P2, P3);                                                                \
        LOAD_STATE;                                                                                \
        NEXT;                                                                                      \
    }
#include "ops/i386/helpers.def"
#undef HELPER
