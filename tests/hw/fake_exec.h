/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cpu that executes a test's C function in the guest's place, and notes what the board does. */
#ifndef TESTS_HW_FAKE_EXEC_H
#define TESTS_HW_FAKE_EXEC_H

#include "exec/i386/board.h"
#include "exec/ppc/board.h"
#include "ops/core.h"

#include <stdatomic.h>

struct exec {
    const struct i386_board *board;
    struct memory *memory;
    struct core *core; /* of a cpu of any guest */
    atomic_bool request, stop;
    bool reset_requested;
    bool intr, a20;
    unsigned nmis;
    unsigned resets, changes;
    uint64_t instructions, deadline; /* with -icount */
};

/* The guest; it ends when exec->stop is set. */
extern void (*fake_guest)(struct exec *e);

/* For guests: what a cpu does between two instructions, and ports. */
void fake_step(struct exec *e);
uint8_t fake_in(struct exec *e, uint16_t port);
void fake_out(struct exec *e, uint16_t port, uint8_t value);

#endif
