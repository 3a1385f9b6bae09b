/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A cpu with memory but without translated code, for the tests of helpers: they are called
 * here as generated code would, and exceptions go round as in the exec loop.
 */
#ifndef TESTS_EXEC_BARE_CPU_H
#define TESTS_EXEC_BARE_CPU_H

#include "exec/i386/descriptor.h"
#include "exec/i386/mmu.h"

#include "tests/assert.h"

typedef void helper_fn(struct cpu *cpu, u32 a, u32 b);

/* LEFT: the instruction was abandoned by cpu_leave, where `may_leave` says so. */
enum { NOT_RAISED = -1, LEFT = 0x100, BARE_RAM = 4 << 20 };

struct bare {
    struct cpu *cpu;
    struct memory *memory;
    u32 error;       /* code of the last exception, ~0 if it had none */
    unsigned resets; /* asked for by the cpu */
    u64 clock;
    u16 port; /* last used, and the value read or written there */
    u32 port_value;
    unsigned port_size;
    bool may_leave;
    bool ferr, ignne; /* FERR# as the cpu drives it, IGNNE# as the board does */
    bool has_apic;
    u64 apic_base; /* as last written */
};
extern struct bare bare;

/* A fixture: the cpu after RESET. */
void bare_setup(void);
void bare_teardown(void);

/* Calls a helper: the vector it raised, or NOT_RAISED. */
int bare_try(helper_fn *helper, u32 a, u32 b);
/* Delivers an exception, with all that come of it. */
void bare_exception(unsigned vector, u32 error);
void bare_interrupt(unsigned vector);
/* A helper, and the delivery of what it raises. */
void bare_run(helper_fn *helper, u32 a, u32 b);

/* Physical memory, little-endian. */
void poke(u32 address, u32 value, unsigned size);
u32 peek(u32 address, unsigned size);

/* A repeatable source of numbers. */
u32 bare_random(void);

Suite *system_suite(void);
Suite *transfer_suite(void);
Suite *interrupt_suite(void);
Suite *task_suite(void);
Suite *arith_suite(void);
Suite *x87_suite(void);

#endif
