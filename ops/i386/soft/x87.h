/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An x87 in C, for builds without assembly (HOST_ASM=0): the registers of a thread, as the host's
 * would be (see ops/i386/x87.h), and what exec/host/i386_fpu.h asks of those. All is as Intel's
 * processors have it since the Pentium Pro, but for the transcendental instructions (F2XM1, FYL2X,
 * FYL2XP1, FPTAN, FPATAN, FSIN, FCOS, FSINCOS): those are long double's of the C library, whose
 * last bits may differ, and with them C1.
 */
#ifndef OPS_I386_SOFT_X87_H
#define OPS_I386_SOFT_X87_H

#include "ops/i386/x87_insn.h"

enum { X87_REGISTERS = 8, X87_INIT = 0x37f /* the control word of FNINIT */ };

struct soft_x87 {
    u16 control, status; /* without ES and B, which follow from the rest */
    u8 empty;            /* a bit for each physical register */
    struct {
        u64 frac;
        u16 sign_exp;
    } reg[X87_REGISTERS]; /* physical ones */
};
extern _Thread_local struct soft_x87 soft_x87;

enum {
    X87_IE = 1 << 0,
    X87_SF = 1 << 6,
    X87_ES = 1 << 7,
    X87_C0 = 1 << 8,
    X87_C1 = 1 << 9,
    X87_C2 = 1 << 10,
    X87_TOP_SHIFT = 11,
    X87_C3 = 1 << 14,
    X87_B = 1 << 15,
};

/* FNSTSW, FLDCW */
u16 helper_soft_x87_status(void);
void helper_soft_x87_set_control(u16 control);
void soft_x87_init(void);
/* FNSTENV, which masks all exceptions behind it, and FLDENV; FNSAVE, behind which the state is as
 * after FNINIT, and FRSTOR: in the 32-bit format of protected mode, the pointers being zero. */
enum { X87_ENVIRONMENT = 28 };
void soft_x87_store_environment(void *image);
void soft_x87_load_environment(const void *image);
void soft_x87_save(void *image);
void soft_x87_restore(const void *image);

/*
 * One instruction (x87_insn.h) between registers; FCMOVcc by its condition. Returns ZF, PF and CF
 * where LAHF has them, in bits 8 to 15. Or one on memory, at `operand`.
 */
u32 helper_soft_x87_registers(u32 insn, u32 condition);
void helper_soft_x87_memory(u32 insn, void *operand);

/* The MMX register of that number: to read it and to write it is an MMX instruction (SDM vol. 3,
 * 12.2). */
u64 soft_mmx_get(unsigned i);
void soft_mmx_set(unsigned i, u64 value);

#endif
