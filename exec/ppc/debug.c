/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Debug events (Power ISA 2.07, book III-E, "Debug Facilities"; e500mc core reference manual, debug
 * interrupt). DBSR says what has happened; while MSR[DE] is set that interrupts.
 *
 *   ICMP               an instruction completes
 *   IAC1, IAC2         one is about to be executed: at an address,
 *   BRT, RET, CRET     a branch that is taken, rfi, rfci
 *   DAC1, DAC2         data: the softmmu tells of all accesses to their pages
 *   TRAP, IRPT, CIRPT  traps, interrupts that are taken, critical ones
 *
 * As long as there may be one of the first six each instruction runs by itself (struct guest's
 * is_one_due), and the next one is looked at; that is only while MSR[DE] is set.
 */
#include "exec/ppc/ppc.h"
#include "ops/ppc/word.h"

/* In DBCR0, and the events in DBSR. */
enum {
    DEBUG_IDM = 1 << 30,
    DEBUG_ICMP = 1 << 27,
    DEBUG_BRT = 1 << 26,
    DEBUG_IRPT = 1 << 25,
    DEBUG_TRAP = 1 << 24,
    DEBUG_IAC1 = 1 << 23,
    DEBUG_IAC2 = 1 << 22,
    DEBUG_DAC1R = 1 << 19, /* a load; then DAC1W, DAC2R and DAC2W */
    DEBUG_DAC = 15 << 16,
    DEBUG_RET = 1 << 15,
    DEBUG_CIRPT = 1 << 6,
    DEBUG_CRET = 1 << 5,
    DEBUG_INSNS = DEBUG_ICMP | DEBUG_BRT | DEBUG_IAC1 | DEBUG_IAC2 | DEBUG_RET | DEBUG_CRET,
    DEBUG_EVENTS = DEBUG_INSNS | DEBUG_DAC | DEBUG_IRPT | DEBUG_CIRPT | DEBUG_TRAP,
};
#define DEBUG_IDE 0x80000000u /* in DBSR: it was while MSR[DE] was clear */

static bool is_wanted(const struct ppc_cpu *cpu, u32 event)
{
    return cpu->dbcr[0] & DEBUG_IDM && cpu->dbcr[0] & event;
}

/* The hypervisor itself may do without (EPCR[DUVD]). */
static bool is_enabled(const struct ppc_cpu *cpu, u32 event)
{
    bool has_none = cpu->epcr & EPCR_DUVD && !(cpu->msr & (MSR_GS | MSR_PR));

    return is_wanted(cpu, event) && !has_none;
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

/* --- addresses: DBCR1 has fields for those of instructions, DBCR2 for those of data --- */

/* Of which state or space: two bits, 0 any, 2 and 3 a clear and a set bit of MSR. */
static bool is_of(u32 field, bool set)
{
    return !(field & 2) || (field & 1) == set;
}

static bool is_here(const struct ppc_cpu *cpu, u32 control, unsigned n, u32 space)
{
    u32 fields = control >> (28 - 4 * n);

    return is_of(fields >> 2 & 3, ppc_is_user(cpu)) && is_of(fields & 3, cpu->msr & space);
}

enum { EXACT, MASKED, INSIDE };

static u32 how(u32 control)
{
    return control >> 22 & 3;
}

/* Exactly the n-th address; or the pair: under a mask, within both or outside. */
static bool matches(const u32 pair[2], u32 control, unsigned n, u32 address)
{
    if (how(control) == EXACT)
        return address == pair[n];
    if (n != 0)
        return false;
    if (how(control) == MASKED)
        return !((address ^ pair[0]) & pair[1]);
    return (address >= pair[0] && address < pair[1]) == (how(control) == INSIDE);
}

/* --- instructions --- */

static void look_at_address(struct ppc_cpu *cpu, unsigned n)
{
    u32 event = DEBUG_IAC1 >> n;

    if (is_enabled(cpu, event) && is_here(cpu, cpu->dbcr[1], n, MSR_IS) &&
        matches(cpu->iac, cpu->dbcr[1], n, cpu->core.pc))
        note(cpu, event);
}

/* BO, of CTR and a bit of CR (book I, 2.4). */
static bool holds(struct ppc_cpu *cpu, u32 word)
{
    enum { IGNORE_CR = 16, SET = 8, IGNORE_CTR = 4, ZERO = 2 };
    u32 bo = word_d(word), bit = ppc_cr(cpu) >> (31 - word_a(word)) & 1;
    bool by_ctr = bo & IGNORE_CTR || (cpu->ctr == 1) == !!(bo & ZERO);

    return by_ctr && (bo & IGNORE_CR || bit == (bo & SET) / SET);
}

static bool is_taken(struct ppc_cpu *cpu, u32 word)
{
    enum { BC = 16, B = 18, BY_REGISTER = 19, BCLR = 16, BCCTR = 528 };
    u32 primary = word >> 26, xo = word_xo(word);

    if (primary == BC || (primary == BY_REGISTER && (xo == BCLR || xo == BCCTR)))
        return holds(cpu, word);
    return primary == B;
}

void ppc_debug_look(struct ppc_cpu *cpu)
{
    const u32 rfi = 19u << 26 | 50 << 1, rfci = 19u << 26 | 51 << 1, rfgi = 19u << 26 | 102 << 1;
    u32 word;

    if (!ppc_debug_steps(cpu))
        return;
    look_at_address(cpu, 0);
    look_at_address(cpu, 1);
    word = ppc_word_at_pc(cpu);
    if (is_enabled(cpu, DEBUG_BRT) && is_taken(cpu, word))
        note(cpu, DEBUG_BRT);
    if (is_enabled(cpu, DEBUG_RET) && !ppc_is_user(cpu) && (word == rfi || word == rfgi))
        note(cpu, DEBUG_RET);
    if (is_enabled(cpu, DEBUG_CRET) && !ppc_is_user(cpu) && word == rfci)
        note(cpu, DEBUG_CRET);
}

void ppc_debug_completed(struct ppc_cpu *cpu)
{
    if (cpu->msr & MSR_DE && is_enabled(cpu, DEBUG_ICMP))
        note(cpu, DEBUG_ICMP);
    else
        ppc_debug_look(cpu);
}

/* --- data --- */

static bool is_watched(const struct ppc_cpu *cpu, unsigned n, u32 at, u32 size)
{
    for (u32 i = 0; i < size; i++)
        if (matches(cpu->dac, cpu->dbcr[2], n, at + i))
            return is_here(cpu, cpu->dbcr[2], n, MSR_DS);
    return false;
}

bool ppc_debug_guards(const struct ppc_cpu *cpu, u32 address)
{
    bool guards = false;

    for (unsigned n = 0; n < 2; n++)
        if (is_wanted(cpu, 3u << (18 - 2 * n)))
            guards |= how(cpu->dbcr[2]) != EXACT || !((cpu->dac[n] ^ address) & ~0xfffu);
    return guards;
}

void ppc_debug_access(struct ppc_cpu *cpu, u32 address, u32 size, bool write)
{
    u32 events = 0;

    for (unsigned n = 0; n < 2; n++) {
        u32 event = DEBUG_DAC1R >> (2 * n + write);
        if (is_enabled(cpu, event) && is_watched(cpu, n, address, size))
            events |= event;
    }
    if (!events)
        return;
    note(cpu, events);
    if (cpu->msr & MSR_DE)
        ppc_raise(cpu, INT_DEBUG, 0);
}

void ppc_debug_changed(struct ppc_cpu *cpu)
{
    softmmu_flush(&cpu->core);
    ppc_look_at_interrupts(cpu);
}

/* --- traps, interrupts --- */

bool ppc_debug_trapped(struct ppc_cpu *cpu)
{
    if (!is_enabled(cpu, DEBUG_TRAP))
        return false;
    note(cpu, DEBUG_TRAP);
    return cpu->msr & MSR_DE;
}

void ppc_debug_interrupted(struct ppc_cpu *cpu, bool critical)
{
    u32 event = critical ? DEBUG_CIRPT : DEBUG_IRPT;

    if (is_enabled(cpu, event))
        note(cpu, event);
}
