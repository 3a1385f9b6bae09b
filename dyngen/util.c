/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * util.c: memory that lives until the program ends, and the one way to complain.
 */
#include "dyngen/model.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1 << 20 };

struct block {
    struct block *next;
    size_t used, size;
    _Alignas(16) unsigned char bytes[];
};

static struct block *blocks;

void *take(size_t count, size_t size)
{
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2) {
        complain("out of memory");
        exit(1);
    }
    bytes = (bytes + 15) & ~(size_t)15;
    if (!blocks || blocks->size - blocks->used < bytes) {
        size_t room = bytes > BLOCK ? bytes : BLOCK;
        struct block *b = calloc(1, sizeof *b + room);
        if (!b) {
            complain("out of memory");
            exit(1);
        }
        b->size = room;
        b->next = blocks;
        blocks = b;
    }
    void *memory = blocks->bytes + blocks->used;
    blocks->used += bytes;
    return memory;
}

char *take_text(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(take(size, 1), text, size);
}

char *take_printf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = take((size_t)(length < 0 ? 0 : length) + 1, 1);
    if (length > 0)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

void complain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("dyngen: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

void complain_op(struct op *op, uint64_t offset, const char *format, ...)
{
    if (op->failed)
        return;
    op->failed = true;
    va_list args;
    va_start(args, format);
    fprintf(stderr, "dyngen: %s: op_%s+0x%llx: ", op->object->file, op->name,
            (unsigned long long)offset);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}
