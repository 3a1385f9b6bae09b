/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The TLB and the translations behind it: what fills them, and all that makes them forget; and with
 * them what follows from them, stack windows (exec/window.h) and jumps.
 */
#include "exec/softmmu_tables.h"

#include "exec/stops.h"
#include "exec/window.h"

#include <stdlib.h>
#include <string.h>

/* --- translations --- */

static struct translation *translation_of(struct softmmu *mmu, u32 linear)
{
    u32 page = linear >> 12;
    return &mmu->translation[(page ^ page >> TRANSLATION_BITS) & (TRANSLATIONS - 1)];
}

/* Is it that of a page, its linear address and space in one? */
static bool is_valid(const struct softmmu *mmu, const struct translation *t, u32 page)
{
    return t->page == page && t->generation == mmu->generation[(t->frame & FRAME_GLOBAL) != 0];
}

u32 tlb_translate(struct core *core, u32 linear, enum access access, bool user)
{
    struct softmmu *mmu = core->rest->mmu;
    struct translation *t = translation_of(mmu, linear);
    bool write = access == ACCESS_WRITE;
    u32 page = page_of(linear) | mmu->space[access == ACCESS_EXEC];
    if (is_valid(mmu, t, page) && frame_allows(t->frame, access, user) &&
        (!write || t->frame & FRAME_DIRTY))
        return t->frame;
    u32 frame = mmu->paging->walk(core, linear, access, user);
    *t = (struct translation){
        .page = page, .frame = frame, .generation = mmu->generation[(frame & FRAME_GLOBAL) != 0]};
    return frame;
}

bool tlb_is_global(const struct core *core, u32 linear)
{
    struct softmmu *mmu = core->rest->mmu;
    const struct translation *t = translation_of(mmu, linear);

    return t->frame & FRAME_GLOBAL && is_valid(mmu, t, page_of(linear) | mmu->space[1]);
}

/* --- write tags --- */

/*
 * They are given and taken here alone, and counted by the host memory that they let stores to: a
 * page whose count is 0 has none, and nobody need look for them.
 */
static u16 *writers(struct softmmu *mmu, const u8 *host)
{
    return &mmu->writers[(uintptr_t)host >> TLB_PAGE_BITS & (WRITER_COUNTS - 1)];
}

static void give_write_tag(struct softmmu *mmu, struct tlb_entry *e, u32 linear)
{
    e->write = page_of(linear);
    ++*writers(mmu, tlb_host(e, e->write));
}

static void take_write_tag(struct softmmu *mmu, struct tlb_entry *e)
{
    if (e->write != TLB_NONE)
        --*writers(mmu, tlb_host(e, e->write));
    e->write = TLB_NONE;
}

/* --- filling --- */

/*
 * May generated code store to a page without asking? A log wants to see the first store, and so
 * does who watches the page.
 */
static bool stores_freely(const struct core *core, memory_entry entry, u32 frame,
                          enum access access, bool user)
{
    return frame & FRAME_DIRTY && frame_allows(frame, ACCESS_WRITE, user) &&
           (entry & (ENTRY_WRITABLE | ENTRY_CODE)) == ENTRY_WRITABLE &&
           (access == ACCESS_WRITE || !(core->rest->mmu->log || entry & ENTRY_WATCHED));
}

bool tlb_is_guarded(const struct core *core, u32 linear, bool user)
{
    const struct softmmu *mmu = core->rest->mmu;

    return (mmu->paging->guards && mmu->paging->guards(core, linear, user)) ||
           (mmu->stops && stops_guards_page(mmu->stops, linear));
}

struct tlb_entry *tlb_fill(struct core *core, u32 linear, u32 frame, enum access access, bool user)
{
    struct softmmu *mmu = core->rest->mmu;
    memory_entry *entry = memory_entry_at(mmu->memory, frame);
    u8 *host = entry ? memory_entry_host(*entry) : NULL;
    if (!host || frame & FRAME_NOWHERE || tlb_is_guarded(core, linear, user))
        return NULL;
    struct tlb_entry *e = tlb_entry(core, user, linear);
    unsigned index = (unsigned)(e - core->rest->tlb[user]);
    set_bit(mmu->filled[user], index, true);
    set_bit(mmu->global[user], index, frame & FRAME_GLOBAL);
    take_write_tag(mmu, e);
    e->addend = (uintptr_t)host - page_of(linear);
    e->read = frame_allows(frame, ACCESS_READ, user) ? page_of(linear) : TLB_NONE;
    if (stores_freely(core, *entry, frame, access, user)) {
        note_page(core, frame, host);
        *entry |= ENTRY_STORED;
        memory_note_store(mmu->memory, *entry);
        give_write_tag(mmu, e, linear);
    }
    return e;
}

/* --- pages that are not to be stored to without asking --- */

/* Takes an entry's write tag if it reaches this host memory. */
static void protect(struct softmmu *mmu, struct tlb_entry *e, const u8 *host, size_t size)
{
    if (e->write != TLB_NONE && tlb_reaches(e->addend, e->write, host, size))
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

/* Takes the write tags of what reaches this host memory, and windows into it. */
static void protect_host(struct core *core, const u8 *host, size_t size)
{
    for (unsigned user = 0; user < PRIVILEGES; user++)
        protect_all(core, user, host, size);
    window_forget_host(core, host, size);
}

static void protect_page(struct core *core, const u8 *host, u32 linear)
{
    struct softmmu *mmu = core->rest->mmu;

    for (unsigned user = 0; user < PRIVILEGES; user++)
        protect(mmu, tlb_entry(core, user, linear), host, PAGE_SIZE);
    for (unsigned user = 0; user < PRIVILEGES && *writers(mmu, host); user++)
        protect_all(core, user, host, PAGE_SIZE);
    window_forget_host(core, host, PAGE_SIZE);
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

/* What leads past the TLB: stack windows, jumps, chains. */
static void forget_ways(struct core *core)
{
    window_forget(core);
    jumps_forget(core, NULL);
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
    window_forget_lost(core);
    jumps_forget(core, mmu->global_jumps);
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
    window_forget_lost(core);
    jumps_forget_to(core, page_of(linear));
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
    jumps_clear(core);
    window_forget(core);
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
