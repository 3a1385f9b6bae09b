/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linear memory: the softmmu behind i386.h and mmu.h. */
#include "exec/i386/mmu.h"
#include "exec/i386/debug.h"
#include "exec/memory_map.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static u32 page_of(u32 linear)
{
    return linear & ~(u32)PAGE_MASK;
}

static bool crosses_page(u32 linear, unsigned size)
{
    return (linear & PAGE_MASK) + size > PAGE_SIZE;
}

static unsigned bytes_in_page(u32 linear, unsigned size)
{
    unsigned rest = PAGE_SIZE - (linear & PAGE_MASK);
    return size < rest ? size : rest;
}

/* --- translations --- */

static struct translation *translation_of(struct softmmu *mmu, u32 linear)
{
    u32 page = linear >> 12;
    return &mmu->translation[(page ^ page >> TRANSLATION_BITS) & (TRANSLATIONS - 1)];
}

static bool is_valid(const struct softmmu *mmu, const struct translation *t, u32 linear)
{
    return t->page == page_of(linear) &&
           t->generation == mmu->generation[(t->frame & FRAME_GLOBAL) != 0];
}

/* The frame behind a linear address; raises #PF if the access is not allowed. */
static u32 translate(struct cpu *cpu, u32 linear, enum access access, bool user)
{
    struct softmmu *mmu = cpu->rest.mmu;
    struct translation *t = translation_of(mmu, linear);
    bool write = access == ACCESS_WRITE;
    if (is_valid(mmu, t, linear) && frame_allows(cpu, t->frame, access, user) &&
        (!write || t->frame & FRAME_DIRTY))
        return t->frame;
    u32 frame = mmu_walk(cpu, linear, access, user);
    *t = (struct translation){.page = page_of(linear),
                              .frame = frame,
                              .generation = mmu->generation[(frame & FRAME_GLOBAL) != 0]};
    return frame;
}

/* Beyond 4 GiB if the frame is FRAME_NOWHERE. */
static u64 physical_of(u32 frame, u32 linear)
{
    u64 nowhere = frame & FRAME_NOWHERE ? (u64)1 << 32 : 0;
    return nowhere | page_of(frame) | (linear & PAGE_MASK);
}

static bool is_nowhere(u64 physical)
{
    return physical >> 32;
}

static memory_entry entry_of(const struct cpu *cpu, u64 physical)
{
    return is_nowhere(physical) ? 0 : memory_entry_of(cpu->rest.mmu->memory, (u32)physical);
}

/* --- the TLB --- */

static void set_bit(u64 *map, unsigned bit, bool value)
{
    u64 mask = (u64)1 << (bit & 63);
    map[bit / 64] = value ? map[bit / 64] | mask : map[bit / 64] & ~mask;
}

/* May generated code store to a page without asking? A log wants to see the first store. */
static bool stores_freely(const struct cpu *cpu, memory_entry entry, u32 frame, enum access access,
                          bool user)
{
    return frame & FRAME_DIRTY && frame_allows(cpu, frame, ACCESS_WRITE, user) &&
           (entry & (ENTRY_WRITABLE | ENTRY_CODE)) == ENTRY_WRITABLE &&
           (access == ACCESS_WRITE || !cpu->rest.mmu->log);
}

static void note_page(struct cpu *cpu, u32 physical, u8 *host)
{
    if (cpu->rest.mmu->log)
        log_page(cpu->rest.mmu->log, physical, host);
}

/*
 * Is each access to a page to come through here? Where a breakpoint is, and all that must be
 * aligned.
 */
static bool is_guarded(const struct cpu *cpu, u32 linear, bool user)
{
    return (cpu->aligned && user) || (cpu->debug.data && debug_guards_page(cpu, linear));
}

/* The TLB's entry for a page, filled; NULL for what must not be in it. */
static struct tlb_entry *fill(struct cpu *cpu, u32 linear, u32 frame, enum access access, bool user)
{
    struct softmmu *mmu = cpu->rest.mmu;
    memory_entry *entry = memory_entry_at(mmu->memory, frame);
    u8 *host = entry ? memory_entry_host(*entry) : NULL;
    if (!host || frame & FRAME_NOWHERE || is_guarded(cpu, linear, user))
        return NULL;
    struct tlb_entry *e = tlb_entry(cpu, user, linear);
    unsigned index = (unsigned)(e - cpu->rest.tlb[user]);
    set_bit(mmu->filled[user], index, true);
    set_bit(mmu->global[user], index, frame & FRAME_GLOBAL);
    e->addend = (uintptr_t)host - page_of(linear);
    e->read = page_of(linear);
    e->write = TLB_NONE;
    if (stores_freely(cpu, *entry, frame, access, user)) {
        note_page(cpu, frame, host);
        *entry |= ENTRY_STORED;
        e->write = page_of(linear);
    }
    return e;
}

/* --- physical accesses, none of them across a page --- */

static u32 read_device(struct cpu *cpu, u64 physical, unsigned size)
{
    struct softmmu *mmu = cpu->rest.mmu;
    struct log_event event = {.kind = LOG_DEVICE_READ, .size = (u8)size, .address = (u32)physical};

    if (is_nowhere(physical))
        return ~0u >> (32 - 8 * size);
    mmu->stats.devices++;
    if (mmu->log && log_replay(mmu->log, &event, cpu))
        return (u32)event.read;
    event.read = memory_read(mmu->memory, (u32)physical, size);
    if (mmu->log)
        log_note(mmu->log, &event, cpu);
    return (u32)event.read;
}

static void write_device(struct cpu *cpu, u64 physical, u32 value, unsigned size)
{
    struct softmmu *mmu = cpu->rest.mmu;
    struct log_event event = {
        .kind = LOG_DEVICE_WRITE, .size = (u8)size, .address = (u32)physical, .written = value};

    if (is_nowhere(physical))
        return;
    mmu->stats.devices++;
    if (mmu->log && log_replay(mmu->log, &event, cpu))
        return;
    memory_write(mmu->memory, physical, value, size);
    if (mmu->log)
        log_note(mmu->log, &event, cpu);
}

static u32 read_physical(struct cpu *cpu, u64 physical, unsigned size)
{
    const u8 *host = memory_entry_host(entry_of(cpu, physical));
    return host ? load_host(host + (physical & PAGE_MASK), size) : read_device(cpu, physical, size);
}

/* Kills translated code that a write is about to change; may leave the running block. */
static void prepare_code(struct cpu *cpu, u64 physical, unsigned size)
{
    if (is_nowhere(physical) || !memory_has_code(cpu->rest.mmu->memory, (u32)physical))
        return;
    cpu->rest.mmu->stats.code_writes++;
    if (exec_code_written(cpu, (u32)physical, size))
        cpu_leave(cpu);
}

static void write_prepared(struct cpu *cpu, u64 physical, u32 value, unsigned size)
{
    memory_entry entry = entry_of(cpu, physical);
    u8 *host = memory_entry_host(entry);
    if (!host) {
        write_device(cpu, physical, value, size);
    } else if (entry & ENTRY_WRITABLE) {
        note_page(cpu, (u32)physical, host);
        store_host(host + (physical & PAGE_MASK), value, size);
    }
}

void mmu_write_physical(struct cpu *cpu, u64 physical, u32 value, unsigned size)
{
    prepare_code(cpu, physical, size);
    write_prepared(cpu, physical, value, size);
}

/* --- alignment and breakpoints --- */

void mem_set_aligned(struct cpu *cpu, bool aligned)
{
    cpu->aligned = aligned;
    mem_flush(cpu);
}

void mem_require_aligned(struct cpu *cpu, u32 linear, unsigned to)
{
    if (cpu->aligned && cpu->cpl == 3 && (linear & (to - 1)))
        cpu_raise_code(cpu, EXC_AC, 0);
}

static void check_alignment(struct cpu *cpu, u32 linear, unsigned size, bool user)
{
    if (user)
        mem_require_aligned(cpu, linear, size);
}

static void check_breakpoints(struct cpu *cpu, u32 linear, unsigned size, bool write, bool prepare)
{
    if (cpu->debug.data)
        debug_data(cpu, linear, size, write, prepare);
}

/* --- reads --- */

static u32 read_as(struct cpu *cpu, u32 linear, unsigned size, bool user);

static u32 read_crossing(struct cpu *cpu, u32 linear, unsigned size, bool user)
{
    u32 value = 0;
    mem_probe(cpu, linear, size, ACCESS_READ, user);
    check_alignment(cpu, linear, size, user);
    for (unsigned i = 0; i < size; i++)
        value |= read_as(cpu, linear + i, 1, user) << 8 * i;
    return value;
}

static __attribute__((noinline)) u32 read_slow(struct cpu *cpu, u32 linear, unsigned size,
                                               bool user)
{
    if (crosses_page(linear, size))
        return read_crossing(cpu, linear, size, user);
    cpu->rest.mmu->stats.misses++;
    u32 frame = translate(cpu, linear, ACCESS_READ, user);
    const struct tlb_entry *e = fill(cpu, linear, frame, ACCESS_READ, user);
    if (e)
        return load_host(tlb_host(e, linear), size);
    check_alignment(cpu, linear, size, user);
    check_breakpoints(cpu, linear, size, false, false);
    return read_physical(cpu, physical_of(frame, linear), size);
}

static inline u32 read_as(struct cpu *cpu, u32 linear, unsigned size, bool user)
{
    const struct tlb_entry *e = tlb_entry(cpu, user, linear);
    if (__builtin_expect(e->read == page_of(linear + size - 1), 1))
        return load_host(tlb_host(e, linear), size);
    return read_slow(cpu, linear, size, user);
}

u32 mem_read(struct cpu *cpu, u32 linear, unsigned size)
{
    return read_as(cpu, linear, size, cpu->cpl == 3);
}

u32 mem_read_system(struct cpu *cpu, u32 linear, unsigned size)
{
    return read_as(cpu, linear, size, false);
}

u64 mem_read64(struct cpu *cpu, u32 linear)
{
    bool user = cpu->cpl == 3;
    if (crosses_page(linear, 8))
        mem_probe(cpu, linear, 8, ACCESS_READ, user);
    mem_require_aligned(cpu, linear, 8);
    u32 low = read_as(cpu, linear, 4, user);
    return low | (u64)read_as(cpu, linear + 4, 4, user) << 32;
}

/* --- writes --- */

/* One page's part of mem_prepare_write; the physical address. */
static u64 prepare_write(struct cpu *cpu, u32 linear, unsigned size, bool user)
{
    u64 physical = physical_of(translate(cpu, linear, ACCESS_WRITE, user), linear);
    check_breakpoints(cpu, linear, size, true, true);
    prepare_code(cpu, physical, size);
    return physical;
}

static void write_bytes(struct cpu *cpu, u64 physical, u64 value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        write_prepared(cpu, physical + i, value >> 8 * i & 0xff, 1);
}

static void write_crossing(struct cpu *cpu, u32 linear, u64 value, unsigned size, bool user)
{
    unsigned first = bytes_in_page(linear, size);
    u64 low = prepare_write(cpu, linear, first, user);
    u64 high = prepare_write(cpu, linear + first, size - first, user);
    check_alignment(cpu, linear, size, user);
    check_breakpoints(cpu, linear, size, true, false);
    write_bytes(cpu, low, value, first);
    write_bytes(cpu, high, value >> 8 * first, size - first);
}

static __attribute__((noinline)) void write_slow(struct cpu *cpu, u32 linear, u32 value,
                                                 unsigned size, bool user)
{
    if (crosses_page(linear, size)) {
        write_crossing(cpu, linear, value, size, user);
        return;
    }
    cpu->rest.mmu->stats.misses++;
    u32 frame = translate(cpu, linear, ACCESS_WRITE, user);
    const struct tlb_entry *e = fill(cpu, linear, frame, ACCESS_WRITE, user);
    if (e && e->write != TLB_NONE) {
        store_host(tlb_host(e, linear), value, size);
        return;
    }
    check_alignment(cpu, linear, size, user);
    check_breakpoints(cpu, linear, size, true, false);
    mmu_write_physical(cpu, physical_of(frame, linear), value, size);
}

static inline void write_as(struct cpu *cpu, u32 linear, u32 value, unsigned size, bool user)
{
    const struct tlb_entry *e = tlb_entry(cpu, user, linear);
    if (__builtin_expect(e->write == page_of(linear + size - 1), 1))
        store_host(tlb_host(e, linear), value, size);
    else
        write_slow(cpu, linear, value, size, user);
}

void mem_write(struct cpu *cpu, u32 linear, u32 value, unsigned size)
{
    write_as(cpu, linear, value, size, cpu->cpl == 3);
}

void mem_write_system(struct cpu *cpu, u32 linear, u32 value, unsigned size)
{
    write_as(cpu, linear, value, size, false);
}

void mem_write64(struct cpu *cpu, u32 linear, u64 value)
{
    bool user = cpu->cpl == 3;
    if (crosses_page(linear, 8)) {
        write_crossing(cpu, linear, value, 8, user);
        return;
    }
    const struct tlb_entry *e = tlb_entry(cpu, user, linear);
    if (e->write != page_of(linear))
        prepare_write(cpu, linear, 8, user);
    mem_require_aligned(cpu, linear, 8);
    write_as(cpu, linear, (u32)value, 4, user);
    write_as(cpu, linear + 4, (u32)(value >> 32), 4, user);
}

void mem_prepare_write(struct cpu *cpu, u32 linear, unsigned size)
{
    bool user = cpu->cpl == 3;
    unsigned first = bytes_in_page(linear, size);
    prepare_write(cpu, linear, first, user);
    if (first < size)
        prepare_write(cpu, linear + first, size - first, user);
    if (size <= 8)
        mem_require_aligned(cpu, linear, size);
}

void mem_probe(struct cpu *cpu, u32 linear, unsigned size, enum access access, bool user)
{
    while (size) {
        unsigned n = bytes_in_page(linear, size);
        translate(cpu, linear, access, user);
        linear += n, size -= n;
    }
}

/* --- whole runs --- */

u8 *mem_span(struct cpu *cpu, u32 linear, enum access access)
{
    bool user = cpu->cpl == 3;
    const struct tlb_entry *e = tlb_entry(cpu, user, linear);
    u32 tag = access == ACCESS_WRITE ? e->write : e->read;
    if (tag == page_of(linear))
        return tlb_host(e, linear);
    e = fill(cpu, linear, translate(cpu, linear, access, user), access, user);
    if (!e || (access == ACCESS_WRITE && e->write == TLB_NONE))
        return NULL;
    return tlb_host(e, linear);
}

u8 *mem_run_slow(struct cpu *cpu, u32 linear, u32 size, enum access access)
{
    u8 *host = mem_span(cpu, linear, access);
    bool user = cpu->cpl == 3;
    if (host || access != ACCESS_WRITE || is_guarded(cpu, linear, user))
        return host;
    u64 physical = prepare_write(cpu, linear, size, user);
    memory_entry entry = entry_of(cpu, physical);
    if (!(entry & ENTRY_WRITABLE))
        return NULL;
    note_page(cpu, (u32)physical, memory_entry_host(entry));
    return memory_entry_host(entry) + (linear & PAGE_MASK);
}

/* --- code --- */

u32 mem_code_address(struct cpu *cpu, u32 linear)
{
    u64 physical = physical_of(translate(cpu, linear, ACCESS_EXEC, cpu->cpl == 3), linear);
    if (is_nowhere(physical)) /* all ones, which is no instruction */
        cpu_raise(cpu, EXC_UD);
    return (u32)physical;
}

static void protect(struct tlb_entry *table, const u64 *filled, const u8 *host)
{
    for (unsigned word = 0; word < TLB_SIZE / 64; word++) {
        for (u64 bits = filled[word]; bits; bits &= bits - 1) {
            struct tlb_entry *e = &table[word * 64 + (unsigned)__builtin_ctzll(bits)];
            if (e->addend + e->write == (uintptr_t)host)
                e->write = TLB_NONE;
        }
    }
}

void mem_protect_code(struct cpu *cpu, u32 physical_page)
{
    struct softmmu *mmu = cpu->rest.mmu;
    memory_entry *entry = memory_entry_at(mmu->memory, physical_page);
    if (!entry || !(*entry & ENTRY_STORED))
        return;
    *entry &= ~(memory_entry)ENTRY_STORED;
    for (unsigned user = 0; user < PRIVILEGES; user++)
        protect(cpu->rest.tlb[user], mmu->filled[user], memory_entry_host(*entry));
}

/* --- flushes --- */

static void forget(struct tlb_entry *e)
{
    e->read = e->write = TLB_NONE;
}

static void forget_entries(struct tlb_entry *table, u64 *filled, const u64 *keep)
{
    for (unsigned word = 0; word < TLB_SIZE / 64; word++) {
        u64 kept = keep ? keep[word] : 0;
        for (u64 bits = filled[word] & ~kept; bits; bits &= bits - 1)
            forget(&table[word * 64 + (unsigned)__builtin_ctzll(bits)]);
        filled[word] &= kept;
    }
}

/* What leads from code to code by linear addresses. */
static void forget_jumps(struct cpu *cpu)
{
    u64 *jumps = cpu->rest.mmu->jumps;
    for (unsigned word = 0; word < JUMP_CACHE_SIZE / 64; word++) {
        for (u64 bits = jumps[word]; bits; bits &= bits - 1)
            cpu->rest.jump_cache[word * 64 + (unsigned)__builtin_ctzll(bits)].key =
                JUMP_CACHE_NO_KEY;
        jumps[word] = 0;
    }
    if (cpu->rest.mmu->flushed)
        cpu->rest.mmu->flushed(cpu->rest.mmu->context);
}

/* Makes translations of one kind invalid; 0 is the generation of none. */
static void next_generation(struct softmmu *mmu, bool global)
{
    if (++mmu->generation[global])
        return;
    memset(mmu->translation, 0, sizeof mmu->translation);
    mmu->generation[global] = 1;
}

void mem_flush(struct cpu *cpu)
{
    struct softmmu *mmu = cpu->rest.mmu;
    mmu->stats.flushes++;
    next_generation(mmu, false);
    next_generation(mmu, true);
    memset(mmu->big, 0, sizeof mmu->big);
    for (unsigned user = 0; user < PRIVILEGES; user++)
        forget_entries(cpu->rest.tlb[user], mmu->filled[user], NULL);
    forget_jumps(cpu);
}

void mem_flush_non_global(struct cpu *cpu)
{
    struct softmmu *mmu = cpu->rest.mmu;
    mmu->stats.flushes++;
    next_generation(mmu, false);
    for (unsigned user = 0; user < PRIVILEGES; user++)
        forget_entries(cpu->rest.tlb[user], mmu->filled[user], mmu->global[user]);
    forget_jumps(cpu);
}

void mem_flush_page(struct cpu *cpu, u32 linear)
{
    struct softmmu *mmu = cpu->rest.mmu;
    mmu->stats.page_flushes++;
    if (mmu->big[linear >> 27] >> (linear >> 22 & 31) & 1) {
        mem_flush(cpu);
        return;
    }
    for (unsigned user = 0; user < PRIVILEGES; user++) {
        struct tlb_entry *e = tlb_entry(cpu, user, linear);
        if (e->read == page_of(linear))
            forget(e);
    }
    struct translation *t = translation_of(mmu, linear);
    if (t->page == page_of(linear))
        t->generation = 0;
    forget_jumps(cpu);
}

void mem_add_jump(struct cpu *cpu, u32 pc, const void *code)
{
    u32 index = jump_cache_index(pc);

    cpu->rest.jump_cache[index] =
        (struct jump_cache_entry){.key = cpu->core.mode_key | pc, .code = code};
    set_bit(cpu->rest.mmu->jumps, index, true);
}

void mem_forget_jump(struct cpu *cpu, u32 pc, const void *code)
{
    struct jump_cache_entry *e = &cpu->rest.jump_cache[jump_cache_index(pc)];

    if (e->code == code)
        e->key = JUMP_CACHE_NO_KEY;
}

void mem_on_flush(struct cpu *cpu, void (*flushed)(void *context), void *context)
{
    cpu->rest.mmu->flushed = flushed;
    cpu->rest.mmu->context = context;
}

void mem_log_writes(struct cpu *cpu, struct write_log *log)
{
    cpu->rest.mmu->log = log;
    mem_flush(cpu);
}

/* --- the state --- */

static void remapped(void *cpu)
{
    mem_flush(cpu);
}

bool mmu_create(struct cpu *cpu, struct memory *memory)
{
    cpu->core.rest = &cpu->rest;
    cpu->rest.mmu = calloc(1, sizeof *cpu->rest.mmu);
    if (!cpu->rest.mmu)
        return false;
    cpu->rest.mmu->memory = memory;
    cpu->rest.mmu->generation[0] = cpu->rest.mmu->generation[1] = 1;
    cpu->rest.mmu->listener = (struct memory_listener){.remapped = remapped, .owner = cpu};
    memory_listen(memory, &cpu->rest.mmu->listener);
    for (unsigned user = 0; user < PRIVILEGES; user++)
        for (unsigned i = 0; i < TLB_SIZE; i++)
            forget(&cpu->rest.tlb[user][i]);
    for (unsigned i = 0; i < JUMP_CACHE_SIZE; i++)
        cpu->rest.jump_cache[i].key = JUMP_CACHE_NO_KEY;
    return true;
}

void mmu_destroy(struct cpu *cpu)
{
    if (!cpu->rest.mmu)
        return;
    memory_unlisten(cpu->rest.mmu->memory, &cpu->rest.mmu->listener);
    free(cpu->rest.mmu);
    cpu->rest.mmu = NULL;
}
