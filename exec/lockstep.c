/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -jit lockstep: see lockstep.h. */
#include "exec/lockstep.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "exec/digest.h"
#include "exec/guest.h"

enum { STRETCH = 4096 }; /* blocks */

/* The state that a run left: guest->state_size bytes of the cpu. */
struct outcome {
    u8 *state;
    u32 dead; /* of the first run: flags (enum flag_part) that nobody will read */
};

struct lockstep {
    struct core *core;
    const struct guest *guest;
    struct block_cache *cache;
    struct memory *memory;
    const char *name[2];
    struct write_log *log;
    FILE *nowhere;
    struct outcome first, second;
    u8 *before;
    u8 *leveled[2]; /* copies, for comparing */
    u64 blocks, stretches;
    u64 alone; /* stretches that one engine ran */
    u64 again; /* that were the same only with caches that were empty for both */
};

/* --- creation --- */

static bool allocate(struct lockstep *l)
{
    u8 **const states[] = {&l->first.state, &l->second.state, &l->before, &l->leveled[0],
                           &l->leveled[1]};

    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (!(*states[i] = malloc(l->guest->state_size)))
            return false;
    l->nowhere = fopen("/dev/null", "w");
    l->log = write_log_create(l->memory, l->guest);
    return l->nowhere && l->log;
}

struct lockstep *lockstep_create(struct core *core, const struct guest *guest,
                                 struct block_cache *cache, const char *const engines[2])
{
    struct lockstep *l = calloc(1, sizeof *l);

    if (!l)
        return NULL;
    l->core = core;
    l->guest = guest;
    l->cache = cache;
    l->memory = core->rest->mmu->memory;
    l->name[0] = engines[0];
    l->name[1] = engines[1];
    if (!allocate(l)) {
        lockstep_destroy(l);
        return NULL;
    }
    return l;
}

void lockstep_destroy(struct lockstep *l)
{
    if (!l)
        return;
    write_log_destroy(l->log);
    if (l->nowhere)
        fclose(l->nowhere);
    free(l->first.state);
    free(l->second.state);
    free(l->before);
    free(l->leveled[0]);
    free(l->leveled[1]);
    free(l);
}

bool lockstep_is_full(const struct lockstep *l)
{
    return log_is_full(l->log);
}

/* --- a run --- */

static void save(const struct lockstep *l, u8 *state)
{
    memcpy(state, l->core, l->guest->state_size);
}

static void restore(struct lockstep *l, const u8 *state)
{
    memcpy(l->core, state, l->guest->state_size);
}

/* Runs so many blocks, of the first engine maybe fewer; how many it were. */
static u32 run(struct lockstep *l, unsigned which, u32 blocks, struct outcome *o)
{
    struct core *core = l->core;
    unsigned mask = log_mask;

    if (log_replays(l->log))
        log_mask = 0;
    softmmu_log_writes(core, l->log);
    l->guest->enter(core);
    blocks = exec_run_blocks(core, which, blocks, log_replays(l->log));
    l->guest->leave(core);
    softmmu_log_writes(core, NULL);
    log_mask = mask;
    /* The exits of a block are described as the first engine numbers them. */
    o->dead = which == 0 && core->exit ? core->exit->dead : 0;
    core->exit = NULL; /* part of no state: who runs next may give that block's place away */
    save(l, o->state);
    return blocks;
}

/* Takes a run back, so that the next one starts from the same state. */
static void take_back(struct lockstep *l)
{
    log_rewind(l->log);
    restore(l, l->before);
}

/* The same with nothing in any cache: what a run depends on beside the state. */
static void take_back_with_caches(struct lockstep *l)
{
    take_back(l);
    cache_flush(l->cache);
}

/* --- comparing --- */

/*
 * A copy of a state without what the engines need not leave alike: where their own code is, how
 * flags are stored, what only devices drive.
 */
static const u8 *leveled(struct lockstep *l, unsigned which)
{
    struct core *core = (struct core *)l->leveled[which];

    memcpy(core, which ? l->second.state : l->first.state, l->guest->state_size);
    level_state(l->guest, core, l->first.dead);
    return l->leveled[which];
}

static bool same_state(struct lockstep *l)
{
    return memcmp(leveled(l, 0), leveled(l, 1), l->guest->state_size) == 0;
}

static bool same(struct lockstep *l, FILE *report)
{
    return same_state(l) && log_same(l->log, report);
}

/* --- a difference --- */

static void print_state(struct lockstep *l, const char *name, const struct outcome *o)
{
    log_print("%s:\n", name);
    restore(l, o->state);
    l->guest->print_state(l->core, log_output());
}

static void print_first_byte(struct lockstep *l)
{
    const u8 *a = leveled(l, 0), *b = leveled(l, 1);

    for (size_t i = 0; i < l->guest->state_size; i++)
        if (a[i] != b[i]) {
            log_print("first difference %zu bytes into struct cpu\n", i);
            return;
        }
}

_Noreturn static void differ(struct lockstep *l, u64 block)
{
    log_print("lockstep: the engines differ after %" PRIu64 " blocks\n", block);
    log_same(l->log, log_file ? log_file : stderr);
    print_first_byte(l);
    print_state(l, l->name[0], &l->first);
    print_state(l, l->name[1], &l->second);
    restore(l, l->before);
    log_print("before:\n");
    l->guest->print_state(l->core, log_output());
    log_rewind(l->log);
    cache_print(l->cache);
    fprintf(stderr, "tessera: lockstep: %s and %s differ; the log says where\n", l->name[0],
            l->name[1]);
    exit(1);
}

static u8 *new_state(const struct lockstep *l)
{
    u8 *state = malloc(l->guest->state_size);

    if (state)
        return state;
    fprintf(stderr, "tessera: lockstep: no memory to look at a difference\n");
    exit(1);
}

/* Both ran the whole stretch and differ: now block by block. */
_Noreturn static void locate(struct lockstep *l, u32 blocks)
{
    const struct outcome first = l->first, second = l->second;
    u8 *before = l->before;

    take_back(l);
    l->first.state = new_state(l);
    l->second.state = new_state(l);
    l->before = new_state(l);
    for (u32 i = 0; i < blocks; i++) {
        log_step(l->log);
        save(l, l->before);
        cache_flush(l->cache);
        log_again(l->log);
        run(l, 0, 1, &l->first);
        take_back_with_caches(l);
        run(l, 1, 1, &l->second);
        if (!same(l, l->nowhere))
            differ(l, l->blocks + i);
        restore(l, l->first.state);
    }
    /* Each block alone does not: whatever it is shows only in the whole stretch. */
    log_print("lockstep: a difference over %" PRIu32 " blocks that none of them shows alone\n",
              blocks);
    l->first = first;
    l->second = second;
    l->before = before;
    differ(l, l->blocks);
}

/*
 * What blocks there are decides whether a write is taken for one to code that runs, and where a
 * stretch ends with it. So a difference counts if it is there from empty caches, too; from there
 * as many blocks may come further than the run that devices have seen.
 */
static void look_again(struct lockstep *l, u32 blocks)
{
    u8 *first = new_state(l);

    memcpy(first, l->first.state, l->guest->state_size);
    log_keep(l->log);
    take_back_with_caches(l);
    log_again(l->log);
    run(l, 0, blocks, &l->first);
    take_back_with_caches(l);
    run(l, 1, blocks, &l->second);
    if (!same(l, l->nowhere))
        locate(l, blocks);
    log_bring_back(l->log);
    memcpy(l->first.state, first, l->guest->state_size);
    free(first);
    l->again++;
}

void lockstep_run(struct lockstep *l)
{
    u64 writes = memory_writes(l->memory);
    u32 blocks;

    l->guest->leave(l->core);
    save(l, l->before);
    log_record(l->log);
    blocks = run(l, 0, STRETCH, &l->first);
    if (memory_writes(l->memory) != writes) { /* a device did: that is not to be taken back */
        l->alone++;
    } else {
        take_back(l);
        run(l, 1, blocks, &l->second);
        if (!same(l, l->nowhere))
            look_again(l, blocks);
        restore(l, l->first.state);
    }
    l->blocks += blocks;
    l->stretches++;
    l->guest->enter(l->core);
}

void lockstep_print_stats(const struct lockstep *l, FILE *to)
{
    fprintf(to,
            "lockstep            %" PRIu64 " blocks in %" PRIu64 " stretches; %" PRIu64
            " with one engine, %" PRIu64 " done again\n",
            l->blocks, l->stretches, l->alone, l->again);
}
