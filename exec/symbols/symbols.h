/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Telling the host's tools about generated code: each block becomes a function whose name is
 * its engine's and its linear address in the guest, template_c0101cf0.
 *
 *   perf map   /tmp/perf-PID.map, which perf report reads. It has no notion of time, so that
 *              after the code cache was emptied what is in the file last counts.
 *   jitdump    jit-PID.dump in the working directory, with the code itself: perf record -k 1,
 *              then perf inject --jit
 *   GDB        the JIT interface: an ELF image in memory, with unwinding, for each block
 *              and then for more and more of them at once
 */
#ifndef EXEC_SYMBOLS_H
#define EXEC_SYMBOLS_H

#include "exec/exec.h"

enum symbols { SYMBOLS_PERF_MAP = 1, SYMBOLS_JITDUMP = 2, SYMBOLS_GDB = 4 };

/*
 * Starts those of enum symbols that are or'd in `which`; they last as long as the program. False
 * and *what, a static text or a file's name, if that cannot be had; errno says why.
 */
bool symbols_start(struct exec *e, unsigned which, const char **what);

/* --- each of them: NULL on failure --- */

struct code_listener *perf_map_create(const char *path);
struct code_listener *jitdump_create(const char *path);
struct code_listener *gdb_jit_create(void);

enum { SYMBOL_NAME = 32 };
void symbol_name(char name[SYMBOL_NAME], const struct new_code *code);

#endif
