/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cases made from the instruction table: each is a function of a seed and a number. Three of four
 * are one instruction: all entries take turns, and each goes through all of its forms; the fourth
 * is a sequence.
 */
#ifndef TESTS_NATIVE_GENERATE_H
#define TESTS_NATIVE_GENERATE_H

#include "tests/native/case.h"
#include "tests/native/entries.h"
/* What processors are known to do otherwise: see differences.def. */
enum difference {
#define DIFFERENCE(name, what, reason) DIFFERENCE_##name,
#define OPEN(name, what, reason)
#include "tests/native/differences.def"
#undef DIFFERENCE
#undef OPEN
#define DIFFERENCE(name, what, reason)
#define OPEN(name, what, reason) OPEN_##name,
#include "tests/native/differences.def"
#undef DIFFERENCE
#undef OPEN
    DIFFERENCES
};
_Static_assert(DIFFERENCES <= 32, "struct case_info has a bit for each");

enum { SEQUENCE = 24, IGNORED = 2 };

/* What is in a case, and what does not count when its outcomes are compared. */
struct case_info {
    u16 entry[SEQUENCE]; /* of the instructions in it, */
    u32 entries;         /* so many */
    bool is_sequence;
    u16 undef_flags[PATCH_SIZE + 1]; /* with eip at that offset from the start, */
    u16 undef_else;                  /* and anywhere else */
    u8 undef_regs;                   /* as bits; once the instruction is done, */
    u8 undef_if_zero;                /* and if it has set ZF */
    u32 undef_bits;                  /* of all registers */
    bool undef_memory;
    struct {
        u32 at, size;
    } ignore[IGNORED]; /* memory */
    u32 differences;   /* that processors are known for, as bits of enum difference */
};

void generate_case(u64 seed, u64 n, struct test_case *c, struct case_info *info);
/* What the areas hold before each case of a batch. */
void generate_arena(u64 seed, u8 *arena);

#endif
