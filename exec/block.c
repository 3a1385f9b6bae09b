/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The code cache (block.h): lookup, chaining, death.
 *
 * A block is known by where it was made from, in physical memory, and by what it was made for: pc,
 * base and mode of the cpu. It is led to by four ways, and dies only when all four are closed
 * (cache_remove):
 *
 *     the hash table      cache_get, from the exec loop
 *     other blocks        a chained exit jumps straight to it; `incoming` lists these exits, and
 *                         unchaining lets them jump to their stubs again
 *     the jump cache      for indirect jumps and those to other pages, by linear address: it is
 *                         emptied with the TLB, and forgets a block that dies
 *     its pages           the lists by which writes find it, if they are to bytes that are code
 *                         (block_bytes.c)
 *
 * Its memory stays until the next block is made (block_room.c), so a dead block may run to its end:
 * the block that a guest's own store kills goes on behind that store, unless the instruction at
 * hand is in what was written (exec_code_written).
 *
 * What may point to a dead block, to one of its exits or into its code, and until when:
 *
 *     the host's stack    while its code runs, with the C functions that it calls; core->resume
 *                         until the rest of it is made. No block is made meanwhile
 *     its own code        to the counters in its descriptor (runs_left, fails_left)
 *     core->exit          from when it is left until the loop takes it: it is then the argument
 *                         `from` of cache_get. A place that is given away makes the one NULL, and
 *                         `given_away` tells get() to drop the other
 *     the list by age     oldest, newest: until its place is given away
 *     those who listen    until they are told that its code is forgotten
 *
 * Nothing else may: above all no copy of core->exit, as in a state that is brought back (lockstep).
 *
 * What a change must keep:
 *
 *   - Chains hold within a page: a jump to another page asks where that is each time. A block that
 *     reaches into a second page is chained to only until the next flush of the TLB (straddlers).
 *   - A page has the mark of code exactly while a block is in its list: the softmmu does not let
 *     stores into such a page pass unseen.
 *   - A block that uses the stack window (ops/window.h) may have a second form without, of a mode
 *     with MODE_NO_WINDOW, to which only its own exit for that leads. Both do the same to the
 *     guest, and go equally far: what is made when does not show, not even in lockstep.
 *   - An exit leads past a block's check of the window only where its own block has made that check
 *     (entry_from): nothing that forgets a window may be between the two.
 *   - Nothing here may run while generated code does, but for killing: blocks are made, and room
 *     is, between two blocks.
 */
#include "exec/block.h"

#include <stdlib.h>
#include <string.h>

#include "exec/block_cache.h"
#include "exec/stops.h"

enum { PAGES = 1 << 20 };

/* --- creation --- */

/* As many buckets as there are blocks of about this size. */
enum { BYTES_A_BUCKET = 512, LEAST_BUCKETS = 1 << 12 };

static bool create_tables(struct block_cache *c, size_t size)
{
    u32 buckets = LEAST_BUCKETS;

    while (buckets < size / BYTES_A_BUCKET)
        buckets *= 2;
    c->hash_mask = buckets - 1;
    /* NOLINTBEGIN(bugprone-sizeof-expression): tables of pointers */
    c->hash = calloc(buckets, sizeof *c->hash);
    c->pages = calloc(PAGES, sizeof *c->pages);
    /* NOLINTEND(bugprone-sizeof-expression) */
    return c->hash && c->pages;
}

static void unchain_straddlers(void *cache);

struct block_cache *cache_create(struct core *core, const struct guest *guest,
                                 const struct engine *engine, const struct engine *second,
                                 size_t size)
{
    struct block_cache *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    c->core = core;
    c->guest = guest;
    c->memory = core->rest->mmu->memory;
    ir_trace = log_mask & (LOG_IR | LOG_IR_OPT) ? listing_print_ir : NULL;
    c->engine = engine;
    c->second = second;
    c->length = STREAM_INSNS;
    if (!create_tables(c, size) || !bytes_create(c) || !room_create(c, size)) {
        cache_destroy(c);
        return NULL;
    }
    c->listener = (struct flush_listener){.flushed = unchain_straddlers, .owner = c};
    softmmu_listen(core, &c->listener);
    return c;
}

void cache_destroy(struct block_cache *c)
{
    if (!c)
        return;
    softmmu_unlisten(c->core, &c->listener);
    room_destroy(c);
    free(c->hash);
    free(c->pages);
    bytes_destroy(c);
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

void cache_count_insns(struct block_cache *c)
{
    c->counts = true;
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

/* By the physical page, too: what processes have at the same address is many blocks. */
static struct block **bucket(const struct block_cache *c, const struct block_key *key, u32 physical)
{
    u32 h = (key->base + key->pc) ^ key->mode * 0x9e3779b1u ^ (physical >> 12) * 0x85ebca6bu;
    return &c->hash[(h ^ h >> 15) & c->hash_mask];
}

static u32 block_linear(const struct block *b)
{
    return b->key.base + b->key.pc;
}

/* Where code is, for who runs it; raises what fetching it raises. */
static u32 code_address(const struct block_cache *c, const struct block_key *key, u32 linear)
{
    return softmmu_code_address(c->core, linear, key->mode & MODE_USER);
}

/* Is the page where it ends still the same? */
static bool still_fits(struct block_cache *c, struct block *b)
{
    u32 next_page = (block_linear(b) & ~(u32)PAGE_MASK) + PAGE_SIZE;

    return !b->straddles || code_address(c, &b->key, next_page) >> 12 == b->end_page;
}

static struct block *find(struct block_cache *c, const struct block_key *key, u32 physical)
{
    for (struct block *b = *bucket(c, key, physical); b; b = b->same_hash)
        if (memcmp(&b->key, key, sizeof *key) == 0 && b->physical == physical && still_fits(c, b))
            return b;
    return NULL;
}

/* --- chaining --- */

static void reset_site(struct block_cache *c, struct exit_site *site)
{
    site->to = NULL;
    c->engine->patch(site->patch, c->exec, site->unlinked);
    c->stats.unchains++;
}

static void unchain(struct block_cache *c, struct exit_site *from)
{
    *from->at = from->next_to_same;
    if (from->next_to_same)
        from->next_to_same->at = from->at;
    reset_site(c, from);
}

static void unchain_all(struct block_cache *c, struct block *to)
{
    for (struct exit_site *site = to->incoming; site; site = site->next_to_same)
        reset_site(c, site);
    to->incoming = NULL;
}

/*
 * Where a block of two pages ends may be another page's bytes after a flush of the TLB: what has
 * been chained to it is not any more, then.
 */
static void unchain_straddlers(void *cache)
{
    struct block_cache *c = cache;

    while (c->straddler_count)
        unchain_all(c, c->straddlers[--c->straddler_count]);
}

static bool note_straddler(struct block_cache *c, struct block *b)
{
    for (u32 i = 0; i < c->straddler_count; i++)
        if (c->straddlers[i] == b)
            return true;
    if (c->straddler_count == STRADDLERS)
        return false;
    c->straddlers[c->straddler_count++] = b;
    return true;
}

/*
 * Where in a block an exit leads: past its check of the stack window if that has been made already,
 * by the block that the exit is of, and of all that this one uses. Not where runs are counted: what
 * a run executes is to be the same.
 */
static const void *entry_from(struct block_cache *c, const struct exit_site *from,
                              const struct block *to)
{
    if (!to->behind_check || to->counted || !window_covers(from->seen, to->uses))
        return to->code;
    c->stats.window.passed++;
    return to->behind_check;
}

/* From now on an exit jumps straight to a block. */
static void chain(struct block_cache *c, struct exit_site *from, struct block *to)
{
    if (c->second || from->to || from->from->dead || to->dead ||
        from->from->key.base != to->key.base)
        return;
    if (to->straddles && !note_straddler(c, to))
        return;
    if (c->engine->patch(from->patch, c->exec, entry_from(c, from, to)) != DYNGEN_OK)
        return;
    from->to = to;
    from->next_to_same = to->incoming;
    from->at = &to->incoming;
    if (to->incoming)
        to->incoming->at = &from->next_to_same;
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

static void remove_from_page(struct block_cache *c, struct block *b, u32 page)
{
    const struct block_link *link = cache_page_link(b, page);

    *link->at = link->next;
    if (link->next)
        cache_page_link(link->next, page)->at = link->at;
    if (!c->pages[page])
        memory_mark_code(c->memory, page << 12, false);
}

static void remove_from_hash(struct block_cache *c, struct block *b)
{
    struct block **at = bucket(c, &b->key, b->physical);

    while (*at != b)
        at = &(*at)->same_hash;
    *at = b->same_hash;
}

static void remove_from_straddlers(struct block_cache *c, const struct block *b)
{
    for (u32 i = 0; i < c->straddler_count; i++)
        if (c->straddlers[i] == b)
            c->straddlers[i--] = c->straddlers[--c->straddler_count];
}

void cache_remove(struct block_cache *c, struct block *b)
{
    u32 pages[2];

    softmmu_forget_jump(c->core, b->key.pc, b->code);
    unchain_all(c, b);
    for (u32 i = 0; i < b->exits; i++)
        if (b->sites[i].to)
            unchain(c, &b->sites[i]);
    if (b->kept)
        remove_from_hash(c, b);
    for (unsigned i = 0, count = pages_of(b, pages); i < count; i++)
        remove_from_page(c, b, pages[i]);
    if (b->straddles)
        remove_from_straddlers(c, b);
    profile_release(b->counted);
    b->kept = false;
    b->dead = true;
}

static void kill_block(struct block_cache *c, struct block *b)
{
    cache_remove(c, b);
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

static struct rewritten *rewritten_at(struct block_cache *c, u32 physical)
{
    return &c->rewritten[physical % REWRITTEN];
}

static void note_rewritten(struct block_cache *c, const struct block *b)
{
    struct rewritten *r = rewritten_at(c, b->physical);

    if (r->physical != b->physical)
        *r = (struct rewritten){.physical = b->physical};
    r->times++;
}

static bool kill_in_page(struct block_cache *c, u32 page, u32 from, u32 to, u32 linear)
{
    bool hit = false;
    u64 kills = c->stats.kills;
    struct block *next;

    if (!c->pages[page] || !bytes_have_code(c, page, from, to))
        return false;
    for (struct block *b = c->pages[page]; b; b = next) {
        c->stats.looks++;
        next = cache_page_link(b, page)->next;
        if (is_made_from(b, page, from, to)) {
            hit |= linear - block_linear(b) < b->size;
            note_rewritten(c, b);
            kill_block(c, b);
        }
    }
    if (c->stats.kills == kills)
        bytes_forget(c, page);
    return hit;
}

bool cache_kill(struct block_cache *c, u32 physical, u32 size, struct core *running)
{
    struct block_key key = running ? c->guest->key(running) : (struct block_key){.pc = 0};
    bool hit = false;

    while (size) {
        u32 from = physical & PAGE_MASK;
        u32 here = size < PAGE_SIZE - from ? size : PAGE_SIZE - from;
        hit |= kill_in_page(c, physical >> 12, from, from + here, key.base + key.pc);
        physical += here;
        size -= here;
    }
    return hit;
}

void cache_kill_mode(struct block_cache *c, u32 bits)
{
    for (unsigned i = 0; i <= c->hash_mask; i++) {
        struct block *next;
        for (struct block *b = c->hash[i]; b; b = next) {
            next = b->same_hash;
            if (b->key.mode & bits)
                kill_block(c, b);
        }
    }
}

void cache_heed_stops(struct block_cache *c, const struct stops *stops)
{
    c->stops = stops;
}

/* Also those that end before it. */
void cache_kill_linear(struct block_cache *c, u32 linear)
{
    for (struct block *b = c->oldest; b; b = b->younger)
        if (!b->dead && linear - block_linear(b) <= b->size)
            kill_block(c, b);
}

void cache_flush(struct block_cache *c)
{
    u32 pages[2];

    for (const struct block *b = c->oldest; b; b = b->younger) {
        if (!b->dead)
            profile_release(b->counted);
        for (unsigned i = 0, count = pages_of(b, pages); i < count; i++) {
            if (!c->pages[pages[i]])
                continue;
            c->pages[pages[i]] = NULL;
            memory_mark_code(c->memory, pages[i] << 12, false);
        }
    }
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): a table of pointers */
    memset(c->hash, 0, (c->hash_mask + 1) * sizeof *c->hash);
    room_forget_all(c);
    c->straddler_count = 0;
    c->core->exit = NULL;
    softmmu_flush(c->core);
    c->stats.flushes++;
}

/* --- new blocks --- */

/* `linear` is in the page. */
static void add_to_page(struct block_cache *c, struct block *b, u32 page, u32 linear)
{
    struct block_link *link = cache_page_link(b, page);

    link->next = c->pages[page];
    link->at = &c->pages[page];
    c->pages[page] = b;
    bytes_add(c, page, b);
    if (link->next) {
        cache_page_link(link->next, page)->at = &link->next;
    } else {
        memory_mark_code(c->memory, page << 12, true);
        softmmu_protect_code(c->core, page << 12, linear);
    }
}

static void keep(struct block_cache *c, struct block *b, u32 physical)
{
    struct block **first = bucket(c, &b->key, physical);
    u32 last = block_linear(b) + b->size - 1;
    u32 pages[2];

    b->physical = physical;
    b->straddles = last >> 12 != block_linear(b) >> 12;
    if (b->straddles)
        b->end_page = code_address(c, &b->key, last) >> 12;
    b->kept = true;
    b->same_hash = *first;
    *first = b;
    for (unsigned i = 0, count = pages_of(b, pages); i < count; i++)
        add_to_page(c, b, pages[i], i ? last : block_linear(b));
}

/* A block that has run as often as it may until the better engine makes it. */
static bool is_due(const struct block_cache *c, const struct block *b)
{
    return c->runs && !b->best && b->runs_left <= 0;
}

/* --- which form a block has --- */

static struct block_plan usual_plan(const struct block_cache *c, u32 form)
{
    return (struct block_plan){
        .form = form,
        .max_insns = core_mode(c->core) & MODE_STEP ? 1 : c->length,
        .max_size = UINT32_MAX,
        .window = form & MODE_NO_WINDOW ? WINDOW_UNUSED : WINDOW_USED,
        .fails = WINDOW_FAILS,
    };
}

_Static_assert((int)EXEC_BLOCK_LENGTH == (int)STREAM_INSNS, "what a stream has room for");

void cache_set_length(struct block_cache *c, u32 insns)
{
    c->length = insns;
    cache_flush(c);
}

u32 cache_length(const struct block_cache *c)
{
    return c->length;
}

static bool has_failed(const struct block *b)
{
    return b->window != WINDOW_UNUSED && b->fails_left <= 0;
}

/* Is a block to be made again? Then `plan` says how. */
static bool is_to_change(struct block_cache *c, const struct block *b, struct block_plan *plan)
{
    if (is_due(c, b) || (c->runs && has_failed(b))) {
        plan->better = true;
        c->stats.improved++;
    } else if (has_failed(b)) {
        plan->window = b->window == WINDOW_ON_TRIAL ? WINDOW_UNUSED : WINDOW_ON_TRIAL;
        plan->fails = WINDOW_TRIAL_FAILS;
        c->stats.window.without += plan->window == WINDOW_UNUSED;
    } else if (b->window == WINDOW_ON_TRIAL && b->runs_left <= 0) {
        plan->fails = WINDOW_LATER_FAILS;
    } else if (b->window == WINDOW_PUT_OFF && b->runs_left <= 0) {
        plan->window = WINDOW_USED;
    } else {
        return false;
    }
    return true;
}

/*
 * Is a new block to be without a window for now, since its code is written over and over? In
 * lockstep never: what runs there does not depend on what has run.
 */
static bool puts_window_off(struct block_cache *c, const struct block_key *key, u32 physical)
{
    const struct rewritten *r = rewritten_at(c, physical);

    return r->times >= WINDOW_REWRITTEN && r->physical == physical && !c->second && !c->better &&
           c->engine == template_engine() && !(key->mode & (MODE_STEP | MODE_NO_WINDOW));
}

static struct block *new_block(struct block_cache *c, const struct block_plan *plan, u32 physical)
{
    struct block *b = cache_translate(c, plan);

    c->stats.window.forms += plan->form != 0;
    keep(c, b, physical);
    return b;
}

/* Is a block to be entered from the loop alone? */
static bool is_stop(const struct block_cache *c, const struct block *b)
{
    return c->stops && stops_is_at(c->stops, block_linear(b));
}

/* The block for the cpu's state in one of its forms; `from` is chained to it. */
static struct block *get(struct block_cache *c, u32 form, struct exit_site *from)
{
    struct block_key key = c->guest->key(c->core);
    u64 given_away = c->given_away;
    struct block_plan plan = usual_plan(c, form);
    struct block *b;
    u32 physical;

    if (key.pc > key.limit)
        c->guest->beyond_limit(c->core);
    key.mode |= form;
    physical = code_address(c, &key, key.base + key.pc);
    b = find(c, &key, physical);
    if (!b && puts_window_off(c, &key, physical))
        plan.window = WINDOW_PUT_OFF;
    if (b && is_to_change(c, b, &plan)) {
        cache_remove(c, b);
        b = NULL;
    }
    if (!b)
        b = new_block(c, &plan, physical);
    if (from && given_away == c->given_away && !is_stop(c, b))
        chain(c, from, b);
    return b;
}

struct block *cache_get(struct block_cache *c, struct exit_site *from)
{
    struct block *b = get(c, 0, from);

    if ((b->key.mode & (MODE_LINEAR | MODE_STEP)) == MODE_LINEAR && !c->second && !is_stop(c, b))
        softmmu_add_jump(c->core, b->key.pc, b->code, !b->straddles);
    return b;
}

struct block *cache_get_other(struct block_cache *c, struct exit_site *from)
{
    return get(c, from->mode, from);
}

struct block *cache_get_single(struct block_cache *c)
{
    struct block_plan plan = usual_plan(c, 0);

    plan.max_insns = 1;
    return cache_translate(c, &plan);
}

static bool is_code_of(const struct block *b, const u8 *at)
{
    return (uintptr_t)at - (uintptr_t)b->made < b->made_size;
}

/*
 * The block that the cpu is in, of which the code at the host's address `code` is. It is in the
 * list of the page of core->pc, unless it has been killed, or is none that is kept.
 */
static struct block *running_block(const struct block_cache *c, const void *code)
{
    const u8 *at = (const u8 *)code - c->exec;
    struct block_key key = c->guest->key(c->core);
    u32 page = code_address(c, &key, key.base + key.pc) >> 12;
    struct block *b;

    for (b = c->pages[page]; b; b = cache_page_link(b, page)->next)
        if (is_code_of(b, at))
            return b;
    for (b = c->oldest; !is_code_of(b, at); b = b->younger)
        ;
    return b;
}

struct block *cache_get_rest(struct block_cache *c, const void *at)
{
    struct block *b = running_block(c, at);
    struct block_plan plan = usual_plan(c, MODE_NO_WINDOW);

    /* Back to the loop whenever it is to be entered: is_to_change() will want it. */
    unchain_all(c, b);
    softmmu_forget_jump(c->core, b->key.pc, b->code);
    b->window = WINDOW_ON_TRIAL;
    b->fails_left = 0;
    plan.max_size = b->key.pc + b->size - c->core->pc;
    plan.rest = true;
    c->stats.window.left++;
    return cache_translate(c, &plan);
}

void cache_print(struct block_cache *c)
{
    struct block_plan plan = usual_plan(c, 0);
    unsigned mask = log_mask;

    log_mask = LOG_IN_ASM | LOG_OP | LOG_OUT_ASM;
    cache_translate(c, &plan);
    log_mask = mask;
}

const struct cache_stats *cache_stats(const struct block_cache *c)
{
    return &c->stats;
}

size_t cache_used(const struct block_cache *c)
{
    return c->used;
}
