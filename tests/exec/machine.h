/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole cpu with memory and a board that knows HLT, for tests that run guest code, in flat
 * protected mode without paging:
 *
 *   machine_create(JIT_TEMPLATE, halted);
 *   exec_cpu(machine.exec)->eip = ...
 *   exec_run(machine.exec);    calls halted() at every HLT, which may set eip to go on
 *   machine_destroy();
 */
#ifndef TESTS_EXEC_MACHINE_H
#define TESTS_EXEC_MACHINE_H

#include "exec/i386/i386.h"

#include "tests/assert.h"

enum { MACHINE_RAM = 16 << 20 };

struct machine {
    struct exec *exec;
    struct memory *memory;
    void (*halted)(void); /* the guest's x87 is in cpu->fpu when it is called */
    /* What else a board is asked for; where one is NULL, that fails the test or does nothing. */
    void (*serviced)(void);
    void (*reset)(void);
    int (*acknowledge)(void);
    u32 (*port_read)(u16 port);
    void (*port_write)(u32 value);
    u64 (*clock)(void); /* nanoseconds; 0 without it */
};
extern struct machine machine;

void machine_create(enum jit jit, void (*halted)(void));
void machine_create_with(const struct exec_options *options, void (*halted)(void));
void machine_destroy(void);
/* Flat protected mode, as after creation. */
void machine_start_flat(void);
/* Bytes into guest memory, and out of it. */
void machine_put(u32 to, const void *bytes, size_t size);
void machine_get(void *to, u32 from, size_t size);

Suite *x87_code_suite(void);
Suite *x87_trap_suite(void);
Suite *sse_code_suite(void);
Suite *sse_trap_suite(void);

#endif
