/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See profile.h. */
#include "exec/profile.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "exec/place.h"

enum { HASH_BITS = 14, HASH_SIZE = 1 << HASH_BITS };
/* Counts are reached by 32-bit addresses: room for all that a long run may need, once. */
enum { COUNTS = 16 << 20 };

struct profile {
    u64 *counts;
    u32 used;
    u64 uncounted;
    size_t blocks, room;
    struct profile_block **all;
    struct profile_block *hash[HASH_SIZE];
};

struct profile *profile_create(void)
{
    struct profile *p = calloc(1, sizeof *p);
    void *counts;

    if (!p)
        return NULL;
    counts = place_map(PLACE_LOW, COUNTS * sizeof(u64), PROT_READ | PROT_WRITE, MAP_PRIVATE);
    if (!counts) {
        free(p);
        return NULL;
    }
    p->counts = counts;
    return p;
}

void profile_destroy(struct profile *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->blocks; i++)
        free(p->all[i]);
    free(p->all);
    munmap(p->counts, COUNTS * sizeof(u64));
    free(p);
}

/* --- blocks --- */

static struct profile_block **bucket(struct profile *p, const struct stream *s)
{
    u32 h = (s->base + s->eip) ^ s->mode * 0x9e3779b1u;
    return &p->hash[(h ^ h >> HASH_BITS) & (HASH_SIZE - 1)];
}

static bool is_same(const struct profile_block *b, const struct stream *s, const u8 *guest)
{
    return b->eip == s->eip && b->base == s->base && b->mode == s->mode && b->size == s->size &&
           b->uop_count == s->count && memcmp(b->guest, guest, s->size) == 0 &&
           memcmp(b->uops, s->uops, s->count * sizeof *s->uops) == 0;
}

static bool make_room(struct profile *p)
{
    struct profile_block **all;

    if (p->blocks < p->room)
        return true;
    p->room = p->room ? p->room * 2 : 1024;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): a table of pointers */
    all = realloc(p->all, p->room * sizeof *all);
    if (!all)
        return false;
    p->all = all;
    return true;
}

/* One allocation: the block, its micro-ops, its guest code. */
static struct profile_block *note(struct profile *p, const struct stream *s, const u8 *guest)
{
    size_t uops = s->count * sizeof *s->uops;
    struct profile_block **first = bucket(p, s), *b;
    u32 segments = stream_segments(s);

    if (p->used + segments > COUNTS || !make_room(p) || !(b = malloc(sizeof *b + uops + s->size)))
        return NULL;
    struct uop *kept = (struct uop *)(b + 1);
    u8 *code = (u8 *)kept + uops;
    memcpy(kept, s->uops, uops);
    memcpy(code, guest, s->size);
    *b = (struct profile_block){
        .same_hash = *first,
        .eip = s->eip,
        .base = s->base,
        .mode = s->mode,
        .size = s->size,
        .insns = s->insns,
        .uop_count = s->count,
        .segments = segments,
        .runs = p->counts + p->used,
        .uops = kept,
        .guest = code,
    };
    p->used += segments;
    *first = b;
    p->all[p->blocks++] = b;
    return b;
}

void profile_add(struct profile *p, struct stream *s, const u8 *guest)
{
    struct profile_block *b = *bucket(p, s);

    while (b && !is_same(b, s, guest))
        b = b->same_hash;
    if (!b)
        b = note(p, s, guest);
    if (!b || !stream_add_counts(s, (u32)(uintptr_t)b->runs))
        p->uncounted++;
}

u64 profile_uncounted(const struct profile *p)
{
    return p->uncounted;
}

/* --- afterwards --- */

static void count_executed(struct profile_block *b)
{
    u32 segment = 0;

    b->executed = 0;
    for (u32 i = 0; i < b->uop_count; i++) {
        const struct uop *u = &b->uops[i];
        if (u->op == UOP_insn)
            b->executed += b->runs[segment];
        segment += uop_is_branch(u);
    }
}

static int hotter(const void *a, const void *b)
{
    const struct profile_block *x = *(struct profile_block *const *)a;
    const struct profile_block *y = *(struct profile_block *const *)b;

    if (x->executed != y->executed)
        return x->executed < y->executed ? 1 : -1;
    return (x->base + x->eip > y->base + y->eip) - (x->base + x->eip < y->base + y->eip);
}

struct profile_block *const *profile_sort(struct profile *p, size_t *count)
{
    for (size_t i = 0; i < p->blocks; i++)
        count_executed(p->all[i]);
    if (p->blocks)
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): a table of pointers */
        qsort(p->all, p->blocks, sizeof *p->all, hotter);
    *count = p->blocks;
    return p->all;
}

void profile_stream(const struct profile_block *b, struct stream *s)
{
    s->eip = b->eip;
    s->mode = b->mode;
    s->base = b->base;
    s->size = b->size;
    s->insns = b->insns;
    s->count = b->uop_count;
    memcpy(s->uops, b->uops, b->uop_count * sizeof *b->uops);
}

u64 profile_taken(const struct profile_block *b, u32 segment)
{
    u64 on = segment + 1 < b->segments ? b->runs[segment + 1] : 0;

    return b->runs[segment] > on ? b->runs[segment] - on : 0;
}
