/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the softmmu remembers, and when it forgets it: the TLB, write tags, stack windows, jumps.
 */
#include "exec/softmmu_tlb.h"

#include "exec/guest.h"

#include <stdlib.h>
#include <string.h>

/* --- pages that are not to be stored to without asking --- */

static void forget_windows(struct core *core)
{
    for (unsigned user = 0; user < PRIVILEGES; user++)
        core->rest->window[user].page = WINDOW_NONE;
}

/* A window is filled from an entry of the TLB: it stays if that has stayed. */
static void forget_lost_windows(struct core *core)
{
    for (unsigned user = 0; user < PRIVILEGES; user++) {
        struct memory_window *w = &core->rest->window[user];
        const struct tlb_entry *e = tlb_entry(core, user, (u32)w->page);
        if (e->write != w->page || e->addend != w->addend)
            w->page = WINDOW_NONE;
    }
}

/* Is host memory that a linear address reaches by this addend in [host, host + size)? */
static bool reaches(u64 addend, u64 linear, const u8 *host, size_t size)
{
    return addend + linear - (uintptr_t)host < size;
}

/* Takes an entry's write tag if it reaches this host memory. */
static void protect(struct softmmu *mmu, struct tlb_entry *e, const u8 *host, size_t size)
{
    if (e->write != TLB_NONE && reaches(e->addend, e->write, host, size))
        take_write_tag(mmu, e);
}

static void protect_all(struct core *core, bool user, const u8 *host, size_t size)
{
    struct softmmu *mmu = core->rest->mmu;

    for (unsigned word = 0; word < TLB_SIZE / 64; word++)
        for (u64 bits = mmu->filled[user][word]; bits; bits &= bits - 1)
            protect(mmu, &core->rest->tlb[user][word * 64 + (unsigned)__builtin_ctzll(bits)], host,
                    size);
}

static void forget_windows_to(struct core *core, const u8 *host, size_t size)
{
    for (unsigned user = 0; user < PRIVILEGES; user++) {
        struct memory_window *w = &core->rest->window[user];
        if (w->page != WINDOW_NONE && reaches(w->addend, w->page, host, size))
            w->page = WINDOW_NONE;
    }
}

/* Takes the write tags of what reaches this host memory, and windows into it. */
static void protect_host(struct core *core, const u8 *host, size_t size)
{
    for (unsigned user = 0; user < PRIVILEGES; user++)
        protect_all(core, user, host, size);
    forget_windows_to(core, host, size);
}

static void protect_page(struct core *core, const u8 *host, u32 linear)
{
    struct softmmu *mmu = core->rest->mmu;

    for (unsigned user = 0; user < PRIVILEGES; user++)
        protect(mmu, tlb_entry(core, user, linear), host, PAGE_SIZE);
    for (unsigned user = 0; user < PRIVILEGES && *writers(mmu, host); user++)
        protect_all(core, user, host, PAGE_SIZE);
    forget_windows_to(core, host, PAGE_SIZE);
}

void softmmu_protect_code(struct core *core, u32 physical_page, u32 linear)
{
    struct softmmu *mmu = core->rest->mmu;
    memory_entry *entry = memory_entry_at(mmu->memory, physical_page);
    if (!entry || !(*entry & (ENTRY_STORED | ENTRY_SHARED)))
        return;
    *entry &= ~(memory_entry)ENTRY_STORED;
    protect_page(core, memory_entry_host(*entry), linear);
}

/* --- flushes --- */

static void forget(struct softmmu *mmu, struct tlb_entry *e)
{
    e->read = TLB_NONE;
    take_write_tag(mmu, e);
}

/* Those of a privilege that are not kept. */
static void forget_entries(struct core *core, bool user, const u64 *keep)
{
    struct softmmu *mmu = core->rest->mmu;
    u64 *filled = mmu->filled[user];

    for (unsigned word = 0; word < TLB_SIZE / 64; word++) {
        u64 kept = keep ? keep[word] : 0;
        for (u64 bits = filled[word] & ~kept; bits; bits &= bits - 1)
            forget(mmu, &core->rest->tlb[user][word * 64 + (unsigned)__builtin_ctzll(bits)]);
        filled[word] &= kept;
    }
}

/* What does not lie in one page alone is chained to only until the next flush. */
static void forget_chains(struct core *core)
{
    for (const struct flush_listener *l = core->rest->mmu->listeners; l; l = l->next)
        l->flushed(l->owner);
}

static void forget_jump(struct core *core, u32 index)
{
    core->rest->jump_cache.key[index] = JUMP_CACHE_NO_KEY;
    set_bit(core->rest->mmu->jumps, index, false);
}

/* A hash, since a kernel and what it runs begin at alike addresses. */
static u32 jump_page(u32 linear)
{
    return linear / PAGE_SIZE * 0x9e3779b1u >> (32 - JUMP_PAGE_BITS);
}

static bool may_have_jumps(const struct softmmu *mmu, u32 linear)
{
    u32 bit = jump_page(linear);
    return mmu->jump_pages[bit / 64] >> bit % 64 & 1;
}

/* What leads from code to code by linear addresses: jumps that are not kept, and chains. */
static void forget_jumps(struct core *core, const u64 *keep)
{
    const u64 *jumps = core->rest->mmu->jumps;

    if (!keep)
        memset(core->rest->mmu->jump_pages, 0, sizeof core->rest->mmu->jump_pages);

    for (u32 word = 0; word < JUMP_CACHE_SIZE / 64; word++)
        for (u64 bits = jumps[word] & ~(keep ? keep[word] : 0); bits; bits &= bits - 1)
            forget_jump(core, word * 64 + (u32)__builtin_ctzll(bits));
    forget_chains(core);
}

/* Likewise, but jumps alone that lead into a page, or into the one before it: a block begins there
 * and may end here. */
static void forget_jumps_to(struct core *core, u32 page)
{
    struct softmmu *mmu = core->rest->mmu;
    const u64 *jumps = mmu->jumps;
    bool any = may_have_jumps(mmu, page) || may_have_jumps(mmu, page - PAGE_SIZE);

    mmu->stats.jump_scans += any;
    for (u32 word = 0; any && word < JUMP_CACHE_SIZE / 64; word++)
        for (u64 bits = jumps[word]; bits; bits &= bits - 1) {
            u32 index = word * 64 + (u32)__builtin_ctzll(bits);
            u32 pc = (u32)core->rest->jump_cache.key[index];
            if (page - page_of(pc) <= PAGE_SIZE)
                forget_jump(core, index);
        }
    forget_chains(core);
}

/* All of that, and the stack windows. */
static void forget_ways(struct core *core)
{
    forget_windows(core);
    forget_jumps(core, NULL);
}

/* Makes translations of one kind invalid; 0 is the generation of none. */
static void next_generation(struct softmmu *mmu, bool global)
{
    if (++mmu->generation[global])
        return;
    memset(mmu->translation, 0, sizeof mmu->translation);
    mmu->generation[global] = 1;
}

void softmmu_flush(struct core *core)
{
    struct softmmu *mmu = core->rest->mmu;
    mmu->stats.flushes++;
    next_generation(mmu, false);
    next_generation(mmu, true);
    memset(mmu->big, 0, sizeof mmu->big);
    for (unsigned user = 0; user < PRIVILEGES; user++)
        forget_entries(core, user, NULL);
    forget_ways(core);
}

void softmmu_flush_non_global(struct core *core)
{
    struct softmmu *mmu = core->rest->mmu;
    mmu->stats.flushes++;
    next_generation(mmu, false);
    for (unsigned user = 0; user < PRIVILEGES; user++)
        forget_entries(core, user, mmu->global[user]);
    forget_lost_windows(core);
    forget_jumps(core, mmu->global_jumps);
}

void softmmu_flush_page(struct core *core, u32 linear)
{
    struct softmmu *mmu = core->rest->mmu;
    mmu->stats.page_flushes++;
    if (mmu->big[linear >> 27] >> (linear >> 22 & 31) & 1) {
        softmmu_flush(core);
        return;
    }
    for (unsigned user = 0; user < PRIVILEGES; user++) {
        struct tlb_entry *e = tlb_entry(core, user, linear);
        if (e->read == page_of(linear) || e->write == page_of(linear))
            forget(mmu, e);
    }
    struct translation *t = translation_of(mmu, linear);
    if (page_of(t->page) == page_of(linear))
        t->generation = 0;
    forget_lost_windows(core);
    forget_jumps_to(core, page_of(linear));
}

void softmmu_set_spaces(struct core *core, u32 data, u32 code)
{
    struct softmmu *mmu = core->rest->mmu;
    if (mmu->space[0] == data && mmu->space[1] == code)
        return;
    for (unsigned user = 0; mmu->space[0] != data && user < PRIVILEGES; user++)
        forget_entries(core, user, NULL);
    mmu->space[0] = data;
    mmu->space[1] = code;
    forget_ways(core);
}

/* Is the page of code known to be in all address spaces? */
static bool is_global(struct softmmu *mmu, u32 linear)
{
    const struct translation *t = translation_of(mmu, linear);

    return t->frame & FRAME_GLOBAL && is_valid(mmu, t, page_of(linear) | mmu->space[1]);
}

void softmmu_add_jump(struct core *core, u32 pc, const void *code, bool one_page)
{
    u32 index = jump_cache_index(pc);

    if (pc == EXIT_REQUESTED)
        return;
    core->rest->jump_cache.key[index] = (u64)core->mode << 32 | pc;
    core->rest->jump_cache.code[index] = code;
    set_bit(core->rest->mmu->jumps, index, true);
    set_bit(core->rest->mmu->jump_pages, jump_page(pc), true);
    set_bit(core->rest->mmu->global_jumps, index, one_page && is_global(core->rest->mmu, pc));
}

void softmmu_forget_jump(struct core *core, u32 pc, const void *code)
{
    u32 index = jump_cache_index(pc);

    if (core->rest->jump_cache.code[index] == code)
        core->rest->jump_cache.key[index] = JUMP_CACHE_NO_KEY;
}

void softmmu_listen(struct core *core, struct flush_listener *listener)
{
    listener->next = core->rest->mmu->listeners;
    core->rest->mmu->listeners = listener;
}

void softmmu_unlisten(struct core *core, struct flush_listener *listener)
{
    struct flush_listener **at = &core->rest->mmu->listeners;

    while (*at && *at != listener)
        at = &(*at)->next;
    if (*at)
        *at = listener->next;
}

void softmmu_log_writes(struct core *core, struct write_log *log)
{
    core->rest->mmu->log = log;
    softmmu_flush(core);
}

/* --- the state --- */

static void remapped(void *core)
{
    softmmu_flush(core);
}

static void cleaned(void *core, const u8 *host, size_t size)
{
    protect_host(core, host, size);
}

bool softmmu_create(struct core *core, struct memory *memory, const struct paging *paging)
{
    struct softmmu *mmu = calloc(1, sizeof *mmu);
    if (!mmu)
        return false;
    core->rest->mmu = mmu;
    mmu->paging = paging;
    mmu->memory = memory;
    mmu->generation[0] = mmu->generation[1] = 1;
    mmu->listener =
        (struct memory_listener){.remapped = remapped, .cleaned = cleaned, .owner = core};
    memory_listen(memory, &mmu->listener);
    for (unsigned user = 0; user < PRIVILEGES; user++)
        for (unsigned i = 0; i < TLB_SIZE; i++)
            core->rest->tlb[user][i].read = core->rest->tlb[user][i].write = TLB_NONE;
    for (unsigned i = 0; i < JUMP_CACHE_SIZE; i++)
        core->rest->jump_cache.key[i] = JUMP_CACHE_NO_KEY;
    forget_windows(core);
    return true;
}

void softmmu_destroy(struct core *core)
{
    struct softmmu *mmu = core->rest->mmu;
    if (!mmu)
        return;
    memory_unlisten(mmu->memory, &mmu->listener);
    free(mmu);
    core->rest->mmu = NULL;
}
