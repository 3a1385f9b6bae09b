/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Control and debug registers, and instructions that change the processor's state. */
#include "exec/i386/system.h"
#include "exec/i386/debug.h"
#include "exec/i386/descriptor.h"
#include "exec/i386/helper.h"
#include "exec/i386/mmu.h"
#include "exec/i386/model.h"
#include "exec/i386/stack.h"

/* --- control registers (SDM vol. 3, 2.5) --- */

/* What loads CR3, or changes certain bits, loads PAE paging's first table (SDM vol. 3, 4.4.1). */
static void load_pdptes(struct cpu *cpu, u32 cr0, u32 cr4, u32 cr3)
{
    if (cr0 & CR0_PG && cr4 & CR4_PAE)
        mmu_load_pdptes(cpu, cr3);
}

void cpu_write_cr0(struct cpu *cpu, u32 value)
{
    u32 changed;

    value = (value & model_cr0_bits(cpu->model)) | CR0_ET;
    if ((value & (CR0_PG | CR0_PE)) == CR0_PG || (value & (CR0_NW | CR0_CD)) == CR0_NW)
        cpu_raise_code(cpu, EXC_GP, 0);
    changed = cpu->cr0 ^ value;
    if (changed & (CR0_PG | CR0_CD | CR0_NW))
        load_pdptes(cpu, value, cpu->cr4, cpu->cr3);
    cpu->cr0 = value;
    if (changed & (CR0_PG | CR0_PE | CR0_WP))
        mem_flush(cpu);
}

void cpu_write_cr3(struct cpu *cpu, u32 value)
{
    enum { RESERVED_WITHOUT_PAE = 0xfe7 };

    if (!cpu_has(cpu, FEATURE_PAE))
        value &= ~(u32)RESERVED_WITHOUT_PAE;
    load_pdptes(cpu, cpu->cr0, cpu->cr4, value);
    cpu->cr3 = value;
    mem_flush_non_global(cpu);
}

static void write_cr4(struct cpu *cpu, u32 value)
{
    u32 changed = cpu->cr4 ^ value;

    if (value & ~model_cr4_bits(cpu->model))
        cpu_raise_code(cpu, EXC_GP, 0);
    if (changed & (CR4_PAE | CR4_PSE | CR4_PGE)) {
        load_pdptes(cpu, cpu->cr0, value, cpu->cr3);
        mem_flush(cpu);
    }
    cpu->cr4 = value;
    if (changed & CR4_DE)
        debug_update(cpu);
}

static void require_control_register(struct cpu *cpu, u32 number)
{
    if (number == 1 || number > 4 || (number == 4 && !cpu_has(cpu, FEATURE_CPUID)))
        cpu_raise(cpu, EXC_UD);
}

DEFINE_HELPER(set_cr)
{
    u32 value = cpu->regs[b];

    require_control_register(cpu, a);
    require_cpl0(cpu);
    switch (a) {
    case 0:
        cpu_write_cr0(cpu, value);
        break;
    case 2:
        cpu->cr2 = value;
        break;
    case 3:
        cpu_write_cr3(cpu, value);
        break;
    default:
        write_cr4(cpu, value);
        break;
    }
    cpu_update_mode(cpu);
}

DEFINE_HELPER(get_cr)
{
    require_control_register(cpu, a);
    require_cpl0(cpu);
    switch (a) {
    case 0:
        cpu->regs[b] = cpu->cr0;
        break;
    case 2:
        cpu->regs[b] = cpu->cr2;
        break;
    case 3:
        cpu->regs[b] = cpu->cr3;
        break;
    default:
        cpu->regs[b] = cpu->cr4;
        break;
    }
}

/* LMSW reaches the low four bits, and cannot leave protected mode. */
DEFINE_HELPER(lmsw)
{
    enum { REACHED = CR0_PE | CR0_MP | CR0_EM | CR0_TS };
    u32 value = cpu->regs[T0] & REACHED;

    require_cpl0(cpu);
    cpu_write_cr0(cpu, (cpu->cr0 & ~(u32)(REACHED & ~CR0_PE)) | value);
    cpu_update_mode(cpu);
}

DEFINE_HELPER(clts)
{
    require_cpl0(cpu);
    cpu->cr0 &= ~(u32)CR0_TS;
    cpu_update_mode(cpu);
}

DEFINE_HELPER(invlpg)
{
    require_cpl0(cpu);
    mem_flush_page(cpu, cpu->regs[T0]);
}

/* The caches are not modelled. */
DEFINE_HELPER(wbinvd)
{
    require_cpl0(cpu);
}

/* Faults as a load of a byte does, but for code that cannot be read (SDM vol. 2, CLFLUSH). */
DEFINE_HELPER(clflush)
{
    const struct segment *s = &cpu->seg[a];
    u32 offset = cpu->regs[T0];
    bool code_only = (s->attr & (SEG_S | SEG_CODE | SEG_READABLE)) == (SEG_S | SEG_CODE);

    if (code_only && offset > s->limit)
        cpu_raise_code(cpu, EXC_GP, 0);
    mem_probe(cpu,
              code_only ? s->base + offset
                        : segment_linear(cpu, (enum segment_register)a, offset, 1, false),
              1, ACCESS_READ, cpu->cpl == 3);
}

/* --- debug registers (SDM vol. 3, 17.2) --- */

/* The number of the register that DR4 and DR5 stand for, unless CR4.DE takes them away. */
static unsigned debug_register(struct cpu *cpu, unsigned number)
{
    bool alias = number == 4 || number == 5;

    if (number > 7 || (alias && (cpu->cr4 & CR4_DE)))
        cpu_raise(cpu, EXC_UD);
    require_cpl0(cpu);
    if (cpu->dr[7] & DR7_GD) {
        debug_report(cpu, DR6_BD);
        cpu->eflags |= FLAG_RF; /* as pushed: of #DB only that of a breakpoint leaves it clear */
        cpu_raise(cpu, EXC_DB);
    }
    return alias ? number + 2 : number;
}

DEFINE_HELPER(get_dr)
{
    unsigned number = debug_register(cpu, a);

    cpu->regs[b] = cpu->dr[number];
}

DEFINE_HELPER(set_dr)
{
    unsigned number = debug_register(cpu, a);
    u32 value = cpu->regs[b];

    if (number == 6)
        value = (value & DR6_WRITABLE) | (u32)DR6_FIXED;
    if (number == 7)
        value = (value & (u32)DR7_WRITABLE) | DR7_FIXED;
    if (cpu->dr[number] == value)
        return;
    cpu->dr[number] = value;
    if (number != 6)
        debug_update(cpu);
    cpu_update_mode(cpu);
}

DEFINE_HELPER(breakpoint)
{
    debug_check_code(cpu);
}

/* --- interrupts and flags --- */

DEFINE_HELPER(hlt)
{
    require_cpl0(cpu);
    cpu->core.halted = true;
    cpu_request_exit(cpu);
}

/*
 * Is it VIF that CLI and STI are to change (SDM vol. 3, 20.3 and 20.4)? #GP where they may change
 * neither.
 */
static bool changes_vif(struct cpu *cpu)
{
    bool v86 = cpu->eflags & FLAG_VM;

    if (cpu->cpl <= cpu_iopl(cpu))
        return false;
    if (cpu->cpl != 3 || !(cpu->cr4 & (v86 ? CR4_VME : CR4_PVI)))
        cpu_raise_code(cpu, EXC_GP, 0);
    return true;
}

DEFINE_HELPER(cli)
{
    cpu->eflags &= changes_vif(cpu) ? ~(u32)FLAG_VIF : ~(u32)FLAG_IF;
}

DEFINE_HELPER(sti)
{
    if (changes_vif(cpu)) {
        if (cpu->eflags & FLAG_VIP)
            cpu_raise_code(cpu, EXC_GP, 0);
        cpu->eflags |= FLAG_VIF;
        return;
    }
    if (!(cpu->eflags & FLAG_IF))
        cpu->shadow = SHADOW_INTERRUPTS;
    cpu_set_eflags(cpu, FLAG_IF, FLAG_IF);
}

DEFINE_HELPER(pushf)
{
    struct stack s = stack_current(cpu);
    u32 flags = v86_flags_are_virtual(cpu, a) ? virtual_flags(cpu) : cpu_eflags(cpu);

    stack_push(cpu, &s, flags & ~(u32)(FLAG_VM | FLAG_RF), a);
    cpu->regs[ESP] = s.esp;
}

DEFINE_HELPER(popf)
{
    bool virtual = v86_flags_are_virtual(cpu, a);
    struct stack s = stack_current(cpu);
    u32 flags = stack_pop(cpu, &s, a);

    if (virtual)
        flags = real_flags(cpu, flags);
    cpu_set_eflags(cpu, flags, eflags_loadable(cpu, a) | (virtual ? FLAG_VIF : 0));
    cpu->regs[ESP] = s.esp;
    cpu_update_mode(cpu);
}
