/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -jit lockstep: see lockstep.h. */
#include "exec/lockstep.h"

#include <stdlib.h>
#include <string.h>

#include "exec/i386/fpu.h"
#include "exec/i386/mmu.h"

/* All of struct cpu that an instruction can change, but for what is a cache. */
enum { STATE_SIZE = offsetof(struct cpu, mmu), CLOCKS = 64 };

/* Of the first run, which does reach devices; of the second; of the first done again. */
enum { RECORD, SECOND, AGAIN, LOGS };

/* How a run of a block went, and the state it left. */
struct outcome {
    struct cpu_exception exception;
    enum cpu_outcome how;
    u8 state[STATE_SIZE];
};

struct lockstep {
    struct cpu *cpu;
    struct block_cache *cache;
    const struct engine *engine[2];
    bool loosely; /* flags and temporaries may be stored in different ways */
    struct write_log *log[LOGS], *running;
    FILE *nowhere;
    struct outcome first, second;
    u8 before[STATE_SIZE];
    u64 clock[CLOCKS]; /* what the first run read, for the second */
    unsigned clocks_read, clocks;
    u64 blocks;
};

struct lockstep *lockstep_create(struct cpu *cpu, struct block_cache *cache,
                                 const struct engine *first, const struct engine *second)
{
    struct lockstep *l = calloc(1, sizeof *l);

    if (!l)
        return NULL;
    l->cpu = cpu;
    l->cache = cache;
    l->engine[0] = first;
    l->engine[1] = second;
    l->loosely = first == ir_engine() || second == ir_engine();
    l->nowhere = fopen("/dev/null", "w");
    for (unsigned i = 0; i < LOGS; i++)
        if (!(l->log[i] = write_log_create(cpu_memory(cpu))) || !l->nowhere) {
            lockstep_destroy(l);
            return NULL;
        }
    /* There is always a log: between blocks too no write may go past it. */
    log_start_record(l->log[RECORD]);
    mem_log_writes(cpu, l->log[RECORD]);
    return l;
}

void lockstep_destroy(struct lockstep *l)
{
    if (!l)
        return;
    for (unsigned i = 0; i < LOGS; i++)
        if (l->log[i])
            write_log_destroy(l->log[i]);
    if (l->nowhere)
        fclose(l->nowhere);
    free(l);
}

struct write_log *lockstep_log(struct lockstep *l)
{
    return l->running;
}

u64 lockstep_clock(struct lockstep *l, u64 now)
{
    if (l->running && l->running != l->log[RECORD])
        return l->clocks_read < l->clocks ? l->clock[l->clocks_read++] : now;
    if (l->running && l->clocks < CLOCKS)
        l->clock[l->clocks++] = now;
    return now;
}

/* --- the two runs --- */

static void run(struct lockstep *l, unsigned which, const struct engine *engine, const void *code,
                struct outcome *o)
{
    l->running = l->log[which];
    mem_switch_log(l->cpu, l->running);
    fpu_enter(l->cpu);
    o->how = exec_catch(l->cpu, engine->enter, code, &o->exception);
    fpu_leave(l->cpu);
    mem_switch_log(l->cpu, l->log[RECORD]);
    l->running = NULL;
    memcpy(o->state, l->cpu, STATE_SIZE);
}

/* --- comparing --- */

/*
 * Not compared: where the engines' own code is, what devices and other threads drive (the second
 * run does not reach devices), and in the x87's image the host's instruction and operand.
 */
/* NOLINTBEGIN(bugprone-sizeof-expression): sizes of fields that are pointers */
static const struct {
    size_t at, size;
} own[] = {
#define FIELD_OF(f)                                                                                \
    {                                                                                              \
        offsetof(struct cpu, f), sizeof(((struct cpu *)0)->f)                                      \
    }
    FIELD_OF(resume),   FIELD_OF(exit),
    FIELD_OF(ip),       FIELD_OF(exit_request),
    FIELD_OF(int_line), FIELD_OF(nmi_line),
    FIELD_OF(a20_mask), FIELD_OF(slow),
    FIELD_OF(slow_imm), {offsetof(struct cpu, fpu.image) + 12, 16},
#undef FIELD_OF
};
/* NOLINTEND(bugprone-sizeof-expression) */

static void copy_own(u8 *to, const u8 *from)
{
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        memcpy(to + own[i].at, from + own[i].at, own[i].size);
}

static bool same_exception(const struct outcome *a, const struct outcome *b)
{
    return a->how == b->how &&
           (a->how != CPU_RAISED || (a->exception.vector == b->exception.vector &&
                                     a->exception.error == b->exception.error));
}

static void print_state(struct lockstep *l, const char *name, const struct outcome *o)
{
    memcpy(l->cpu, o->state, STATE_SIZE);
    log_print("%s: ", name);
    if (o->how == CPU_RAISED)
        log_print("exception %02x, error %04x\n", o->exception.vector, o->exception.error);
    else
        log_print("%s\n", o->how == CPU_LEFT ? "left" : "went on");
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

_Noreturn static void differ(struct lockstep *l)
{
    log_print("lockstep: the engines differ after %llu blocks\n", (unsigned long long)l->blocks);
    print_first_byte(&l->first, &l->second);
    print_state(l, l->engine[0]->name, &l->first);
    print_state(l, l->engine[1]->name, &l->second);
    memcpy(l->cpu, l->before, STATE_SIZE);
    log_print("before:\n");
    cpu_log_state(l->cpu);
    cache_print(l->cache);
    fprintf(stderr, "tessera: lockstep: %s and %s differ; the log says where\n", l->engine[0]->name,
            l->engine[1]->name);
    exit(1);
}

/*
 * The IR's code keeps temporaries and what flags follow from as it likes: of these, what they
 * come to is compared.
 */
static void make_flags_comparable(struct cpu *cpu, const u8 *state)
{
    memcpy(cpu, state, STATE_SIZE);
    cc_set(cpu, cc_get(cpu));
    cpu->cc_dst = cpu->inc_dst = cpu->carry = cpu->kept = cpu->regs[T0] = cpu->regs[T1] = 0;
}

static bool same_state(const struct lockstep *l)
{
    static struct cpu first, second;

    if (!l->loosely)
        return memcmp(l->first.state, l->second.state, STATE_SIZE) == 0;
    make_flags_comparable(&first, l->first.state);
    make_flags_comparable(&second, l->second.state);
    return memcmp(&first, &second, STATE_SIZE) == 0;
}

static bool same(struct lockstep *l, unsigned first_log, FILE *report)
{
    copy_own(l->second.state, l->first.state);
    return same_exception(&l->first, &l->second) && same_state(l) &&
           log_compare(l->log[first_log], l->log[SECOND], report);
}

/* Takes a run back, so that the next one starts from the same state. */
static void take_back(struct lockstep *l, unsigned which)
{
    log_undo(l->log[which]);
    memcpy(l->cpu, l->before, STATE_SIZE);
    l->clocks_read = 0;
}

/*
 * A slow path stores flags that nobody may ever read. So if the TLB answered one run and not the
 * other, they may differ in that; with an empty TLB for both they may not.
 */
static void run_both_again(struct lockstep *l, const struct block *b)
{
    take_back(l, SECOND);
    mem_flush(l->cpu);
    log_start_replay(l->log[AGAIN], l->log[RECORD]);
    run(l, AGAIN, l->engine[0], b->code, &l->first);
    take_back(l, AGAIN);
    mem_flush(l->cpu);
    log_start_replay(l->log[SECOND], l->log[RECORD]);
    run(l, SECOND, l->engine[1], b->other, &l->second);
    if (!same(l, AGAIN, log_file ? log_file : stderr))
        differ(l);
}

void lockstep_run(struct lockstep *l, const struct block *b)
{
    struct cpu *cpu = l->cpu;
    u64 marks = cpu->mmu->marks;

    fpu_leave(cpu);
    memcpy(l->before, cpu, STATE_SIZE);
    l->clocks = l->clocks_read = 0;
    log_start_record(l->log[RECORD]);
    run(l, RECORD, l->engine[0], b->code, &l->first);
    if (l->first.how != CPU_LEFT) { /* left: it wrote to its own code, and comes again */
        u8 driven[STATE_SIZE];
        memcpy(driven, l->first.state, STATE_SIZE);
        take_back(l, RECORD);
        if (cpu->mmu->marks != marks) /* so that the second run walks the tables and marks too */
            mem_flush(cpu);
        log_start_replay(l->log[SECOND], l->log[RECORD]);
        run(l, SECOND, l->engine[1], b->other, &l->second);
        if (!same(l, RECORD, l->nowhere))
            run_both_again(l, b);
        memcpy(cpu, l->first.state, STATE_SIZE);
        copy_own((u8 *)cpu, driven);
    }
    l->blocks++;
    fpu_enter(cpu);
    if (l->first.how == CPU_RAISED)
        cpu_raise_code(cpu, l->first.exception.vector, l->first.exception.error);
    if (l->first.how == CPU_LEFT)
        cpu_leave(cpu);
}
