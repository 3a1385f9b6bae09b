/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the cpu of every guest has: what generated code, the exec loop and the softmmu share.
 *
 *   struct cpu {
 *       struct core core;         first: a pointer to one is a pointer to the other
 *       u32 regs[LOCATIONS];      what micro-ops use most, within 128 bytes
 *       ...                       the guest's own
 *       struct core_rest rest;    last
 *   };
 *
 * Generated code reaches the first 128 bytes with a one-byte displacement; so what is large, and
 * what only C looks at, is at the end.
 */
#ifndef OPS_CORE_H
#define OPS_CORE_H

#include "ops/jump_cache.h"
#include "ops/tlb.h"
#include "ops/types.h"
#include "ops/window.h"

struct core_rest;
struct exec;
struct exit_site;
struct interp_insn;
struct softmmu;

struct core {
    u32 pc;             /* of the instruction at hand, whenever C code runs */
    u32 slow;           /* what the slow path of a memory op is to do, see ops/slow.h */
    const void *resume; /* where the slow path goes on; in the block for core_leave_window() */
    union {
        u64 jump_key; /* | pc: the key by which a jump to it asks the jump cache */
        struct {
            u32 exit_request; /* not 0: leave generated code soon; atomic, set by any thread */
            u32 mode;         /* see MODE_STEP */
        };
    };
    struct exit_site *exit; /* the direct jump by which generated code left, NULL if another way */
    u32 slow_imm;           /* what a slow store of an immediate stores */
    bool halted;
    bool raised;   /* an exception waits for the exec loop to deliver it */
    u8 alone;      /* enum core_alone */
    bool int_line; /* the interrupt line, as the board drives it */
    s32 budget;    /* where instructions are counted: so many more before the exec loop's turn */
    struct core_rest *rest;
};

/* What exit_request is if not 0. The jump cache has no key with such a pc, so no jump finds its
 * target while one waits. */
#define EXIT_REQUESTED (~(u32)0)
_Static_assert(offsetof(struct core, exit_request) == offsetof(struct core, jump_key) &&
                   __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "a pc is in a key's lower half");

/* Is the next instruction to run as a block of its own? */
enum core_alone {
    ALONE_NOT,
    ALONE_NEW, /* one that is made for this time: it writes to its own code */
    ALONE_KEPT /* it reaches a device, where instructions are counted: see exec/icount.h */
};

/* Privileges with a TLB each. */
enum { PRIVILEGE_SUPERVISOR, PRIVILEGE_USER, PRIVILEGES };

enum { CPU_SPILL_SLOTS = 32 };

struct core_rest {
    const struct interp_insn *ip; /* the interpreter's */
    u32 unrun;                    /* of what the budget was charged: see exec/icount.h */
    u64 host_stack;               /* the host's stack pointer when generated code was called */
    struct exec *exec;            /* blocks, counters, the board: see exec/exec.h */
    struct softmmu *mmu;          /* what the TLB below is filled from: see exec/softmmu.h */
    struct memory_window window[PRIVILEGES]; /* see ops/window.h */
    u64 kept;                                /* what micro-ops in C keep: ops/host/host.h */
    u32 spill[CPU_SPILL_SLOTS];              /* values for which the IR's code has no register */
    struct tlb_entry tlb[PRIVILEGES][TLB_SIZE];
    struct jump_cache jump_cache;
};

/*
 * The mode that a block is translated for is part of its key: bits that stand for facts which
 * decide how code is decoded, or which checks may be left out. From MODE_GUEST on they are the
 * guest's own.
 */
enum {
    MODE_STEP = 1 << 0, /* one instruction, then back to the exec loop */
    MODE_USER = 1 << 1, /* of PRIVILEGE_USER */
    MODE_LINEAR =
        1 << 2, /* a pc is a linear address, whatever it is: jumps may go by the jump cache */
    MODE_NO_WINDOW = 1 << 30, /* of a block alone: its accesses go by the TLB (ops/window.h) */
    MODE_GUEST = 3,           /* the number of the first bit of a guest's */
};

static inline u32 core_mode(const struct core *core)
{
    return core->mode;
}

/* The exec loop is to look at things before the next block: a halt, a trap, a line. */
static inline void core_request_exit(struct core *core)
{
    __atomic_store_n(&core->exit_request, EXIT_REQUESTED, __ATOMIC_RELEASE);
}

#endif
