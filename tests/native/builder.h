/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A case being made. The parts of an instruction are chosen one after the other: encode.c its
 * bytes, place.c where in memory things are, fit.c what registers and memory must hold for it to
 * do something, x87.c and media.c the state of x87, MMX and SSE.
 */
#ifndef TESTS_NATIVE_BUILDER_H
#define TESTS_NATIVE_BUILDER_H

#include "tests/native/generate.h"
#include "tests/native/random.h"

#include <string.h>

struct builder {
    struct random random;
    const struct entry *e;
    struct test_case *c;
    struct case_info *info;
    u32 *regs;
    u16 *sel;
    u8 code[PATCH_SIZE];
    u32 size;
    bool code16;
    bool sequence;    /* registers hold what nobody knows: use those made for it, */
    bool in_function; /* and leave the stack alone */
    u8 opsize, adsize, rep;
    int override; /* a segment register or -1 */
    u8 modrm;     /* of the instruction */
    bool memory;  /* ModRM's operand is there, */
    u32 target;   /* at this linear address */
    u32 imm;
    u8 operand[PATCH_SIZE]; /* that goes to memory, */
    u32 operand_size;       /* so much of it */
};

static inline u32 rnd(struct builder *b)
{
    return next_random(&b->random);
}

static inline u32 value(struct builder *b)
{
    return random_value(&b->random);
}

static inline bool chance(struct builder *b, u32 n)
{
    return one_in(&b->random, n);
}

static inline void put_byte(struct builder *b, u32 byte)
{
    b->code[b->size++] = (u8)byte;
}

static inline void put_bytes(struct builder *b, u32 bytes, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        put_byte(b, bytes >> 8 * i);
}

static inline void put32(u8 *to, u32 v)
{
    memcpy(to, &v, 4);
}

static inline void put16(u8 *to, u16 v)
{
    memcpy(to, &v, 2);
}

/* --- place.c --- */

void choose_segments(struct builder *b);
/* A stack; before operands, which may move it. */
void choose_stack(struct builder *b);
u32 base_of(u16 selector);
/* Selectors that there are and that there are not; none that leads to 64-bit mode. */
u16 any_selector(struct builder *b);
/* Mostly of code. */
u16 code_selector(struct builder *b);
/* A segment register that addresses of 16 bits can do something with. */
void make_reachable(struct builder *b, enum segment_register s);
/* Chooses where data is, target, in a segment: its offset. */
u32 choose_target(struct builder *b, enum segment_register s);
/* An offset in the code segment, with HLT there, but not in the instruction itself. */
u32 code_offset(struct builder *b);
/* What the instruction will find at the stack's top. */
void put_stack(struct builder *b);
/* As much as can be written of some bytes at a linear address. */
void put_patch(struct test_case *c, unsigned which, u32 at, const u8 *bytes, u32 size);

void choose_eip(struct builder *b);

/* --- generate.c, sequence.c --- */

void start_case(struct builder *b);
void finish_case(struct builder *b);
void make_sequence(struct builder *b);

/* --- encode.c --- */

/* Of ModRM: registers, then addresses of 32 bits, then of 16. */
enum { REGISTER_VARIANTS = 8, ADDRESS_VARIANTS = 24 };
enum { MODRM_VARIANTS = REGISTER_VARIANTS + 2 * ADDRESS_VARIANTS };

/* What is part of a two-byte opcode (see insns.def); 0: nothing. */
u8 opcode_prefix(const struct entry *e);
void put_prefixes(struct builder *b, bool opsize, bool adsize);
/* The opcode and all behind it. */
void put_insn(struct builder *b, unsigned variant);

/* --- fit.c, x87.c, media.c, undefined.c --- */

u32 size_of_operand(const struct builder *b);
/* Of a shift, as the registers are at the start. */
u32 shift_count(const struct builder *b);
void fit(struct builder *b);
/* The state that the instruction makes something of: of x87, MMX, SSE. */
void choose_vectors(struct builder *b);
void choose_x87(struct builder *b);
void choose_x87_operand(struct builder *b);
void fit_fxrstor(struct builder *b);
void fit_ldmxcsr(struct builder *b);
/* The flags that the instruction leaves undefined, and all masks of case_info. */
u32 undefined_flags_of(struct builder *b);
void look_at_undefined(struct builder *b);
/* Of what any instruction may do, in sequences too. */
void look_at_accesses(struct builder *b);

#endif
