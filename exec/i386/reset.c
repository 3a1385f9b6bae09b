/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state that RESET leaves (SDM vol. 3, table 9-1). */
#include <string.h>

#include "exec/i386/debug.h"
#include "exec/i386/descriptor.h"
#include "exec/i386/fpu.h"
#include "exec/i386/model.h"
#include "exec/i386/msr.h"
#include "exec/i386/system.h"

static void reset_segments(struct cpu *cpu)
{
    for (unsigned i = 0; i < SEGMENTS; i++) {
        cpu->seg[i].limit = 0xffff;
        cpu->seg[i].attr = 0;
        segment_load_real(&cpu->seg[i], 0);
    }
    cpu->seg[CS].selector = 0xf000;
    cpu->seg[CS].base = 0xffff0000;
    cpu->gdt = cpu->idt = (struct table_register){.base = 0, .limit = 0xffff};
    cpu->ldt = (struct segment){.limit = 0xffff, .attr = SEG_PRESENT | TYPE_LDT};
    cpu->tr = (struct segment){.limit = 0xffff, .attr = SEG_PRESENT | TYPE_TSS32_BUSY};
}

static void reset_control(struct cpu *cpu)
{
    cpu->cr0 = ((CR0_CD | CR0_NW) & model_cr0_bits(cpu->model)) | CR0_ET;
    cpu->cr2 = cpu->cr3 = cpu->cr4 = 0;
    memset(cpu->pdpte, 0, sizeof cpu->pdpte);
    memset(cpu->dr, 0, sizeof cpu->dr);
    cpu->dr[6] = DR6_FIXED;
    cpu->dr[7] = DR7_FIXED;
    debug_update(cpu);
    cpu->debug = (struct debug){0};
    cpu->aligned = false;
    msr_reset(cpu);
}

void cpu_reset_state(struct cpu *cpu)
{
    memset(cpu->regs, 0, sizeof cpu->regs);
    cpu->regs[EDX] = cpu->model->signature;
    cpu->core.pc = 0xfff0;
    cpu->eflags = FLAG_1;
    cc_set(cpu, 0);
    cpu->cpl = 0;
    cpu->core.halted = cpu->core.raised = cpu->delivering = false;
    cpu->nmi_pending = cpu->nmi_blocked = false;
    cpu->shadow = NO_SHADOW;
    reset_segments(cpu);
    reset_control(cpu);
    fpu_reset(cpu);
    cpu->core.mode = 0;
    cpu_update_mode(cpu);
    mem_flush(cpu);
}
