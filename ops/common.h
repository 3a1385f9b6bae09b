/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The micro-ops of common.def. */

/* --- leaving a block --- */

/* To another block, or to whatever the target of the hole is now. */
OP(jump)
{
    TAKEN;
}
/* What an exit that is not chained goes to: P1 = pc, A2 = its struct exit_site. */
OP(exit_stub)
{
    HOST_SET(cpu->core.pc, 1);
    cpu->core.exit = (struct exit_site *)A2;
    LEAVE;
}
/* To the exec loop, at P1. */
OP(exit_to)
{
    HOST_SET(cpu->core.pc, 1);
    cpu->core.exit = NULL;
    LEAVE;
}
/* To the exec loop, where a helper has set pc. */
OP(exit_pc)
{
    cpu->core.exit = NULL;
    LEAVE;
}
/* Cold if somebody wants the exec loop's attention. */
OP(exit_check)
{
    if (UNLIKELY(cpu->core.exit_request))
        COLD;
    NEXT;
}

/* To P1, in another page: A2 and A3 are the offsets of its key and code in the jump cache. */
OP(jump_far_page)
{
    if (UNLIKELY(FIELD(u64, A2) != (cpu->core.jump_key | P1)))
        COLD;
    JUMP(FIELD(const void *, A3));
}
/* To where a helper has set pc, in whatever mode: A1 and A2 as of jump_d. */
OP(jump_pc)
{
    u32 pc = cpu->core.pc;
    u64 index = jump_cache_index(pc);
    HOST_HIDE(index);
    cpu->core.exit = NULL;
    if (UNLIKELY(FIELD(u64, A1 + index * 8) != (cpu->core.jump_key | pc)))
        LEAVE;
    HOST_HIDE(index);
    JUMP(FIELD(const void *, A2 + index * 8));
}
OP(set_pc)
{
    HOST_SET(cpu->core.pc, 1);
    NEXT;
}

/* How often code runs, in 64 bits at P1, which is below 2 GiB. */
OP(count)
{
    HOST_COUNT();
    NEXT;
}

/* Cold when 32 bits at P1, which is below 2 GiB, have been counted down to zero, and ever after. */
OP(count_down)
{
    HOST_IF_COUNTED()
    COLD;
    NEXT;
}

/* --- where instructions are counted (translate/icount.c) --- */

/* P1 instructions are about to run; cold, which gives them back, if those are more than may. */
OP(spend)
{
    HOST_IF_SPENT(cpu->core.budget)
    COLD;
    NEXT;
}
/* They have not: in cold code. */
OP(refund)
{
    HOST_ADD_TO(cpu->core.budget);
    NEXT;
}
/* Before C: of those spent, so many have not run, the one at hand included. */
OP(unrun)
{
    HOST_SET(cpu->rest.unrun, 1);
    NEXT;
}

/* --- slow paths: P1 = pc, P2 = what to do, see ops/slow.h; then on at the target --- */

OP(slow_mem)
{
    HOST_SET(cpu->core.pc, 1);
    HOST_SET(cpu->core.slow, 2);
    cpu->core.resume = TAKEN_ADDRESS;
    SLOW(mem);
}
/* A store of the immediate P3. */
OP(slow_memi)
{
    HOST_SET(cpu->core.pc, 1);
    HOST_SET(cpu->core.slow, 2);
    HOST_SET(cpu->core.slow_imm, 3);
    cpu->core.resume = TAKEN_ADDRESS;
    SLOW(mem);
}
