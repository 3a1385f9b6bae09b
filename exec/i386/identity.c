/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CPUID, the time-stamp counter and the model-specific registers. */
#include <string.h>

#include "exec/i386/descriptor.h"
#include "exec/i386/helper.h"
#include "exec/i386/model.h"
#include "exec/i386/system.h"

/* --- CPUID (SDM vol. 2) --- */

static const u32 first_extended = 0x80000000, first_brand = 0x80000002, last_brand = 0x80000004;
static const char vendor[] = "GenuineIntel";

static u32 word_of(const char *text)
{
    u32 word;

    memcpy(&word, text, sizeof word);
    return word;
}

enum { CLFLUSH_LINE = 64 / 8 << 8 };

static void cpuid_result(struct cpu *cpu, u32 eax, u32 ebx, u32 ecx, u32 edx)
{
    cpu->regs[EAX] = eax;
    cpu->regs[EBX] = ebx;
    cpu->regs[ECX] = ecx;
    cpu->regs[EDX] = edx;
}

static void cpuid_extended(struct cpu *cpu, u32 leaf)
{
    const struct model *m = cpu->model;
    char text[48 + 1] = "";

    if (leaf == first_extended) {
        cpuid_result(cpu, m->last_extended, 0, 0, 0);
    } else if (leaf == first_extended + 1) {
        cpuid_result(cpu, 0, 0, 0, model_feature_word(m, EXTENDED1_EDX));
    } else if (leaf <= last_brand) {
        const char *part = text + (leaf - first_brand) * 16;
        strcpy(text, m->brand);
        cpuid_result(cpu, word_of(part), word_of(part + 4), word_of(part + 8), word_of(part + 12));
    } else {
        cpuid_result(cpu, 0, 0, 0, 0);
    }
}

DEFINE_HELPER(cpuid)
{
    const struct model *m = cpu->model;
    u32 leaf = cpu->regs[EAX];

    if (leaf >= first_extended && leaf <= m->last_extended) {
        cpuid_extended(cpu, leaf);
        return;
    }
    /* A leaf that is not there reads as the last basic one. */
    if (leaf > m->last_leaf)
        leaf = m->last_leaf;
    switch (leaf) {
    case 0:
        cpuid_result(cpu, m->last_leaf, word_of(vendor), word_of(vendor + 8), word_of(vendor + 4));
        break;
    case 1:
        cpuid_result(cpu, m->signature, cpu_has(cpu, FEATURE_CLFSH) ? CLFLUSH_LINE : 0,
                     model_feature_word(m, LEAF1_ECX), model_feature_word(m, LEAF1_EDX));
        break;
    case 2:
        cpuid_result(cpu, m->caches_eax, 0, 0, m->caches_edx);
        break;
    default:
        cpuid_result(cpu, 0, 0, 0, 0);
        break;
    }
}

/* --- counters --- */

/* The counter runs at 1 GHz of guest time. */
static u64 tsc_read(struct cpu *cpu)
{
    return cpu_clock(cpu) + cpu->tsc_offset;
}

static void set_edx_eax(struct cpu *cpu, u64 value)
{
    cpu->regs[EAX] = value;
    cpu->regs[EDX] = value >> 32;
}

DEFINE_HELPER(rdtsc)
{
    if (cpu->cr4 & CR4_TSD)
        require_cpl0(cpu);
    set_edx_eax(cpu, tsc_read(cpu));
}

/* Two event counters, which count nothing. */
DEFINE_HELPER(rdpmc)
{
    if (!(cpu->cr4 & CR4_PCE))
        require_cpl0(cpu);
    if (cpu->regs[ECX] > 1)
        cpu_raise_code(cpu, EXC_GP, 0);
    set_edx_eax(cpu, 0);
}

/* --- model-specific registers (SDM vol. 4, 2.21: P6 family) --- */

enum msr {
    MSR_TSC = 0x10,
    MSR_PLATFORM_ID = 0x17,
    MSR_APIC_BASE = 0x1b,
    MSR_POWER_ON = 0x2a,
    MSR_MICROCODE_UPDATE = 0x79,
    MSR_MICROCODE_REVISION = 0x8b,
    MSR_SYSENTER_CS = 0x174,
    MSR_SYSENTER_ESP = 0x175,
    MSR_SYSENTER_EIP = 0x176,
    MSR_DEBUGCTL = 0x1d9,
    MSR_LAST_BRANCH_FROM = 0x1db,
    MSR_LAST_INT_TO = 0x1de,
};

static bool msr_read(struct cpu *cpu, u32 number, u64 *value)
{
    switch (number) {
    case MSR_TSC:
        *value = tsc_read(cpu);
        return true;
    case MSR_APIC_BASE:
        *value = cpu->apic_base;
        return true;
    case MSR_SYSENTER_CS:
        *value = cpu->sysenter_cs;
        return true;
    case MSR_SYSENTER_ESP:
        *value = cpu->sysenter_esp;
        return true;
    case MSR_SYSENTER_EIP:
        *value = cpu->sysenter_eip;
        return true;
    case MSR_PLATFORM_ID:
    case MSR_POWER_ON:
    case MSR_MICROCODE_REVISION:
    case MSR_DEBUGCTL:
        *value = 0;
        return true;
    default:
        *value = 0;
        return number >= MSR_LAST_BRANCH_FROM && number <= MSR_LAST_INT_TO;
    }
}

static bool msr_write(struct cpu *cpu, u32 number, u64 value)
{
    enum { APIC_ENABLE = 1 << 11 };

    switch (number) {
    case MSR_TSC:
        /* P6 processors load the low half only, and clear the high one (SDM vol. 3, 17.17.3). */
        cpu->tsc_offset = (u32)value - cpu_clock(cpu);
        return true;
    case MSR_APIC_BASE:
        cpu->apic_base = value & ~(u64)APIC_ENABLE;
        return true;
    case MSR_SYSENTER_CS:
        cpu->sysenter_cs = value;
        return true;
    case MSR_SYSENTER_ESP:
        cpu->sysenter_esp = value;
        return true;
    case MSR_SYSENTER_EIP:
        cpu->sysenter_eip = value;
        return true;
    case MSR_POWER_ON:
    case MSR_MICROCODE_UPDATE:
    case MSR_MICROCODE_REVISION:
    case MSR_DEBUGCTL:
        return true;
    default:
        return false;
    }
}

DEFINE_HELPER(rdmsr)
{
    u32 number = cpu->regs[ECX];
    u64 value;

    require_cpl0(cpu);
    if (!msr_read(cpu, number, &value)) {
        log_if(LOG_UNIMP, "rdmsr of unknown %08x at %08x\n", number, cpu->eip);
        cpu_raise_code(cpu, EXC_GP, 0);
    }
    set_edx_eax(cpu, value);
}

DEFINE_HELPER(wrmsr)
{
    u32 number = cpu->regs[ECX];
    u64 value = (u64)cpu->regs[EDX] << 32 | cpu->regs[EAX];

    require_cpl0(cpu);
    if (!msr_write(cpu, number, value)) {
        log_if(LOG_UNIMP, "wrmsr of unknown %08x at %08x\n", number, cpu->eip);
        cpu_raise_code(cpu, EXC_GP, 0);
    }
}
