/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The exec loop: requests, interrupts, exceptions, and blocks one after the other.
 *
 * The rule that keeps the emulator answering: whatever a guest can do without end comes by here,
 * or by exec_run_blocks in lockstep, after a bounded time, and what somebody outside asks for
 * (exec_stop, exec_request) is served before what the guest is about to do. So
 *
 *   - Generated code tests exit_request before all direct jumps that may close a loop: back, and on
 *     at 0 behind FFFFFFFFh. That is a decoder's matter (translate/i386/flow.c). Jumps that ask the
 *     jump cache find nothing in it then (ops/jump_cache.h).
 *   - An instruction that repeats itself is left between two repetitions, or runs of them
 *     (exec/i386/string.c).
 *   - An exception waits in core->raised: delivering one is a turn of the loop, however often that
 *     raises the next one. So is a reset, and a halt.
 *   - A device does in one access, or when a timer fires, what takes a bounded time, and catches up
 *     by arithmetic; one that waits for the outside does so where an end is heard.
 *
 * A turn that serves does so once; then the guest comes on by an instruction at least, so that
 * nobody outside can starve it.
 *
 * Generated code is entered here alone, and comes back in one of two ways: by a return, with
 * core->exit the direct jump by which it left, or NULL; or by longjmp, from core_raise and
 * core_leave, with the state as before the instruction at core->pc. So C code that a block calls
 * must not hold what a longjmp would lose, and changes guest state only when it can no longer fail.
 *
 * core->exit is a promise that lives for one turn: the block that it is in still exists, and what
 * comes next is where its jump leads. Whatever comes between (an exception, an interrupt, a reset,
 * a block by itself) makes it NULL first, and so does a block's place that is given to another
 * (block.c). No state that is kept for later has it.
 */
#include <string.h>

#include "exec/exec_internal.h"

/* --- for the rest of the cpu --- */

/* What came of a block that did not end by itself. */
enum outcome { CPU_WENT_ON, CPU_RAISED, CPU_LEFT, CPU_LEFT_WINDOW };

_Noreturn void core_raise(struct core *core)
{
    core->raised = true;
    longjmp(core->rest->exec->out, CPU_RAISED);
}

_Noreturn void core_leave(struct core *core)
{
    longjmp(core->rest->exec->out, CPU_LEFT);
}

_Noreturn void core_leave_window(struct core *core)
{
    longjmp(core->rest->exec->out, CPU_LEFT_WINDOW);
}

bool exec_code_written(struct core *core, u32 physical, unsigned size)
{
    struct exec *e = core->rest->exec;
    bool running = cache_kill(e->cache, physical, size, core);

    if (!running || e->is_alone)
        return false;
    core->alone = ALONE_NEW;
    return true;
}

void exec_alone(struct core *core)
{
    struct exec *e = core->rest->exec;

    if (e->is_alone)
        return;
    core->alone = ALONE_NEW;
    core_leave(core);
}

void exec_before_device(struct core *core)
{
    struct exec *e = core->rest->exec;

    if (!e->icount.on || e->is_alone)
        return;
    core->alone = ALONE_KEPT;
    core_leave(core);
}

/* --- the loop --- */

static bool interrupt_is_due(const struct exec *e)
{
    return e->guest->interrupt_is_due(e->core);
}

/* Was a stop asked for? A later exec_run goes on. */
static bool take_stop(struct exec *e)
{
    return __atomic_exchange_n(&e->stop, false, __ATOMIC_ACQUIRE);
}

/* Does anything, in the cpu or outside, want a turn of the loop? */
static bool take_request(struct exec *e)
{
    struct core *core = e->core;

    /* In lockstep requests from outside are not in exit_request. */
    if (!__atomic_load_n(&core->exit_request, __ATOMIC_RELAXED) &&
        !__atomic_load_n(&e->requested, __ATOMIC_RELAXED) && !icount_is_up(&e->icount, core))
        return false;
    __atomic_store_n(&core->exit_request, 0, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return true;
}

/* The board's turn: when it is asked for, or when its deadline has come. */
static void serve_board(struct exec *e)
{
    bool requested = __atomic_exchange_n(&e->requested, 0, __ATOMIC_ACQUIRE);

    if (!e->icount.on) {
        if (requested)
            e->board->service(e->board->board);
    } else if (icount_is_up(&e->icount, e->core) && icount_take_deadline(&e->icount, e->core)) {
        e->board->service(e->board->board);
        icount_go_on(&e->icount, e->core);
    }
}

static void serve_reset(struct exec *e)
{
    if (!e->reset)
        return;
    e->reset = false;
    e->core->exit = NULL;
    e->board->reset(e->board->board);
}

/*
 * Resets, then what was asked for from outside, which finds no reset that waits: it is not part of
 * the state. False when the run is over.
 */
static bool serve_outside(struct exec *e)
{
    serve_reset(e);
    serve_board(e);
    return !take_stop(e);
}

static void take_interrupt(struct exec *e)
{
    struct core *core = e->core;

    core->exit = NULL;
    core->halted = false;
    e->stats.interrupts++;
    e->is_alone = true; /* see deliver_raised */
    e->guest->take_interrupt(core);
    e->is_alone = false;
}

/* A halted cpu's turn. */
static void rest(struct exec *e)
{
    e->core->exit = NULL;
    e->board->idle(e->board->board);
    core_request_exit(e->core);
}

/* An interrupt may have waited for an instruction that was not completed. */
static void look_at_line(struct core *core)
{
    if (core->int_line)
        core_request_exit(core);
}

static void deliver_raised(struct exec *e)
{
    e->core->raised = false;
    e->core->budget -= e->icount.on;
    e->is_alone = true; /* the frame may fall on the block that is to run */
    e->guest->deliver_exception(e->core);
    e->is_alone = false;
    look_at_line(e->core);
}

static void enter(struct exec *e, const struct block *b)
{
    const struct engine *engine = e->engine[e->running];

    if (e->sampler)
        sampler_enter(e->sampler, IN_HELPERS);
    engine->enter(e->guest->uops, e->core, e->running ? b->other : b->code);
    e->core->rest->unrun = 0;
    if (e->sampler)
        sampler_enter(e->sampler, IN_LOOP);
}

static void set_step_mode(struct core *core, bool on)
{
    core->mode = on ? core->mode | MODE_STEP : core->mode & ~(u32)MODE_STEP;
}

static void begin_one(struct exec *e)
{
    e->core->exit = NULL;
    e->guest->begin_one(e->core);
    e->is_alone = true;
    set_step_mode(e->core, true);
}

static void end_one(struct exec *e)
{
    e->core->exit = NULL;
    e->core->alone = ALONE_NOT;
    e->is_alone = false;
    set_step_mode(e->core, false);
}

/* One instruction by itself: see guest->is_one_due, and core->alone. */
static void run_one(struct exec *e)
{
    struct core *core = e->core;

    begin_one(e);
    e->guest->before_block(core);
    enter(e, core->alone == ALONE_NEW ? cache_get_single(e->cache) : cache_get(e->cache, NULL));
    e->guest->end_one(core);
    end_one(e);
}

/* --- a debugger's stops --- */

static u32 linear_pc(const struct exec *e)
{
    struct block_key key = e->guest->key(e->core);

    return key.base + key.pc;
}

static void tell_stop(struct exec *e, struct stop stop)
{
    e->stops.met = false;
    e->told = true;
    e->told_at = linear_pc(e);
    e->ahead = AHEAD_NOTHING;
    e->on_stop(e->stop_owner, &stop);
}

static bool was_told_here(const struct exec *e)
{
    return e->told && e->told_at == linear_pc(e);
}

/* Is there a breakpoint at the next instruction? Then it has been told of, or is to be passed. */
static bool stop_before(struct exec *e)
{
    if (!stops_is_at(&e->stops, linear_pc(e)))
        return false;
    if (was_told_here(e))
        e->ahead = AHEAD_PASS;
    else
        tell_stop(e, (struct stop){.cause = STOP_BREAKPOINT, .address = linear_pc(e)});
    return true;
}

/*
 * The next instruction by itself, with no breakpoint looked at and no interrupt before it: the one
 * at which it was stopped, or a step, which ends with the delivery of what it raises.
 */
static void go_ahead(struct exec *e)
{
    e->guest->take_trap(e->core);
    if (e->core->raised) {
        e->ahead = e->ahead == AHEAD_PASS ? AHEAD_NOTHING : AHEAD_STEPPED;
        deliver_raised(e);
    } else if (e->ahead == AHEAD_STEPPED) {
        tell_stop(e, (struct stop){.cause = STOP_STEP, .address = linear_pc(e)});
    } else {
        e->going = e->ahead;
        e->ahead = e->ahead == AHEAD_STEP ? AHEAD_STEPPED : AHEAD_NOTHING;
        e->told = false;
        e->core->alone = ALONE_NEW;
        run_one(e);
        e->going = AHEAD_NOTHING;
    }
}

static void log_entry(const struct exec *e, const struct block *b)
{
    log_if(LOG_EXEC, "exec %08x mode %05x\n", b->key.base + b->key.pc, b->key.mode);
    if (log_mask & LOG_CPU)
        e->guest->print_state(e->core, log_output());
}

/*
 * Has a block been left before it did anything, for its other form (exit_site.mode)? That is no
 * turn of the loop: which form a block has, is the engine's own affair, and in lockstep the other
 * one is to come as far.
 */
static bool wants_other_form(const struct exec *e)
{
    return e->core->exit && e->core->exit->mode;
}

/* Are there more instructions in it than may run? It might leave before the first one. */
static bool is_too_long(const struct exec *e, const struct block *b)
{
    return e->icount.on && e->core->budget < b->insns;
}

static void run_block(struct exec *e)
{
    struct core *core = e->core;
    struct exit_site *from = core->exit;
    struct block *b;

    core->exit = NULL; /* fetching may raise an exception */
    e->guest->before_block(core);
    bool logs = log_mask & (LOG_EXEC | LOG_CPU);
    b = cache_get(e->cache, logs ? NULL : from);
    if (is_too_long(e, b)) {
        run_one(e);
        return;
    }
    bool user = b->key.mode & MODE_USER;
    e->stats.entries[user]++;
    e->stats.unchained[user] += from != NULL;
    if (logs) {
        log_entry(e, b);
        if (!e->lockstep)
            softmmu_flush(core); /* no jumps past this log */
    }
    enter(e, b);
    while (wants_other_form(e)) {
        from = core->exit;
        core->exit = NULL;
        enter(e, cache_get_other(e->cache, from));
    }
}

/*
 * Is the next instruction to run by itself? Also where the loop is wanted again before it begins:
 * a block may test that first, and would never get on; and in lockstep where a block may be too
 * long.
 */
static bool is_one_due(const struct exec *e)
{
    return e->core->alone || (e->lockstep && e->icount.on && e->core->budget < STREAM_INSNS) ||
           e->guest->is_one_due(e->core) ||
           __atomic_load_n(&e->core->exit_request, __ATOMIC_RELAXED);
}

/* An exception's delivery, or the next block, of whichever kind is due. */
static void run_next(struct exec *e)
{
    const struct core *core = e->core;

    if (core->raised)
        deliver_raised(e);
    else if (e->stops.codes && stop_before(e))
        return;
    else if (is_one_due(e))
        run_one(e);
    else
        run_block(e);
}

/*
 * Before the next instruction come: an exception that was raised, a trap, an interrupt. There is
 * no trap while an exception waits.
 */
static void run(struct exec *e)
{
    struct core *core = e->core;

    for (;;) {
        if (e->stops.met)
            tell_stop(e, e->stops.stop);
        if (e->ahead && !core->halted) {
            go_ahead(e);
            continue;
        }
        if (take_request(e)) {
            if (!serve_outside(e))
                return;
            e->guest->take_trap(core);
            if (!core->raised && interrupt_is_due(e))
                take_interrupt(e);
        }
        e->guest->take_trap(core); /* the interrupt's frame may have met a breakpoint */
        if (core->halted && !core->raised)
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
    struct core *core = e->core;
    u8 alone = core->alone;

    icount_give_back(core);
    end_one(e);
    if (e->sampler)
        sampler_enter(e->sampler, IN_LOOP);
    softmmu_rely_on_window(core, false);
    e->guest->abandon(core, how != CPU_RAISED);
    if (how == CPU_LEFT_WINDOW) { /* in the same turn, see wants_other_form() */
        enter(e, cache_get_rest(e->cache, core->resume));
        return;
    }
    if (how == CPU_LEFT) { /* what was left comes again as it was */
        core->alone = alone;
        e->ahead = e->going ? e->going : e->ahead;
        look_at_line(core);
    } else {
        e->stats.exceptions++;
    }
    e->going = AHEAD_NOTHING;
}

void exec_run(struct exec *e)
{
    struct core *core = e->core;
    int how;

    e->guest->enter(core);
    e->runs = true;
    if (e->stops.codes && was_told_here(e) && !e->ahead)
        e->ahead = AHEAD_PASS;
    e->told = false;
    core->exit = NULL; /* somebody may have changed its state */
    core_request_exit(core);
    how = setjmp(e->out);
    if (how)
        recover(e, (enum outcome)how);
    run(e);
    e->runs = false;
    e->guest->leave(core);
}

static bool stretch_ends(const struct exec *e)
{
    const struct core *core = e->core;

    return core->exit_request || core->halted || lockstep_is_full(e->lockstep) ||
           icount_is_up(&e->icount, core) || __atomic_load_n(&e->requested, __ATOMIC_RELAXED);
}

u32 exec_run_blocks(struct core *core, unsigned engine, u32 blocks, bool exactly)
{
    struct exec *e = core->rest->exec;
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
