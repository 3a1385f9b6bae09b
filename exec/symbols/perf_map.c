/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The perf map: lines of "START SIZE NAME", in hexadecimal. */
#include "exec/symbols/symbols.h"

#include <inttypes.h>
#include <stdlib.h>

struct perf_map {
    struct code_listener listener;
    FILE *file;
};

static void added(struct code_listener *listener, const struct new_code *code)
{
    struct perf_map *m = (struct perf_map *)listener;
    char name[SYMBOL_NAME];

    symbol_name(name, code);
    fprintf(m->file, "%" PRIxPTR " %zx %s\n", (uintptr_t)code->at, code->size, name);
}

struct code_listener *perf_map_create(const char *path)
{
    struct perf_map *m = calloc(1, sizeof *m);

    if (!m)
        return NULL;
    m->listener.added = added;
    m->file = fopen(path, "we");
    if (!m->file) {
        free(m);
        return NULL;
    }
    setvbuf(m->file, NULL, _IOLBF, 0); /* perf reads it while we run */
    return &m->listener;
}
