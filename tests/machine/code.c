/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See code.h. */
#include "tests/machine/code.h"

void put8(struct code *c, u32 value)
{
    if (c->size < c->room)
        c->bytes[c->size++] = (u8)value;
}

void put16(struct code *c, u32 value)
{
    put8(c, value);
    put8(c, value >> 8);
}

void put32(struct code *c, u32 value)
{
    put16(c, value);
    put16(c, value >> 16);
}

void put_opcode(struct code *c, u32 opcode)
{
    put8(c, opcode);
    if ((opcode & 0xff) == 0x0f)
        put8(c, opcode >> 8);
}

static void put_prefixes(struct code *c, bool operand, bool address)
{
    if (c->sixteen && operand)
        put8(c, 0x66);
    if (c->sixteen && address)
        put8(c, 0x67);
}

void put_op32(struct code *c, u32 opcode)
{
    put_prefixes(c, true, false);
    put_opcode(c, opcode);
}

void put_op_reg(struct code *c, bool wide, u32 opcode, unsigned field, unsigned reg)
{
    put_prefixes(c, wide, false);
    put_opcode(c, opcode);
    put8(c, 0xc0 | (field & 7) << 3 | (reg & 7));
}

void put_op_mem(struct code *c, bool wide, u32 opcode, unsigned field, u32 address)
{
    put_prefixes(c, wide, true);
    put_opcode(c, opcode);
    put8(c, 0x05 | (field & 7) << 3);
    put32(c, address);
}

void put_load(struct code *c, unsigned reg, u32 value)
{
    put_op32(c, 0xb8 | reg);
    put32(c, value);
}

void put_store(struct code *c, u32 address, u32 value)
{
    put_op_mem(c, true, 0xc7, 0, address);
    put32(c, value);
}

static void put_port_access(struct code *c, u32 byte_opcode, u16 port, unsigned size)
{
    put_load(c, EDX, port);
    if ((size == 2) != c->sixteen && size != 1)
        put8(c, 0x66);
    put8(c, byte_opcode | (size != 1));
}

void put_out(struct code *c, u16 port, u32 value, unsigned size)
{
    put_load(c, EAX, value);
    put_port_access(c, 0xee, port, size);
}

void put_in(struct code *c, u16 port, unsigned size)
{
    put_port_access(c, 0xec, port, size);
}

void put_push(struct code *c, u32 value)
{
    put_op32(c, 0x68);
    put32(c, value);
}

void put_int(struct code *c, unsigned vector)
{
    put8(c, 0xcd);
    put8(c, vector);
}

void put_load_cr(struct code *c, unsigned number, u32 value)
{
    put_load(c, EAX, value);
    put_op_reg(c, false, 0x220f, number, EAX);
}

void put_load_dr(struct code *c, unsigned number, u32 value)
{
    put_load(c, EAX, value);
    put_op_reg(c, false, 0x230f, number, EAX);
}

void put_loop(struct code *c, u32 to)
{
    put8(c, 0xeb);
    put8(c, to - c->size - 1);
}
