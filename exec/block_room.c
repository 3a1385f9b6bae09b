/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The code cache's memory: a ring of code and a ring of descriptors, filled in the same order.
 * When the next block has no room in front of the oldest ones, these go: some at once, so that it
 * is worth telling those who listen.
 *
 * The newest gives its place to the next if nothing leads to it any more: the code that a guest
 * writes over and over is made where the host's caches have it.
 *
 * Blocks are only made between two blocks, in the exec loop: no code that goes is running. Whoever
 * still has a pointer to one by then is told by `given_away`: see block.c.
 */
#include <sys/mman.h>

#include "exec/block_cache.h"
#include "exec/host/host.h"
#include "exec/place.h"

/* --- mapping it --- */

/*
 * Memory without a file, for perf takes code in such for generated code, and that in a memfd for a
 * file's. The executable view comes first, and the writable one is made of it by mremap of nothing
 * (mremap(2)): where no memory may become executable (PR_SET_MDWE), some may be so from the start.
 * The writable view stays, where nobody finds it by guessing: to have it only while code is written
 * would take two mprotects for each block and each patch, nearly as long as translation.
 */
static bool map_native_code(struct block_cache *c, size_t size)
{
    u8 *rx = place_map(PLACE_NEAR, size, PROT_READ | PROT_EXEC, MAP_SHARED);
    void *hidden = rx ? place_map(PLACE_HIDDEN, size, PROT_NONE, MAP_PRIVATE) : NULL;
    u8 *rw = hidden ? mremap(rx, 0, size, MREMAP_MAYMOVE | MREMAP_FIXED, hidden) : MAP_FAILED;

    if (rw == MAP_FAILED || mprotect(rw, size, PROT_READ | PROT_WRITE))
        return false;
    c->code = (struct arena){rw, rw, rw + size, rw};
    c->exec = (intptr_t)rx - (intptr_t)rw;
    return true;
}

static bool map_arena(struct arena *arena, enum place place, size_t size)
{
    u8 *at = place_map(place, size, PROT_READ | PROT_WRITE, MAP_PRIVATE);

    *arena = (struct arena){at, at, at ? at + size : NULL, at};
    return at;
}

static bool map_code(struct block_cache *c, size_t size)
{
    if (c->engine->native || (c->second && c->second->native))
        return map_native_code(c, size);
    return map_arena(&c->code, PLACE_HIDDEN, size);
}

/*
 * Of the blocks' own addresses, generated code has some as immediates. Few blocks have descriptors
 * of half their code.
 */
static bool map_blocks(struct block_cache *c, size_t size)
{
    return map_arena(&c->blocks, PLACE_LOW, size / 2);
}

bool room_create(struct block_cache *c, size_t size)
{
    return map_code(c, size) && map_blocks(c, size);
}

void room_destroy(struct block_cache *c)
{
    size_t size = (size_t)(c->code.end - c->code.start);

    if (c->exec)
        munmap(c->code.start + c->exec, size);
    if (c->code.start)
        munmap(c->code.start, size);
    if (c->blocks.start)
        munmap(c->blocks.start, (size_t)(c->blocks.end - c->blocks.start));
}

/* --- the oldest make room --- */

/* How much of an arena goes at a time. */
enum { PARTS = 32 };

static void tell_forgotten(const struct block_cache *c, const u8 *from, const u8 *to)
{
    for (struct code_listener *l = c->listeners; l && from < to; l = l->next)
        if (l->forgotten)
            l->forgotten(l, from + c->exec, (size_t)(to - from));
}

static const u8 *oldest_in(const struct block_cache *c, const struct arena *a)
{
    return a == &c->code ? c->oldest->made : (const u8 *)c->oldest;
}

/* Are the oldest blocks in front of an arena's `at`, or is it all free up to its end? */
static bool oldest_ahead(const struct block_cache *c, const struct arena *a)
{
    return c->oldest && oldest_in(c, a) >= a->at;
}

static size_t room_ahead(const struct block_cache *c, const struct arena *a)
{
    return (size_t)((oldest_ahead(c, a) ? oldest_in(c, a) : a->end) - a->at);
}

/* From here on a block's place may be another's. */
static void give_away(struct block_cache *c, struct block *b)
{
    *(b->older ? &b->older->younger : &c->oldest) = b->younger;
    *(b->younger ? &b->younger->older : &c->newest) = b->older;
    c->used -= b->made_size;
    c->core->exit = NULL;
    c->given_away++;
    c->overwrites = true;
    if (!b->dead)
        cache_remove(c, b);
}

static void remove_oldest(struct block_cache *c)
{
    give_away(c, c->oldest);
    c->stats.evictions++;
}

/* Frees `size` bytes and more in front of an arena's `at`, or all up to its end. */
static void free_part(struct block_cache *c, const struct arena *a, size_t size)
{
    size_t part = (size_t)(a->end - a->start) / PARTS, enough = size > part ? size : part;
    const u8 *from = c->oldest->made, *to = from;

    while (oldest_ahead(c, a) && room_ahead(c, a) < enough) {
        if (c->oldest->made != to) { /* beyond the end it goes on at the start */
            tell_forgotten(c, from, to);
            from = c->oldest->made;
        }
        to = c->oldest->made + c->oldest->made_size;
        remove_oldest(c);
    }
    tell_forgotten(c, from, to);
}

static void make_room_in(struct block_cache *c, struct arena *a, size_t size)
{
    while (room_ahead(c, a) < size) {
        if (oldest_ahead(c, a))
            free_part(c, a, size);
        else
            a->at = a->start;
    }
}

/*
 * Pages that are about to be used for the first time, from the host in one go: a fault for each
 * would take longer than what is written there. `exec`: and where the second view of them is.
 */
static void ask_for_pages(struct arena *a, intptr_t exec)
{
    enum { AHEAD = 256 << 10, LEFT = 32 << 10 };
    size_t left = (size_t)(a->end - a->there), size = left < AHEAD ? left : AHEAD;

    if (!size || a->there - a->at >= LEFT)
        return;
    madvise(a->there, size, MADV_POPULATE_WRITE); /* hints, unknown before Linux 5.14 */
    if (exec)
        madvise(a->there + exec, size, MADV_POPULATE_READ);
    a->there += size;
}

/* Those that are dead, and those that nothing ever led to. */
static void take_newest_back(struct block_cache *c)
{
    while (c->newest && !c->newest->kept) {
        struct block *b = c->newest;
        tell_forgotten(c, b->made, b->made + b->made_size);
        give_away(c, b);
        c->code.at = b->made;
        c->blocks.at = (u8 *)b;
    }
}

void room_make(struct block_cache *c, size_t code)
{
    take_newest_back(c);
    make_room_in(c, &c->code, code);
    make_room_in(c, &c->blocks, sizeof(struct block) + BLOCK_EXITS * sizeof(struct exit_site));
    ask_for_pages(&c->code, c->exec);
    ask_for_pages(&c->blocks, 0);
}

size_t room_most(const struct block_cache *c)
{
    return (size_t)(c->code.end - c->code.start) / 2;
}

void room_take(struct block_cache *c, struct block *b, size_t code)
{
    if (c->overwrites)
        host_serialize();
    c->overwrites = false;
    b->made = c->code.at;
    b->made_size = (u32)code;
    b->older = c->newest;
    b->younger = NULL;
    *(c->newest ? &c->newest->younger : &c->oldest) = b;
    c->newest = b;
    c->used += code;
    c->code.at += code;
    c->blocks.at += sizeof *b + b->exits * sizeof *b->sites;
}

void room_forget_all(struct block_cache *c)
{
    tell_forgotten(c, c->code.start, c->code.end);
    c->oldest = c->newest = NULL;
    c->given_away++;
    c->overwrites = true;
    c->used = 0;
    c->code.at = c->code.start;
    c->blocks.at = c->blocks.start;
}
