/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The exec loop: requests, interrupts, exceptions, and blocks one after the other.
 *
 * The rule that keeps the emulator answering: whatever a guest can do without end comes by here,
 * or by cpu_run_blocks in lockstep, after a bounded time, and what somebody outside asks for
 * (exec_stop, exec_request) is served before what the guest is about to do. So
 *
 *   generated code     tests exit_request before all that may close a loop: jumps back, indirect
 *                      ones, going on at 0 behind FFFFFFFFh (translate/i386/flow.c)
 *   strings            are left between two elements or runs of them (exec/i386/string.c)
 *   exceptions         wait in cpu->core.raised: delivering one is a turn of the loop, however
 * often that raises the next resets, HLT        are turns, too devices            do in one access
 * or timer what takes a bounded time, and catch up by arithmetic; one that waits for the outside
 * does so where an end is heard
 *
 * A turn that serves does so once; then the guest comes on by an instruction at least, so that
 * nobody outside can starve it.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "exec/block.h"
#include "exec/i386/debug.h"
#include "exec/i386/fpu.h"
#include "exec/i386/mmu.h"
#include "exec/i386/model.h"
#include "exec/lockstep.h"
#include "exec/stats.h"
#include "ops/i386/table.h"

struct exec {
    struct cpu cpu;
    struct memory *memory;
    struct memory_listener listener;
    struct board board;
    const struct engine *engine[2]; /* the second, and lockstep, in lockstep only */
    unsigned running;               /* which of them */
    struct block_cache *cache;
    struct lockstep *lockstep;
    struct profile *profile; /* with -count */
    struct sampler *sampler;
    jmp_buf out;   /* of an instruction that cannot be completed */
    u32 requested; /* somebody outside the cpu asked for service: atomic */
    bool stop;     /* atomic */
    bool reset;
    bool mixed;    /* the cache has a better engine */
    bool is_alone; /* cpu->core.alone is being served, or no block runs: writes need spare none */
    struct loop_stats stats;
};

/* --- for the rest of the cpu --- */

/* What came of a block that did not end by itself. */
enum outcome { CPU_WENT_ON, CPU_RAISED, CPU_LEFT };

_Noreturn void cpu_raise_code(struct cpu *cpu, unsigned vector, u32 error)
{
    cpu->core.raised = true;
    cpu->raised_vector = (u8)vector;
    cpu->raised_error = error;
    longjmp(cpu->rest.exec->out, CPU_RAISED);
}

_Noreturn void cpu_raise(struct cpu *cpu, unsigned vector)
{
    cpu_raise_code(cpu, vector, 0);
}

_Noreturn void cpu_leave(struct cpu *cpu)
{
    longjmp(cpu->rest.exec->out, CPU_LEFT);
}

bool exec_code_written(struct cpu *cpu, u32 physical, unsigned size)
{
    struct exec *e = cpu->rest.exec;
    bool running = cache_kill(e->cache, physical, size, cpu->seg[CS].base + cpu->core.pc);

    if (!running || e->is_alone)
        return false;
    cpu->core.alone = true;
    return true;
}

void exec_alone(struct cpu *cpu)
{
    struct exec *e = cpu->rest.exec;

    if (e->is_alone)
        return;
    cpu->core.alone = true;
    cpu_leave(cpu);
}

void exec_code_breakpoints(struct cpu *cpu)
{
    u32 addresses[BREAKPOINTS];
    unsigned count = debug_code_addresses(cpu, addresses);

    cache_set_breakpoints(cpu->rest.exec->cache, addresses, count);
}

/* Writes by devices and loaders: no instruction is in the middle of such a block. */
static void code_written(void *owner, u32 address, unsigned size)
{
    struct exec *e = owner;

    cache_kill(e->cache, address, size, 0);
}

u32 port_read(struct cpu *cpu, u16 port, unsigned size)
{
    struct exec *e = cpu->rest.exec;

    return e->board.port_read(e->board.board, port, size);
}

void port_write(struct cpu *cpu, u16 port, u32 value, unsigned size)
{
    struct exec *e = cpu->rest.exec;

    e->board.port_write(e->board.board, port, value, size);
}

u64 cpu_clock(struct cpu *cpu)
{
    struct exec *e = cpu->rest.exec;

    return e->board.clock(e->board.board);
}

const struct board *cpu_board(const struct cpu *cpu)
{
    return &cpu->rest.exec->board;
}

struct memory *cpu_memory(const struct cpu *cpu)
{
    return cpu->rest.exec->memory;
}

/* --- for the board --- */

struct cpu *exec_cpu(struct exec *e)
{
    return &e->cpu;
}

void exec_state_changed(struct exec *e)
{
    cpu_update_mode(&e->cpu);
    mem_flush(&e->cpu);
}

void exec_reset(struct exec *e)
{
    cpu_reset_state(&e->cpu);
    e->cpu.int_line = false;
    e->cpu.core.alone = e->is_alone = e->reset = false;
    cache_flush(e->cache);
}

/* From any thread. In lockstep it is taken up between stretches: both runs must see the same. */
static void request_from_outside(struct exec *e)
{
    __atomic_store_n(&e->requested, 1, __ATOMIC_RELEASE);
    if (!e->lockstep)
        cpu_request_exit(&e->cpu);
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
    cpu_request_exit(&e->cpu);
}

void exec_interrupt_line(struct exec *e, bool level)
{
    e->cpu.int_line = level;
    if (level && (e->cpu.eflags & FLAG_IF))
        cpu_request_exit(&e->cpu);
}

void exec_a20_line(struct exec *e, bool level)
{
    u32 mask = level ? ~0u : ~(1u << 20);

    if (mask == e->cpu.a20_mask)
        return;
    e->cpu.a20_mask = mask;
    mem_flush(&e->cpu);
}

/* --- creation --- */

static bool start_counting(struct exec *e, const char **error)
{
    size_t size;
    const void *code = cache_code(e->cache, &size);

    if (e->engine[0] == interp_engine())
        code = interp_code(&i386_uops, &size);
    *error = "no room for counts, or no timer";
    e->profile = profile_create();
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

    e->lockstep = lockstep_create(&e->cpu, e->cache, &e->board, names);
    if (e->lockstep)
        e->board = *lockstep_board(e->lockstep);
    return e->lockstep;
}

static bool create_cache(struct exec *e, size_t size, const char **error)
{
    e->cache = cache_create(&e->cpu, e->engine[0], e->engine[1], size);
    if (!e->cache)
        *error = errno == EACCES || errno == EPERM
                     ? "memory may not become executable here (-jit interp needs none that is)"
                     : "no room for the code cache (-jit-cache SIZE takes less)";
    return e->cache;
}

struct exec *exec_create(const struct exec_options *options, struct memory *memory,
                         const struct board *board, const char **error)
{
    size_t size = (sizeof(struct exec) + 63) & ~(size_t)63;
    struct exec *e = aligned_alloc(64, size);
    bool lockstep = options->jit == JIT_LOCKSTEP;

    *error = "no room for the cpu";
    if (!e)
        return NULL;
    memset(e, 0, size);
    e->memory = memory;
    e->board = *board;
    e->engine[0] = engine_of(lockstep ? options->lockstep[0] : options->jit);
    e->engine[1] = lockstep ? second_engine(options) : NULL;
    e->cpu.rest.exec = e;
    e->cpu.model = options->model ? options->model : model_default();
    e->cpu.a20_mask = ~0u;
    if (!mmu_create(&e->cpu, memory) || !create_cache(e, options->cache_size, error) ||
        (lockstep && !create_lockstep(e))) {
        exec_destroy(e);
        return NULL;
    }
    e->mixed = options->jit == JIT_MIXED;
    if (e->mixed)
        cache_improve(e->cache, ir_engine(), options->runs, options->chosen, options->chosen_count);
    if (options->count && !start_counting(e, error)) {
        exec_destroy(e);
        return NULL;
    }
    e->listener = (struct memory_listener){.code_written = code_written, .owner = e};
    memory_listen(memory, &e->listener);
    cpu_reset_state(&e->cpu);
    stats_prepare();
    return e;
}

void exec_destroy(struct exec *e)
{
    memory_unlisten(e->memory, &e->listener);
    lockstep_destroy(e->lockstep);
    sampler_destroy(e->sampler);
    profile_destroy(e->profile);
    cache_destroy(e->cache);
    if (e->cpu.rest.mmu)
        mmu_destroy(&e->cpu);
    free(e);
}

/* --- the loop --- */

static bool interrupt_is_due(const struct cpu *cpu)
{
    return cpu->int_line && (cpu->eflags & FLAG_IF) && !cpu->shadow;
}

/* Was a stop asked for? A later exec_run goes on. */
static bool take_stop(struct exec *e)
{
    return __atomic_exchange_n(&e->stop, false, __ATOMIC_ACQUIRE);
}

/* Does anything, in the cpu or outside, want a turn of the loop? */
static bool take_request(struct exec *e)
{
    struct cpu *cpu = &e->cpu;

    /* In lockstep requests from outside are not in exit_request. */
    if (!__atomic_load_n(&cpu->core.exit_request, __ATOMIC_RELAXED) &&
        !__atomic_load_n(&e->requested, __ATOMIC_RELAXED))
        return false;
    __atomic_store_n(&cpu->core.exit_request, 0, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return true;
}

/* What was asked for from outside, and resets. False when the run is over. */
static bool serve_outside(struct exec *e)
{
    if (__atomic_exchange_n(&e->requested, 0, __ATOMIC_ACQUIRE))
        e->board.service(e->board.board);
    if (take_stop(e))
        return false;
    if (!e->reset)
        return true;
    e->reset = false;
    e->cpu.core.exit = NULL;
    e->board.reset(e->board.board);
    return !take_stop(e);
}

static void take_interrupt(struct exec *e)
{
    struct cpu *cpu = &e->cpu;

    cpu->core.exit = NULL;
    cpu->core.halted = false;
    e->stats.interrupts++;
    e->is_alone = true; /* see deliver_raised */
    cpu_deliver_interrupt(cpu, (unsigned)e->board.acknowledge(e->board.board));
    e->is_alone = false;
}

/* A halted cpu's turn. */
static void rest(struct exec *e)
{
    e->cpu.core.exit = NULL;
    e->board.idle(e->board.board);
    cpu_request_exit(&e->cpu);
}

/* An interrupt may have waited for an instruction that was not completed. */
static void look_at_line(struct cpu *cpu)
{
    if (cpu->int_line)
        cpu_request_exit(cpu);
}

static void deliver_raised(struct exec *e)
{
    struct cpu *cpu = &e->cpu;

    cpu->core.raised = false;
    e->is_alone = true; /* the frame may fall on the block that is to run */
    cpu_deliver_exception(cpu, cpu->raised_vector, cpu->raised_error);
    e->is_alone = false;
    look_at_line(cpu);
}

static void enter(struct exec *e, const struct block *b)
{
    const struct engine *engine = e->engine[e->running];

    if (e->sampler)
        sampler_enter(e->sampler, IN_HELPERS);
    engine->enter(&i386_uops, &e->cpu.core, e->running ? b->other : b->code);
    if (e->sampler)
        sampler_enter(e->sampler, IN_LOOP);
}

static void set_step_mode(struct cpu *cpu, bool on)
{
    u64 bit = (u64)MODE_STEP << 32;

    cpu->core.mode_key = on ? cpu->core.mode_key | bit : cpu->core.mode_key & ~bit;
}

/*
 * RF is cleared when an instruction begins; until it ends, breakpoints on it do not count, as
 * behind a load of SS (SDM vol. 3, 17.3.1.1).
 */
static void begin_one(struct exec *e)
{
    struct cpu *cpu = &e->cpu;

    cpu->core.exit = NULL;
    cpu->debug.resuming = cpu->eflags & FLAG_RF || cpu->shadow == SHADOW_TRAPS;
    cpu->debug.stepping = cpu->eflags & FLAG_TF;
    cpu->eflags &= ~(u32)FLAG_RF;
    cpu->shadow = NO_SHADOW;
    e->is_alone = true;
    set_step_mode(cpu, true);
}

static void end_one(struct exec *e)
{
    struct cpu *cpu = &e->cpu;

    cpu->core.exit = NULL;
    cpu->debug.resuming = cpu->debug.stepping = false;
    cpu->core.alone = e->is_alone = false;
    set_step_mode(cpu, false);
}

/*
 * One instruction by itself: the shadow of STI or a load of SS, behind which interrupts are looked
 * at; a single step (SDM vol. 3, 17.3.1.4); RF; see also `alone`.
 */
static void run_one(struct exec *e)
{
    struct cpu *cpu = &e->cpu;
    bool in_shadow = cpu->shadow;

    begin_one(e);
    debug_check_code(cpu);
    enter(e, cpu->core.alone ? cache_get_single(e->cache) : cache_get(e->cache, NULL));
    if (cpu->debug.stepping)
        debug_step(cpu);
    if (in_shadow)
        cpu_request_exit(cpu);
    end_one(e);
}

static void log_entry(const struct exec *e, const struct block *b)
{
    log_if(LOG_EXEC, "exec %08x mode %05x\n", b->base + b->eip, b->mode);
    if (log_mask & LOG_CPU)
        cpu_log_state(&e->cpu);
}

static void run_block(struct exec *e)
{
    struct cpu *cpu = &e->cpu;
    struct exit_site *from = cpu->core.exit;
    struct block *b;

    cpu->core.exit = NULL; /* fetching may raise an exception */
    debug_check_code(cpu);
    bool logs = log_mask & (LOG_EXEC | LOG_CPU);
    b = cache_get(e->cache, logs ? NULL : from);
    bool user = b->mode & MODE_USER;
    e->stats.entries[user]++;
    e->stats.unchained[user] += from != NULL;
    if (logs) {
        log_entry(e, b);
        if (!e->lockstep)
            mem_flush(cpu); /* no jumps past this log */
    }
    enter(e, b);
}

/*
 * Is the next instruction to run by itself? Also where the loop is wanted again before it begins:
 * a block may test that first, and would never get on.
 */
static bool is_one_due(const struct cpu *cpu)
{
    return cpu->core.alone || cpu->shadow || (cpu->eflags & (FLAG_TF | FLAG_RF)) ||
           __atomic_load_n(&cpu->core.exit_request, __ATOMIC_RELAXED);
}

/* An exception's delivery, or the next block, of whichever kind is due. */
static void run_next(struct exec *e)
{
    const struct cpu *cpu = &e->cpu;

    if (cpu->core.raised)
        deliver_raised(e);
    else if (is_one_due(cpu))
        run_one(e);
    else
        run_block(e);
}

/*
 * Before the next instruction come: an exception that was raised, a trap, an interrupt (SDM
 * vol. 3, table 6-2). There is no trap while an exception waits.
 */
static void run(struct exec *e)
{
    struct cpu *cpu = &e->cpu;

    for (;;) {
        if (take_request(e)) {
            if (!serve_outside(e))
                return;
            debug_take_trap(cpu);
            if (!cpu->core.raised && interrupt_is_due(cpu))
                take_interrupt(e);
        }
        debug_take_trap(cpu); /* the interrupt's frame may have met a breakpoint */
        if (cpu->core.halted && !cpu->core.raised)
            rest(e);
        else if (e->lockstep)
            lockstep_run(e->lockstep);
        else
            run_next(e);
    }
}

/* After a block, or a delivery, that did not end by itself. */
static void recover(struct exec *e, enum outcome how)
{
    struct cpu *cpu = &e->cpu;
    bool alone = cpu->core.alone, resuming = cpu->debug.resuming;

    end_one(e);
    if (e->sampler)
        sampler_enter(e->sampler, IN_LOOP);
    if (how == CPU_LEFT) { /* what was left comes again as it was */
        cpu->core.alone = alone;
        cpu->eflags |= resuming ? FLAG_RF : 0;
        look_at_line(cpu);
    } else {
        e->stats.exceptions++;
        cpu->debug.trap = 0;
    }
}

void exec_run(struct exec *e)
{
    struct cpu *cpu = &e->cpu;
    int how;

    fpu_enter(cpu);
    how = setjmp(e->out);
    if (how)
        recover(e, (enum outcome)how);
    run(e);
    fpu_leave(cpu);
}

void exec_listen(struct exec *e, struct code_listener *listener)
{
    cache_listen(e->cache, listener);
}

static bool stretch_ends(const struct exec *e)
{
    const struct cpu *cpu = &e->cpu;

    return cpu->core.exit_request || cpu->core.halted || lockstep_is_full(e->lockstep) ||
           __atomic_load_n(&e->requested, __ATOMIC_RELAXED);
}

u32 cpu_run_blocks(struct cpu *cpu, unsigned engine, u32 blocks, bool exactly)
{
    struct exec *e = cpu->rest.exec;
    jmp_buf outer;
    volatile u32 done = 0;
    int how;

    memcpy(&outer, &e->out, sizeof outer);
    e->running = engine;
    how = setjmp(e->out);
    if (how)
        recover(e, (enum outcome)how);
    while (done < blocks && (done == 0 || exactly || !stretch_ends(e))) {
        done++;
        run_next(e);
    }
    e->running = 0;
    memcpy(&e->out, &outer, sizeof outer);
    return done;
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
        .mmu = &e->cpu.rest.mmu->stats,
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
