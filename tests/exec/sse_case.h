/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of MMX and SSE share: the rows of insns.def, code made from them, random states,
 * and the host CPU doing an instruction in 32-bit code: FXRSTOR, the instruction, FXSAVE.
 */
#ifndef TESTS_EXEC_SSE_CASE_H
#define TESTS_EXEC_SSE_CASE_H

#include "tests/exec/native.h"

enum {
    SSE_IMAGE = NATIVE_DATA,          /* FXRSTOR's and FXSAVE's */
    SSE_OPERAND = NATIVE_DATA + 1024, /* of the instruction under test, */
    SSE_ACROSS = NATIVE_DATA + 0xff9, /* or across pages */
    SSE_STACK = NATIVE_DATA + 0x1f00,
    SSE_WINDOW = 64, /* bytes of memory that are compared, the operand in their middle */
};

/* One of the instructions with operands in MMX or XMM registers. */
struct sse_row {
    const char *name, *form;
    u16 opcode; /* as in insns.def */
    int reg;    /* ModRM's, if that is part of the opcode; else -1 */
};
extern const struct sse_row *sse_rows;
extern unsigned sse_row_count;

/* May its operand be a register, be memory? */
bool sse_takes_register(const struct sse_row *row);
bool sse_takes_memory(const struct sse_row *row);

/* What an instruction starts from and what it leaves. */
struct sse_state {
    _Alignas(16) u8 image[FXSAVE_SIZE];
    u8 window[SSE_WINDOW]; /* memory around the operand, from at - SSE_WINDOW / 2 on */
    u32 at;                /* the operand's address */
    u32 regs[8];
    u32 flags;
    int fault; /* vector of the exception that it raised, or -1 */
};

u32 sse_random(void);
/* `masked`: no exception is unmasked. EDI is at the operand, ESP at SSE_STACK. */
struct sse_state sse_random_state(u32 at, bool masked);

/* An instruction's code, on registers by chance or on memory at s->at; its size. */
enum { SSE_CODE = 16 };
size_t sse_put_insn(u8 *to, const struct sse_row *row, bool memory, struct sse_state *s);
/* FXRSTOR, FXSAVE (reg 1, 0) and the like of the image. */
size_t sse_put_state(u8 *to, unsigned reg, u32 address);

void sse_run_native(const u8 *insn, size_t size, struct sse_state *s);
/* Fails, and prints all, unless the host from `start` comes to what the guest came to. */
void sse_check(const char *name, const u8 *insn, size_t size, const struct sse_state *start,
               const struct sse_state *guest);

#endif
