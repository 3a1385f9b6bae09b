/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the guest's FPU know of each other. */
#ifndef EXEC_I386_FPU_INTERNAL_H
#define EXEC_I386_FPU_INTERNAL_H

#include "exec/host/i386_fpu.h"

enum {
    FPU_ES = 1 << 7, /* an unmasked exception is pending; so says B, bit 15, since the 80387 */
    FPU_B = 1 << 15,
    FPU_CONTROL_INIT = 0x37f,
    FPU_CONTROL_RESET = 0x40,
};
/* In FSAVE's image. */
enum { X87_STATUS = 4, X87_TAG = 8, X87_FIRST_REGISTER = 28 };

/* The guest's status word. */
u16 fpu_status(const struct cpu *cpu);
/* Sets the guest's control word, and the host's precision and rounding by it. */
void fpu_set_control(struct cpu *cpu, u16 control);
/* Does a control instruction (X87_CONTROL in x87.def). */
void fpu_control_instruction(struct cpu *cpu, u32 insn);

/* An image in memory at T0, all of it or a fault. */
void fpu_write_image(struct cpu *cpu, const void *image, unsigned size, unsigned unit);
void fpu_read_image(struct cpu *cpu, void *image, unsigned size, unsigned unit);

/* The pointers to the last instruction and its operand: fpu_pointers.c. */
struct fpu_last {
    u32 code_offset, data_offset;
    u16 opcode, code_selector, data_selector;
};
struct fpu_last fpu_last(struct cpu *cpu);
void fpu_set_last(struct cpu *cpu, struct fpu_last last);
/* An instruction is done, at CS:EIP; its operand, if it has one, is at T0. */
void fpu_note(struct cpu *cpu, u32 insn);

/* FNSTENV, FLDENV, FNSAVE, FRSTOR: fpu_environment.c. */
void fpu_store_environment(struct cpu *cpu, u32 insn);
void fpu_load_environment(struct cpu *cpu, u32 insn);
void fpu_save(struct cpu *cpu, u32 insn);
void fpu_restore(struct cpu *cpu, u32 insn);

#endif
