/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A case: a state to start from and code to run, and what came of it. The same in the helper
 * program (32 bits) as in the test (64), so that they can share memory.
 *
 * Code runs at CPL 3 in an address space that is the same natively and in the emulator: three
 * areas, a local descriptor table (segments.def), and nothing else. It ends in HLT, which raises
 * #GP: every case ends by an exception, if not by one of its own.
 */
#ifndef TESTS_NATIVE_CASE_H
#define TESTS_NATIVE_CASE_H

#include "ops/i386/cpu.h"

enum {
    PAGE = 0x1000,
    CODE = 0x400000, /* full of HLT */
    CODE_SIZE = 2 * PAGE,
    DATA = 0x410000,
    DATA_SIZE = 3 * PAGE,
    DATA_READ_ONLY = DATA + 2 * PAGE, /* its last page */
    STACK = 0x420000,
    STACK_SIZE = PAGE,
    ARENA_SIZE = CODE_SIZE + DATA_SIZE + STACK_SIZE,
};

/* Where the helper program itself is, 64 MiB of it. Code that reaches for it has no case. */
static const u32 HELPER = 0xc0000000, HELPER_SIZE = 0x4000000;

/* The areas one behind the other: where an address is in that. -1: in none of them. */
static inline int arena_offset(u32 address)
{
    if (address - CODE < CODE_SIZE)
        return (int)(address - CODE);
    if (address - DATA < DATA_SIZE)
        return (int)(address - DATA + CODE_SIZE);
    if (address - STACK < STACK_SIZE)
        return (int)(address - STACK + CODE_SIZE + DATA_SIZE);
    return -1;
}

static inline u32 arena_address(u32 offset)
{
    if (offset < CODE_SIZE)
        return CODE + offset;
    offset -= CODE_SIZE;
    return offset < DATA_SIZE ? DATA + offset : STACK + offset - DATA_SIZE;
}

/* Selectors as Linux has them, and the local descriptors: index, base, limit, kind. */
enum { USER_CS = 0x23, USER_DS = 0x2b };
enum segment_kind { DATA_UP, DATA_DOWN, CODE_READABLE, CODE_ONLY };
enum local_segment {
    LDT_NULL,
#define SEGMENT(name, base, limit, kind, flags) LDT_##name,
#include "tests/native/segments.def"
#undef SEGMENT
    LDT_ENTRIES
};
enum { SEGMENT_READ_ONLY = 1, SEGMENT_16 = 2, SEGMENT_PAGES = 4, SEGMENT_ABSENT = 8 };
static inline u16 local_selector(enum local_segment s)
{
    return (u16)(s << 3 | 7);
}

/* The x87 and SSE, in FXSAVE's format (SDM vol. 1, table 10-2), of which pointers do not count. */
struct vector_state {
    u16 control, status;
    u8 tags, reserved; /* a bit for each physical register: not empty */
    u16 opcode;
    u32 code[2], data[2];
    u32 mxcsr, mxcsr_mask;
    u8 st[8][16];
    u8 xmm[8][16];
} __attribute__((aligned(16)));

struct machine_state {
    u32 regs[8];
    u32 eip, eflags;
    u16 sel[6];
    u16 pad[2];
    struct vector_state vector;
};

/* Bytes to write into an area before the case. */
enum { PATCH_SIZE = 112, PATCHES = 3 };
struct patch {
    u32 at, size;
    u8 bytes[PATCH_SIZE];
};

struct test_case {
    struct machine_state start;
    struct patch patch[PATCHES]; /* the first is the code, at eip */
    u32 skip;                    /* not to be run natively */
};

/* vector: of the exception, or one of these. */
enum { TIMED_OUT = 0xfe, NOT_RUN = 0xff, CHANGES = 96 };
struct outcome {
    struct machine_state end;
    u32 vector, error, cr2;
    u32 changes, digest; /* of double words that differ from what was there at the start */
    struct change {
        u32 at, was, value;
    } change[CHANGES]; /* the first of them */
};

/* What the test and the helper share. */
enum { BATCH = 512 };
struct shared {
    u32 count;
    u8 arena[ARENA_SIZE] __attribute__((aligned(64))); /* before the patches */
    struct test_case cases[BATCH];
    struct outcome outcomes[BATCH];
};

/* --- comparing memory --- */

/* Notes where an area (part of the arena, at `offset` in it) is not what it was, and mends it. */
static inline void note_changes(struct outcome *o, u8 *area, const u8 *before, u32 offset, u32 size)
{
    const u64 *was = (const u64 *)(const void *)before;
    u64 *is = (u64 *)(void *)area;

    for (u32 i = 0; i < size / 8; i++) {
        if (is[i] == was[i])
            continue;
        for (u32 half = 0; half < 2; half++) {
            u32 value = (u32)(is[i] >> 32 * half), at = arena_address(offset + i * 8 + half * 4);
            u32 old = (u32)(was[i] >> 32 * half);
            if (value == old)
                continue;
            if (o->changes < CHANGES)
                o->change[o->changes] = (struct change){at, old, value};
            o->changes++;
            o->digest = (o->digest ^ at ^ value * 0x9e3779b1u) * 0x85ebca6bu;
            o->digest ^= o->digest >> 13;
        }
        is[i] = was[i];
    }
}

#endif
