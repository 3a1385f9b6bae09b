/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Storage as the softmmu asks for it: a page by the TLBs, or the interrupt that software fills them
 * from (e500mc core reference manual, 4.9.3, 4.9.4, 4.9.13, 4.9.14 and 6.5).
 */
#include "exec/ppc/ppc.h"

#include <string.h>

/* --- which instruction it is, for ESR --- */

/* lfs to stfdu, and by registers lfsx to stfdux and stfiwx. */
static bool is_float(u32 word)
{
    u32 xo = word >> 1 & 1023;

    if (word >> 26 != 31)
        return word >> 26 >= 48 && word >> 26 <= 55;
    return (xo & 31) == 23 && (xo >> 8 == 2 || xo == 983);
}

u32 ppc_word_at_pc(struct ppc_cpu *cpu)
{
    struct mapping m = ppc_guest.mapping(&cpu->core, cpu->core.pc);
    u32 word = 0;

    if (m.present)
        exec_peek_physical(cpu->core.rest->mmu->memory, m.physical, &word, sizeof word);
    return __builtin_bswap32(word);
}

static u32 syndrome(struct ppc_cpu *cpu, enum access access)
{
    return (access == ACCESS_WRITE ? ESR_ST : 0) | (is_float(ppc_word_at_pc(cpu)) ? ESR_FP : 0);
}

/* --- faults --- */

_Noreturn static void miss(struct ppc_cpu *cpu, u32 address, enum access access, u32 space)
{
    ppc_tlb_missed(cpu, address, cpu->pid, space);
    cpu->mas[6] = cpu->pid << MAS6_SPID | space;
    log_if(LOG_MMU, "no translation of %08x, pid %u space %u\n", address, cpu->pid, space);
    if (access == ACCESS_EXEC)
        ppc_raise(cpu, INT_INSTRUCTION_TLB, 0);
    cpu->dear = address;
    ppc_raise(cpu, INT_DATA_TLB, syndrome(cpu, access));
}

_Noreturn static void refuse(struct ppc_cpu *cpu, u32 address, enum access access, u32 why)
{
    log_if(LOG_MMU, "access to %08x refused\n", address);
    if (access == ACCESS_EXEC)
        ppc_raise(cpu, INT_INSTRUCTION_STORAGE, why);
    cpu->dear = address;
    ppc_raise(cpu, INT_DATA_STORAGE, why | syndrome(cpu, access));
}

/* --- a page --- */

static u32 rights(const struct ppc_tlb_entry *e)
{
    u32 m = e->mas3;

    return (m & (MAS3_UX | MAS3_UW | MAS3_UR) ? FRAME_USER : 0) |
           (m & MAS3_UW ? FRAME_WRITABLE : 0) | (m & MAS3_SW ? FRAME_WRITABLE_SUPERVISOR : 0) |
           (m & MAS3_UX ? 0 : FRAME_NX_USER) | (m & MAS3_SX ? 0 : FRAME_NX_SUPERVISOR) |
           (m & MAS3_UR ? 0 : FRAME_NO_READ_USER) | (m & MAS3_SR ? 0 : FRAME_NO_READ_SUPERVISOR);
}

static u32 frame_of(const struct ppc_tlb_entry *e, u32 address)
{
    u32 mask = ppc_tlb_mask(e);
    u32 physical = (e->mas3 & ~mask) | (address & mask);

    return (physical & ~0xfffu) | rights(e) | FRAME_PRESENT | FRAME_ACCESSED | FRAME_DIRTY |
           (e->mas1 >> MAS1_TID & PID_MASK ? 0 : FRAME_GLOBAL) | (e->mas7 ? FRAME_NOWHERE : 0);
}

/* Pages with the least significant byte first are not there: a byte-ordering exception. */
static u32 walk(struct core *core, u32 linear, enum access access, bool user)
{
    struct ppc_cpu *cpu = (struct ppc_cpu *)core;
    u32 space = (cpu->msr & (access == ACCESS_EXEC ? MSR_IS : MSR_DS)) != 0, frame;
    const struct ppc_tlb_entry *e = ppc_tlb_find(cpu, linear, cpu->pid, space);

    core->rest->mmu->stats.walks++;
    if (!e) {
        miss(cpu, linear, access, space);
        return 0; /* not reached; cppcheck does not know _Noreturn */
    }
    frame = frame_of(e, linear);
    if (!frame_allows(frame, access, user))
        refuse(cpu, linear, access, 0);
    if (e->mas2 & MAS2_E)
        refuse(cpu, linear, access, ESR_BO);
    return frame;
}

/* Where no bus answers, a machine check. */
static void no_code(struct core *core)
{
    ppc_raise((struct ppc_cpu *)core, INT_MACHINE_CHECK, 0);
}

static bool guards(const struct core *core, u32 linear, bool user)
{
    (void)user;
    return ppc_debug_guards((const struct ppc_cpu *)core, linear);
}

static void watch(struct core *core, u32 linear, unsigned size, bool write, bool prepare)
{
    (void)prepare;
    ppc_debug_access((struct ppc_cpu *)core, linear, size, write);
}

const struct paging ppc_paging = {
    .walk = walk, .guards = guards, .watch = watch, .no_code = no_code};
