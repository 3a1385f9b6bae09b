/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Code as text. An instruction set is a value: the host's (exec/host/host.h), or one of a guest's
 * (exec/guest.h), which says who knows it.
 */
#ifndef EXEC_REPORT_DISASSEMBLE_H
#define EXEC_REPORT_DISASSEMBLE_H

#include "ops/types.h"

/* An instruction of `size` bytes; the text is in AT&T's syntax and the callee's only for now. */
typedef void listed_fn(void *context, u64 address, size_t size, const char *text);

struct isa;
/* Calls `each` for every instruction of the code at `code`, which runs at `address`. */
typedef void disassemble_fn(const struct isa *isa, const u8 *code, u64 address, size_t size,
                            listed_fn *each, void *context);

struct isa {
    disassemble_fn *disassemble;
    /* For libopcodes: enum bfd_architecture and a bfd_mach_ number. */
    int architecture;
    unsigned long machine;
};

/* By the host's libopcodes, which knows the host's instruction sets alone. */
disassemble_fn disassemble_by_libopcodes;

static inline void disassemble(const struct isa *isa, const u8 *code, u64 address, size_t size,
                               listed_fn *each, void *context)
{
    isa->disassemble(isa, code, address, size, each, context);
}

#endif
