/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cpu's state where a kernel begins: flat protected mode, no paging, interrupts off. */
#include "hw/pc/loader.h"

#include "exec/exec.h"
#include "exec/i386/i386.h"
#include "ops/i386/cpu.h"

enum { CODE = 0x10, DATA = 0x18, STACK = 0x7c00 };

static void flat_segment(struct segment *s, uint16_t selector, uint16_t type)
{
    s->selector = selector;
    s->base = 0;
    s->limit = 0xffffffff;
    s->attr = SEG_PRESENT | SEG_S | SEG_ACCESSED | SEG_D | SEG_G | type;
}

/*
 * Memory is cached, except for what devices have: video memory, and PCI's from 3 GiB on; ROMs are
 * protected (SDM vol. 3, 12.11.2).
 */
static void set_memory_types(struct cpu *cpu)
{
    enum { FIXED_VIDEO = 2, FIXED_ROMS = 3, ENABLED = 3 << 10, WRITE_BACK = 6 };
    static const u64 write_back = 0x0606060606060606u, protected = 0x0505050505050505u;
    struct msr_values *msr = &cpu->msr;
    for (unsigned i = 0; i < MTRR_FIXED; i++)
        msr->mtrr_fixed[i] = i >= FIXED_ROMS ? protected : i == FIXED_VIDEO ? 0 : write_back;
    msr->mtrr_variable[0] = 0xc0000000u;
    msr->mtrr_variable[1] = 0xfc0000800u;
    msr->mtrr_default = ENABLED | WRITE_BACK;
}

void loader_start(const struct image *image, struct exec *exec)
{
    if (image->bios)
        return;
    struct cpu *cpu = exec_cpu(exec);
    for (unsigned i = 0; i < SEGMENTS; i++)
        flat_segment(&cpu->seg[i], DATA, SEG_WRITABLE);
    flat_segment(&cpu->seg[CS], CODE, SEG_CODE | SEG_READABLE);
    for (unsigned i = 0; i < SEGMENTS; i++)
        segment_update_bounds(&cpu->seg[i]);
    cpu->gdt = (struct table_register){image->gdt, 4 * 8 - 1};
    cpu->cr0 = CR0_PE | CR0_ET;
    cpu->regs[EAX] = image->eax;
    cpu->regs[EBX] = image->ebx;
    cpu->regs[ESI] = image->esi;
    cpu->regs[ESP] = STACK;
    cpu->core.pc = image->eip;
    set_memory_types(cpu);
    exec_state_changed(exec);
}
