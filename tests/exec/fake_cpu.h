/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A cpu without a loop, for the tests of memory: what the rest of exec/ does about exceptions,
 * translated code and ports is replaced by notes of it in `fake`.
 */
#ifndef TESTS_EXEC_FAKE_CPU_H
#define TESTS_EXEC_FAKE_CPU_H

#include "exec/i386/i386.h"

#include "tests/assert.h"
#include <setjmp.h>

enum { FAKE_RAM = 4 << 20, FAKE_DIRECTORY = 0x80000, FAKE_TABLES = 0x100000 };

/* What came of a statement, beside exceptions, which are their vector. */
enum { NOTHING_RAISED = -1, BLOCK_LEFT = -2, WINDOW_LEFT = -3 };

struct fake {
    struct cpu *cpu;
    struct memory *memory;
    jmp_buf escape;
    int outcome;
    u32 error; /* code of the exception */
    /* exec_code_written: its calls, the last one's arguments, what it is to answer (once). */
    unsigned code_calls;
    u32 code_address;
    unsigned code_size;
    bool code_running;
    /* Ports: each read gives the next number, writes are summed up. */
    u32 port_next;
    unsigned port_reads, port_writes;
    u32 port_sum;
    u16 port_last;
    bool port_denied;
    /* The device: a read gives its number << 8 plus offset and size; writes are summed up. */
    u32 device_reads, device_sum;
};
extern struct fake fake;
/* It has lines, and one kind of question. */
extern const struct guest fake_guest;

/* A fixture: RAM, a cpu at CPL 0 with flat segments, paging off. */
void fake_setup(void);
void fake_teardown(void);

/* Turns paging on; then maps a page, bits as in a page-table entry. */
void fake_paging(void);
void fake_map(u32 linear, u32 physical, u32 bits);
/* Maps a device at a linear page, uncached memory so to speak. */
void fake_map_device(u32 linear);
u32 fake_entry_address(u32 linear);
u32 fake_entry(u32 linear);

/* Runs a statement, and says what it raised. */
#define OUTCOME(statement)                                                                         \
    __extension__({                                                                                \
        fake.outcome = NOTHING_RAISED;                                                             \
        if (setjmp(fake.escape) == 0) {                                                            \
            statement;                                                                             \
        }                                                                                          \
        fake.outcome;                                                                              \
    })

/* May generated code read and write a page without asking? */
bool fake_may_read_inline(u32 linear, bool user);
bool fake_may_write_inline(u32 linear, bool user);

/* A repeatable source of numbers. */
u32 fake_random(void);
void fake_seed(u32 seed);

Suite *memory_suite(void);
Suite *mmu_suite(void);
Suite *tlb_suite(void);
Suite *lockstep_log_suite(void);
Suite *leaks_suite(void);
Suite *string_suite(void);
Suite *place_suite(void);

#endif
