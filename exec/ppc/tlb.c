/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The TLBs as software sees them, through the MAS registers (e500mc core reference manual, "Memory
 * Management Units"). What they say the softmmu keeps: so each change of an entry tells it to
 * forget.
 */
#include "exec/ppc/ppc.h"
#include "ops/ppc/word.h"

#include <string.h>

enum { PAGE_4K = 1 << MAS1_TSIZE, INV_ALL = 4, EA_TLB1 = 8 };

/* --- entries --- */

static u32 set_of(u32 address)
{
    return address >> 12 & (TLB0_SETS - 1);
}

u32 ppc_tlb_mask(const struct ppc_tlb_entry *e)
{
    u32 tsize = e->mas1 >> MAS1_TSIZE & 15;
    u32 bits = 10 + 2 * tsize;

    return bits >= 32 ? ~0u : (1u << bits) - 1;
}

static u32 tid(const struct ppc_tlb_entry *e)
{
    return e->mas1 >> MAS1_TID & PID_MASK;
}

static bool has_address(const struct ppc_tlb_entry *e, u32 address)
{
    return e->mas1 & MAS1_V && !((e->mas2 ^ address) & ~ppc_tlb_mask(e) & ~0xfffu);
}

static u32 lpid(const struct ppc_tlb_entry *e)
{
    return e->mas8 & LPID_MASK;
}

static bool matches(const struct ppc_tlb_entry *e, u32 address, const struct ppc_eyes *eyes)
{
    return has_address(e, address) && (e->mas1 >> MAS1_TS & 1) == eyes->space &&
           (tid(e) == 0 || tid(e) == eyes->pid) && !(e->mas8 & MAS8_TGS) == !eyes->guest &&
           (lpid(e) == 0 || lpid(e) == eyes->lpid);
}

struct ppc_tlb_entry *ppc_tlb_find(struct ppc_cpu *cpu, u32 address, const struct ppc_eyes *eyes)
{
    struct ppc_tlb_entry *set = &cpu->tlb0[set_of(address) * TLB0_WAYS];

    for (u32 way = 0; way < TLB0_WAYS; way++)
        if (matches(&set[way], address, eyes))
            return &set[way];
    for (u32 n = 0; n < TLB1_ENTRIES; n++)
        if (matches(&cpu->tlb1[n], address, eyes))
            return &cpu->tlb1[n];
    return NULL;
}

/* Another process's is not there: what the softmmu had of it went with the PID. */
void ppc_tlb_forget(struct ppc_cpu *cpu, const struct ppc_tlb_entry *e)
{
    if (!(e->mas1 & MAS1_V) || (tid(e) && tid(e) != cpu->pid))
        return;
    if (ppc_tlb_mask(e) == 0xfff)
        softmmu_flush_page(&cpu->core, e->mas2 & ~0xfffu);
    else
        softmmu_flush(&cpu->core);
}

static void invalidate(struct ppc_cpu *cpu, struct ppc_tlb_entry *e)
{
    if (e->mas1 & MAS1_IPROT)
        return;
    ppc_tlb_forget(cpu, e);
    e->mas1 &= ~MAS1_V;
}

static void invalidate_all(struct ppc_tlb_entry *entries, u32 count)
{
    for (u32 n = 0; n < count; n++)
        if (!(entries[n].mas1 & MAS1_IPROT))
            entries[n].mas1 &= ~MAS1_V;
}

void ppc_tlb_invalidate(struct ppc_cpu *cpu, u32 mmucsr0)
{
    enum { TLB0_FI = 4, TLB1_FI = 2 };

    if (mmucsr0 & TLB0_FI)
        invalidate_all(cpu->tlb0, TLB0_ENTRIES);
    if (mmucsr0 & TLB1_FI)
        invalidate_all(cpu->tlb1, TLB1_ENTRIES);
    softmmu_flush(&cpu->core);
}

/* --- MAS registers --- */

/* The way that is to be replaced, and the next one. */
static u32 victims(const struct ppc_cpu *cpu)
{
    return cpu->victim << MAS0_ESEL | ((cpu->victim + 1) & MAS0_NV);
}

void ppc_tlb_missed(struct ppc_cpu *cpu, u32 address, const struct ppc_eyes *eyes)
{
    u32 tlb1 = cpu->mas[4] >> MAS4_TLBSELD & 1;

    cpu->mas[0] = tlb1 << MAS0_TLBSEL | (tlb1 ? 0 : victims(cpu));
    cpu->mas[1] = MAS1_V | eyes->pid << MAS1_TID | eyes->space << MAS1_TS |
                  (cpu->mas[4] >> MAS4_TSIZED & 15) << MAS1_TSIZE;
    cpu->mas[2] = (address & ~0xfffu) | (cpu->mas[4] & 0x7f);
    cpu->mas[3] = cpu->mas[7] = 0;
}

/* By MAS0, and in TLB0 the address in MAS2. */
static struct ppc_tlb_entry *selected(struct ppc_cpu *cpu)
{
    u32 n = cpu->mas[0] >> MAS0_ESEL;

    if (cpu->mas[0] >> MAS0_TLBSEL & 1)
        return &cpu->tlb1[n & (TLB1_ENTRIES - 1)];
    return &cpu->tlb0[set_of(cpu->mas[2]) * TLB0_WAYS + (n & (TLB0_WAYS - 1))];
}

static bool is_in_tlb1(const struct ppc_cpu *cpu, const struct ppc_tlb_entry *e)
{
    return e >= cpu->tlb1;
}

static void show(struct ppc_cpu *cpu, const struct ppc_tlb_entry *e)
{
    enum { HID0_EN_MAS7_UPDATE = 1 << 7 };

    cpu->mas[1] = e->mas1;
    cpu->mas[2] = e->mas2;
    cpu->mas[3] = e->mas3;
    cpu->mas[8] = e->mas8;
    if (cpu->hid0 & HID0_EN_MAS7_UPDATE)
        cpu->mas[7] = e->mas7;
}

void ppc_helper_tlbre(struct ppc_cpu *cpu, u32 a, u32 b)
{
    (void)a, (void)b;
    show(cpu, selected(cpu));
    cpu->mas[0] = (cpu->mas[0] & ~(u32)MAS0_NV) | cpu->victim;
}

void ppc_helper_tlbwe(struct ppc_cpu *cpu, u32 a, u32 b)
{
    struct ppc_tlb_entry *e = selected(cpu);
    u32 mas1 = cpu->mas[1];

    (void)a, (void)b;
    if (!is_in_tlb1(cpu, e)) {
        mas1 = (mas1 & ~(u32)(MAS1_IPROT | 15 << MAS1_TSIZE)) | PAGE_4K;
        cpu->victim = cpu->mas[0] & MAS0_NV;
    }
    ppc_tlb_forget(cpu, e);
    *e = (struct ppc_tlb_entry){mas1, cpu->mas[2], cpu->mas[3], cpu->mas[7], cpu->mas[8]};
}

static u32 address_of(const struct ppc_cpu *cpu, u32 word)
{
    return (word_a(word) ? cpu->gpr[word_a(word)] : 0) + cpu->gpr[word_b(word)];
}

/* Whose storage MAS5 and MAS6 name. */
static struct ppc_eyes named_eyes(const struct ppc_cpu *cpu)
{
    return (struct ppc_eyes){.pid = cpu->mas[6] >> MAS6_SPID,
                             .space = cpu->mas[6] & MAS6_SAS,
                             .lpid = cpu->mas[5] & LPID_MASK,
                             .guest = (cpu->mas[5] & MAS5_SGS) != 0};
}

void ppc_helper_tlbsx(struct ppc_cpu *cpu, u32 a, u32 b)
{
    u32 address = address_of(cpu, a);
    const struct ppc_eyes eyes = named_eyes(cpu);
    const struct ppc_tlb_entry *e = ppc_tlb_find(cpu, address, &eyes);

    (void)b;
    if (!e) {
        ppc_tlb_missed(cpu, address, &eyes);
        cpu->mas[1] &= ~MAS1_V;
        return;
    }
    show(cpu, e);
    if (is_in_tlb1(cpu, e))
        cpu->mas[0] = 1 << MAS0_TLBSEL | (u32)(e - cpu->tlb1) << MAS0_ESEL;
    else
        cpu->mas[0] = (u32)(e - cpu->tlb0) % TLB0_WAYS << MAS0_ESEL | cpu->victim;
}

/* Of the logical partition, and a guest's or not, as MAS5 says? */
static bool is_of_partition(const struct ppc_cpu *cpu, const struct ppc_tlb_entry *e)
{
    const struct ppc_eyes eyes = named_eyes(cpu);

    return lpid(e) == eyes.lpid && !(e->mas8 & MAS8_TGS) == !eyes.guest;
}

/* The address names the TLB, too; the process and the space do not count, but MAS5 does. */
void ppc_helper_tlbivax(struct ppc_cpu *cpu, u32 a, u32 b)
{
    u32 address = address_of(cpu, a), tlb1 = address & EA_TLB1;
    struct ppc_tlb_entry *entries = tlb1 ? cpu->tlb1 : &cpu->tlb0[set_of(address) * TLB0_WAYS];

    (void)b;
    if (address & INV_ALL) {
        ppc_tlb_invalidate(cpu, tlb1 ? 2 : 4);
        return;
    }
    for (u32 n = 0; n < (tlb1 ? (u32)TLB1_ENTRIES : (u32)TLB0_WAYS); n++)
        if (has_address(&entries[n], address) && is_of_partition(cpu, &entries[n]))
            invalidate(cpu, &entries[n]);
}

/*
 * T: 0 all of the partition MAS5[SLPID], 1 those of its process MAS6[SPID], 3 those that have the
 * address.
 */
static bool is_named(const struct ppc_cpu *cpu, const struct ppc_tlb_entry *e, u32 t, u32 address)
{
    const struct ppc_eyes eyes = named_eyes(cpu);

    if (t == 3)
        return matches(e, address, &eyes);
    return lpid(e) == eyes.lpid && (t == 0 || tid(e) == eyes.pid);
}

void ppc_helper_tlbilx(struct ppc_cpu *cpu, u32 a, u32 b)
{
    u32 t = word_d(a) & 3, address = address_of(cpu, a);

    (void)b;
    if (ppc_is_guest(cpu) && cpu->epcr & EPCR_DGTMI)
        ppc_raise(cpu, INT_HYPERVISOR_PRIVILEGE, 0);
    for (u32 n = 0; n < TLB0_ENTRIES; n++)
        if (is_named(cpu, &cpu->tlb0[n], t, address))
            invalidate(cpu, &cpu->tlb0[n]);
    for (u32 n = 0; n < TLB1_ENTRIES; n++)
        if (is_named(cpu, &cpu->tlb1[n], t, address))
            invalidate(cpu, &cpu->tlb1[n]);
}

/* --- in the place of firmware --- */

void exec_ppc_map(struct exec *e, unsigned entry, u32 address, u32 physical, unsigned size)
{
    struct ppc_cpu *cpu = exec_ppc_cpu(e);

    cpu->tlb1[entry] = (struct ppc_tlb_entry){
        .mas1 = MAS1_V | MAS1_IPROT | size << MAS1_TSIZE, .mas2 = address, .mas3 = physical | 63};
    softmmu_flush(&cpu->core);
}

void exec_ppc_flat(struct exec *e)
{
    enum { SIZE_4G = 11 };
    static const u16 handlers[IVORS] = {
        [INT_CRITICAL] = 0x100,
        [INT_MACHINE_CHECK] = 0x200,
        [INT_DATA_STORAGE] = 0x300,
        [INT_INSTRUCTION_STORAGE] = 0x400,
        [INT_EXTERNAL] = 0x500,
        [INT_ALIGNMENT] = 0x600,
        [INT_PROGRAM] = 0x700,
        [INT_FP_UNAVAILABLE] = 0x800,
        [INT_DECREMENTER] = 0x900,
        [INT_FIXED_INTERVAL] = 0x980,
        [INT_WATCHDOG] = 0xa00,
        [INT_SYSTEM_CALL] = 0xc00,
        [INT_DEBUG] = 0xd00,
        [INT_DATA_TLB] = 0x1100,
        [INT_INSTRUCTION_TLB] = 0x1200,
        [INT_DOORBELL] = 0x1300,
        [INT_CRITICAL_DOORBELL] = 0x1400,
        [INT_GUEST_DOORBELL] = 0x1500,
        [INT_GUEST_CRITICAL_DOORBELL] = 0x1600,
        [INT_HYPERVISOR_CALL] = 0x1700,
        [INT_HYPERVISOR_PRIVILEGE] = 0x1800,
    };

    for (unsigned n = 0; n < IVORS; n++)
        exec_ppc_cpu(e)->ivor[n] = handlers[n];
    exec_ppc_map(e, 0, 0, 0, SIZE_4G);
}
