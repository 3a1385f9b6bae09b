/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RDMSR, WRMSR, RDTSC, RDPMC. What a register means for memory types, machine checks and branch
 * records, there is nothing here to act on: such registers hold what they are given, as far as
 * the manual lets it be written. One that has no row raises #GP.
 */
#include "exec/i386/msr.h"

#include <string.h>

#include "exec/i386/board.h"
#include "exec/i386/descriptor.h"
#include "exec/i386/helper.h"
#include "exec/i386/mmu.h"
#include "exec/i386/model.h"

enum {
    MISC_FAST_STRINGS = 1 << 0,
    MISC_THERMAL_CONTROL = 1 << 3,
    MISC_NO_BTS = 1 << 11,
    MISC_NO_PEBS = 1 << 12,
    MISC_SPEED_STEP = 1 << 16,
    MISC_MONITOR = 1 << 18,
    MISC_LIMIT_CPUID = 1 << 22,
    MISC_NO_TASK_PRIORITY = 1 << 23,
    LIMITED_LEAF = 3,
    MCG_CTL_PRESENT = 1 << 8,
    MCG_STATUS_BITS = 7,
    MTRR_FIXED_RANGES = 1 << 8,
    MTRR_WRITE_COMBINING = 1 << 10,
    MTRR_DEFAULT_BITS = 0xcff,
    MTRR_VALID_BIT = 1 << 11,
    APIC_BASE_RESET = (int)0xfee00100, /* the boot processor's */
    /* RDCL_NO, SKIP_L1DFL_VMENTRY, SSB_NO, MDS_NO, IF_PSCHANGE_MC_NO, TAA_NO: no page is read, and
       nothing that a guest could flush is reached, without its TLB entry. */
    NOT_VULNERABLE = 1 << 0 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 8,
    /* Sets of memory types: UC, WC, WT, WP, WB; the PAT has UC- as well. */
    MTRR_TYPES = 1 << 0 | 1 << 1 | 1 << 4 | 1 << 5 | 1 << 6,
    PAT_TYPES = MTRR_TYPES | 1 << 7,
};
#define MISC_NO_NX     ((u64)1 << 34)
#define PHYSICAL_MASK  (((u64)1 << PHYSICAL_BITS) - 1)
#define APIC_BASE_BITS (PHYSICAL_MASK & ~(u64)0x6ff) /* SDM vol. 3, figure 10-5 */
#define PAT_RESET      0x0007040600070406u           /* SDM vol. 3, table 12-12 */

/* --- counters --- */

static u64 tsc_read(struct cpu *cpu)
{
    _Static_assert(TSC_HZ == 1000000000, "the TSC counts nanoseconds");
    return cpu_clock(cpu) + cpu->tsc_offset;
}

static void set_edx_eax(struct cpu *cpu, u64 value)
{
    cpu->regs[EAX] = (u32)value;
    cpu->regs[EDX] = (u32)(value >> 32);
}

DEFINE_HELPER(rdtsc)
{
    if (cpu->cr4 & CR4_TSD)
        require_cpl0(cpu);
    set_edx_eax(cpu, tsc_read(cpu));
}

/* Event counters, which count nothing: two, on the Pentium 4 eighteen with a fast way to read. */
DEFINE_HELPER(rdpmc)
{
    enum { P6_COUNTERS = 2, NETBURST_COUNTERS = 18 };
    bool netburst = cpu_has(cpu, FEATURE_NETBURST);
    u32 counter = cpu->regs[ECX] & (netburst ? 0x7fffffff : 0xffffffff);

    if (!(cpu->cr4 & CR4_PCE))
        require_cpl0(cpu);
    if (counter >= (netburst ? NETBURST_COUNTERS : P6_COUNTERS))
        cpu_raise_code(cpu, EXC_GP, 0);
    set_edx_eax(cpu, 0);
}

/* --- what a write may hold; false: #GP --- */

typedef bool msr_write_fn(struct cpu *cpu, u64 *slot, u64 value);

static bool write_any(struct cpu *cpu, u64 *slot, u64 value)
{
    (void)cpu;
    *slot = value;
    return true;
}

static bool write_ignored(struct cpu *cpu, u64 *slot, u64 value)
{
    (void)cpu, (void)slot, (void)value;
    return true;
}

static bool write_zero(struct cpu *cpu, u64 *slot, u64 value)
{
    (void)cpu, (void)slot;
    return value == 0;
}

/* Before family 15 the low half only can be loaded, and clears the high one (vol. 3, 18.17.3). */
static bool write_tsc(struct cpu *cpu, u64 *slot, u64 value)
{
    u64 old = cpu->tsc_offset;

    (void)slot;
    if (!cpu_has(cpu, FEATURE_NETBURST))
        value = (u32)value;
    cpu->tsc_offset = value - cpu_clock(cpu);
    cpu->msr.tsc_adjust += cpu->tsc_offset - old;
    return true;
}

static bool write_tsc_adjust(struct cpu *cpu, u64 *slot, u64 value)
{
    cpu->tsc_offset += value - *slot;
    *slot = value;
    return true;
}

static bool has_apic(const struct cpu *cpu)
{
    return cpu_has(cpu, FEATURE_APIC) && cpu_board_has_apic(cpu);
}

/* An APIC that is not there cannot be enabled. */
static bool write_apic_base(struct cpu *cpu, u64 *slot, u64 value)
{
    if (value & ~(u64)APIC_BASE_BITS)
        return false;
    *slot = has_apic(cpu) ? value : value & ~(u64)APIC_BASE_ENABLED;
    if (has_apic(cpu))
        cpu_apic_base(cpu, value);
    return true;
}

static bool write_mcg_status(struct cpu *cpu, u64 *slot, u64 value)
{
    (void)cpu;
    if (value & ~(u64)MCG_STATUS_BITS)
        return false;
    *slot = value;
    return true;
}

static void set_efer(struct cpu *cpu, u64 value)
{
    cpu->efer = value;
    mem_flush(cpu);
}

/* Of its bits the limit of CPUID and NX change anything here. */
static bool write_misc_enable(struct cpu *cpu, u64 *slot, u64 value)
{
    u64 changed = *slot ^ value;
    u64 bits = MISC_FAST_STRINGS | MISC_THERMAL_CONTROL | MISC_SPEED_STEP | MISC_MONITOR |
               MISC_LIMIT_CPUID | MISC_NO_TASK_PRIORITY;

    if (changed & ~(bits | (cpu_has(cpu, FEATURE_NX) ? MISC_NO_NX : 0)))
        return false;
    *slot = value;
    if (value & MISC_NO_NX)
        set_efer(cpu, cpu->efer & ~(u64)EFER_NXE);
    return true;
}

static bool write_efer(struct cpu *cpu, u64 *slot, u64 value)
{
    (void)slot;
    if (value & ~(u64)(cpu_has_nx(cpu) ? EFER_NXE : 0))
        return false;
    set_efer(cpu, value);
    return true;
}

static bool is_type(u64 type, u32 types)
{
    return type < 8 && types >> type & 1;
}

static bool write_types(u64 *slot, u64 value, u32 types)
{
    for (unsigned i = 0; i < 64; i += 8)
        if (!is_type(value >> i & 0xff, types))
            return false;
    *slot = value;
    return true;
}

static bool write_pat(struct cpu *cpu, u64 *slot, u64 value)
{
    (void)cpu;
    return write_types(slot, value, PAT_TYPES);
}

static bool write_mtrr_fixed(struct cpu *cpu, u64 *slot, u64 value)
{
    (void)cpu;
    return write_types(slot, value, MTRR_TYPES);
}

static bool write_mtrr_default(struct cpu *cpu, u64 *slot, u64 value)
{
    (void)cpu;
    if (value & ~(u64)MTRR_DEFAULT_BITS || !is_type(value & 0xff, MTRR_TYPES))
        return false;
    *slot = value;
    return true;
}

/* Pairs of a base, with its type, and a mask, with its valid bit. */
static bool write_mtrr_variable(struct cpu *cpu, u64 *slot, u64 value)
{
    bool is_mask = (slot - cpu->msr.mtrr_variable) & 1;
    u64 address = PHYSICAL_MASK & ~(u64)PAGE_MASK;

    if (value & ~(address | (is_mask ? MTRR_VALID_BIT : 0xff)))
        return false;
    if (!is_mask && !is_type(value & 0xff, MTRR_TYPES))
        return false;
    *slot = value;
    return true;
}

/* --- the table --- */

enum { MSR_TSC = 0x10 };

/* A range of registers; `at` is where in struct cpu they are, or 0: all are `value`. */
struct msr {
    u32 first, last;
    enum feature needs;
    u16 at;
    u64 value;
    msr_write_fn *write; /* NULL: read-only */
};

#define AT(field) offsetof(struct cpu, field)
/* Of a machine-check bank: control; status and address, in which there is never an error. */
#define BANK(i)                                                                                    \
    {0x400 + 4 * (i), 0x400 + 4 * (i), FEATURE_MCA, AT(msr.mc_control[i]), 0, write_any},          \
    {                                                                                              \
        0x401 + 4 * (i), 0x402 + 4 * (i), FEATURE_MCA, 0, 0, write_zero                            \
    }

static const struct msr msrs[] = {
    {0x000, 0x001, FEATURE_MCE, 0, 0, write_ignored}, /* P5_MC_ADDR, P5_MC_TYPE */
    {MSR_TSC, MSR_TSC, FEATURE_TSC, 0, 0, write_tsc},
    {0x017, 0x017, FEATURE_P6, 0, 0, NULL}, /* PLATFORM_ID */
    {0x01b, 0x01b, FEATURE_P6, AT(msr.apic_base), 0, write_apic_base},
    {0x02a, 0x02a, FEATURE_P6, 0, 0, write_ignored}, /* EBL_CR_POWERON */
    {0x03b, 0x03b, FEATURE_TSC_ADJUST, AT(msr.tsc_adjust), 0, write_tsc_adjust},
    {0x079, 0x079, FEATURE_P6, 0, 0, write_ignored}, /* BIOS_UPDT_TRIG */
    {0x08b, 0x08b, FEATURE_P6, 0, 0, write_ignored}, /* BIOS_SIGN_ID */
    {0x0fe, 0x0fe, FEATURE_MTRR, 0, MTRR_VARIABLE / 2 | MTRR_FIXED_RANGES | MTRR_WRITE_COMBINING,
     NULL},
    {0x10a, 0x10a, FEATURE_ARCH_CAPABILITIES, 0, NOT_VULNERABLE, NULL},
    {0x174, 0x174, FEATURE_SEP, AT(sysenter_cs), 0, write_any},
    {0x175, 0x175, FEATURE_SEP, AT(sysenter_esp), 0, write_any},
    {0x176, 0x176, FEATURE_SEP, AT(sysenter_eip), 0, write_any},
    {0x179, 0x179, FEATURE_MCA, 0, MC_BANKS | MCG_CTL_PRESENT, NULL}, /* MCG_CAP */
    {0x17a, 0x17a, FEATURE_MCA, AT(msr.mcg_status), 0, write_mcg_status},
    {0x17b, 0x17b, FEATURE_MCA, AT(msr.mcg_control), 0, write_any},
    {0x1a0, 0x1a0, FEATURE_NETBURST, AT(msr.misc_enable), 0, write_misc_enable},
    {0x1d9, 0x1d9, FEATURE_P6, 0, 0, write_ignored}, /* DEBUGCTL */
    {0x1db, 0x1de, FEATURE_P6, 0, 0, NULL},          /* the last branch and interrupt */
    {0x200, 0x200 + MTRR_VARIABLE - 1, FEATURE_MTRR, AT(msr.mtrr_variable), 0, write_mtrr_variable},
    {0x250, 0x250, FEATURE_MTRR, AT(msr.mtrr_fixed[0]), 0, write_mtrr_fixed},
    {0x258, 0x259, FEATURE_MTRR, AT(msr.mtrr_fixed[1]), 0, write_mtrr_fixed},
    {0x268, 0x26f, FEATURE_MTRR, AT(msr.mtrr_fixed[3]), 0, write_mtrr_fixed},
    {0x277, 0x277, FEATURE_PAT, AT(msr.pat), 0, write_pat},
    {0x2ff, 0x2ff, FEATURE_MTRR, AT(msr.mtrr_default), 0, write_mtrr_default},
    BANK(0),
    BANK(1),
    BANK(2),
    BANK(3),
    BANK(4),
    {0xc0000080, 0xc0000080, FEATURE_NX, AT(efer), 0, write_efer},
};
_Static_assert(MC_BANKS == 5, "as many rows");

void msr_reset(struct cpu *cpu)
{
    memset(&cpu->msr, 0, sizeof cpu->msr);
    cpu->msr.apic_base = (u32)APIC_BASE_RESET | (has_apic(cpu) ? APIC_BASE_ENABLED : 0);
    cpu->msr.pat = PAT_RESET;
    cpu->msr.misc_enable = MISC_FAST_STRINGS | MISC_NO_BTS | MISC_NO_PEBS;
    cpu->sysenter_cs = cpu->sysenter_esp = cpu->sysenter_eip = 0;
    cpu->efer = 0;
    cpu->tsc_offset = 0;
}

u32 cpuid_last(const struct cpu *cpu)
{
    u32 last = cpu->model->last_leaf;

    return cpu->msr.misc_enable & MISC_LIMIT_CPUID && last > LIMITED_LEAF ? LIMITED_LEAF : last;
}

bool cpu_has_nx(const struct cpu *cpu)
{
    return cpu_has(cpu, FEATURE_NX) && !(cpu->msr.misc_enable & MISC_NO_NX);
}

/* --- the instructions --- */

/* The row of a register; raises #GP if there is none. */
static const struct msr *msr_find(struct cpu *cpu, u32 number, const char *insn)
{
    for (size_t i = 0; i < sizeof msrs / sizeof *msrs; i++)
        if (number >= msrs[i].first && number <= msrs[i].last && cpu_has(cpu, msrs[i].needs))
            return &msrs[i];
    log_if(LOG_UNIMP, "%s of unknown %08x at %08x\n", insn, number, cpu->core.pc);
    cpu_raise_code(cpu, EXC_GP, 0);
}

static u64 *slot_of(struct cpu *cpu, const struct msr *m, u32 number)
{
    return (u64 *)((char *)cpu + m->at) + (number - m->first);
}

DEFINE_HELPER(rdmsr)
{
    u32 number = cpu->regs[ECX];
    const struct msr *m;

    require_cpl0(cpu);
    m = msr_find(cpu, number, "rdmsr");
    if (number == MSR_TSC)
        set_edx_eax(cpu, tsc_read(cpu));
    else
        set_edx_eax(cpu, m->at ? *slot_of(cpu, m, number) : m->value);
}

DEFINE_HELPER(wrmsr)
{
    u32 number = cpu->regs[ECX];
    u64 value = (u64)cpu->regs[EDX] << 32 | cpu->regs[EAX];
    const struct msr *m;

    require_cpl0(cpu);
    m = msr_find(cpu, number, "wrmsr");
    if (!m->write || !m->write(cpu, slot_of(cpu, m, number), value)) {
        log_if(LOG_GUEST_ERRORS, "wrmsr %08x: not to be written: %016llx at %08x\n", number,
               (unsigned long long)value, cpu->core.pc);
        cpu_raise_code(cpu, EXC_GP, 0);
    }
}
