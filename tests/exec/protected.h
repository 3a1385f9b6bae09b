/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Descriptor tables for the tests of protected mode: a flat kernel, a flat user, and oddities. */
#ifndef TESTS_EXEC_PROTECTED_H
#define TESTS_EXEC_PROTECTED_H

#include "tests/exec/bare_cpu.h"

enum { GDT = 0x1000, LDT = 0x1800, IDT = 0x2000, TSS = 0x3000, TSS_B = 0x3400, TSS_16 = 0x3800 };
enum { KERNEL_STACK = 0x8000, USER_STACK = 0x9000, INNER_STACK = 0xa000 };

/* Selectors of the GDT, without RPL. */
enum {
    KERNEL_CODE = 0x08,
    KERNEL_DATA = 0x10,
    USER_CODE = 0x18,
    USER_DATA = 0x20,
    TSS_SELECTOR = 0x28,
    CONFORMING = 0x30,
    CODE_16 = 0x38,
    ABSENT_DATA = 0x40,
    READ_ONLY = 0x48,
    GATE_32 = 0x50,
    GATE_16 = 0x58,
    TSS_B_SELECTOR = 0x60,
    TSS_16_SELECTOR = 0x68,
    TASK_GATE = 0x70,
    LDT_SELECTOR = 0x78,
    EXPAND_DOWN = 0x80,
    EXECUTE_ONLY = 0x88,
    ABSENT_CODE = 0x90,
    LEVEL1_DATA = 0x98,
    SMALL_CODE = 0xa0,
    STACK_16 = 0xa8,
    GDT_END = 0xb0,
};

/* Attributes as struct segment keeps them. */
enum {
    ATTR_CODE = 0xc09a,
    ATTR_DATA = 0xc092,
    ATTR_LEVEL3 = 3 << SEG_DPL_SHIFT,
    ATTR_TSS32 = 0x0089,
    ATTR_TSS16 = 0x0081,
};

/* A fixture: CPL 0 in protected mode, flat, with the tables above and 32-bit interrupt gates. */
void protected_setup(void);
/* Goes on at CPL 3. */
void go_user(void);
/* Goes on in v86 mode at 0100:0200 with SS:SP 0900:0ffe, and this IOPL. */
void go_v86(unsigned iopl);
/* Pages 0..4 MiB map to themselves for all, but the page of `hole` is absent. */
void page_with_hole(u32 hole);

void set_descriptor(u16 selector, u32 base, u32 limit, u32 attr);
void set_call_gate(u16 selector, unsigned type, u16 target, u32 offset, unsigned parameters);
/* `dpl` in the gate; the handler of vector n is at 0x10000 + n. */
void set_gate(unsigned vector, unsigned type, unsigned dpl, u16 selector);
enum { HANDLERS = 0x10000 };

/* The cpu is at this place. */
void check_at(u16 selector, u32 eip);
/* Dword n of the stack. */
u32 stacked(unsigned n);
/* Pushes what IRET pops. */
void push_frame(u32 eip, u16 code, u32 flags);

static inline struct cpu *cpu(void)
{
    return bare.cpu;
}

/* LOAD_SEG, and a far JMP or CALL (the next instruction is at 4007h), as bare_try. */
int load_seg(enum segment_register seg, u16 selector);
int transfer(helper_fn *helper, u16 selector, u32 offset);
/* What bare_try returned, and the error code. */
void check_fault(int vector, int expected, u32 error);

/* Everything that an instruction that faults must leave alone. */
struct snapshot {
    u32 regs[8], eip, eflags, cpl;
    struct segment seg[SEGMENTS];
};
struct snapshot snapshot(void);
void check_unchanged(const struct snapshot *before);

#endif
