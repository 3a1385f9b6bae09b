/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A cpu as the rest of the program sees it: how it is made, what it has, what may be asked of it
 * from outside. What runs it is loop.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exec/exec_internal.h"
#include "exec/registers.h"

/* --- for the rest of the cpu --- */

void exec_forget_mode(struct core *core, u32 bits)
{
    cache_kill_mode(core->rest->exec->cache, bits);
}

const struct board *exec_board(const struct core *core)
{
    return core->rest->exec->board;
}

const struct guest *exec_guest(const struct exec *e)
{
    return e->guest;
}

struct memory *exec_memory(const struct exec *e)
{
    return e->memory;
}

static u64 ask_clock(struct core *core, const struct log_event *event)
{
    const struct board *b = exec_board(core);

    (void)event;
    return b->clock(b->board);
}

u64 exec_clock(struct core *core)
{
    struct log_event event = {.kind = LOG_CLOCK};

    return exec_ask(core, &event, ask_clock);
}

unsigned exec_acknowledge(struct core *core)
{
    const struct board *b = exec_board(core);

    return (unsigned)b->acknowledge(b->board);
}

/* --- for the board --- */

struct core *exec_core(struct exec *e)
{
    return e->core;
}

const struct register_set *exec_registers(const struct exec *e)
{
    return e->guest->registers;
}

void exec_state_changed(struct exec *e)
{
    e->guest->changed(e->core);
    softmmu_flush(e->core);
}

void exec_reset(struct exec *e)
{
    e->guest->reset(e->core);
    e->core->int_line = false;
    e->core->alone = ALONE_NOT;
    e->is_alone = e->reset = false;
    cache_flush(e->cache);
}

/*
 * From any thread. In lockstep it is taken up between stretches: both runs must see the same; where
 * instructions are counted, when the board's next turn comes.
 */
static void request_from_outside(struct exec *e)
{
    __atomic_store_n(&e->requested, 1, __ATOMIC_RELEASE);
    if (!e->lockstep && !e->icount.on)
        core_request_exit(e->core);
}

void exec_stop(struct exec *e)
{
    __atomic_store_n(&e->stop, true, __ATOMIC_RELEASE);
    request_from_outside(e);
}

void exec_request(struct exec *e)
{
    request_from_outside(e);
}

void exec_request_reset(struct exec *e)
{
    e->reset = true;
    core_request_exit(e->core);
}

void exec_interrupt_line(struct exec *e, bool level)
{
    e->core->int_line = level;
    if (e->guest->interrupt_is_due(e->core))
        core_request_exit(e->core);
}

void exec_set_block_length(struct exec *e, unsigned insns)
{
    cache_set_length(e->cache, insns);
}

unsigned exec_block_length(const struct exec *e)
{
    return cache_length(e->cache);
}

/* --- the state, to be saved and restored --- */

bool exec_is_entered(const struct exec *e)
{
    return e->runs;
}

struct exec_state exec_open_state(struct exec *e)
{
    if (e->runs)
        e->guest->leave(e->core);
    e->guest->saving(e->core);
    return (struct exec_state){e->guest->state, e->core};
}

/* What waits in the restored state is looked at before its next instruction. */
void exec_close_state(struct exec *e, bool restored)
{
    if (restored) {
        e->guest->restored(e->core);
        softmmu_flush(e->core);
        e->core->exit = NULL;
        e->reset = false; /* what was asked for is no more */
        core_request_exit(e->core);
    }
    if (e->runs)
        e->guest->enter(e->core);
}

uint64_t exec_instructions(struct exec *e)
{
    return icount_now(&e->icount, e->core);
}

void exec_set_deadline(struct exec *e, uint64_t instructions)
{
    icount_set_deadline(&e->icount, e->core, instructions);
}

void exec_set_instructions(struct exec *e, uint64_t instructions)
{
    icount_set(&e->icount, e->core, instructions);
    e->told = e->stops.met = false;
    e->ahead = e->going = AHEAD_NOTHING;
}

/* --- a debugger's wishes --- */

void exec_on_stop(struct exec *e, stop_fn *stopped, void *owner)
{
    e->on_stop = stopped;
    e->stop_owner = owner;
    cache_heed_stops(e->cache, &e->stops);
    e->core->rest->mmu->stops = &e->stops;
}

bool exec_set_breakpoint(struct exec *e, u32 at, bool on)
{
    if (e->lockstep || !stops_set_code(&e->stops, at, on))
        return false;
    cache_kill_linear(e->cache, at);
    return true;
}

bool exec_set_watchpoint(struct exec *e, struct watchpoint watch, bool on)
{
    if (e->lockstep || !stops_set_watch(&e->stops, watch, on))
        return false;
    softmmu_flush(e->core);
    return true;
}

void exec_forget_stops(struct exec *e)
{
    stops_destroy(&e->stops);
    e->told = false;
    e->ahead = AHEAD_NOTHING;
    cache_flush(e->cache);
}

bool exec_step(struct exec *e)
{
    e->ahead = AHEAD_STEP;
    return !e->lockstep;
}

/* --- creation --- */

/* Writes by devices and loaders: no instruction is in the middle of such a block. */
static void code_written(void *owner, u32 address, unsigned size)
{
    struct exec *e = owner;

    cache_kill(e->cache, address, size, NULL);
}

static bool start_counting(struct exec *e, const char **error)
{
    size_t size;
    const void *code = cache_code(e->cache, &size);

    if (e->engine[0] == interp_engine())
        code = interp_code(e->guest->uops, &size);
    *error = "no room for counts, or no timer";
    e->profile = profile_create(e->guest);
    e->sampler = sampler_create(code, size);
    if (!e->profile || !e->sampler)
        return false;
    cache_count(e->cache, e->profile, e->sampler);
    return true;
}

static const struct engine *engine_of(enum jit jit)
{
    return jit == JIT_INTERP ? interp_engine() : jit == JIT_IR ? ir_engine() : template_engine();
}

/* In lockstep; its zero is the default. */
static const struct engine *second_engine(const struct exec_options *options)
{
    enum jit first = options->lockstep[0], second = options->lockstep[1];

    return engine_of(first == second ? JIT_INTERP : second);
}

static bool create_lockstep(struct exec *e)
{
    const char *const names[] = {e->engine[0]->name, e->engine[1]->name};

    e->lockstep = lockstep_create(e->core, e->guest, e->cache, names);
    return e->lockstep;
}

static bool create_cache(struct exec *e, size_t size, const char **error)
{
    e->cache = cache_create(e->core, e->guest, e->engine[0], e->engine[1], size);
    if (!e->cache)
        *error = errno == EACCES || errno == EPERM
                     ? "memory may not become executable here (-jit interp needs none that is)"
                     : "no room for the code cache (-jit-cache SIZE takes less)";
    return e->cache;
}

/* All zeros, where its guest's alignment is met. */
static void *new_cpu(size_t size)
{
    enum { ALIGNMENT = 64 };
    void *cpu;

    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    cpu = aligned_alloc(ALIGNMENT, size);
    return cpu ? memset(cpu, 0, size) : NULL;
}

static bool create_cpu(struct exec *e, const struct exec_options *options)
{
    const struct guest *guest = options->guest;

    e->guest = guest;
    e->core = new_cpu(guest->cpu_size);
    if (!e->core)
        return false;
    e->core->rest = (struct core_rest *)((u8 *)e->core + guest->uops->rest);
    e->core->rest->exec = e;
    guest->create(e->core, options);
    return softmmu_create(e->core, e->memory, guest->paging);
}

static bool create_all(struct exec *e, const struct exec_options *options, const char **error)
{
    bool lockstep = options->jit == JIT_LOCKSTEP;

    *error = "no room for the cpu";
    if (!create_cpu(e, options))
        return false;
    e->engine[0] = engine_of(lockstep ? options->lockstep[0] : options->jit);
    e->engine[1] = lockstep ? second_engine(options) : NULL;
    if (!create_cache(e, options->cache_size, error) || (lockstep && !create_lockstep(e)))
        return false;
    if (options->icount) {
        icount_start(&e->icount, e->core);
        cache_count_insns(e->cache);
    }
    e->mixed = options->jit == JIT_MIXED;
    if (e->mixed)
        cache_improve(e->cache, ir_engine(), options->runs, options->chosen, options->chosen_count);
    return !options->count || start_counting(e, error);
}

struct exec *exec_create(const struct exec_options *options, struct memory *memory,
                         const struct board *board, const char **error)
{
    struct exec *e = calloc(1, sizeof *e);

    *error = "no room for the cpu";
    if (!e)
        return NULL;
    e->memory = memory;
    e->board = board;
    if (!create_all(e, options, error)) {
        exec_destroy(e);
        return NULL;
    }
    e->listener = (struct memory_listener){.code_written = code_written, .owner = e};
    memory_listen(memory, &e->listener);
    e->guest->reset(e->core);
    stats_prepare();
    return e;
}

void exec_destroy(struct exec *e)
{
    if (e->listener.owner)
        memory_unlisten(e->memory, &e->listener);
    lockstep_destroy(e->lockstep);
    stops_destroy(&e->stops);
    sampler_destroy(e->sampler);
    profile_destroy(e->profile);
    cache_destroy(e->cache);
    if (e->core)
        softmmu_destroy(e->core);
    free(e->core);
    free(e);
}

void exec_listen(struct exec *e, struct code_listener *listener)
{
    cache_listen(e->cache, listener);
}

/* --- counters --- */

static struct run_stats stats_of(const struct exec *e)
{
    return (struct run_stats){
        .engine = e->lockstep ? "lockstep"
                  : e->mixed  ? "mixed"
                              : e->engine[0]->name,
        .cache = cache_stats(e->cache),
        .cache_used = cache_used(e->cache),
        .mmu = &e->core->rest->mmu->stats,
        .loop = &e->stats,
        .profile = e->profile,
        .sampler = e->sampler,
    };
}

void exec_print_stats(struct exec *e, FILE *to)
{
    struct run_stats stats = stats_of(e);

    stats_print(&stats, to);
    if (e->lockstep)
        lockstep_print_stats(e->lockstep, to);
}

bool exec_write_stats(struct exec *e, FILE *to)
{
    struct run_stats stats = stats_of(e);

    return stats_write(&stats, to);
}
