/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Guest and host code as text, by libopcodes and Capstone. */
#ifndef EXEC_REPORT_DISASSEMBLE_H
#define EXEC_REPORT_DISASSEMBLE_H

#include "ops/types.h"

/* Instruction sets. */
enum isa { ISA_HOST, ISA_I8086, ISA_I386, ISA_PPC };

/* An instruction of `size` bytes; the text is in AT&T's syntax and the callee's only for now. */
typedef void listed_fn(void *context, u64 address, size_t size, const char *text);

/* Calls `each` for every instruction of the code at `code`, which runs at `address`. */
void disassemble(enum isa isa, const u8 *code, u64 address, size_t size, listed_fn *each,
                 void *context);

#endif
