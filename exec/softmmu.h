/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The softmmu: a guest's linear memory, for C and for generated code.
 *
 * Three levels answer an access: the TLB, looked up by generated code and inline here, one table a
 * privilege; behind it one larger table of translations for both privileges, which a flush empties
 * by counting a generation up; behind that the guest's page tables (struct paging).
 */
#ifndef EXEC_SOFTMMU_H
#define EXEC_SOFTMMU_H

#include "exec/memory.h"
#include "exec/report/lockstep_log.h"
#include "ops/core.h"

enum access { ACCESS_READ, ACCESS_WRITE, ACCESS_EXEC };

struct mmu_stats {
    u64 misses;       /* accesses that the TLB did not answer */
    u64 walks;        /* of page tables */
    u64 flushes;      /* whole ones, and all but global pages */
    u64 page_flushes; /* of one page */
    u64 jump_scans;   /* those of them that looked through the jump cache */
    u64 devices;      /* accesses to device pages */
    u64 code_writes;  /* writes to pages that hold translated code */
};

/*
 * A page's frame: its physical address and what may be done with it, all levels of the page tables
 * taken together.
 */
enum {
    FRAME_PRESENT = 1u << 0,
    FRAME_WRITABLE = 1u << 1, /* by the user */
    FRAME_USER = 1u << 2,     /* may the user reach it? */
    FRAME_WRITABLE_SUPERVISOR = 1u << 3,
    FRAME_ACCESSED = 1u << 5,
    FRAME_DIRTY = 1u << 6,
    FRAME_GLOBAL = 1u << 8,
    FRAME_NOWHERE = 1u << 10, /* above 4 GiB: reads as ones, ignores writes */
    /* Not for fetching code; not for reading. */
    FRAME_NX_SUPERVISOR = 1u << 9,
    FRAME_NX_USER = 1u << 11,
    FRAME_NX = FRAME_NX_SUPERVISOR | FRAME_NX_USER,
    FRAME_NO_READ_SUPERVISOR = 1u << 4,
    FRAME_NO_READ_USER = 1u << 7,
};

/* Does a frame allow an access? A write to one that is not dirty must walk all the same. */
static inline bool frame_allows(u32 frame, enum access access, bool user)
{
    if (user && !(frame & FRAME_USER))
        return false;
    if (access == ACCESS_WRITE)
        return frame & (user ? FRAME_WRITABLE : FRAME_WRITABLE_SUPERVISOR);
    if (access == ACCESS_READ)
        return !(frame & (user ? FRAME_NO_READ_USER : FRAME_NO_READ_SUPERVISOR));
    return !(frame & (user ? FRAME_NX_USER : FRAME_NX_SUPERVISOR));
}

/* What a guest's memory management does; all but `walk` may be NULL, and then does nothing. */
struct paging {
    /*
     * The frame of a linear page through the page tables, raising the guest's fault if the access
     * is not allowed; sets accessed and dirty bits, whatever the guest has of them.
     */
    u32 (*walk)(struct core *core, u32 linear, enum access access, bool user);
    /* Is each access to a page to be told of? Then it is never in the TLB. */
    bool (*guards)(const struct core *core, u32 linear, bool user);
    /* An access by the user: raises a fault if it must be aligned and is not. */
    void (*align)(struct core *core, u32 linear, unsigned size);
    /* An access is done or about to be; `prepare` if it will be told again. */
    void (*watch)(struct core *core, u32 linear, unsigned size, bool write, bool prepare);
    /* Code is to be fetched from FRAME_NOWHERE: raises a fault. */
    void (*no_code)(struct core *core);
};

struct translation {
    u32 page; /* linear, and in its low bits the address space */
    u32 frame;
    u32 generation; /* valid if it is the mmu's, of global pages or of the others */
};
enum { TRANSLATION_BITS = 13, TRANSLATIONS = 1 << TRANSLATION_BITS };

/* A power of 2: pages of host memory that are so many apart are counted together. */
enum { WRITER_COUNTS = 4096 };

/* Somebody who is told whenever translations are forgotten. */
struct flush_listener {
    struct flush_listener *next;
    void (*flushed)(void *owner);
    void *owner;
};

struct stops;

enum { JUMP_PAGE_BITS = 15, JUMP_PAGES = 1 << JUMP_PAGE_BITS };

struct softmmu {
    const struct paging *paging;
    struct stops *stops; /* a debugger's, or NULL: exec/stops.h */
    struct memory *memory;
    struct write_log *log; /* NULL unless in lockstep */
    struct mmu_stats stats;
    u32 generation[2]; /* [1] of global pages */
    /* Which entries of the tables in struct core_rest are in use: so a flush touches only those. */
    u64 filled[PRIVILEGES][TLB_SIZE / 64];
    u64 global[PRIVILEGES][TLB_SIZE / 64];
    u64 jumps[JUMP_CACHE_SIZE / 64];
    u64 global_jumps[JUMP_CACHE_SIZE / 64]; /* those of them into global pages alone */
    u64 jump_pages[JUMP_PAGES / 64]; /* whose bit is clear, by a page's hash: no jump leads there */
    u16 writers[WRITER_COUNTS];      /* entries with a write tag, by their page of host memory */
    u32 space[2];                    /* the address spaces of data and of code */
    bool window_relied_on;           /* see softmmu_rely_on_window */
    struct flush_listener *listeners;
    struct memory_listener listener; /* to the memory map */
    u32 big[1024 / 32]; /* the 4 MiB regions of which translations were parts of large pages */
    struct translation translation[TRANSLATIONS];
};

/* Makes the mmu, and the TLB and the jump cache empty. False if the host has no room. */
bool softmmu_create(struct core *core, struct memory *memory, const struct paging *paging);
void softmmu_destroy(struct core *core);

/* --- accesses; they raise the guest's faults --- */

/* 1, 2 or 4 bytes (8 for read64/write64) at a linear address, in the host's byte order. */
u32 softmmu_read(struct core *core, u32 linear, unsigned size, bool user);
void softmmu_write(struct core *core, u32 linear, u32 value, unsigned size, bool user);
u64 softmmu_read64(struct core *core, u32 linear, bool user);
void softmmu_write64(struct core *core, u32 linear, u64 value, bool user);
/* Raises the fault that an access would, without doing it. */
void softmmu_probe(struct core *core, u32 linear, unsigned size, enum access access, bool user);
/*
 * Makes sure that a write of `size` bytes at a linear address will succeed: raises its fault,
 * and takes care of translated code. For what cannot be repeated, as reading a port.
 */
void softmmu_prepare_write(struct core *core, u32 linear, unsigned size, bool user);
/*
 * Host memory behind a linear address up to the end of its page, for whole runs: NULL where each
 * access must go through softmmu_read or softmmu_write (devices, ROM, pages that hold code).
 */
u8 *softmmu_span(struct core *core, u32 linear, enum access access, bool user);
/*
 * Host memory behind [linear, linear + size), which must lie in one page, about to be read or
 * written as a whole. Unlike softmmu_span a write takes care of translated code.
 */
u8 *softmmu_run_slow(struct core *core, u32 linear, u32 size, enum access access, bool user);
/* Physical address of the code byte at a linear address. */
u32 softmmu_code_address(struct core *core, u32 linear, bool user);
/*
 * Accesses at a physical address within a page, which the caller has translated: logged, and code
 * that is written over is forgotten.
 */
u32 softmmu_read_physical(struct core *core, u64 physical, unsigned size);
void softmmu_write_physical(struct core *core, u64 physical, u32 value, unsigned size);

/*
 * While an access is done for a block that will use the stack window after it, what may be a
 * device's is not: core_leave_window() is called before anything has been done. For a device may
 * change what is where.
 */
static inline void softmmu_rely_on_window(struct core *core, bool yes)
{
    core->rest->mmu->window_relied_on = yes;
}

/* --- forgetting --- */

/*
 * Forgets translations: all, all but global ones, or one page. Also jumps, but for those into pages
 * that stay.
 */
void softmmu_flush(struct core *core);
void softmmu_flush_non_global(struct core *core);
void softmmu_flush_page(struct core *core, u32 linear);
/*
 * From now on data and code are in these address spaces, numbers below 4096: a linear address may
 * lead elsewhere in each.
 */
void softmmu_set_spaces(struct core *core, u32 data, u32 code);
/* The listener stays the caller's, who takes it out again before it goes. */
void softmmu_listen(struct core *core, struct flush_listener *listener);
void softmmu_unlisten(struct core *core, struct flush_listener *listener);
/*
 * Takes write permission from every TLB entry that reaches a physical page (it now holds code).
 * `linear` is where the code is, whose entries are the likeliest.
 */
void softmmu_protect_code(struct core *core, u32 physical_page, u32 linear);

/*
 * A jump to `pc` in the mode at hand may go straight to `code`, which is made from one page alone
 * or not, until a flush.
 */
void softmmu_add_jump(struct core *core, u32 pc, const void *code, bool one_page);
/* ... or until the code dies. */
void softmmu_forget_jump(struct core *core, u32 pc, const void *code);

/*
 * Notes the pages of RAM that are written to and all device accesses in a log, or with NULL stops
 * that. Flushes the TLB: the first write to each page comes through here.
 */
void softmmu_log_writes(struct core *core, struct write_log *log);

static inline struct tlb_entry *tlb_entry(struct core *core, bool user, u32 linear)
{
    return tlb_find(core->rest->tlb[user], linear);
}

static inline u8 *tlb_host(const struct tlb_entry *e, u32 linear)
{
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): generated code adds likewise */
    return (u8 *)(uintptr_t)(e->addend + linear);
}

static inline u8 *softmmu_run(struct core *core, u32 linear, u32 size, enum access access,
                              bool user)
{
    const struct tlb_entry *e = tlb_entry(core, user, linear);
    u32 tag = access == ACCESS_WRITE ? e->write : e->read;
    if (__builtin_expect(tag == (linear & ~(u32)PAGE_MASK), 1))
        return tlb_host(e, linear);
    return softmmu_run_slow(core, linear, size, access, user);
}

#endif
