/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From guest code to a block: see block_cache.h. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "exec/block_cache.h"
#include "exec/stops.h"
#include "ops/host/dyngen.h"
#include "translate/window.h"

/* --- guest code --- */

struct fetcher {
    struct block_cache *c;
    struct block_key key;
    u32 page; /* linear, of `host`; 1, which is no page's address, before the first byte */
    const u8 *host;
    u32 physical;
};

static void fetch_page(struct fetcher *f, u32 linear)
{
    u32 at = softmmu_code_address(f->c->core, linear, f->key.mode & MODE_USER);

    f->physical = at & ~(u32)PAGE_MASK;
    f->host = memory_page(f->c->memory, f->physical).host;
    f->page = linear & ~(u32)PAGE_MASK;
}

static u8 fetch_byte(void *context, u32 pc)
{
    struct fetcher *f = context;
    u32 linear = f->key.base + pc;
    u8 byte;

    if ((linear & ~(u32)PAGE_MASK) != f->page)
        fetch_page(f, linear);
    byte = f->host ? f->host[linear & PAGE_MASK]
                   : (u8)memory_read(f->c->memory, f->physical | (linear & PAGE_MASK), 1);
    if (pc - f->key.pc < sizeof f->c->code_bytes)
        f->c->code_bytes[pc - f->key.pc] = byte;
    return byte;
}

/* RAM that the TLB knows: nobody sees that it was looked at. */
static bool peek(void *context, u32 linear, u32 *value)
{
    const struct fetcher *f = context;
    const struct tlb_entry *e = tlb_entry(f->c->core, f->key.mode & MODE_USER, linear);

    if (e->read != ((linear + sizeof *value - 1) & ~(u32)PAGE_MASK))
        return false;
    memcpy(value, tlb_host(e, linear), sizeof *value);
    return true;
}

/* --- code --- */

static void tell_listeners(struct block_cache *c, const struct engine *engine,
                           const struct code *code)
{
    struct new_code new_code = {
        .address = c->stream.base + c->stream.pc,
        .engine = engine->name,
        .at = code->entry,
        .size = code->size,
    };

    if (engine->native)
        for (struct code_listener *l = c->listeners; l; l = l->next)
            l->added(l, &new_code);
}

static void list(struct block_cache *c, const struct code *code)
{
    const struct stream *s = &c->stream;
    struct listing_code host = {
        .at = code->entry,
        .address = (u64)(uintptr_t)code->entry,
        .size = code->text,
    };
    if (log_mask & (LOG_IN_ASM | LOG_OP | LOG_OUT_ASM))
        listing_print(s, c->code_bytes, c->guest->isa(s->mode),
                      c->engine != interp_engine() ? &host : NULL);
}

/* Code being made: where the next engine's goes, and how far it may. */
struct making {
    u8 *at, *end;
};

/* The code of an engine for the stream at hand. */
static bool generate_code(struct block_cache *c, const struct engine *engine, struct block *b,
                          struct making *m, struct code *code)
{
    struct dyngen_emit out = {.at = m->at, .end = m->end, .exec = c->exec};

    if (generate(engine, &c->stream, &out, b->sites, code) != DYNGEN_OK)
        return false;
    dyngen_flush(code->entry, code->size);
    m->at += (code->size + engine->alignment - 1) & -engine->alignment;
    return true;
}

static void note_code(struct block_cache *c, const struct engine *engine, const struct block *b,
                      const struct code *code)
{
    c->stats.code_bytes += code->size;
    c->stats.better_bytes += b->best ? code->size : 0;
    tell_listeners(c, engine, code);
}

static int by_address(const void *a, const void *b)
{
    const u32 *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static bool is_chosen(const struct block_cache *c, u32 linear)
{
    return c->chosen_count &&
           bsearch(&linear, c->chosen, c->chosen_count, sizeof linear, by_address);
}

/* The stream at hand begins with what counts the block's runs, and leaves it before the last. */
static void count_runs(struct block_cache *c, struct block *b, s32 runs)
{
    struct stream *s = &c->stream;

    b->runs_left = runs;
    if (s->count >= STREAM_UOPS)
        return;
    memmove(s->uops + 1, s->uops, s->count++ * sizeof *s->uops);
    s->uops[0] = uop_make(s->table, UOP_count_down, s->pc);
    s->uops[0].imm[0] = (u32)(uintptr_t)&b->runs_left;
}

/*
 * Which engine the stream at hand is for, and whether with the stack window. A block that may get a
 * better engine counts its runs, and so does one on trial.
 */
static void choose_form(struct block_cache *c, struct block *b, const struct block_plan *plan)
{
    const struct stream *s = &c->stream;

    b->best = c->better && (plan->better || is_chosen(c, s->base + s->pc));
    b->window = (u8)plan->window;
    b->fails_left = plan->fails;
    if (plan->window == WINDOW_ON_TRIAL)
        count_runs(c, b, WINDOW_TRIAL_RUNS);
    else if (plan->window == WINDOW_PUT_OFF)
        count_runs(c, b, WINDOW_PUT_OFF_RUNS);
    else if (c->better && !b->best && c->runs && !(s->mode & (MODE_STEP | MODE_NO_WINDOW)))
        count_runs(c, b, (s32)c->runs);
}

/*
 * The stream at hand by the stack window, if that is to be tried, and the engine makes templates of
 * it. In lockstep no failures are counted: what runs there does not depend on what has run;
 * and what is left in the middle ends where the block does, so no loop is to be there again.
 */
static void use_window(struct block_cache *c, const struct engine *engine, struct block *b)
{
    u32 failures = c->second ? 0 : (u32)(uintptr_t)&b->fails_left;

    if (c->second && c->stream.repeats)
        b->window = WINDOW_UNUSED;
    else if (b->window == WINDOW_PUT_OFF)
        c->stats.window.put_off++;
    else if (engine == template_engine() && stream_use_window(&c->stream, failures))
        c->stats.window.blocks++;
    else
        b->window = WINDOW_UNUSED;
}

/* Of the stream at hand, in `room` bytes; NULL if it needs more. */
static struct block *generate_block(struct block_cache *c, const struct block_plan *plan,
                                    size_t room)
{
    struct block *b = (struct block *)c->blocks.at;
    struct making m = {c->code.at, c->code.at + room};

    c->uops = c->stream.count;
    choose_form(c, b, plan);
    const struct engine *engine = b->best ? c->better : c->engine;
    struct code code = {.map = NULL}, other = {.map = NULL};

    /* The second first, so that the exits are those of the other one. */
    if (c->second && !generate_code(c, c->second, b, &m, &other))
        return NULL;
    use_window(c, engine, b);
    if (!generate_code(c, engine, b, &m, &code))
        return NULL;
    if (c->second)
        note_code(c, c->second, b, &other);
    note_code(c, engine, b, &code);
    b->other = other.entry;
    b->code = code.entry;
    b->behind_check = code.behind_check;
    b->uses = code.uses;
    b->exits = code.exits;
    b->kept = b->straddles = b->dead = false;
    b->incoming = NULL;
    b->counted = NULL;
    for (u32 i = 0; i < code.exits; i++) {
        b->sites[i].from = b;
        b->sites[i].dead = !c->second   ? 0
                           : plan->rest ? FLAGS_ALL
                                        : stream_dead_flags(&c->stream, b->sites[i].pc);
    }
    room_take(c, b, (size_t)(m.at - c->code.at));
    list(c, &code);
    return b;
}

/* --- the whole way --- */

static u64 now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (u64)t.tv_sec * 1000000000u + (u64)t.tv_nsec;
}

/* One block in so many is timed, for all of them: asking for the time is not cheap. */
enum { TIMED = 16 };

static bool is_timed(const struct block_cache *c)
{
    return c->stats.blocks % TIMED == 0;
}

static void note_block(struct block_cache *c, const struct block *b, u64 nanoseconds)
{
    c->stats.blocks++;
    c->stats.insns += c->stream.insns;
    c->stats.guest_bytes += c->stream.size;
    c->stats.uops += c->uops;
    c->stats.nanoseconds += nanoseconds;
    if (b->best) {
        c->stats.better_insns += c->stream.insns;
        c->stats.better_nanoseconds += nanoseconds;
    }
}

/* A block in `room` bytes; NULL if it needs more. */
static struct block *make(struct block_cache *c, const struct code_source *source,
                          const struct block_plan *plan, size_t room)
{
    struct profile_block *counted = NULL;
    struct block *b;

    room_make(c, room);
    c->guest->translate(c->core, &c->stream, source);
    if (c->counts && !stream_count_insns(&c->stream))
        return NULL;
    if (plan->window == WINDOW_UNUSED)
        c->stream.mode |= MODE_NO_WINDOW;
    stream_put_off_notes(&c->stream);
    stream_drop_dead(&c->stream);
    if (c->profile)
        counted = profile_add(c->profile, &c->stream, c->code_bytes);
    b = generate_block(c, plan, room);
    if (b)
        b->counted = counted;
    else
        profile_release(counted);
    return b;
}

/* No instruction is known that has no room; if there is one, it is undefined. */
static struct block *make_undefined(struct block_cache *c, const struct code_source *source,
                                    const struct block_plan *plan, size_t room)
{
    log_if(LOG_UNIMP, "no code can be made for %08x\n", source->base + c->core->pc);
    c->guest->translate_undefined(c->core, &c->stream, source);
    if (c->counts)
        stream_count_insns(&c->stream);
    return generate_block(c, plan, room);
}

static u32 smaller(u32 a, u32 b)
{
    return a < b ? a : b;
}

/* Those behind its first instruction end a block before them. */
static bool has_breakpoint(const struct block_cache *c, u32 linear)
{
    return c->stops && stops_is_at(c->stops, linear);
}

static struct block *translate(struct block_cache *c, const struct block_plan *plan)
{
    /* What nearly every block has room in. */
    enum { SOME_ROOM = 16 << 10 };
    size_t most = room_most(c);
    const struct engine *engine = plan->better && c->better ? c->better : c->engine;
    struct fetcher fetcher = {.c = c, .key = c->guest->key(c->core), .page = 1};
    struct code_source source = {
        .context = &fetcher,
        .fetch = fetch_byte,
        .base = fetcher.key.base,
        .limit = fetcher.key.limit,
        .all_flags = c->counts || /* any instruction may be the last before an interrupt */
                     (c->second && (c->engine == ir_engine() || c->second == ir_engine())),
        .counts = c->counts,
        .loop_body = c->counts || has_breakpoint(c, fetcher.key.base + fetcher.key.pc)
                         ? 0
                         : engine->loop_body,
        .max_insns = plan->max_insns,
        .max_size = plan->max_size,
        /* No guess is worth its time where code is written over and over. */
        .regs = plan->window == WINDOW_PUT_OFF ? NULL : core_regs(c->core),
        .peek = peek,
    };
    if (c->stops)
        source.max_size =
            smaller(source.max_size, stops_distance(c->stops, source.base + fetcher.key.pc));
    bool timed = is_timed(c);
    u64 start = timed ? now() : 0;
    struct block *b = make(c, &source, plan, SOME_ROOM < most ? SOME_ROOM : most);

    while (!b && source.max_insns) { /* in smaller pieces */
        b = make(c, &source, plan, most);
        source.max_insns /= 4;
    }
    if (!b)
        b = make_undefined(c, &source, plan, most);
    b->key = fetcher.key;
    b->key.mode |= plan->form;
    b->size = c->stream.size;
    b->insns = (u8)c->stream.insns;
    note_block(c, b, timed ? (now() - start) * TIMED : 0);
    return b;
}

struct block *cache_translate(struct block_cache *c, const struct block_plan *plan)
{
    enum activity before = IN_LOOP;
    struct block *b;

    if (c->sampler)
        before = sampler_enter(c->sampler, IN_TRANSLATION);
    b = translate(c, plan);
    if (c->sampler)
        sampler_enter(c->sampler, before);
    return b;
}
