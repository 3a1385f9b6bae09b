/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The code cache: see block.h. */
#include "exec/block.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "exec/i386/mmu.h"
#include "exec/i386/model.h"
#include "exec/place.h"

enum { HASH_BITS = 15, HASH_SIZE = 1 << HASH_BITS, PAGES = 1 << 20 };
/* Descriptors for as many blocks as small code needs: a byte for each of code is plenty. */
enum { LEAST_ROOM = 256 << 10 };

struct arena {
    u8 *start, *at, *end;
};

enum { STRADDLERS = 64 };
struct block_cache {
    struct cpu *cpu;
    struct memory *memory;
    const struct engine *engine, *second;
    struct arena code, blocks;
    intptr_t exec; /* from the writable view to the executable one */
    struct block *hash[HASH_SIZE];
    struct block **pages;                 /* by physical page: the blocks made from it */
    struct block *straddlers[STRADDLERS]; /* of two pages, and chained to */
    u32 straddler_count;
    const struct engine *better; /* see cache_improve */
    u32 runs;
    const u32 *chosen;
    size_t chosen_count;
    struct cache_stats stats;
    struct code_listener *listeners;
    struct profile *profile; /* with -count, else both are NULL */
    struct sampler *sampler;
    struct breakpoints breakpoints; /* in blocks of MODE_BREAK */
    struct stream stream;
    u8 guest[STREAM_INSNS * 16]; /* the code it was made from, for the listing */
};

/* --- memory for code --- */

/*
 * Memory without a file, for perf takes code in such for generated code, and that in a memfd for a
 * file's. The executable view comes first, and the writable one is made of it by mremap of nothing
 * (mremap(2)): where no memory may become executable (PR_SET_MDWE), some may be so from the start.
 */
static bool map_native_code(struct block_cache *c, size_t size)
{
    u8 *rx = place_map(PLACE_NEAR, size, PROT_READ | PROT_EXEC, MAP_SHARED);
    void *hidden = rx ? place_map(PLACE_HIDDEN, size, PROT_NONE, MAP_PRIVATE) : NULL;
    u8 *rw = hidden ? mremap(rx, 0, size, MREMAP_MAYMOVE | MREMAP_FIXED, hidden) : MAP_FAILED;

    if (rw == MAP_FAILED || mprotect(rw, size, PROT_READ | PROT_WRITE))
        return false;
    c->code = (struct arena){rw, rw, rw + size};
    c->exec = (intptr_t)rx - (intptr_t)rw;
    return true;
}

static bool map_arena(struct arena *arena, enum place place, size_t size)
{
    u8 *at = place_map(place, size, PROT_READ | PROT_WRITE, MAP_PRIVATE);

    *arena = (struct arena){at, at, at ? at + size : NULL};
    return at;
}

static bool map_code(struct block_cache *c, size_t size)
{
    if (c->engine->native || (c->second && c->second->native))
        return map_native_code(c, size);
    return map_arena(&c->code, PLACE_HIDDEN, size);
}

/* Of the blocks' own addresses, generated code has some as immediates. */
static bool map_blocks(struct block_cache *c, size_t size)
{
    return map_arena(&c->blocks, PLACE_LOW, size);
}

static void unchain_straddlers(void *cache);

struct block_cache *cache_create(struct cpu *cpu, const struct engine *engine,
                                 const struct engine *second, size_t size)
{
    struct block_cache *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    c->cpu = cpu;
    c->memory = cpu_memory(cpu);
    ir_trace = log_mask & (LOG_IR | LOG_IR_OPT) ? listing_print_ir : NULL;
    c->engine = engine;
    c->second = second;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): a table of pointers */
    c->pages = calloc(PAGES, sizeof *c->pages);
    if (!c->pages || !map_code(c, size) || !map_blocks(c, size)) {
        cache_destroy(c);
        return NULL;
    }
    mem_on_flush(cpu, unchain_straddlers, c);
    return c;
}

void cache_destroy(struct block_cache *c)
{
    if (!c)
        return;
    mem_on_flush(c->cpu, NULL, NULL);
    if (c->code.start) {
        if (c->exec)
            munmap(c->code.start + c->exec, (size_t)(c->code.end - c->code.start));
        munmap(c->code.start, (size_t)(c->code.end - c->code.start));
    }
    if (c->blocks.start)
        munmap(c->blocks.start, (size_t)(c->blocks.end - c->blocks.start));
    free(c->pages);
    free(c);
}

void cache_improve(struct block_cache *c, const struct engine *better, u32 runs, const u32 *chosen,
                   size_t count)
{
    c->better = better;
    c->runs = runs;
    c->chosen = chosen;
    c->chosen_count = count;
}

void cache_count(struct block_cache *c, struct profile *profile, struct sampler *sampler)
{
    c->profile = profile;
    c->sampler = sampler;
}

void cache_listen(struct block_cache *c, struct code_listener *listener)
{
    listener->next = c->listeners;
    c->listeners = listener;
}

const void *cache_code(const struct block_cache *c, size_t *size)
{
    *size = (size_t)(c->code.end - c->code.start);
    return c->code.start + c->exec;
}

/* --- lookup --- */

static u32 hash(u32 linear, u32 mode)
{
    u32 h = linear ^ mode * 0x9e3779b1u;
    return (h ^ h >> HASH_BITS) & (HASH_SIZE - 1);
}

static u32 block_linear(const struct block *b)
{
    return b->base + b->eip;
}

/* Is the page where it ends still the same? */
static bool still_fits(struct block_cache *c, struct block *b)
{
    u32 next_page = (block_linear(b) & ~(u32)PAGE_MASK) + PAGE_SIZE;

    return !b->straddles || mem_code_address(c->cpu, next_page) >> 12 == b->end_page;
}

static struct block *find(struct block_cache *c, u32 physical)
{
    struct cpu *cpu = c->cpu;
    u32 mode = cpu_mode(cpu), base = cpu->seg[CS].base, limit = cpu->seg[CS].limit;

    for (struct block *b = c->hash[hash(base + cpu->eip, mode)]; b; b = b->same_hash)
        if (b->eip == cpu->eip && b->mode == mode && b->base == base && b->limit == limit &&
            b->physical == physical && still_fits(c, b))
            return b;
    return NULL;
}

/* --- chaining --- */

static void unlink_site(struct block_cache *c, struct exit_site *site)
{
    struct exit_site **at = &site->to->incoming;

    while (*at && *at != site)
        at = &(*at)->next_to_same;
    if (!*at)
        return;
    *at = site->next_to_same;
    site->to = NULL;
    c->engine->patch(site->patch, c->exec, site->unlinked);
    c->stats.unchains++;
}

/*
 * Where a block of two pages ends may be another page's bytes after a flush of the TLB: what has
 * been chained to it is not any more, then.
 */
static void unchain_straddlers(void *cache)
{
    struct block_cache *c = cache;

    while (c->straddler_count) {
        struct block *b = c->straddlers[--c->straddler_count];
        while (b->incoming)
            unlink_site(c, b->incoming);
    }
}

static bool note_straddler(struct block_cache *c, struct block *b)
{
    if (b->incoming) /* noted when it was chained to first */
        return true;
    if (c->straddler_count == STRADDLERS)
        return false;
    c->straddlers[c->straddler_count++] = b;
    return true;
}

void cache_chain(struct block_cache *c, struct exit_site *from, struct block *to)
{
    if (c->second || from->to || from->from->dead || to->dead || from->from->base != to->base)
        return;
    if (to->straddles && !note_straddler(c, to))
        return;
    if (c->engine->patch(from->patch, c->exec, to->code) != DYNGEN_OK)
        return;
    from->to = to;
    from->next_to_same = to->incoming;
    to->incoming = from;
    c->stats.chains++;
}

/* --- death --- */

/* The physical pages in whose lists a block is; their number. */
static unsigned pages_of(const struct block *b, u32 pages[2])
{
    pages[0] = b->physical >> 12;
    pages[1] = b->end_page;
    return !b->kept ? 0 : b->straddles && pages[1] != pages[0] ? 2 : 1;
}

static struct block **page_link(struct block *b, u32 page)
{
    return &b->same_page[b->physical >> 12 != page];
}

static void remove_from_page(struct block_cache *c, struct block *b, u32 page)
{
    struct block **at = &c->pages[page];

    while (*at != b)
        at = page_link(*at, page);
    *at = *page_link(b, page);
    if (!c->pages[page])
        memory_mark_code(c->memory, page << 12, false);
}

static void remove_from_hash(struct block_cache *c, struct block *b)
{
    struct block **at = &c->hash[hash(block_linear(b), b->mode)];

    while (*at != b)
        at = &(*at)->same_hash;
    *at = b->same_hash;
}

static void kill_block(struct block_cache *c, struct block *b)
{
    u32 pages[2];

    mem_forget_jump(c->cpu, b->eip, b->code);
    while (b->incoming)
        unlink_site(c, b->incoming);
    for (u32 i = 0; i < b->exits; i++)
        if (b->sites[i].to)
            unlink_site(c, &b->sites[i]);
    remove_from_hash(c, b);
    for (unsigned i = 0, count = pages_of(b, pages); i < count; i++)
        remove_from_page(c, b, pages[i]);
    b->kept = false;
    b->dead = true;
    c->stats.kills++;
}

/* Is a block made from bytes in [from, to) of a physical page? */
static bool is_made_from(const struct block *b, u32 page, u32 from, u32 to)
{
    u32 start = b->physical & PAGE_MASK, end = start + b->size;

    if (b->physical >> 12 == page && from < end && start < to)
        return true;
    return b->straddles && b->end_page == page && from < end - PAGE_SIZE;
}

static bool kill_in_page(struct block_cache *c, u32 page, u32 from, u32 to, u32 linear)
{
    bool hit = false;
    struct block *next;

    for (struct block *b = c->pages[page]; b; b = next) {
        next = *page_link(b, page);
        if (is_made_from(b, page, from, to)) {
            hit |= linear - block_linear(b) < b->size;
            kill_block(c, b);
        }
    }
    return hit;
}

bool cache_kill(struct block_cache *c, u32 physical, u32 size, u32 linear)
{
    bool hit = false;

    while (size) {
        u32 from = physical & PAGE_MASK;
        u32 here = size < PAGE_SIZE - from ? size : PAGE_SIZE - from;
        hit |= kill_in_page(c, physical >> 12, from, from + here, linear);
        physical += here;
        size -= here;
    }
    return hit;
}

void cache_set_breakpoints(struct block_cache *c, const u32 *addresses, unsigned count)
{
    struct breakpoints *b = &c->breakpoints;

    if (b->count == count && memcmp(b->address, addresses, count * sizeof *addresses) == 0)
        return;
    b->count = count;
    memcpy(b->address, addresses, count * sizeof *addresses);
    for (unsigned i = 0; i < HASH_SIZE; i++) {
        struct block *next;
        for (struct block *block = c->hash[i]; block; block = next) {
            next = block->same_hash;
            if (block->mode & MODE_BREAK)
                kill_block(c, block);
        }
    }
}

void cache_flush(struct block_cache *c)
{
    for (u8 *at = c->blocks.start; at < c->blocks.at;) {
        struct block *b = (struct block *)at;
        u32 pages[2];
        for (unsigned i = 0, count = pages_of(b, pages); i < count; i++) {
            if (!c->pages[pages[i]])
                continue;
            c->pages[pages[i]] = NULL;
            memory_mark_code(c->memory, pages[i] << 12, false);
        }
        at += sizeof *b + b->exits * sizeof *b->sites;
    }
    for (struct code_listener *l = c->listeners; l; l = l->next)
        if (l->forgotten)
            l->forgotten(l);
    memset(c->hash, 0, sizeof c->hash);
    c->code.at = c->code.start;
    c->blocks.at = c->blocks.start;
    c->straddler_count = 0;
    c->cpu->exit = NULL;
    mem_flush(c->cpu);
    c->stats.flushes++;
}

/* --- translation --- */

struct fetcher {
    struct block_cache *c;
    u32 page; /* linear, of `host`; 1, which is no page's address, before the first byte */
    const u8 *host;
    u32 physical;
    u32 first_eip;
};

static void fetch_page(struct fetcher *f, u32 linear)
{
    f->physical = mem_code_address(f->c->cpu, linear) & ~(u32)PAGE_MASK;
    f->host = memory_page(f->c->memory, f->physical).host;
    f->page = linear & ~(u32)PAGE_MASK;
}

static u8 fetch_byte(void *context, u32 offset)
{
    struct fetcher *f = context;
    u32 linear = f->c->cpu->seg[CS].base + offset;
    u8 byte;

    if ((linear & ~(u32)PAGE_MASK) != f->page)
        fetch_page(f, linear);
    byte = f->host ? f->host[linear & PAGE_MASK]
                   : (u8)memory_read(f->c->memory, f->physical | (linear & PAGE_MASK), 1);
    if (offset - f->first_eip < sizeof f->c->guest)
        f->c->guest[offset - f->first_eip] = byte;
    return byte;
}

static void tell_listeners(struct block_cache *c, const struct engine *engine,
                           const struct code *code)
{
    struct new_code new_code = {
        .address = c->stream.base + c->stream.eip,
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
    struct listing_code host = {
        .at = code->entry,
        .address = (u64)(uintptr_t)code->entry,
        .size = code->text,
    };
    if (log_mask & (LOG_IN_ASM | LOG_OP | LOG_OUT_ASM))
        listing_print(&c->stream, c->guest, c->engine != interp_engine() ? &host : NULL);
}

/* Room for any one block. */
static bool has_room(const struct block_cache *c)
{
    return c->code.end - c->code.at >= LEAST_ROOM / 2 &&
           c->blocks.end - c->blocks.at >=
               (ptrdiff_t)(sizeof(struct block) + BLOCK_EXITS * sizeof(struct exit_site));
}

/* The code of an engine for the stream at hand. */
static bool generate_code(struct block_cache *c, const struct engine *engine, struct block *b,
                          struct code *code)
{
    struct dyngen_emit out = {.at = c->code.at, .end = c->code.end, .exec = c->exec};

    if (generate(engine, &c->stream, &out, b->sites, code) != DYNGEN_OK)
        return false;
    c->code.at += (code->size + engine->alignment - 1) & -engine->alignment;
    c->stats.code_bytes += code->size;
    c->stats.better_bytes += b->best ? code->size : 0;
    tell_listeners(c, engine, code);
    return true;
}

static struct block *generate_block(struct block_cache *c)
{
    struct block *b = (struct block *)c->blocks.at;
    struct code code = {.map = NULL}, other = {.map = NULL};

    if (c->second) { /* first, so that the exits are those of the other one */
        if (!generate_code(c, c->second, b, &other))
            return NULL;
        b->other = other.entry;
    }
    if (!generate_code(c, b->best ? c->better : c->engine, b, &code))
        return NULL;
    b->code = code.entry;
    b->exits = code.exits;
    b->dead = false;
    b->incoming = NULL;
    for (u32 i = 0; i < code.exits; i++) {
        b->sites[i].from = b;
        b->sites[i].dead = c->second ? stream_dead_flags(&c->stream, b->sites[i].eip) : 0;
    }
    c->blocks.at += sizeof *b + b->exits * sizeof *b->sites;
    list(c, &code);
    return b;
}

static int by_address(const void *a, const void *b)
{
    const u32 *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static bool is_chosen(const struct block_cache *c, u32 linear)
{
    return bsearch(&linear, c->chosen, c->chosen_count, sizeof linear, by_address);
}

/* Which engine the stream at hand is for; a block that may get a better one counts its runs. */
static void choose_engine(struct block_cache *c, struct block *b, bool due)
{
    struct stream *s = &c->stream;

    b->best = c->better && (due || is_chosen(c, s->base + s->eip));
    b->runs_left = (s32)c->runs;
    if (!c->better || b->best || !c->runs || s->mode & MODE_STEP || s->count >= STREAM_UOPS)
        return;
    memmove(s->uops + 1, s->uops, s->count++ * sizeof *s->uops);
    s->uops[0] =
        (struct uop){.op = UOP_count_down, .imm = {(u32)(uintptr_t)&b->runs_left}, .eip = s->eip};
}

static u64 now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (u64)t.tv_sec * 1000000000u + (u64)t.tv_nsec;
}

/* A block of the code at the cpu's eip, found by nobody yet; `due`: by the better engine. */
static struct block *translate(struct block_cache *c, u32 max_insns, bool due)
{
    struct cpu *cpu = c->cpu;
    struct fetcher fetcher = {.c = c, .page = 1, .first_eip = cpu->eip};
    struct code_source source = {
        .context = &fetcher,
        .fetch = fetch_byte,
        .base = cpu->seg[CS].base,
        .limit = cpu->seg[CS].limit,
        .all_flags = c->second && (c->engine == ir_engine() || c->second == ir_engine()),
        .max_insns = max_insns,
        .features = cpu->model->features,
        .breakpoints = cpu_mode(cpu) & MODE_BREAK ? &c->breakpoints : NULL,
    };
    u64 start = now();
    struct block *b;

    if (!has_room(c))
        cache_flush(c);
    decode_i386(&c->stream, &source, cpu->eip, cpu_mode(cpu));
    stream_drop_dead_flags(&c->stream);
    stream_drop_dead_writes(&c->stream);
    if (c->profile)
        profile_add(c->profile, &c->stream, c->guest);
    choose_engine(c, (struct block *)c->blocks.at, due);
    b = generate_block(c);
    if (!b && max_insns > 1) /* more than its tables hold: in smaller pieces */
        return translate(c, max_insns / 4, due);
    if (!b) { /* no instruction is known that does not fit; if there is one, it is undefined */
        log_if(LOG_UNIMP, "no code can be made for %08x\n", source.base + cpu->eip);
        decode_undefined(&c->stream, &source, cpu->eip, cpu_mode(cpu));
        b = generate_block(c);
    }
    b->eip = cpu->eip;
    b->base = source.base;
    b->limit = source.limit;
    b->mode = cpu_mode(cpu);
    b->size = c->stream.size;
    b->kept = b->straddles = false;
    c->stats.blocks++;
    c->stats.insns += c->stream.insns;
    c->stats.guest_bytes += c->stream.size;
    c->stats.uops += c->stream.count;
    start = now() - start;
    c->stats.nanoseconds += start;
    if (b->best) {
        c->stats.better_insns += c->stream.insns;
        c->stats.better_nanoseconds += start;
    }
    return b;
}

static struct block *translate_as_activity(struct block_cache *c, u32 max_insns, bool due)
{
    enum activity before = IN_LOOP;
    struct block *b;

    if (c->sampler)
        before = sampler_enter(c->sampler, IN_TRANSLATION);
    b = translate(c, max_insns, due);
    if (c->sampler)
        sampler_enter(c->sampler, before);
    return b;
}

static void add_to_page(struct block_cache *c, struct block *b, u32 page)
{
    *page_link(b, page) = c->pages[page];
    c->pages[page] = b;
    if (!*page_link(b, page)) {
        memory_mark_code(c->memory, page << 12, true);
        mem_protect_code(c->cpu, page << 12);
    }
}

static void keep(struct block_cache *c, struct block *b, u32 physical)
{
    struct block **bucket = &c->hash[hash(block_linear(b), b->mode)];
    u32 last = block_linear(b) + b->size - 1;
    u32 pages[2];

    b->physical = physical;
    b->straddles = last >> 12 != block_linear(b) >> 12;
    if (b->straddles)
        b->end_page = mem_code_address(c->cpu, last) >> 12;
    b->kept = true;
    b->same_hash = *bucket;
    *bucket = b;
    for (unsigned i = 0, count = pages_of(b, pages); i < count; i++)
        add_to_page(c, b, pages[i]);
}

struct block *cache_get(struct block_cache *c)
{
    struct cpu *cpu = c->cpu;
    struct block *b;
    bool due = false;
    u32 physical;

    if (cpu->eip > cpu->seg[CS].limit)
        cpu_raise_code(cpu, EXC_GP, 0);
    physical = mem_code_address(cpu, cpu->seg[CS].base + cpu->eip);
    b = find(c, physical);
    if (b && c->runs && !b->best && b->runs_left <= 0) {
        kill_block(c, b);
        c->stats.kills--;
        c->stats.improved++;
        due = true;
    }
    if (!b || due) {
        b = translate_as_activity(c, cpu_mode(cpu) & MODE_STEP ? 1 : STREAM_INSNS, due);
        keep(c, b, physical);
    }
    if ((b->mode & (MODE_FLAT_CS | MODE_STEP)) == MODE_FLAT_CS && !c->second)
        mem_add_jump(cpu, b->eip, b->code);
    return b;
}

struct block *cache_get_single(struct block_cache *c)
{
    return translate_as_activity(c, 1, false);
}

void cache_print(struct block_cache *c)
{
    unsigned mask = log_mask;

    log_mask = LOG_IN_ASM | LOG_OP | LOG_OUT_ASM;
    translate(c, cpu_mode(c->cpu) & MODE_STEP ? 1 : STREAM_INSNS, false);
    log_mask = mask;
}

const struct cache_stats *cache_stats(const struct block_cache *c)
{
    return &c->stats;
}

size_t cache_used(const struct block_cache *c)
{
    return (size_t)(c->code.at - c->code.start);
}
