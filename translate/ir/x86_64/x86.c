/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See x86.h. */
#include "translate/ir/x86_64/x86.h"

#include <string.h>

enum { LONGEST = 16, REX = 0x40, REX_W = 8, REX_R = 4, REX_X = 2, REX_B = 1 };

/* How an instruction's operands are encoded, beside its opcode. */
enum form {
    WIDE = 1 << 0,      /* REX.W: 64 bits */
    OPERAND16 = 1 << 1, /* 66h */
    BYTE_REG = 1 << 2,  /* reg is a byte: SPL..DIL need REX */
    BYTE_RM = 1 << 3,
    TWO_BYTES = 1 << 4, /* 0F before the opcode */
};

/* An instruction under way. */
struct insn {
    u64 head; /* all up to SIB, the first byte lowest */
    u32 disp;
    u8 head_size, disp_size;
};

static inline void put(struct insn *i, u32 byte)
{
    i->head |= (u64)byte << i->head_size * 8;
    i->head_size++;
}

/* Each part is written as a whole, the next one behind those of its bytes that count. */
static void emit_imm(struct x86 *x, struct insn i, u32 imm, unsigned size)
{
    u8 *at = x->at;

    if (x->end - at < LONGEST) {
        x->full = true;
        return;
    }
    memcpy(at, &i.head, sizeof i.head);
    at += i.head_size;
    memcpy(at, &i.disp, sizeof i.disp);
    at += i.disp_size;
    memcpy(at, &imm, sizeof imm);
    x->at = at + size;
}

static void emit(struct x86 *x, struct insn i)
{
    emit_imm(x, i, 0, 0);
}

static bool is_byte(u32 value)
{
    return value + 0x80 < 0x100;
}

static inline void put_head(struct insn *i, unsigned form, u32 rex, u32 opcode)
{
    if (form & OPERAND16)
        put(i, 0x66);
    if (form & WIDE)
        rex |= REX | REX_W;
    if (rex)
        put(i, rex | REX);
    if (form & TWO_BYTES)
        put(i, 0x0f);
    put(i, opcode);
}

static inline struct insn with_reg(unsigned form, u8 opcode, u8 reg, u8 rm)
{
    struct insn i = {.head = 0};
    u32 rex = (reg >> 3) * REX_R | (rm >> 3) * REX_B;

    if ((form & BYTE_REG && reg >= RSP) || (form & BYTE_RM && rm >= RSP))
        rex |= REX;
    put_head(&i, form, rex, opcode);
    put(&i, 0xc0u | (reg & 7u) << 3 | (rm & 7u));
    return i;
}

static struct insn with_mem(unsigned form, u8 opcode, u8 reg, struct x86_mem m)
{
    struct insn i = {.disp = (u32)m.disp};
    bool index = m.index != NO_REG, sib = index || (m.base & 7) == RSP;
    u32 rex = (reg >> 3) * REX_R | (m.base >> 3) * REX_B | (index ? m.index >> 3 : 0) * REX_X;
    unsigned mod = m.disp == 0 && (m.base & 7) != RBP ? 0 : is_byte((u32)m.disp) ? 1 : 2;

    if (form & BYTE_REG && reg >= RSP)
        rex |= REX;
    put_head(&i, form, rex, opcode);
    put(&i, mod << 6 | (reg & 7u) << 3 | (sib ? RSP : m.base & 7u));
    if (sib)
        put(&i, (u32)m.scale << 6 | (index ? m.index & 7u : RSP) << 3 | (m.base & 7u));
    i.disp_size = mod == 2 ? 4 : (u8)mod;
    return i;
}

/* --- moves --- */

void x86_mov(struct x86 *x, u8 to, u8 from)
{
    emit(x, with_reg(0, 0x89, from, to));
}

void x86_mov_imm(struct x86 *x, u8 to, u32 imm)
{
    struct insn i = {.head = 0};

    put_head(&i, 0, to & 8 ? REX_B : 0, 0xb8 | (to & 7));
    emit_imm(x, i, imm, 4);
}

void x86_extend(struct x86 *x, u8 to, u8 from, unsigned size, bool sign)
{
    u8 opcode = (u8)((sign ? 0xbe : 0xb6) + (size == 2));
    emit(x, with_reg(TWO_BYTES | (size == 1 ? BYTE_RM : 0), opcode, to, from));
}

void x86_mov_part(struct x86 *x, u8 to, u8 from, unsigned size)
{
    emit(x, size == 1 ? with_reg(BYTE_REG | BYTE_RM, 0x88, from, to)
                      : with_reg(OPERAND16, 0x89, from, to));
}

void x86_mov_to_high(struct x86 *x, u8 to, u8 from)
{
    emit(x, with_reg(0, 0x88, from, to + 4));
}

void x86_mov_from_high(struct x86 *x, u8 to, u8 from)
{
    emit(x, with_reg(TWO_BYTES, 0xb6, to, from + 4));
}

void x86_load(struct x86 *x, u8 to, struct x86_mem from, unsigned size, bool sign)
{
    u8 opcode = (u8)((sign ? 0xbe : 0xb6) + (size == 2));
    emit(x, size == 4 ? with_mem(0, 0x8b, to, from) : with_mem(TWO_BYTES, opcode, to, from));
}

void x86_load64(struct x86 *x, u8 to, struct x86_mem from)
{
    emit(x, with_mem(WIDE, 0x8b, to, from));
}

void x86_store(struct x86 *x, struct x86_mem to, u8 from, unsigned size)
{
    emit(x, size == 1 ? with_mem(BYTE_REG, 0x88, from, to)
                      : with_mem(size == 2 ? OPERAND16 : 0, 0x89, from, to));
}

void x86_store_imm(struct x86 *x, struct x86_mem to, u32 imm, unsigned size)
{
    emit_imm(x, with_mem(size == 2 ? OPERAND16 : 0, size == 1 ? 0xc6 : 0xc7, 0, to), imm, size);
}

void x86_lea(struct x86 *x, u8 to, struct x86_mem from)
{
    emit(x, with_mem(0, 0x8d, to, from));
}

void x86_push_imm(struct x86 *x, u32 imm)
{
    struct insn i = {.head = 0};

    put_head(&i, 0, 0, 0x68);
    emit_imm(x, i, imm, 4);
}

void x86_push(struct x86 *x, u8 reg)
{
    struct insn i = {.head = 0};

    put_head(&i, 0, reg & 8 ? REX_B : 0, 0x50 | (reg & 7));
    emit(x, i);
}

void x86_pop(struct x86 *x, u8 reg)
{
    struct insn i = {.head = 0};

    put_head(&i, 0, reg & 8 ? REX_B : 0, 0x58 | (reg & 7));
    emit(x, i);
}

/* --- arithmetic --- */

void x86_alu(struct x86 *x, enum x86_alu op, u8 to, u8 from)
{
    emit(x, with_reg(0, (u8)(op << 3 | 1), from, to));
}

void x86_alu_imm(struct x86 *x, enum x86_alu op, u8 to, u32 imm)
{
    bool byte = is_byte(imm);
    emit_imm(x, with_reg(0, byte ? 0x83 : 0x81, (u8)op, to), imm, byte ? 1 : 4);
}

void x86_alu_load(struct x86 *x, enum x86_alu op, u8 to, struct x86_mem from)
{
    emit(x, with_mem(0, (u8)(op << 3 | 3), to, from));
}

void x86_alu_mem_imm(struct x86 *x, enum x86_alu op, struct x86_mem to, u32 imm)
{
    bool byte = is_byte(imm);
    emit_imm(x, with_mem(0, byte ? 0x83 : 0x81, (u8)op, to), imm, byte ? 1 : 4);
}

void x86_count(struct x86 *x, u32 address)
{
    struct insn i = {.head = 0};

    put_head(&i, WIDE, 0, 0x83);
    put(&i, X86_ADD << 3 | RSP); /* SIB: */
    put(&i, RSP << 3 | RBP);     /* no index, no base */
    i.disp = address;
    i.disp_size = 4;
    emit_imm(x, i, 1, 1);
}

void x86_test(struct x86 *x, u8 a, u8 b)
{
    emit(x, with_reg(0, 0x85, b, a));
}

void x86_test_imm(struct x86 *x, u8 a, u32 imm)
{
    if (imm < 0x80)
        emit_imm(x, with_reg(BYTE_RM, 0xf6, 0, a), imm, 1);
    else
        emit_imm(x, with_reg(0, 0xf7, 0, a), imm, 4);
}

void x86_shift_imm(struct x86 *x, enum x86_shift op, u8 to, u8 count)
{
    if (count == 1)
        emit(x, with_reg(0, 0xd1, (u8)op, to));
    else
        emit_imm(x, with_reg(0, 0xc1, (u8)op, to), count, 1);
}

void x86_shift_cl(struct x86 *x, enum x86_shift op, u8 to)
{
    emit(x, with_reg(0, 0xd3, (u8)op, to));
}

void x86_shift_double_imm(struct x86 *x, bool right, u8 to, u8 from, u8 count)
{
    emit_imm(x, with_reg(TWO_BYTES, right ? 0xac : 0xa4, from, to), count, 1);
}

void x86_shift_double_cl(struct x86 *x, bool right, u8 to, u8 from)
{
    emit(x, with_reg(TWO_BYTES, right ? 0xad : 0xa5, from, to));
}

void x86_unary(struct x86 *x, enum x86_unary op, u8 to)
{
    emit(x, with_reg(0, 0xf7, (u8)op, to));
}

void x86_imul(struct x86 *x, u8 to, u8 from)
{
    emit(x, with_reg(TWO_BYTES, 0xaf, to, from));
}

void x86_imul_imm(struct x86 *x, u8 to, u8 from, u32 imm)
{
    bool byte = is_byte(imm);
    emit_imm(x, with_reg(0, byte ? 0x6b : 0x69, to, from), imm, byte ? 1 : 4);
}

void x86_bswap(struct x86 *x, u8 to)
{
    struct insn i = {.head = 0};

    put_head(&i, TWO_BYTES, to & 8 ? REX_B : 0, 0xc8 | (to & 7));
    emit(x, i);
}

void x86_bit(struct x86 *x, enum x86_bit op, u8 to, u8 number)
{
    emit(x, with_reg(TWO_BYTES, (u8)(0x83 | op << 3), number, to));
}

void x86_bit_imm(struct x86 *x, enum x86_bit op, u8 to, u8 number)
{
    emit_imm(x, with_reg(TWO_BYTES, 0xba, (u8)op, to), number, 1);
}

void x86_bit_scan(struct x86 *x, bool reverse, u8 to, u8 from)
{
    emit(x, with_reg(TWO_BYTES, reverse ? 0xbd : 0xbc, to, from));
}

void x86_setcc(struct x86 *x, enum x86_cc cc, u8 to)
{
    emit(x, with_reg(TWO_BYTES | BYTE_RM, (u8)(0x90 | cc), 0, to));
}

void x86_cmov(struct x86 *x, enum x86_cc cc, u8 to, u8 from)
{
    emit(x, with_reg(TWO_BYTES, (u8)(0x40 | cc), to, from));
}

/* --- jumps --- */

u8 *x86_jcc(struct x86 *x, enum x86_cc cc)
{
    struct insn i = {.head = 0};

    put_head(&i, TWO_BYTES, 0, (u8)(0x80 | cc));
    emit_imm(x, i, 0, 4);
    return x->at - 4;
}

u8 *x86_jmp(struct x86 *x)
{
    struct insn i = {.head = 0};

    put_head(&i, 0, 0, 0xe9);
    emit_imm(x, i, 0, 4);
    return x->at - 4;
}

void x86_jump_to(u8 *field, const u8 *to)
{
    s32 distance = (s32)(to - (field + 4));
    memcpy(field, &distance, sizeof distance);
}

/* --- x87 --- */

void x86_x87(struct x86 *x, u8 escape, u8 modrm)
{
    struct insn i = {.head = 0};

    put(&i, escape);
    emit_imm(x, i, modrm, 1);
}

void x86_x87_mem(struct x86 *x, u8 escape, u8 reg, struct x86_mem at)
{
    emit(x, with_mem(0, escape, reg, at));
}
