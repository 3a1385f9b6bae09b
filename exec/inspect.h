/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A look at a cpu from outside, for monitors and debuggers, while exec_run does not run: what it
 * has in its registers, and what is where in its linear memory. Nothing of it is an access of the
 * guest's: no fault, no accessed bit, no device that notices.
 */
#ifndef EXEC_INSPECT_H
#define EXEC_INSPECT_H

#include "exec/exec.h"
#include "exec/report/disassemble.h"

/* What a linear address leads to. */
struct mapping {
    bool present;
    bool writable, user, global, no_execute;
    bool accessed, dirty;
    uint64_t physical; /* of the address itself */
    uint32_t size;     /* the same answer, but for `physical`, holds in so large a block, aligned */
};

void exec_print_registers(struct exec *e, FILE *to);
/*
 * By its name in exec/registers.h, where a point may stand for what is _ there ("cs.base"); or
 * "pc", which is linear. False: there is none, or it has more than 64 bits.
 */
bool exec_register(struct exec *e, const char *name, uint64_t *value);
struct mapping exec_mapping(struct exec *e, uint32_t linear);
/* In which the next instruction is. */
const struct isa *exec_isa(struct exec *e);
bool exec_is_halted(struct exec *e);

/*
 * Memory, as bytes; reads stop at the first that is none, or a device's, and return how many they
 * were.
 */
size_t exec_peek(struct exec *e, uint32_t linear, void *to, size_t size);
/* The same for writing, to RAM alone; code made from what was there is forgotten. */
size_t exec_poke(struct exec *e, uint32_t linear, const void *from, size_t size);
size_t exec_peek_physical(struct memory *m, uint64_t physical, void *to, size_t size);

#endif
