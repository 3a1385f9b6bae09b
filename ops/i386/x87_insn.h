/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An x87 instruction as the translator hands it to helper_x87: the first argument.
 *
 *   bits 0..7    ModRM; a memory operand's linear address is in T0
 *   bits 8..10   low bits of the escape byte
 *   bit  11      X87_OPSIZE16: environments have the 16-bit format
 *   bits 12..14  segment register of the operand
 *   bit  15      X87_LEAVES: if the mode changes, the block is left behind the instruction
 *   bit  16      X87_IN_T1: the operand is in T1 already
 *   bit  17      X87_WAIT: FWAIT; no other bits
 *   bits 20..23  length of the instruction
 *   bits 24..29  of an instruction without memory, the bits of its encoding that may differ from
 *                those above, which then are those of another encoding of the same instruction
 *
 * FCMOVcc comes with its condition in T0.
 */
#ifndef OPS_I386_X87_INSN_H
#define OPS_I386_X87_INSN_H

#include "ops/i386/cpu.h"

enum {
    X87_OPSIZE16 = 1 << 11,
    X87_SEGMENT_SHIFT = 12,
    X87_LEAVES = 1 << 15,
    X87_IN_T1 = 1 << 16,
    X87_WAIT = 1 << 17,
    X87_LENGTH_SHIFT = 20,
    X87_ENCODING_SHIFT = 24,
};

/* An 80-bit operand in memory. */
struct m80 {
    u8 bytes[10];
};

enum x87_form {
    X87_UNDEFINED,
    X87_FORM_REGISTER,
    X87_FORM_COMPARE,
    X87_FORM_MOVE,
    X87_FORM_RARE,
    X87_FORM_LOAD,
    X87_FORM_STORE,
    X87_FORM_CONTROL,
};

/* The exceptions' bits, in the control word (masks) and the status word (flags). */
enum { X87_EXCEPTIONS = 0x3f };

/* Beside the eleven bits of an opcode: see struct fpu_pointers. */
enum { X87_OPCODE = 0x7ff, X87_NOTED = 0x8000 };

/* Bits of the control word that FLDCW can set; bit 6 reads as one. */
#define X87_CONTROL_WORD(value) ((u16)(((value)&0x1f3f) | 0x40))

static inline u32 x87_insn(u8 escape, u8 modrm)
{
    return (u32)(escape & 7) << 8 | modrm;
}

static inline unsigned x87_modrm(u32 insn)
{
    return insn & 0xff;
}

static inline unsigned x87_reg(u32 insn)
{
    return insn >> 3 & 7;
}

/* Low bits of the escape byte. */
static inline unsigned x87_escape(u32 insn)
{
    return insn >> 8 & 7;
}

static inline bool x87_is_memory(u32 insn)
{
    return x87_modrm(insn) < 0xc0;
}

static inline enum segment_register x87_segment(u32 insn)
{
    return (enum segment_register)(insn >> X87_SEGMENT_SHIFT & 7);
}

static inline unsigned x87_length(u32 insn)
{
    return insn >> X87_LENGTH_SHIFT & 15;
}

/* Bits 24 to 29 of an instruction that is encoded so. */
static inline u32 x87_encoding(u8 escape, u8 modrm)
{
    return ((u32)(escape & 7) << 3 | (modrm >> 3 & 7)) << X87_ENCODING_SHIFT;
}

/* The opcode as the x87 tells it (SDM vol. 1, 8.1.9). */
static inline u16 x87_opcode(u32 insn)
{
    u32 encoding = insn >> X87_ENCODING_SHIFT & 63;

    if (x87_is_memory(insn))
        return insn & X87_OPCODE;
    return (u16)((encoding & 070) << 5 | 0xc0 | (encoding & 7) << 3 | (insn & 7));
}

#endif
