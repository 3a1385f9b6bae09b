/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the PowerPC that are written in C know of each other. */
#ifndef EXEC_PPC_PPC_H
#define EXEC_PPC_PPC_H

#include "exec/guest.h"
#include "exec/ppc/board.h"
#include "ops/ppc/cr.h"
#include "ops/ppc/helpers.h"

extern const struct register_set ppc_registers;
extern const struct state_table ppc_state;
extern const struct paging ppc_paging;
extern const struct isa ppc_isa;

/* Does the access at regs[T0] that core.slow describes. */
void ppc_helper_slow_mem(struct ppc_cpu *cpu);
static inline bool ppc_is_user(const struct ppc_cpu *cpu)
{
    return cpu->msr & MSR_PR;
}
static inline bool ppc_is_guest(const struct ppc_cpu *cpu)
{
    return cpu->msr & MSR_GS;
}

/* --- interrupts: interrupt.c --- */

/* Recomputes what follows from MSR and XER: core.mode, but for MODE_STEP, and address spaces. */
void ppc_update_mode(struct ppc_cpu *cpu);
/* Goes to a handler; `from` is where to come back to. */
void ppc_interrupt(struct ppc_cpu *cpu, enum ppc_interrupt interrupt, u32 from);
/* The instruction at hand ends in an interrupt; `why` is for ESR. */
_Noreturn void ppc_raise(struct ppc_cpu *cpu, enum ppc_interrupt interrupt, u32 why);
/* Would it be the running guest's own, not the hypervisor's? And where its address goes. */
bool ppc_is_guests(const struct ppc_cpu *cpu, enum ppc_interrupt interrupt);
u32 *ppc_dear(struct ppc_cpu *cpu, enum ppc_interrupt interrupt);
/* Raises the hypervisor's interrupt if a guest runs and MSRP has one of these bits. */
void ppc_expect_unprotected(struct ppc_cpu *cpu, u32 msrp);
/* May the pin's interrupt be taken now? */
bool ppc_external_is_due(const struct ppc_cpu *cpu);
/* The first interrupt that may be taken between two instructions, but the external; INT_NONE. */
enum ppc_interrupt ppc_due(const struct ppc_cpu *cpu);
/* Has a counter of the performance monitor to interrupt, if MSR lets it? */
bool ppc_performance_is_due(const struct ppc_cpu *cpu);
/* An interrupt may be due that was not: have the exec loop look. */
void ppc_look_at_interrupts(struct ppc_cpu *cpu);

/* --- storage: mmu.c --- */

/* By whose eyes an access sees storage: also, of which logical partition, and whether a guest's. */
struct ppc_eyes {
    u32 pid, space, lpid;
    bool guest, user, external; /* `external`: not the running program's, and ESR says so */
};
/* Those of the running program, of its data or instructions. */
struct ppc_eyes ppc_own_eyes(const struct ppc_cpu *cpu, bool code);
/* Where an address is, which may be read or written; raises the interrupt if not. */
u64 ppc_physical(struct ppc_cpu *cpu, u32 address, enum access access, const struct ppc_eyes *eyes);
/* The instruction at pc, which has been fetched; 0 if it cannot be seen any more. */
u32 ppc_word_at_pc(struct ppc_cpu *cpu);

/* --- debug events: debug.c --- */

/* Has one come that interrupts now? Is each instruction to run by itself, since it may be one? */
bool ppc_debug_is_due(const struct ppc_cpu *cpu);
bool ppc_debug_steps(const struct ppc_cpu *cpu);
/* Notes those of the next instruction; of one that has been completed; and what follows. */
void ppc_debug_look(struct ppc_cpu *cpu);
void ppc_debug_completed(struct ppc_cpu *cpu);
/* Is one of a page's addresses looked for? An access, which interrupts before it is done. */
bool ppc_debug_guards(const struct ppc_cpu *cpu, u32 address);
void ppc_debug_access(struct ppc_cpu *cpu, u32 address, u32 size, bool write);
/* Its registers have been written. */
void ppc_debug_changed(struct ppc_cpu *cpu);
/* A trap's condition holds: is that a debug interrupt, and no program interrupt? */
bool ppc_debug_trapped(struct ppc_cpu *cpu);
/* An interrupt has been taken, of the class that rfi or, critical, rfci returns from. */
void ppc_debug_interrupted(struct ppc_cpu *cpu, bool critical);

/* XER changes, and so maybe the mode: integer.c. */
void ppc_set_xer(struct ppc_cpu *cpu, u32 value);

/* --- timers.c --- */

enum { TELL_ALARM = LOG_GUEST };
#define PPC_NO_ALARM UINT64_MAX
u64 ppc_timebase(struct ppc_cpu *cpu);
/* Timers as they are at this moment; and after one of them has been changed, the next alarm. */
void ppc_settle_timers(struct ppc_cpu *cpu);
void ppc_arm_timers(struct ppc_cpu *cpu);
void ppc_set_timebase(struct ppc_cpu *cpu, u64 value);

/* --- TLBs: tlb.c --- */

/* The first entry that has this address; NULL: none. */
struct ppc_tlb_entry *ppc_tlb_find(struct ppc_cpu *cpu, u32 address, const struct ppc_eyes *eyes);
/* The size of its page less one. */
u32 ppc_tlb_mask(const struct ppc_tlb_entry *e);
/* It is about to change: nothing is left in the softmmu of what it was. */
void ppc_tlb_forget(struct ppc_cpu *cpu, const struct ppc_tlb_entry *e);
/* All entries of both that MMUCSR0's bits name, but protected ones. */
void ppc_tlb_invalidate(struct ppc_cpu *cpu, u32 mmucsr0);
/* MAS registers after a look-up that found nothing. */
void ppc_tlb_missed(struct ppc_cpu *cpu, u32 address, const struct ppc_eyes *eyes);

#endif
