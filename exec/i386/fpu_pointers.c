/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pointers to the last x87 instruction and its last operand (SDM vol. 1, 8.1.8): FIP, FCS, FOP,
 * FDP, FDS. They are right whatever is masked, and at any time: a kernel may ask for them long
 * after the block of that instruction. Micro-ops note what only they know, once a block if nobody
 * can look in between (translate/notes.c): two numbers, and an address. Which selectors go with it
 * is found out here, when segment registers change or somebody asks.
 */
#include "exec/i386/fpu_internal.h"

static void settle(struct fpu_pointers *p)
{
    if (p->opcode & X87_NOTED)
        p->code_selector = p->segments[CS].selector;
    if (p->data_register) {
        p->data_selector = p->segments[p->data_register - 1].selector;
        p->data_base = p->segments[p->data_register - 1].base;
    }
    p->opcode &= X87_OPCODE;
    p->data_register = 0;
}

void fpu_segments_changed(struct cpu *cpu)
{
    struct fpu_pointers *p = &cpu->fpu.last;

    settle(p);
    for (unsigned i = 0; i < SEGMENTS; i++) {
        p->segments[i].base = cpu->seg[i].base;
        p->segments[i].selector = cpu->seg[i].selector;
    }
}

void fpu_note(struct cpu *cpu, u32 insn)
{
    struct fpu_pointers *p = &cpu->fpu.last;

    p->code_offset = cpu->core.pc;
    p->opcode = x87_opcode(insn) | X87_NOTED;
    if (!x87_is_memory(insn))
        return;
    p->data_linear = cpu->regs[T0];
    p->data_register = (u16)(x87_segment(insn) + 1);
}

struct fpu_last fpu_last(struct cpu *cpu)
{
    struct fpu_pointers *p = &cpu->fpu.last;

    settle(p);
    return (struct fpu_last){
        .code_offset = p->code_offset,
        .data_offset = p->data_linear - p->data_base,
        .opcode = p->opcode,
        .code_selector = p->code_selector,
        .data_selector = p->data_selector,
    };
}

void fpu_set_last(struct cpu *cpu, struct fpu_last last)
{
    struct fpu_pointers *p = &cpu->fpu.last;

    p->code_offset = last.code_offset;
    p->opcode = last.opcode & X87_OPCODE;
    p->code_selector = last.code_selector;
    p->data_register = 0;
    p->data_linear = last.data_offset;
    p->data_base = 0;
    p->data_selector = last.data_selector;
}
