/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -jit lockstep: see lockstep.h. */
#include "exec/lockstep.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "exec/i386/fpu.h"
#include "exec/i386/mmu.h"

/* All of struct cpu that an instruction can change, but for what is a cache; in blocks. */
enum { STATE_SIZE = offsetof(struct cpu, rest), STRETCH = 4096 };

/* The state that a run left. */
struct outcome {
    u8 state[STATE_SIZE];
    u32 flags; /* the arithmetic ones, */
    u32 dead;  /* of the first run: but for these, which nobody will read */
};

struct lockstep {
    struct cpu *cpu;
    struct block_cache *cache;
    struct memory *memory;
    struct board outer, inner; /* the machine's; what the cpu sees */
    const char *name[2];
    struct write_log *log;
    FILE *nowhere;
    bool running;
    struct outcome first, second;
    u8 before[STATE_SIZE];
    u64 blocks, stretches;
    u64 alone; /* stretches that one engine ran */
    u64 again; /* that were the same only with caches that were empty for both */
};

/* --- the board --- */

static uint32_t inner_port_read(void *board, uint16_t port, unsigned size)
{
    struct lockstep *l = board;
    struct log_event event = {.kind = LOG_PORT_READ, .size = (u8)size, .address = port};

    if (!l->running)
        return l->outer.port_read(l->outer.board, port, size);
    if (!log_replay(l->log, &event, l->cpu)) {
        event.read = l->outer.port_read(l->outer.board, port, size);
        log_note(l->log, &event, l->cpu);
    }
    return (uint32_t)event.read;
}

static void inner_port_write(void *board, uint16_t port, uint32_t value, unsigned size)
{
    struct lockstep *l = board;
    struct log_event event = {
        .kind = LOG_PORT_WRITE, .size = (u8)size, .address = port, .written = value};

    if (l->running && log_replay(l->log, &event, l->cpu))
        return;
    l->outer.port_write(l->outer.board, port, value, size);
    if (l->running)
        log_note(l->log, &event, l->cpu);
}

static uint64_t inner_clock(void *board)
{
    struct lockstep *l = board;
    struct log_event event = {.kind = LOG_CLOCK};

    if (!l->running)
        return l->outer.clock(l->outer.board);
    if (!log_replay(l->log, &event, l->cpu)) {
        event.read = l->outer.clock(l->outer.board);
        log_note(l->log, &event, l->cpu);
    }
    return event.read;
}

static bool inner_ferr(void *board, bool level)
{
    struct lockstep *l = board;
    struct log_event event = {.kind = LOG_FERR, .written = level};

    if (!l->running)
        return l->outer.ferr(l->outer.board, level);
    if (!log_replay(l->log, &event, l->cpu)) {
        event.read = l->outer.ferr(l->outer.board, level);
        log_note(l->log, &event, l->cpu);
    }
    return event.read;
}

static int inner_acknowledge(void *board)
{
    struct lockstep *l = board;
    return l->outer.acknowledge(l->outer.board);
}

static void inner_service(void *board)
{
    struct lockstep *l = board;
    l->outer.service(l->outer.board);
}

static void inner_idle(void *board)
{
    struct lockstep *l = board;
    l->outer.idle(l->outer.board);
}

static void inner_reset(void *board)
{
    struct lockstep *l = board;
    l->outer.reset(l->outer.board);
}

const struct board *lockstep_board(const struct lockstep *l)
{
    return &l->inner;
}

/* --- creation --- */

struct lockstep *lockstep_create(struct cpu *cpu, struct block_cache *cache,
                                 const struct board *board, const char *const engines[2])
{
    struct lockstep *l = calloc(1, sizeof *l);

    if (!l)
        return NULL;
    l->cpu = cpu;
    l->cache = cache;
    l->memory = cpu_memory(cpu);
    l->outer = *board;
    l->inner = (struct board){
        .board = l,
        .port_read = inner_port_read,
        .port_write = inner_port_write,
        .acknowledge = inner_acknowledge,
        .service = inner_service,
        .idle = inner_idle,
        .reset = inner_reset,
        .clock = inner_clock,
        .ferr = board->ferr ? inner_ferr : NULL,
    };
    l->name[0] = engines[0];
    l->name[1] = engines[1];
    l->nowhere = fopen("/dev/null", "w");
    l->log = write_log_create(l->memory);
    if (!l->nowhere || !l->log) {
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
    free(l);
}

bool lockstep_is_full(const struct lockstep *l)
{
    return log_is_full(l->log);
}

/* --- a run --- */

/* The exits of a block are described as the first engine numbers them. */
static u32 dead_flags(const struct cpu *cpu)
{
    u32 dead = cpu->core.exit ? cpu->core.exit->dead : 0;
    return (dead & FLAGS_CARRY ? FLAG_CF : 0) |
           (dead & FLAGS_OTHERS ? FLAGS_ARITH & ~(u32)FLAG_CF : 0);
}

/* Runs so many blocks, of the first engine maybe fewer; how many it were. */
static u32 run(struct lockstep *l, unsigned which, u32 blocks, struct outcome *o)
{
    struct cpu *cpu = l->cpu;
    unsigned mask = log_mask;

    if (log_replays(l->log))
        log_mask = 0;
    mem_log_writes(cpu, l->log);
    l->running = true;
    fpu_enter(cpu);
    blocks = cpu_run_blocks(cpu, which, blocks, log_replays(l->log));
    fpu_leave(cpu);
    l->running = false;
    mem_log_writes(cpu, NULL);
    log_mask = mask;
    memcpy(o->state, cpu, STATE_SIZE);
    o->flags = cc_get(cpu);
    o->dead = which == 0 ? dead_flags(cpu) : 0;
    return blocks;
}

/* Takes a run back, so that the next one starts from the same state. */
static void take_back(struct lockstep *l)
{
    log_rewind(l->log);
    memcpy(l->cpu, l->before, STATE_SIZE);
}

/* The same with nothing in any cache: what a run depends on beside the state. */
static void take_back_with_caches(struct lockstep *l)
{
    take_back(l);
    cache_flush(l->cache);
}

/* --- comparing --- */

/*
 * Not compared: where the engines' own code is, what is nothing between blocks, how the flags are
 * stored, and what only devices drive.
 */
/* NOLINTBEGIN(bugprone-sizeof-expression): sizes of fields that are pointers */
#define FIELD(f)                                                                                   \
    {                                                                                              \
        offsetof(struct cpu, f), sizeof(((struct cpu *)0)->f)                                      \
    }
static const struct {
    size_t at, size;
} own[] = {
    {offsetof(struct cpu, regs) + T0 * sizeof(u32), (LOCATIONS - T0) * sizeof(u32)},
    FIELD(core.resume),
    FIELD(core.exit),
    FIELD(core.slow),
    FIELD(core.slow_imm),
    FIELD(kept),
    FIELD(carry),
    FIELD(cc_dst),
    FIELD(cc_src),
    FIELD(cc_op),
    FIELD(inc_dst),
    FIELD(core.exit_request),
    FIELD(int_line),
    FIELD(nmi_line),
    FIELD(a20_mask),
};
#undef FIELD
/* NOLINTEND(bugprone-sizeof-expression) */

static void copy_own(u8 *to, const u8 *from)
{
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        memcpy(to + own[i].at, from + own[i].at, own[i].size);
}

static bool same_state(struct lockstep *l)
{
    u32 seen = ~l->first.dead;

    copy_own(l->second.state, l->first.state);
    return !((l->first.flags ^ l->second.flags) & seen) &&
           memcmp(l->first.state, l->second.state, STATE_SIZE) == 0;
}

static bool same(struct lockstep *l, FILE *report)
{
    return same_state(l) && log_same(l->log, report);
}

/* --- a difference --- */

static void print_state(struct lockstep *l, const char *name, const struct outcome *o)
{
    log_print("%s:\n", name);
    memcpy(l->cpu, o->state, STATE_SIZE);
    cc_set(l->cpu, o->flags);
    cpu_log_state(l->cpu);
}

static void print_first_byte(const struct outcome *a, const struct outcome *b)
{
    for (size_t i = 0; i < STATE_SIZE; i++)
        if (a->state[i] != b->state[i]) {
            log_print("first difference %zu bytes into struct cpu\n", i);
            return;
        }
}

_Noreturn static void differ(struct lockstep *l, u64 block)
{
    log_print("lockstep: the engines differ after %" PRIu64 " blocks\n", block);
    log_same(l->log, log_file ? log_file : stderr);
    print_first_byte(&l->first, &l->second);
    print_state(l, l->name[0], &l->first);
    print_state(l, l->name[1], &l->second);
    memcpy(l->cpu, l->before, STATE_SIZE);
    log_print("before:\n");
    cpu_log_state(l->cpu);
    log_rewind(l->log);
    cache_print(l->cache);
    fprintf(stderr, "tessera: lockstep: %s and %s differ; the log says where\n", l->name[0],
            l->name[1]);
    exit(1);
}

/* Both ran the whole stretch and differ: now block by block. */
_Noreturn static void locate(struct lockstep *l, u32 blocks)
{
    struct outcome first = l->first, second = l->second;
    u8 before[STATE_SIZE];

    memcpy(before, l->before, STATE_SIZE);
    take_back(l);
    for (u32 i = 0; i < blocks; i++) {
        log_step(l->log);
        memcpy(l->before, l->cpu, STATE_SIZE);
        cache_flush(l->cache);
        log_again(l->log);
        run(l, 0, 1, &l->first);
        take_back_with_caches(l);
        run(l, 1, 1, &l->second);
        if (!same(l, l->nowhere))
            differ(l, l->blocks + i);
        memcpy(l->cpu, l->first.state, STATE_SIZE);
    }
    /* Each block alone does not: whatever it is shows only in the whole stretch. */
    log_print("lockstep: a difference over %" PRIu32 " blocks that none of them shows alone\n",
              blocks);
    l->first = first;
    l->second = second;
    memcpy(l->before, before, STATE_SIZE);
    differ(l, l->blocks);
}

/*
 * What blocks there are decides whether a write is taken for one to code that runs, and where a
 * stretch ends with it. So a difference counts if it is there from empty caches, too; from there
 * as many blocks may come further than the run that devices have seen.
 */
static void look_again(struct lockstep *l, u32 blocks)
{
    struct outcome first = l->first;

    log_keep(l->log);
    take_back_with_caches(l);
    log_again(l->log);
    run(l, 0, blocks, &l->first);
    take_back_with_caches(l);
    run(l, 1, blocks, &l->second);
    if (!same(l, l->nowhere))
        locate(l, blocks);
    log_bring_back(l->log);
    l->first = first;
    l->again++;
}

void lockstep_run(struct lockstep *l)
{
    struct cpu *cpu = l->cpu;
    u64 writes = memory_writes(l->memory);
    u32 blocks;

    fpu_leave(cpu);
    memcpy(l->before, cpu, STATE_SIZE);
    log_record(l->log);
    blocks = run(l, 0, STRETCH, &l->first);
    if (memory_writes(l->memory) != writes) { /* a device did: that is not to be taken back */
        l->alone++;
    } else {
        take_back(l);
        run(l, 1, blocks, &l->second);
        if (!same(l, l->nowhere))
            look_again(l, blocks);
        memcpy(cpu, l->first.state, STATE_SIZE);
    }
    l->blocks += blocks;
    l->stretches++;
    fpu_enter(cpu);
}

void lockstep_print_stats(const struct lockstep *l, FILE *to)
{
    fprintf(to,
            "lockstep            %" PRIu64 " blocks in %" PRIu64 " stretches; %" PRIu64
            " with one engine, %" PRIu64 " done again\n",
            l->blocks, l->stretches, l->alone, l->again);
}
