/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See profile.h. */
#include "exec/report/profile.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "exec/place.h"

enum { HASH_BITS = 16, HASH_SIZE = 1 << HASH_BITS };
/* Counts are reached by 32-bit addresses: room for all that a long run may need, once. */
enum { COUNTS = 16 << 20 };
/* So many blocks are kept, or twice as many as there were no fewer of when it came to that. */
enum { MANY_BLOCKS = 1 << 16 };

struct profile {
    u64 *counts;
    u32 used;
    u32 free[STREAM_UOPS +
             2]; /* runs of so many counts: the first is the index plus 1 of the next */
    const struct guest *guest;
    u64 uncounted;
    size_t blocks, room, many;
    struct guest_quality forgotten[2]; /* of user code in [1] */
    struct profile_block **all;
    struct profile_block *hash[HASH_SIZE];
};

struct profile *profile_create(const struct guest *guest)
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
    p->guest = guest;
    p->counts = counts;
    p->many = MANY_BLOCKS;
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

/* By its bytes, too: code that changes is at one address. */
static struct profile_block **bucket(struct profile *p, u32 linear, u32 mode, const u8 *guest,
                                     u32 size)
{
    u32 h = linear ^ mode * 0x9e3779b1u;

    for (u32 i = 0; i < size; i++)
        h = (h ^ guest[i]) * 0x01000193u;
    return &p->hash[(h ^ h >> HASH_BITS) & (HASH_SIZE - 1)];
}

static bool is_same(const struct profile_block *b, const struct stream *s, const u8 *guest)
{
    return b->pc == s->pc && b->base == s->base && b->mode == s->mode && b->size == s->size &&
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

/* Counts of so many segments, zero; NULL if there is no room. */
static u64 *take_counts(struct profile *p, u32 segments)
{
    u32 first = p->free[segments];
    u64 *counts = p->counts + (first ? first - 1 : p->used);

    if (first)
        p->free[segments] = (u32)counts[0];
    else if (p->used + segments > COUNTS)
        return NULL;
    else
        p->used += segments;
    memset(counts, 0, segments * sizeof *counts);
    return counts;
}

static void give_counts(struct profile *p, u64 *counts, u32 segments)
{
    counts[0] = p->free[segments];
    p->free[segments] = (u32)(counts - p->counts) + 1;
}

/* One allocation: the block, its micro-ops, its guest code. */
static struct profile_block *make_block(const struct profile *p, const struct stream *s,
                                        const u8 *guest)
{
    size_t uops = s->count * sizeof *s->uops;
    struct profile_block *b = malloc(sizeof *b + uops + s->size);

    if (!b)
        return NULL;
    struct uop *kept = (struct uop *)(b + 1);
    u8 *code = (u8 *)kept + uops;
    memcpy(kept, s->uops, uops);
    memcpy(code, guest, s->size);
    *b = (struct profile_block){
        .table = s->table,
        .isa = p->guest->isa(s->mode),
        .pc = s->pc,
        .base = s->base,
        .mode = s->mode,
        .size = s->size,
        .insns = s->insns,
        .uop_count = s->count,
        .segments = stream_segments(s),
        .uops = kept,
        .guest = code,
    };
    return b;
}

static void link_block(struct profile *p, struct profile_block *b)
{
    struct profile_block **first = bucket(p, b->base + b->pc, b->mode, b->guest, b->size);

    b->same_hash = *first;
    *first = b;
}

static struct profile_block *note(struct profile *p, const struct stream *s, const u8 *guest)
{
    struct profile_block *b = make_room(p) ? make_block(p, s, guest) : NULL;

    if (!b)
        return NULL;
    b->runs = take_counts(p, b->segments);
    if (!b->runs) {
        free(b);
        return NULL;
    }
    link_block(p, b);
    p->all[p->blocks++] = b;
    return b;
}

static void forget(struct profile *p, struct profile_block *b)
{
    guest_quality_add(&p->forgotten[(b->mode & MODE_USER) != 0], b);
    give_counts(p, b->runs, b->segments);
    free(b);
}

/* Of what runs no more, only the hottest are kept. */
static void forget_cold(struct profile *p)
{
    size_t count, kept = 0;

    profile_sort(p, &count);
    memset(p->hash, 0, sizeof p->hash);
    for (size_t i = 0; i < count; i++) {
        struct profile_block *b = p->all[i];
        if (b->users || i < count / 4) {
            link_block(p, b);
            p->all[kept++] = b;
        } else {
            forget(p, b);
        }
    }
    p->blocks = kept;
    p->many = 2 * kept > MANY_BLOCKS ? 2 * kept : MANY_BLOCKS;
}

struct profile_block *profile_add(struct profile *p, struct stream *s, const u8 *guest)
{
    struct profile_block *b = *bucket(p, s->base + s->pc, s->mode, guest, s->size);

    while (b && !is_same(b, s, guest))
        b = b->same_hash;
    if (!b && p->blocks >= p->many)
        forget_cold(p);
    if (!b)
        b = note(p, s, guest);
    if (!b || !stream_add_counts(s, (u32)(uintptr_t)b->runs)) {
        p->uncounted++;
        return NULL;
    }
    b->users++;
    return b;
}

void profile_release(struct profile_block *b)
{
    if (b)
        b->users--;
}

const struct guest_quality *profile_forgotten(const struct profile *p, bool user)
{
    return &p->forgotten[user];
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
    return (x->base + x->pc > y->base + y->pc) - (x->base + x->pc < y->base + y->pc);
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
    s->table = b->table;
    s->pc = b->pc;
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
