/* SPDX-License-Identifier: 0BSD */
/*
 * jitdump.c: the jitdump file, as described in the kernel's
 * tools/perf/Documentation/jitdump-specification: a header, then a record for each piece of code,
 * in the host's byte order.
 */
#include "dyngen/symbols/sink.h"

#include <elf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { MAGIC = 0x4a695444, VERSION = 1, RECORD_LOAD = 0 };

struct header {
    uint32_t magic, version, size, machine, padding, pid;
    uint64_t time, flags;
};
struct record {
    uint32_t id, size;
    uint64_t time;
};
struct load {
    struct record record;
    uint32_t pid, tid;
    uint64_t address, at, size, index; /* then the name and its NUL, and the code */
};

struct jitdump {
    struct sink sink;
    FILE *file;
    void *mapped;
    uint64_t index;
};

/* The clock that `perf record -k 1` takes. */
static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void added(struct sink *sink, const struct code *code)
{
    struct jitdump *d = (struct jitdump *)sink;
    size_t length = strlen(code->name) + 1;
    struct load load = {
        .record = {RECORD_LOAD, (uint32_t)(sizeof load + length + code->size), now()},
        .pid = (uint32_t)getpid(),
        .tid = (uint32_t)gettid(),
        .address = (uintptr_t)code->at,
        .at = (uintptr_t)code->at,
        .size = code->size,
        .index = d->index++,
    };
    fwrite(&load, sizeof load, 1, d->file);
    fwrite(code->name, length, 1, d->file);
    fwrite(code->at, code->size, 1, d->file);
    fflush(d->file);
}

static bool write_header(FILE *file)
{
    struct header header = {
        .magic = MAGIC,
        .version = VERSION,
        .size = sizeof header,
        .machine = EM_X86_64,
        .pid = (uint32_t)getpid(),
        .time = now(),
    };
    return fwrite(&header, sizeof header, 1, file) == 1 && fflush(file) == 0;
}

/* perf record notes files that are mapped to be executed: that is how perf inject finds this. */
static void *announce(FILE *file)
{
    return mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_EXEC, MAP_PRIVATE,
                fileno(file), 0);
}

static bool closed(struct sink *sink)
{
    struct jitdump *d = (struct jitdump *)sink;
    bool written = dyngen_close_file(d->file);

    if (d->mapped != MAP_FAILED)
        munmap(d->mapped, (size_t)sysconf(_SC_PAGESIZE));
    free(d);
    return written;
}

struct sink *dyngen_jitdump(const char *path)
{
    struct jitdump *d = calloc(1, sizeof *d);

    if (!d)
        return NULL;
    d->sink = (struct sink){.added = added, .closed = closed};
    d->file = dyngen_create_file(path);
    if (d->file && write_header(d->file) && (d->mapped = announce(d->file)) != MAP_FAILED)
        return &d->sink;
    if (d->file)
        fclose(d->file);
    free(d);
    return NULL;
}
