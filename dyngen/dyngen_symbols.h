/* SPDX-License-Identifier: 0BSD */
/*
 * Copyright (C) 2026 by the authors of Tessera
 *
 * Permission to use, copy, modify, and/or distribute this software for any purpose with or without
 * fee is hereby granted.
 *
 * THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS
 * SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE
 * AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
 * WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT,
 * NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE
 * OF THIS SOFTWARE.
 */
/*
 * dyngen_symbols.h: tells a debugger and a profiler what generated code is called. It comes with
 * libdyngen, knows nothing of templates, and works for any code that a program makes:
 *
 *     struct dyngen_symbols *symbols = dyngen_symbols_open(DYNGEN_GDB, NULL, NULL);
 *     ...
 *     dyngen_symbols_add(symbols, "loop", code, size);
 *
 * DYNGEN_PERF_MAP   writes /tmp/perf-PID.map, which perf report reads. It has no notion of time:
 *                   where code was replaced by other code, what was added last counts.
 * DYNGEN_JITDUMP    writes jit-PID.dump in the working directory, with the code itself: perf
 *                   record -k 1, then perf inject --jit
 * DYNGEN_GDB        GDB's JIT interface: symbols, and unwinding through the code. It costs memory
 *                   and time even if no debugger is there.
 *
 * What is open may be used by one thread at a time.
 */
#ifndef DYNGEN_SYMBOLS_H
#define DYNGEN_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { DYNGEN_PERF_MAP = 1, DYNGEN_JITDUMP = 2, DYNGEN_GDB = 4 };

/*
 * How generated code is unwound: where the stack pointer was before the call that entered it (the
 * canonical frame address of DWARF; the return address lies below it). That is a register plus an
 * offset, or what is in memory there. It has to be so at each instruction of the code, and in what
 * the code calls.
 *
 *     {12, offsetof(struct state, entry_stack), true}   r12 is a pointer to the state, in which
 *                                                       the first op has noted the stack pointer
 *     {7, 8, false}                                     rsp, if the code never moves it; ops that
 *                                                       call helpers do
 */
struct dyngen_unwind {
    unsigned reg; /* DWARF's number, 0 to 15: rax rdx rcx rbx rsi rdi rbp rsp, r8 to r15 */
    int offset;
    bool in_memory;
};

struct dyngen_symbols;

/*
 * Opens what is or'd in `which`. unwind may be NULL: then debuggers guess. NULL if something cannot
 * be had: errno says why, and *what, unless `what` is NULL, which: a text or a file's name, valid
 * until the next call.
 */
struct dyngen_symbols *dyngen_symbols_open(unsigned which, const struct dyngen_unwind *unwind,
                                           const char **what);

/* Code of a name, at the address where it runs. Jitdump reads it: what will not be the same when it
 * runs should be filled in. */
void dyngen_symbols_add(struct dyngen_symbols *s, const char *name, const void *at, size_t size);

/* The code in [at, at + size) is gone; other code may come in its place. */
void dyngen_symbols_forget(struct dyngen_symbols *s, const void *at, size_t size);

/* Ends and frees it, unless s is NULL. False if something was not written; errno says why. */
bool dyngen_symbols_close(struct dyngen_symbols *s);

#ifdef __cplusplus
}
#endif

#endif
