/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing guest code: instructions with 32-bit operands and addresses, whatever the size of the
 * code segment. Bytes that do not fit are dropped.
 */
#ifndef TESTS_MACHINE_CODE_H
#define TESTS_MACHINE_CODE_H

#include "ops/i386/cpu.h"

struct code {
    u8 *bytes;
    u32 size, room;
    bool sixteen; /* bits: the size of the segment that it is for */
};

void put8(struct code *c, u32 value);
void put16(struct code *c, u32 value);
void put32(struct code *c, u32 value);
/* An opcode of one byte, or of two with the first one lowest, as in 0xb70f for 0F B7. */
void put_opcode(struct code *c, u32 opcode);
/* The same behind prefixes for 32-bit operands, where they are needed. */
void put_op32(struct code *c, u32 opcode);
/* With a register or an address behind it. `wide`: 32-bit operands. */
void put_op_reg(struct code *c, bool wide, u32 opcode, unsigned field, unsigned reg);
void put_op_mem(struct code *c, bool wide, u32 opcode, unsigned field, u32 address);

/* MOV reg, value; MOV [address], value of 4 bytes; OUT port, value of 1, 2 or 4 bytes. */
void put_load(struct code *c, unsigned reg, u32 value);
void put_store(struct code *c, u32 address, u32 value);
void put_out(struct code *c, u16 port, u32 value, unsigned size);
void put_in(struct code *c, u16 port, unsigned size);
void put_push(struct code *c, u32 value);
void put_int(struct code *c, unsigned vector);
/* A short jump to what has been put at `to`, or to itself. */
void put_loop(struct code *c, u32 to);
/* MOV to a control or a debug register, by EAX. */
void put_load_cr(struct code *c, unsigned number, u32 value);
void put_load_dr(struct code *c, unsigned number, u32 value);

#endif
