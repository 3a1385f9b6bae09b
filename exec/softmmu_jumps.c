/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The jump cache, which leads generated code from a linear address to code without asking: what
 * fills it, and what makes it forget.
 */
#include "exec/softmmu_tables.h"

#include "exec/guest.h"

#include <string.h>

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

void jumps_forget(struct core *core, const u64 *keep)
{
    const u64 *jumps = core->rest->mmu->jumps;

    if (!keep)
        memset(core->rest->mmu->jump_pages, 0, sizeof core->rest->mmu->jump_pages);
    for (u32 word = 0; word < JUMP_CACHE_SIZE / 64; word++)
        for (u64 bits = jumps[word] & ~(keep ? keep[word] : 0); bits; bits &= bits - 1)
            forget_jump(core, word * 64 + (u32)__builtin_ctzll(bits));
    forget_chains(core);
}

void jumps_forget_to(struct core *core, u32 page)
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

void jumps_clear(struct core *core)
{
    for (u32 i = 0; i < JUMP_CACHE_SIZE; i++)
        core->rest->jump_cache.key[i] = JUMP_CACHE_NO_KEY;
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
    set_bit(core->rest->mmu->global_jumps, index, one_page && tlb_is_global(core, pc));
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
