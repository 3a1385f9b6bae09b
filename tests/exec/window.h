/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tests of the stack window have in common: a machine with paging, in each engine. */
#ifndef TESTS_EXEC_WINDOW_H
#define TESTS_EXEC_WINDOW_H

#include "tests/exec/machine.h"

enum { WINDOW_ENGINES = 7 };

/*
 * The first 4 MiB are mapped to themselves, STACK and the page above it to any two frames, and
 * DEVICE to a device's, which is above RAM.
 */
enum {
    DIRECTORY = 0x10000,
    TABLE = 0x11000,
    CODE = 0x20000,
    PUSH_POP = 0x21000,
    STACK = 0x40000,
    LOW = 0x80000,
    HIGH = 0x60000,
    OTHER = 0x90000,
    DEVICE = 0x70000,
    REGISTERS = 0x2000000,
    PRESENT = 3,
    ACCESSED = 0x20,
    DIRTY = 0x40,
};

/*
 * push %ebx; pop %eax; mov -4(%esp), %edx; hlt: the last access before a helper is not by the
 * window, for helpers may look at its address. So most code here has one more.
 */
static const u8 push_pop[] = {0x53, 0x58, 0x8b, 0x54, 0x24, 0xfc, 0xf4};

/* The machine in an engine by its number. */
void window_start(int engine);
/* An entry of the page table, which nobody is told of; 32 bits of physical memory. */
void window_map(u32 linear, u32 entry);
/* Where what is on the stack is in physical memory. */
u32 window_frame(u32 linear);
void put32(u32 to, u32 value);
u32 get32(u32 from);
/* Runs code up to its HLT, with a stack pointer; EAX then. */
u32 run_at(u32 eip, u32 esp);

Suite *window_device_suite(void);
Suite *window_stream_suite(void);

#endif
