/* SPDX-License-Identifier: 0BSD */
/* symbols.c: see dyngen_symbols.h. */
#include "dyngen/symbols/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { SINKS = 3 };

struct dyngen_symbols {
    struct sink *sinks[SINKS];
    unsigned count;
};

FILE *dyngen_create_file(const char *path)
{
    unlink(path);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *file = fd >= 0 ? fdopen(fd, "w+") : NULL;
    if (fd >= 0 && !file)
        close(fd);
    return file;
}

bool dyngen_close_file(FILE *file)
{
    bool bad = ferror(file);
    errno = bad ? EIO : 0;
    return fclose(file) == 0 && !bad;
}

static bool add(struct dyngen_symbols *s, struct sink *sink)
{
    if (sink)
        s->sinks[s->count++] = sink;
    return sink != NULL;
}

static const char *open_all(struct dyngen_symbols *s, unsigned which,
                            const struct dyngen_unwind *unwind)
{
    static char map[32], dump[32];

    snprintf(map, sizeof map, "/tmp/perf-%d.map", (int)getpid());
    snprintf(dump, sizeof dump, "jit-%d.dump", (int)getpid());
    if ((which & DYNGEN_PERF_MAP) && !add(s, dyngen_perf_map(map)))
        return map;
    if ((which & DYNGEN_JITDUMP) && !add(s, dyngen_jitdump(dump)))
        return dump;
    if ((which & DYNGEN_GDB) && !add(s, dyngen_gdb_jit(unwind)))
        return "the GDB JIT interface";
    return NULL;
}

struct dyngen_symbols *dyngen_symbols_open(unsigned which, const struct dyngen_unwind *unwind,
                                           const char **what)
{
    struct dyngen_symbols *s = calloc(1, sizeof *s);
    const char *missing = s ? open_all(s, which, unwind) : "memory";
    int error = errno;

    if (!missing)
        return s;
    dyngen_symbols_close(s);
    if (what)
        *what = missing;
    errno = error;
    return NULL;
}

void dyngen_symbols_add(struct dyngen_symbols *s, const char *name, const void *at, size_t size)
{
    const struct code code = {name, at, size};

    for (unsigned i = 0; i < s->count; i++)
        s->sinks[i]->added(s->sinks[i], &code);
}

void dyngen_symbols_forget(struct dyngen_symbols *s, const void *at, size_t size)
{
    for (unsigned i = 0; i < s->count; i++)
        if (s->sinks[i]->forgotten)
            s->sinks[i]->forgotten(s->sinks[i], at, size);
}

bool dyngen_symbols_close(struct dyngen_symbols *s)
{
    int error = 0;

    for (unsigned i = 0; s && i < s->count; i++)
        if (!s->sinks[i]->closed(s->sinks[i]))
            error = errno;
    free(s);
    errno = error;
    return !error;
}
