/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registers of an x86-64, by the numbers that instructions have for them: see host.h. */
#ifndef TRANSLATE_IR_X86_64_REGISTERS_H
#define TRANSLATE_IR_X86_64_REGISTERS_H

/* clang-format off */
enum host_reg {
    RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15,
    HOST_REGS, NO_REG = 0xff,
};
/* clang-format on */

enum {
    CPU_REG = R12,
    ALL_REGS = 0xffff & ~(1 << RSP | 1 << CPU_REG),
    GIVEN_REGS = 14,
};

#endif
