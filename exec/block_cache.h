/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of the code cache, for its parts:
 *
 *   block.c        lookup, chaining, death
 *   block_make.c   from guest code to a block
 *   block_room.c   memory for blocks; the oldest make room for the next
 *   block_bytes.c  which bytes of a page are code
 */
#ifndef EXEC_BLOCK_CACHE_H
#define EXEC_BLOCK_CACHE_H

#include "exec/block.h"

/* Blocks lie in a ring: the next goes to `at`, in front of which the oldest ones are. */
struct arena {
    u8 *start, *at, *end;
    u8 *there; /* pages in front of it have been asked for */
};

enum { STRADDLERS = 64 };

/* Where blocks begin that were killed by writes; how often, since another took the entry. */
struct rewritten {
    u32 physical, times;
};
enum { REWRITTEN = 64 };

/* Of so many pages it is known which bytes are code: as many as a program in real mode can have. */
enum { BYTES_OF_PAGES = 256 };
struct code_bytes;

struct block_cache {
    struct core *core;
    const struct guest *guest;
    struct memory *memory;
    const struct stops *stops; /* NULL: nobody debugs */
    const struct engine *engine, *second;
    struct arena code, blocks; /* the writable view of the code, and its descriptors */
    intptr_t exec;             /* from the writable view to the executable one */
    struct block *oldest, *newest;
    u64 given_away;  /* places of blocks, to others */
    bool overwrites; /* the next block's code lies where other code may have just run */
    size_t used;
    struct block **hash;
    u32 hash_mask;
    u32 length;                           /* of a block, in instructions: at most */
    bool counts;                          /* instructions, by core.budget */
    struct block **pages;                 /* by physical page: the blocks made from it */
    struct code_bytes *bytes;             /* by the lowest bits of a page's number */
    struct block *straddlers[STRADDLERS]; /* of two pages, and chained to */
    u32 straddler_count;
    struct rewritten rewritten[REWRITTEN]; /* by the lowest bits of the address */
    struct flush_listener listener;        /* unchains them */
    const struct engine *better;           /* see cache_improve */
    u32 runs;
    const u32 *chosen;
    size_t chosen_count;
    struct cache_stats stats;
    struct code_listener *listeners;
    struct profile *profile; /* with -count, else both are NULL */
    struct sampler *sampler;
    struct stream stream;
    u32 uops;                         /* of the stream, without what a block's form adds */
    u8 code_bytes[STREAM_INSNS * 16]; /* what it was made from, for the listing */
};

/* --- block.c --- */

/* Makes sure that a block is never found nor jumped to again. What it is made of stays. */
void cache_remove(struct block_cache *c, struct block *b);
/* A block's place in the list of one of its pages. */
static inline struct block_link *cache_page_link(struct block *b, u32 page)
{
    return &b->same_page[b->physical >> 12 != page];
}

/* --- block_make.c --- */

/*
 * Of a block that uses the stack window: so many checks may fail before it is on trial; of so many
 * runs then so many, or else it is made again without; and so many before the next trial. A check
 * that fails costs some twelve host instructions, one that holds saves four and more; being made
 * again costs as much as some thousand failures.
 */
enum {
    WINDOW_FAILS = 1 << 10,
    WINDOW_TRIAL_RUNS = 1 << 12,
    WINDOW_TRIAL_FAILS = WINDOW_TRIAL_RUNS / 4,
    WINDOW_LATER_FAILS = 1 << 20,
};

/*
 * A window makes a block some tenth longer to make, which is worth it for code that stays. What has
 * been written over so often has to run so often first.
 */
enum { WINDOW_REWRITTEN = 8, WINDOW_PUT_OFF_RUNS = 1 << 10 };

/* What a block is to be like, beside what the cpu's state says. */
struct block_plan {
    u32 form;                /* 0 or MODE_NO_WINDOW */
    u32 max_insns, max_size; /* at most so many instructions, and they end within so many bytes */
    bool better;             /* by the better engine */
    enum window_use window;  /* unless it cannot */
    s32 fails;               /* of the window's check */
    bool rest;               /* of another: flags may be undefined at its exits as at that one's */
};
/* A block of the code at core->pc, found by nobody yet. */
struct block *cache_translate(struct block_cache *c, const struct block_plan *plan);

/* --- block_room.c --- */

bool room_create(struct block_cache *c, size_t size);
void room_destroy(struct block_cache *c);
/* Room at c->code.at for `code` bytes, at most room_most(), and at c->blocks.at for a descriptor.
 */
void room_make(struct block_cache *c, size_t code);
size_t room_most(const struct block_cache *c);
/* What was made there is a block. */
void room_take(struct block_cache *c, struct block *b, size_t code);
void room_forget_all(struct block_cache *c);

/* --- block_bytes.c --- */

bool bytes_create(struct block_cache *c);
void bytes_destroy(struct block_cache *c);
/* Is one of the bytes [from, to) of a page in a block, or was it in one that has died since? */
bool bytes_have_code(struct block_cache *c, u32 page, u32 from, u32 to);
/* A block is in the list of that page now. */
void bytes_add(struct block_cache *c, u32 page, const struct block *b);
/* What was in the way of a write was no block: the next one looks anew. */
void bytes_forget(struct block_cache *c, u32 page);

#endif
