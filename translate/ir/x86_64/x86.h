/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An x86-64 encoder: what the IR's emitter needs of the instruction set (SDM vol. 2, chapter 2).
 * Each function appends one instruction; operands of 32 bits unless it says otherwise.
 * Immediates and displacements take as few bytes as hold them, jumps always 32 bits.
 */
#ifndef TRANSLATE_IR_X86_64_X86_H
#define TRANSLATE_IR_X86_64_X86_H

#include <stdbool.h>

#include "ops/types.h"
#include "translate/ir/x86_64/registers.h"

/* clang-format off */
enum x86_alu { X86_ADD, X86_OR, X86_ADC, X86_SBB, X86_AND, X86_SUB, X86_XOR, X86_CMP };
enum x86_shift { X86_ROL, X86_ROR, X86_SHL = 4, X86_SHR = 5, X86_SAR = 7 };
enum x86_unary { X86_NOT = 2, X86_NEG = 3, X86_MUL = 4, X86_IMUL = 5 };
enum x86_bit { X86_BT = 4, X86_BTS, X86_BTR, X86_BTC };
/* Conditions, as in the opcodes of Jcc. */
enum x86_cc {
    CC_O, CC_NO, CC_B, CC_AE, CC_E, CC_NE, CC_BE, CC_A,
    CC_S, CC_NS, CC_P, CC_NP, CC_L, CC_GE, CC_LE, CC_G,
};
/* clang-format on */

/* [base + (index << scale) + disp]; index may be NO_REG, and not RSP; base must not be NO_REG. */
struct x86_mem {
    u8 base, index, scale;
    s32 disp;
};

/* Where instructions go. With less room than the longest takes none is written: `full` is set. */
struct x86 {
    u8 *at, *end;
    bool full;
};

void x86_mov(struct x86 *x, u8 to, u8 from);
void x86_mov_imm(struct x86 *x, u8 to, u32 imm);
/* d = sources of 1 or 2 bytes, extended. */
void x86_extend(struct x86 *x, u8 to, u8 from, unsigned size, bool sign);
/* The low 1 or 2 bytes of a register; the others stay. */
void x86_mov_part(struct x86 *x, u8 to, u8 from, unsigned size);
/* AH, CH, DH or BH = the low byte of one of RAX, RCX, RDX, RBX; any of the first eight = AH... */
void x86_mov_to_high(struct x86 *x, u8 to, u8 from);
void x86_mov_from_high(struct x86 *x, u8 to, u8 from);
void x86_load(struct x86 *x, u8 to, struct x86_mem from, unsigned size, bool sign);
void x86_load64(struct x86 *x, u8 to, struct x86_mem from);
void x86_store(struct x86 *x, struct x86_mem to, u8 from, unsigned size);
void x86_store_imm(struct x86 *x, struct x86_mem to, u32 imm, unsigned size);
void x86_lea(struct x86 *x, u8 to, struct x86_mem from);
void x86_alu(struct x86 *x, enum x86_alu op, u8 to, u8 from);
void x86_alu_imm(struct x86 *x, enum x86_alu op, u8 to, u32 imm);
void x86_alu_load(struct x86 *x, enum x86_alu op, u8 to, struct x86_mem from);
void x86_alu_mem_imm(struct x86 *x, enum x86_alu op, struct x86_mem to, u32 imm);
/* Adds 1 to 64 bits at an absolute address below 2 GiB. */
void x86_count(struct x86 *x, u32 address);
void x86_test(struct x86 *x, u8 a, u8 b);
void x86_test_imm(struct x86 *x, u8 a, u32 imm);
void x86_shift_imm(struct x86 *x, enum x86_shift op, u8 to, u8 count);
void x86_shift_cl(struct x86 *x, enum x86_shift op, u8 to);
/* SHLD, SHRD (`right`), by an immediate or CL. */
void x86_shift_double_imm(struct x86 *x, bool right, u8 to, u8 from, u8 count);
void x86_shift_double_cl(struct x86 *x, bool right, u8 to, u8 from);
/* MUL and IMUL: EDX:EAX = EAX * r. */
void x86_unary(struct x86 *x, enum x86_unary op, u8 to);
void x86_imul(struct x86 *x, u8 to, u8 from);
void x86_imul_imm(struct x86 *x, u8 to, u8 from, u32 imm);
void x86_bswap(struct x86 *x, u8 to);
void x86_bit(struct x86 *x, enum x86_bit op, u8 to, u8 number);
void x86_bit_imm(struct x86 *x, enum x86_bit op, u8 to, u8 number);
/* BSF, BSR: `to` stays as it is if `from` is zero. */
void x86_bit_scan(struct x86 *x, bool reverse, u8 to, u8 from);
void x86_setcc(struct x86 *x, enum x86_cc cc, u8 to);
void x86_cmov(struct x86 *x, enum x86_cc cc, u8 to, u8 from);
void x86_push_imm(struct x86 *x, u32 imm);
/* 64 bits. */
void x86_push(struct x86 *x, u8 reg);
void x86_pop(struct x86 *x, u8 reg);
/* Jumps to nowhere yet; each returns its field, for x86_jump_to. */
u8 *x86_jcc(struct x86 *x, enum x86_cc cc);
u8 *x86_jmp(struct x86 *x);
/* x87: an escape D8h..DFh with a second byte of C0h or more; with a memory operand. */
void x86_x87(struct x86 *x, u8 escape, u8 modrm);
void x86_x87_mem(struct x86 *x, u8 escape, u8 reg, struct x86_mem at);

/* Makes a jump's field lead to a place in the same view. */
void x86_jump_to(u8 *field, const u8 *to);

#endif
