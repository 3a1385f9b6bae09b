/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Storage as the softmmu asks for it: a page by the TLBs, or the interrupt that software fills them
 * from (e500mc core reference manual: data or instruction, storage or TLB error).
 */
#include "exec/memory_map.h"
#include "exec/ppc/ppc.h"

#include <string.h>

/* --- which instruction it is, for ESR --- */

/* lfs to stfdu, and by registers lfsx to stfdux and stfiwx; lfdepx, stfdepx. */
static bool is_float(u32 word)
{
    u32 xo = word >> 1 & 1023;

    if (word >> 26 != 31)
        return word >> 26 >= 48 && word >> 26 <= 55;
    return ((xo & 31) == 23 && (xo >> 8 == 2 || xo == 983)) || xo == 607 || xo == 735;
}

u32 ppc_word_at_pc(struct ppc_cpu *cpu)
{
    struct mapping m = ppc_guest.mapping(&cpu->core, cpu->core.pc);
    u32 word = 0;

    if (m.present)
        exec_peek_physical(cpu->core.rest->mmu->memory, m.physical, &word, sizeof word);
    return __builtin_bswap32(word);
}

static u32 syndrome(struct ppc_cpu *cpu, enum access access, const struct ppc_eyes *eyes)
{
    return (access == ACCESS_WRITE ? ESR_ST : 0) | (is_float(ppc_word_at_pc(cpu)) ? ESR_FP : 0) |
           (eyes->external ? ESR_EPID : 0);
}

/* --- faults --- */

_Noreturn static void miss(struct ppc_cpu *cpu, u32 address, enum access access,
                           const struct ppc_eyes *eyes)
{
    enum ppc_interrupt interrupt = access == ACCESS_EXEC ? INT_INSTRUCTION_TLB : INT_DATA_TLB;

    if (!(cpu->epcr & EPCR_DMIUH) || ppc_is_guests(cpu, interrupt)) {
        ppc_tlb_missed(cpu, address, eyes);
        cpu->mas[6] = eyes->pid << MAS6_SPID | eyes->space;
    }
    log_if(LOG_MMU, "no translation of %08x, pid %u space %u\n", address, eyes->pid, eyes->space);
    if (access == ACCESS_EXEC)
        ppc_raise(cpu, interrupt, 0);
    *ppc_dear(cpu, interrupt) = address;
    ppc_raise(cpu, interrupt, syndrome(cpu, access, eyes));
}

_Noreturn static void refuse(struct ppc_cpu *cpu, u32 address, enum access access,
                             const struct ppc_eyes *eyes, u32 why)
{
    log_if(LOG_MMU, "access to %08x refused\n", address);
    if (access == ACCESS_EXEC)
        ppc_raise(cpu, INT_INSTRUCTION_STORAGE, why);
    *ppc_dear(cpu, INT_DATA_STORAGE) = address;
    ppc_raise(cpu, INT_DATA_STORAGE, why | syndrome(cpu, access, eyes));
}

/* Data whose page is marked for the hypervisor to see to. */
_Noreturn static void intercept(struct ppc_cpu *cpu, u32 address, enum access access,
                                const struct ppc_eyes *eyes)
{
    log_if(LOG_MMU, "access to %08x intercepted\n", address);
    cpu->dear = address;
    ppc_raise(cpu, INT_VIRTUALIZATION, syndrome(cpu, access, eyes));
}

/* --- a page --- */

/* With MAS8[VF], none to data. */
static u32 rights(const struct ppc_tlb_entry *e)
{
    u32 m = e->mas8 & MAS8_VF ? e->mas3 & (MAS3_UX | MAS3_SX) : e->mas3;

    return (m & (MAS3_UX | MAS3_UW | MAS3_UR) ? FRAME_USER : 0) |
           (m & MAS3_UW ? FRAME_WRITABLE : 0) | (m & MAS3_SW ? FRAME_WRITABLE_SUPERVISOR : 0) |
           (m & MAS3_UX ? 0 : FRAME_NX_USER) | (m & MAS3_SX ? 0 : FRAME_NX_SUPERVISOR) |
           (m & MAS3_UR ? 0 : FRAME_NO_READ_USER) | (m & MAS3_SR ? 0 : FRAME_NO_READ_SUPERVISOR);
}

/* Its lowest 32 bits; the others are MAS7's. */
static u32 physical_of(const struct ppc_tlb_entry *e, u32 address)
{
    u32 mask = ppc_tlb_mask(e);

    return (e->mas3 & ~mask & ~0xfffu) | (address & mask);
}

/* Is there memory or a device? */
static bool is_answered(const struct core *core, const struct ppc_tlb_entry *e, u32 address)
{
    return !e->mas7 && memory_entry_of(core->rest->mmu->memory, physical_of(e, address));
}

static u32 frame_of(const struct core *core, const struct ppc_tlb_entry *e, u32 address)
{
    return (physical_of(e, address) & ~0xfffu) | rights(e) | FRAME_PRESENT | FRAME_ACCESSED |
           FRAME_DIRTY | (e->mas1 >> MAS1_TID & PID_MASK ? 0 : FRAME_GLOBAL) |
           (is_answered(core, e, address) ? 0 : FRAME_NOWHERE);
}

/* Pages with the least significant byte first are not there: a byte-ordering exception. */
static const struct ppc_tlb_entry *find(struct ppc_cpu *cpu, u32 address, enum access access,
                                        const struct ppc_eyes *eyes, u32 *frame)
{
    const struct ppc_tlb_entry *e = ppc_tlb_find(cpu, address, eyes);

    if (!e) {
        miss(cpu, address, access, eyes);
        return NULL; /* not reached; cppcheck does not know _Noreturn */
    }
    if (e->mas8 & MAS8_VF && access != ACCESS_EXEC)
        intercept(cpu, address, access, eyes);
    *frame = frame_of(&cpu->core, e, address);
    if (!frame_allows(*frame, access, eyes->user))
        refuse(cpu, address, access, eyes, 0);
    if (e->mas2 & MAS2_E)
        refuse(cpu, address, access, eyes, ESR_BO);
    return e;
}

struct ppc_eyes ppc_own_eyes(const struct ppc_cpu *cpu, bool code)
{
    return (struct ppc_eyes){.pid = cpu->pid,
                             .space = (cpu->msr & (code ? MSR_IS : MSR_DS)) != 0,
                             .lpid = cpu->lpidr,
                             .guest = ppc_is_guest(cpu),
                             .user = ppc_is_user(cpu)};
}

static u32 walk(struct core *core, u32 linear, enum access access, bool user)
{
    struct ppc_cpu *cpu = (struct ppc_cpu *)core;
    struct ppc_eyes eyes = ppc_own_eyes(cpu, access == ACCESS_EXEC);
    u32 frame = 0;

    eyes.user = user;
    core->rest->mmu->stats.walks++;
    find(cpu, linear, access, &eyes, &frame);
    return frame;
}

/* --- where no bus answers (machine check interrupt) --- */

_Noreturn static void no_answer(struct ppc_cpu *cpu, const struct ppc_tlb_entry *e, u32 address,
                                u32 why)
{
    cpu->mcar = physical_of(e, address);
    cpu->mcaru = e->mas7;
    log_if(LOG_MMU, "nobody answers at %x%08x\n", cpu->mcaru, cpu->mcar);
    ppc_raise(cpu, INT_MACHINE_CHECK, why | MCSR_MAV);
}

static void no_code(struct core *core)
{
    struct ppc_cpu *cpu = (struct ppc_cpu *)core;
    const struct ppc_eyes eyes = ppc_own_eyes(cpu, true);
    const struct ppc_tlb_entry *e = ppc_tlb_find(cpu, core->pc, &eyes);

    if (e)
        no_answer(cpu, e, core->pc, MCSR_IF);
}

/* Of a store, which is done when the bus has it, the processor does not get to know. */
static void expect_answer(struct ppc_cpu *cpu, const struct ppc_tlb_entry *e, u32 address)
{
    if (e && !is_answered(&cpu->core, e, address))
        no_answer(cpu, e, address, MCSR_LD | (e->mas2 & MAS2_G ? (u32)MCSR_LDG : 0));
}

/* --- for other eyes --- */

u64 ppc_physical(struct ppc_cpu *cpu, u32 address, enum access access, const struct ppc_eyes *eyes)
{
    u32 frame = 0;
    const struct ppc_tlb_entry *e = find(cpu, address, access, eyes, &frame);

    if (access == ACCESS_READ)
        expect_answer(cpu, e, address);
    return (u64)e->mas7 << 32 | physical_of(e, address);
}

/* --- for the softmmu --- */

static void expect_own_answer(struct ppc_cpu *cpu, u32 address)
{
    const struct ppc_eyes eyes = ppc_own_eyes(cpu, false);

    expect_answer(cpu, ppc_tlb_find(cpu, address, &eyes), address);
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
    if (!write)
        expect_own_answer((struct ppc_cpu *)core, linear);
}

const struct paging ppc_paging = {
    .walk = walk, .guards = guards, .watch = watch, .no_code = no_code};
