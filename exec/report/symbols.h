/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Telling the host's tools about generated code (dyngen/dyngen_symbols.h): each block becomes a
 * function whose name is its engine's and its linear address in the guest, template_c0101cf0.
 */
#ifndef EXEC_REPORT_SYMBOLS_H
#define EXEC_REPORT_SYMBOLS_H

#include "dyngen/dyngen_symbols.h"
#include "exec/exec.h"

struct symbols;

/*
 * Starts what is or'd in `which`, DYNGEN_GDB and so on. NULL and *what, a text or a file's name,
 * if something cannot be had; errno says why.
 */
struct symbols *symbols_start(struct exec *e, unsigned which, const char **what);

/* After the end of e, or NULL. False if something could not be written; errno says why. */
bool symbols_end(struct symbols *s);

#endif
