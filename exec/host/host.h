/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What exec/ asks of the host's processor. A host supplies all that is declared here and in
 * i386_fpu.h, in files whose names say which it is; nothing else in exec/ names its registers or
 * instructions, lint sees to that.
 *
 *   x86_64.c          address space, code, unwinding, signals
 *   x86_64_gate.c     how the IR's code calls C: ir_gate (translate/ir/slow.h)
 *   x86_64_listing.c  what is told by a listing of its code
 *
 * How C calls generated code, and templates call C, is in ops/host/host.h; how changed code is made
 * known to the instruction cache, dyngen_flush, in dyngen's header (ops/host/dyngen.h).
 */
#ifndef EXEC_HOST_HOST_H
#define EXEC_HOST_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "dyngen/dyngen_symbols.h"
#include "exec/report/disassemble.h"

/* --- address space --- */

struct host_space {
    uintptr_t near; /* code reaches what is less than this away by a displacement */
    uintptr_t low;  /* addresses below this are immediates of instructions */
    uintptr_t end;  /* of what a program may map */
};
extern const struct host_space host_space;

/* --- code --- */

/*
 * Code has been written, through another mapping, where code may have run a moment ago: behind
 * this the processor fetches what is there now (SDM vol. 3, 9.1.3).
 */
void host_serialize(void);

/* --- unwinding --- */

/*
 * How debuggers come from generated code, and from C that it called, to who entered it: the stack
 * pointer was noted at this offset in the cpu (HOST_STACK), which a register points to all the
 * time.
 */
struct dyngen_unwind host_unwind(int stack_offset);

/* --- signals --- */

/* The pc that a signal has interrupted; `context` is the handler's third argument. */
uintptr_t host_interrupted_at(const void *context);

/*
 * The handler will return to function(object, value), on the stack of what was interrupted, which
 * is lost. The function does not return.
 */
typedef void host_resumed_fn(void *object, uint32_t value);
void host_resume_at(void *context, host_resumed_fn *function, void *object, uint32_t value);

/* --- listings --- */

extern const struct isa host_isa;

/* Does an instruction read or write memory, the stack included, by its text in a listing? */
struct memory_use {
    bool loads, stores;
};
struct memory_use host_memory_use(const char *text);

#endif
