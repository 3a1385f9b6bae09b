/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The code cache: translated blocks, found by where and in which mode they run, chained to each
 * other, and killed when the guest writes to what they were made from.
 *
 * Code lies in shared memory that is mapped twice: a writable view and an executable one. Blocks'
 * descriptors have an arena of their own. When either is full, the oldest blocks make room.
 */
#ifndef EXEC_BLOCK_H
#define EXEC_BLOCK_H

#include "exec/guest.h"
#include "exec/report/profile.h"
#include "exec/report/sampler.h"
#include "translate/ir/ir.h"
#include "translate/translate.h"

struct block;
/* A place in a list, which one leaves without a search: pages and targets have thousands. */
struct block_link {
    struct block *next, **at; /* what leads here */
};

/*
 * How a block's code uses the stack window (ops/window.h). A check that has failed often is tried
 * for some runs that are counted; if it fails too often, the block is made again without. Code that
 * has been written over several times is without at first, and is to get one when it has run often.
 */
enum window_use { WINDOW_UNUSED, WINDOW_USED, WINDOW_ON_TRIAL, WINDOW_PUT_OFF };

struct block {
    struct block_key key; /* with `physical` */
    u32 physical;         /* of the first byte */
    u32 end_page;         /* if it straddles: number of the physical page of its last byte */
    u32 size;             /* of the guest code, in bytes */
    const void *code;
    const void *behind_check; /* of the stack window; or NULL */
    const void *other;        /* in lockstep, the interpreter's */
    struct block *same_hash;
    struct block_link same_page[2]; /* in the lists of its one or two pages */
    struct exit_site *incoming;     /* chained to this block */
    struct block *older, *younger;  /* made before it, and next */
    struct profile_block *counted;  /* with -count; else NULL */
    u8 *made;                       /* where code was made for it, in the writable view */
    u32 made_size;
    u32 exits;
    s32 runs_left;  /* with a better engine: until it is worth that; on trial: of the trial; put
                       off: until it is worth a window */
    s32 fails_left; /* of the stack window's check, until somebody looks into it */
    struct window_reach uses; /* of the stack window, with behind_check */
    u8 window;                /* enum window_use */
    u8 insns;                 /* the guest's instructions in it */
    bool kept;                /* lookups find it, and it is in the lists of its pages */
    bool straddles;           /* two linear pages; maybe the same physical one twice */
    bool dead, best;
    struct exit_site sites[];
};

struct cache_stats {
    u64 blocks, insns, guest_bytes, code_bytes, uops; /* translated */
    u64 chains, unchains, kills;
    u64 looks;     /* at a block, whether a write is to kill it */
    u64 evictions; /* blocks that made room */
    u64 flushes;   /* all was forgotten */
    struct {
        u64 blocks;  /* that use the stack window, */
        u64 forms;   /* that were made for a check that had failed, */
        u64 left;    /* that were left before a device, */
        u64 without; /* that were made again without, */
        u64 put_off; /* that were made without for now, since their code is written often */
        u64 passed;  /* chained to behind their check */
    } window;
    u64 improved; /* made again by the better engine, and what that has made */
    u64 better_insns, better_bytes, better_nanoseconds;
    u64 nanoseconds; /* spent translating */
};

struct block_cache;
struct stops;

/*
 * NULL if the host has no room. `size` is that of the code, in bytes. With a second engine each
 * block is also made for that, and blocks are neither chained nor found by the jump cache.
 */
struct block_cache *cache_create(struct core *core, const struct guest *guest,
                                 const struct engine *engine, const struct engine *second,
                                 size_t size);
void cache_destroy(struct block_cache *c);
/*
 * From now on a better engine makes again what has run `runs` times (0: nothing), and from the
 * start blocks at the linear addresses `chosen`, which are sorted and stay the caller's.
 */
void cache_improve(struct block_cache *c, const struct engine *better, u32 runs, const u32 *chosen,
                   size_t count);
/* From now on blocks count how often they run, and translating is an activity. */
void cache_count(struct block_cache *c, struct profile *profile, struct sampler *sampler);
/* From now on blocks charge core.budget (translate/uop.h: stream_count_insns). */
void cache_count_insns(struct block_cache *c);
void cache_listen(struct block_cache *c, struct code_listener *listener);
/* The executable view, all of it. */
const void *cache_code(const struct block_cache *c, size_t *size);

/*
 * The block for the cpu's state, translated if need be; raises what fetching its code raises. The
 * direct jump `from`, by which the cpu came here, goes straight to it from now on; or NULL.
 */
struct block *cache_get(struct block_cache *c, struct exit_site *from);
/* The same for an exit that asks for another form of the block that it is of: see exit_site.mode.
 */
struct block *cache_get_other(struct block_cache *c, struct exit_site *from);
/* A block of one instruction that is not kept: no lookup finds it, no write kills it. */
struct block *cache_get_single(struct block_cache *c);
/*
 * The block of which the code at the host's address `at` is has been left at core->pc, because what
 * the instruction there does might end the stack window: a block like it from there on, which is
 * not kept and does without. It will do without from its start the next time.
 */
struct block *cache_get_rest(struct block_cache *c, const void *at);
/* Kills the blocks of which the mode has one of these bits. */
void cache_kill_mode(struct block_cache *c, u32 bits);
/*
 * Kills the blocks made from [physical, physical + size); true if the instruction at hand of
 * `running` lies in one of them. NULL: nobody runs.
 */
bool cache_kill(struct block_cache *c, u32 physical, u32 size, struct core *running);
/*
 * From now on blocks end before a debugger's breakpoints, and are entered at one by the loop alone.
 * Whenever one comes or goes, blocks that reach its linear address are to be killed.
 */
void cache_heed_stops(struct block_cache *c, const struct stops *stops);
void cache_kill_linear(struct block_cache *c, u32 linear);
void cache_flush(struct block_cache *c);
/* Instructions that a block has at most: exec_set_block_length. */
void cache_set_length(struct block_cache *c, u32 insns);
u32 cache_length(const struct block_cache *c);
/* Prints the block at core->pc in all its forms. */
void cache_print(struct block_cache *c);
const struct cache_stats *cache_stats(const struct block_cache *c);
size_t cache_used(const struct block_cache *c);

/* -d in_asm,op,out_asm: a block in its forms, those that log_mask asks for (listing.c). */
struct listing_code {
    const u8 *at; /* readable */
    u64 address;
    size_t size;
};
/* -d ir,ir_opt: the IR of a block as it was lowered, and after each pass. */
void listing_print_ir(const struct ir *ir, const char *pass);
void listing_print(const struct stream *s, const u8 *guest, const struct isa *isa,
                   const struct listing_code *host);

#endif
