/* SPDX-License-Identifier: 0BSD */
/*
 * sink.h: the three that dyngen_symbols.h hands code on to.
 */
#ifndef DYNGEN_SYMBOLS_SINK_H
#define DYNGEN_SYMBOLS_SINK_H

#include "dyngen/dyngen_symbols.h"

#include <stdio.h>

struct code {
    const char *name;
    const void *at;
    size_t size;
};

struct sink {
    void (*added)(struct sink *sink, const struct code *code);
    void (*forgotten)(struct sink *sink, const void *at, size_t size); /* may be NULL */
    bool (*closed)(struct sink *sink); /* frees it; false, and errno, if something is missing */
};

/* NULL and errno if it cannot be had. */
struct sink *dyngen_perf_map(const char *path);
struct sink *dyngen_jitdump(const char *path);
struct sink *dyngen_gdb_jit(const struct dyngen_unwind *unwind);

/*
 * A new file that only this user can read, to be written and read. What had its name is removed,
 * not followed and not opened: names that others can guess may be links or FIFOs.
 */
FILE *dyngen_create_file(const char *path);
/* Closes it; false, and errno, if not all was written. */
bool dyngen_close_file(FILE *file);

#endif
