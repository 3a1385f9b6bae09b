/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of the x87 share: random states, the instructions, and the host CPU doing one of
 * them in 32-bit code: FRSTOR, the instruction, FNSAVE. FNSAVE does not wait, so the host shows
 * what unmasked exceptions leave behind, too.
 */
#ifndef TESTS_EXEC_X87_STATE_H
#define TESTS_EXEC_X87_STATE_H

#include "ops/i386/x87_insn.h"
#include "tests/exec/native.h"

enum {
    IMAGE = NATIVE_DATA,                  /* FRSTOR's and FNSAVE's */
    OPERAND = NATIVE_DATA + 128,          /* of the instruction under test, */
    OPERAND_ACROSS = NATIVE_DATA + 0xfff, /* or across pages */
    OPERAND_SIZE = 16,
    IMAGE_SIZE = 108,
    POINTERS = 12, /* offset of the pointers in it */
    REGISTERS = 28,
};

/* What an instruction starts from and what it leaves. */
struct x87_state {
    u8 image[IMAGE_SIZE];
    u8 operand[OPERAND_SIZE];
    u32 at; /* address of the operand */
    u32 flags;
};

/* All instructions but environments. */
struct x87_test_row {
    u16 insn;
    u8 encodings; /* in a row: with ST(0) to ST(7) */
};
extern const struct x87_test_row x87_rows[];
extern const unsigned x87_row_count;

u32 x87_random(void);
/* `masks` are the exceptions masked; only those may have been flagged before. The operand is at
 * OPERAND. */
struct x87_state x87_random_state(u16 masks);
void x87_run_native(u32 insn, struct x87_state *s);

bool x87_is_compare(u32 insn);
bool x87_is_move(u32 insn);
/* The condition of FCMOVcc: B, E, BE, U and their opposites. */
bool x87_move_condition(u32 insn, u32 flags);

/*
 * How far apart, in units of the last place, transcendental results may be, and then C1: 0 where
 * the host computes both.
 */
extern unsigned x87_ulps;

/* Fails, and prints all, unless the host from `start` comes to what the guest came to. */
void x87_check(u32 insn, const struct x87_state *start, const struct x87_state *guest);

/* An instruction with a memory operand at an address; its size. */
size_t x87_put_operand(u8 *to, u8 escape, u8 reg, u32 address);
void x87_put32(u8 *to, u32 value);

#endif
