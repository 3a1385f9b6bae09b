/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Debug events (Power ISA 2.07, book III-E, chapter 8; e500mc core reference manual, 4.9.15): an
 * instruction that completes (ICMP), one at an address (IAC1, IAC2), a trap (TRAP), an interrupt
 * that is taken (IRPT). DBSR says what has happened; while MSR[DE] is set that interrupts.
 *
 * As long as an instruction may be an event each runs by itself (struct guest's is_one_due), and
 * behind it the next address is looked at. Where MSR[DE] is clear that costs too much: then only
 * traps and interrupts are noted, for later.
 */
#include "exec/ppc/ppc.h"

/* In DBCR0, and the events in DBSR. */
enum {
    DEBUG_IDM = 1 << 30,
    DEBUG_ICMP = 1 << 27,
    DEBUG_IRPT = 1 << 25,
    DEBUG_TRAP = 1 << 24,
    DEBUG_IAC1 = 1 << 23,
    DEBUG_IAC2 = 1 << 22,
    DEBUG_INSNS = DEBUG_ICMP | DEBUG_IAC1 | DEBUG_IAC2,
    DEBUG_EVENTS = DEBUG_INSNS | DEBUG_IRPT | DEBUG_TRAP,
};
#define DEBUG_IDE 0x80000000u /* in DBSR: it was while MSR[DE] was clear */

static bool is_enabled(const struct ppc_cpu *cpu, u32 event)
{
    return cpu->dbcr[0] & DEBUG_IDM && cpu->dbcr[0] & event;
}

static void note(struct ppc_cpu *cpu, u32 event)
{
    cpu->dbsr |= event | (cpu->msr & MSR_DE ? 0 : DEBUG_IDE);
    ppc_look_at_interrupts(cpu);
}

bool ppc_debug_is_due(const struct ppc_cpu *cpu)
{
    return cpu->msr & MSR_DE && cpu->dbcr[0] & DEBUG_IDM && cpu->dbsr & DEBUG_EVENTS;
}

bool ppc_debug_steps(const struct ppc_cpu *cpu)
{
    return cpu->msr & MSR_DE && is_enabled(cpu, DEBUG_INSNS);
}

/* --- addresses --- */

/* DBCR1: which state and space an address is of: two bits each, 0 any, 2 and 3 a clear and a set
 * bit of MSR. */
static bool is_of(u32 field, bool set)
{
    return !(field & 2) || (field & 1) == set;
}

static bool is_at(const struct ppc_cpu *cpu, u32 low)
{
    u32 fields = cpu->dbcr[1] >> low;

    return is_of(fields >> 2 & 3, ppc_is_user(cpu)) && is_of(fields & 3, cpu->msr & MSR_IS);
}

/* DBCR1[IAC12M]: exact, under a mask, within both or outside. */
static bool has_address(const struct ppc_cpu *cpu, unsigned n)
{
    enum { EXACT, MASKED, INSIDE };
    u32 pc = cpu->core.pc, first = cpu->iac[0], second = cpu->iac[1];
    u32 mode = cpu->dbcr[1] >> 22 & 3;

    if (mode == EXACT)
        return pc == cpu->iac[n];
    if (mode == MASKED)
        return n == 0 && !((pc ^ first) & second);
    return n == 0 && (pc >= first && pc < second) == (mode == INSIDE);
}

void ppc_debug_look(struct ppc_cpu *cpu)
{
    enum { FIELDS_1 = 28, FIELDS_2 = 24 };

    if (!ppc_debug_steps(cpu))
        return;
    if (is_enabled(cpu, DEBUG_IAC1) && is_at(cpu, FIELDS_1) && has_address(cpu, 0))
        note(cpu, DEBUG_IAC1);
    if (is_enabled(cpu, DEBUG_IAC2) && is_at(cpu, FIELDS_2) && has_address(cpu, 1))
        note(cpu, DEBUG_IAC2);
}

/* --- what happens --- */

void ppc_debug_completed(struct ppc_cpu *cpu)
{
    if (cpu->msr & MSR_DE && is_enabled(cpu, DEBUG_ICMP))
        note(cpu, DEBUG_ICMP);
    else
        ppc_debug_look(cpu);
}

bool ppc_debug_trapped(struct ppc_cpu *cpu)
{
    if (!is_enabled(cpu, DEBUG_TRAP))
        return false;
    note(cpu, DEBUG_TRAP);
    return cpu->msr & MSR_DE;
}

void ppc_debug_interrupted(struct ppc_cpu *cpu)
{
    if (is_enabled(cpu, DEBUG_IRPT))
        note(cpu, DEBUG_IRPT);
}
