/* SPDX-License-Identifier: 0BSD */
/* perf_map.c: lines of "START SIZE NAME", in hexadecimal. */
#include "dyngen/symbols/sink.h"

#include <inttypes.h>
#include <stdlib.h>

struct perf_map {
    struct sink sink;
    FILE *file;
};

static void added(struct sink *sink, const struct code *code)
{
    struct perf_map *m = (struct perf_map *)sink;

    fprintf(m->file, "%" PRIxPTR " %zx %s\n", (uintptr_t)code->at, code->size, code->name);
}

static bool closed(struct sink *sink)
{
    struct perf_map *m = (struct perf_map *)sink;
    bool written = dyngen_close_file(m->file);

    free(m);
    return written;
}

struct sink *dyngen_perf_map(const char *path)
{
    struct perf_map *m = calloc(1, sizeof *m);

    if (!m)
        return NULL;
    m->sink = (struct sink){.added = added, .closed = closed};
    m->file = dyngen_create_file(path);
    if (!m->file) {
        free(m);
        return NULL;
    }
    setvbuf(m->file, NULL, _IOLBF, 0); /* perf reads it while we run */
    return &m->sink;
}
