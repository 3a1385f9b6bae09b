/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linear memory: see softmmu.h. */
#include "exec/guest.h"
#include "exec/softmmu_tables.h"
#include "exec/stops.h"

static bool crosses_page(u32 linear, unsigned size)
{
    return (linear & PAGE_MASK) + size > PAGE_SIZE;
}

static unsigned bytes_in_page(u32 linear, unsigned size)
{
    unsigned rest = PAGE_SIZE - (linear & PAGE_MASK);
    return size < rest ? size : rest;
}

/* --- frames --- */

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

static memory_entry entry_of(const struct core *core, u64 physical)
{
    return is_nowhere(physical) ? 0 : memory_entry_of(core->rest->mmu->memory, (u32)physical);
}

/* --- the world outside --- */

u64 exec_ask(struct core *core, struct log_event *event,
             u64 (*ask)(struct core *core, const struct log_event *event))
{
    struct write_log *log = core->rest->mmu->log;

    if (log && log_replay(log, event, core))
        return event->read;
    event->read = ask(core, event);
    if (log)
        log_note(log, event, core);
    return event->read;
}

/* --- physical accesses, none of them across a page --- */

static u64 ask_device(struct core *core, const struct log_event *event)
{
    return memory_read(core->rest->mmu->memory, event->address, event->size);
}

static u64 tell_device(struct core *core, const struct log_event *event)
{
    memory_write(core->rest->mmu->memory, event->address, event->written, event->size);
    return 0;
}

static void before_device(struct core *core)
{
    if (core->rest->mmu->window_relied_on)
        core_leave_window(core);
    exec_before_device(core);
}

static u32 read_device(struct core *core, u64 physical, unsigned size)
{
    struct log_event event = {.kind = LOG_DEVICE_READ, .size = (u8)size, .address = (u32)physical};

    before_device(core);
    if (is_nowhere(physical))
        return ~0u >> (32 - 8 * size);
    core->rest->mmu->stats.devices++;
    return (u32)exec_ask(core, &event, ask_device);
}

static void write_device(struct core *core, u64 physical, u32 value, unsigned size)
{
    struct log_event event = {
        .kind = LOG_DEVICE_WRITE, .size = (u8)size, .address = (u32)physical, .written = value};

    before_device(core);
    if (is_nowhere(physical))
        return;
    core->rest->mmu->stats.devices++;
    exec_ask(core, &event, tell_device);
}

u32 softmmu_read_physical(struct core *core, u64 physical, unsigned size)
{
    const u8 *host = memory_entry_host(entry_of(core, physical));
    return host ? load_host(host + (physical & PAGE_MASK), size)
                : read_device(core, physical, size);
}

/* Kills translated code that a write is about to change; may leave the running block. */
static void prepare_code(struct core *core, u64 physical, unsigned size)
{
    if (is_nowhere(physical) || !memory_has_code(core->rest->mmu->memory, (u32)physical))
        return;
    core->rest->mmu->stats.code_writes++;
    bool is_running = false;
    u32 at;
    for (unsigned i = 0; memory_next_address(core->rest->mmu->memory, (u32)physical, &i, &at);)
        is_running |= exec_code_written(core, at, size);
    if (is_running)
        core_leave(core);
}

static void write_prepared(struct core *core, u64 physical, u32 value, unsigned size)
{
    memory_entry entry = entry_of(core, physical);
    u8 *host = memory_entry_host(entry);
    if (!host) {
        write_device(core, physical, value, size);
    } else if (entry & ENTRY_WRITABLE) {
        note_page(core, (u32)physical, host);
        memory_note_store(core->rest->mmu->memory, entry);
        store_host(host + (physical & PAGE_MASK), value, size);
    }
}

void softmmu_write_physical(struct core *core, u64 physical, u32 value, unsigned size)
{
    prepare_code(core, physical, size);
    write_prepared(core, physical, value, size);
}

/* --- what a guest wants to know of accesses --- */

static void check_alignment(struct core *core, u32 linear, unsigned size, bool user)
{
    const struct paging *paging = core->rest->mmu->paging;

    if (user && paging->align)
        paging->align(core, linear, size);
}

/* A debugger's watchpoint: the instruction runs by itself, and the exec loop looks behind it. */
static void look_at_stops(struct core *core, u32 linear, unsigned size, bool write, bool prepare)
{
    struct stops *stops = core->rest->mmu->stops;
    const struct watchpoint *met = stops_find_watch(stops, linear, size, write);

    if (!met)
        return;
    exec_alone(core);
    if (prepare)
        return;
    stops_note(stops, met, linear);
    core_request_exit(core);
}

static void watch(struct core *core, u32 linear, unsigned size, bool write, bool prepare)
{
    const struct softmmu *mmu = core->rest->mmu;

    if (mmu->paging->watch)
        mmu->paging->watch(core, linear, size, write, prepare);
    if (mmu->stops)
        look_at_stops(core, linear, size, write, prepare);
}

/* --- reads --- */

static u32 read_as(struct core *core, u32 linear, unsigned size, bool user);

static u32 read_crossing(struct core *core, u32 linear, unsigned size, bool user)
{
    u32 value = 0;
    softmmu_probe(core, linear, size, ACCESS_READ, user);
    check_alignment(core, linear, size, user);
    for (unsigned i = 0; i < size; i++)
        value |= read_as(core, linear + i, 1, user) << 8 * i;
    return value;
}

static __attribute__((noinline)) u32 read_slow(struct core *core, u32 linear, unsigned size,
                                               bool user)
{
    if (crosses_page(linear, size))
        return read_crossing(core, linear, size, user);
    core->rest->mmu->stats.misses++;
    u32 frame = tlb_translate(core, linear, ACCESS_READ, user);
    const struct tlb_entry *e = tlb_fill(core, linear, frame, ACCESS_READ, user);
    if (e)
        return load_host(tlb_host(e, linear), size);
    check_alignment(core, linear, size, user);
    watch(core, linear, size, false, false);
    return softmmu_read_physical(core, physical_of(frame, linear), size);
}

static inline u32 read_as(struct core *core, u32 linear, unsigned size, bool user)
{
    const struct tlb_entry *e = tlb_entry(core, user, linear);
    if (__builtin_expect(e->read == page_of(linear + size - 1), 1))
        return load_host(tlb_host(e, linear), size);
    return read_slow(core, linear, size, user);
}

u32 softmmu_read(struct core *core, u32 linear, unsigned size, bool user)
{
    return read_as(core, linear, size, user);
}

u64 softmmu_read64(struct core *core, u32 linear, bool user)
{
    if (crosses_page(linear, 8))
        softmmu_probe(core, linear, 8, ACCESS_READ, user);
    check_alignment(core, linear, 8, user);
    u32 low = read_as(core, linear, 4, user);
    return low | (u64)read_as(core, linear + 4, 4, user) << 32;
}

/* --- writes --- */

/* One page's part of mem_prepare_write; the physical address. */
static u64 prepare_write(struct core *core, u32 linear, unsigned size, bool user)
{
    u64 physical = physical_of(tlb_translate(core, linear, ACCESS_WRITE, user), linear);
    watch(core, linear, size, true, true);
    prepare_code(core, physical, size);
    return physical;
}

static void write_bytes(struct core *core, u64 physical, u64 value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        write_prepared(core, physical + i, value >> 8 * i & 0xff, 1);
}

static void write_crossing(struct core *core, u32 linear, u64 value, unsigned size, bool user)
{
    unsigned first = bytes_in_page(linear, size);
    u64 low = prepare_write(core, linear, first, user);
    u64 high = prepare_write(core, linear + first, size - first, user);
    check_alignment(core, linear, size, user);
    watch(core, linear, size, true, false);
    write_bytes(core, low, value, first);
    write_bytes(core, high, value >> 8 * first, size - first);
}

static __attribute__((noinline)) void write_slow(struct core *core, u32 linear, u32 value,
                                                 unsigned size, bool user)
{
    if (crosses_page(linear, size)) {
        write_crossing(core, linear, value, size, user);
        return;
    }
    core->rest->mmu->stats.misses++;
    u32 frame = tlb_translate(core, linear, ACCESS_WRITE, user);
    const struct tlb_entry *e = tlb_fill(core, linear, frame, ACCESS_WRITE, user);
    if (e && e->write != TLB_NONE) {
        store_host(tlb_host(e, linear), value, size);
        return;
    }
    check_alignment(core, linear, size, user);
    watch(core, linear, size, true, false);
    softmmu_write_physical(core, physical_of(frame, linear), value, size);
}

static inline void write_as(struct core *core, u32 linear, u32 value, unsigned size, bool user)
{
    const struct tlb_entry *e = tlb_entry(core, user, linear);
    if (__builtin_expect(e->write == page_of(linear + size - 1), 1))
        store_host(tlb_host(e, linear), value, size);
    else
        write_slow(core, linear, value, size, user);
}

void softmmu_write(struct core *core, u32 linear, u32 value, unsigned size, bool user)
{
    write_as(core, linear, value, size, user);
}

void softmmu_write64(struct core *core, u32 linear, u64 value, bool user)
{
    if (crosses_page(linear, 8)) {
        write_crossing(core, linear, value, 8, user);
        return;
    }
    const struct tlb_entry *e = tlb_entry(core, user, linear);
    if (e->write != page_of(linear))
        prepare_write(core, linear, 8, user);
    check_alignment(core, linear, 8, user);
    write_as(core, linear, (u32)value, 4, user);
    write_as(core, linear + 4, (u32)(value >> 32), 4, user);
}

void softmmu_prepare_write(struct core *core, u32 linear, unsigned size, bool user)
{
    unsigned first = bytes_in_page(linear, size);
    prepare_write(core, linear, first, user);
    if (first < size)
        prepare_write(core, linear + first, size - first, user);
    if (size <= 8)
        check_alignment(core, linear, size, user);
}

void softmmu_probe(struct core *core, u32 linear, unsigned size, enum access access, bool user)
{
    while (size) {
        unsigned n = bytes_in_page(linear, size);
        tlb_translate(core, linear, access, user);
        linear += n, size -= n;
    }
}

/* --- whole runs --- */

u8 *softmmu_span(struct core *core, u32 linear, enum access access, bool user)
{
    const struct tlb_entry *e = tlb_entry(core, user, linear);
    u32 tag = access == ACCESS_WRITE ? e->write : e->read;
    if (tag == page_of(linear))
        return tlb_host(e, linear);
    e = tlb_fill(core, linear, tlb_translate(core, linear, access, user), access, user);
    if (!e || (access == ACCESS_WRITE && e->write == TLB_NONE))
        return NULL;
    return tlb_host(e, linear);
}

u8 *softmmu_run_slow(struct core *core, u32 linear, u32 size, enum access access, bool user)
{
    u8 *host = softmmu_span(core, linear, access, user);
    if (host || access != ACCESS_WRITE || tlb_is_guarded(core, linear, user))
        return host;
    u64 physical = prepare_write(core, linear, size, user);
    memory_entry entry = entry_of(core, physical);
    if (!(entry & ENTRY_WRITABLE))
        return NULL;
    note_page(core, (u32)physical, memory_entry_host(entry));
    memory_note_store(core->rest->mmu->memory, entry);
    return memory_entry_host(entry) + (linear & PAGE_MASK);
}

/* --- code --- */

u32 softmmu_code_address(struct core *core, u32 linear, bool user)
{
    u64 physical = physical_of(tlb_translate(core, linear, ACCESS_EXEC, user), linear);
    if (is_nowhere(physical))
        core->rest->mmu->paging->no_code(core);
    return (u32)physical;
}
