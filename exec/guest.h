/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest is a value: what translation and execution ask of a processor, and what they do for it.
 * Whatever lies directly in exec/, translate/ and ops/ knows a guest by this alone.
 */
#ifndef EXEC_GUEST_H
#define EXEC_GUEST_H

#include "exec/exec.h"
#include "exec/inspect.h"
#include "exec/report/disassemble.h"
#include "exec/softmmu.h"

struct code_source;
struct register_set;
struct state_table;
struct stream;
struct uop_table;

/*
 * What a block is found by, beside the physical page it is made from. A pc is what jumps name; the
 * linear address is base + pc, and `limit` the last pc that may be fetched from.
 */
struct block_key {
    u32 pc, base, limit, mode;
};

struct guest {
    const char *name;
    const struct uop_table *uops;
    const struct paging *paging;
    size_t cpu_size;   /* of its struct cpu, in bytes, */
    size_t state_size; /* of which these, from the start, are what instructions change */

    /* --- the processor as a whole --- */

    /* Once, on a cpu that is all zeros. */
    void (*create)(struct core *core, const struct exec_options *options);
    /* The state after power-on, and after a reset. */
    void (*reset)(struct core *core);
    /* Somebody outside has changed registers. */
    void (*changed)(struct core *core);
    /* What the thread that runs it has of it, as registers of an FPU: taken up, and put back. */
    void (*enter)(struct core *core);
    void (*leave)(struct core *core);

    /* --- code --- */

    /* Of the next block. */
    struct block_key (*key)(const struct core *core);
    /* Its pc is beyond its limit: raises what jumping there raises. NULL: no limit is below ~0. */
    void (*beyond_limit)(struct core *core);
    /* Decodes a block at core->pc, by whatever of `source` it does not know better itself. */
    void (*translate)(struct core *core, struct stream *s, const struct code_source *source);
    /* A block that raises the exception of an unknown instruction, whatever is there. */
    void (*translate_undefined)(struct core *core, struct stream *s,
                                const struct code_source *source);

    /* --- between instructions --- */

    /* Before a block: may raise what a breakpoint there raises. */
    void (*before_block)(struct core *core);
    /* A trap that is due between two instructions: becomes core->raised. */
    void (*take_trap)(struct core *core);
    /* core->raised has been cleared: brings the cpu to the handler. */
    void (*deliver_exception)(struct core *core);
    /* Is an interrupt to be taken now, of core->int_line or of the guest's own? And taking it. */
    bool (*interrupt_is_due)(const struct core *core);
    void (*take_interrupt)(struct core *core);
    /* Is the next instruction to run by itself? */
    bool (*is_one_due)(const struct core *core);
    /* That one begins; and has ended. */
    void (*begin_one)(struct core *core);
    void (*end_one)(struct core *core);
    /* A block, or that one, was abandoned: with an exception, or (left) to come again. */
    void (*abandon)(struct core *core, bool left);

    /* --- saved and restored --- */

    const struct state_table *state; /* of its struct cpu */
    /* Somebody is about to look: what the table has becomes right, and the same in all engines. */
    void (*saving)(struct core *core);
    /* What the table has is another: whatever follows from it is to be set. */
    void (*restored)(struct core *core);

    /* --- lockstep --- */

    /* What the board drives beside the interrupt line, in a form of the guest's own. */
    u64 (*lines)(const struct core *core);
    void (*drive_lines)(struct core *core, u64 lines);
    /*
     * Brings a copy of a state to a form in which equal states are equal bytes: what is nothing
     * between instructions is 0, flags are computed, but for those of `dead` (enum flag_part).
     */
    void (*level)(struct core *copy, u32 dead);
    const char *const *questions; /* names of its kinds of log_event, from LOG_GUEST on */

    /* --- listings --- */

    const struct isa *(*isa)(u32 mode);
    /* Registers, a line or more. */
    void (*print_state)(const struct core *core, FILE *to);

    /* --- for who looks at it from outside: see exec/inspect.h --- */

    /* Those, too, that are the host's while the guest runs. */
    void (*print_registers)(const struct core *core, FILE *to);

    struct mapping (*mapping)(const struct core *core, u32 linear);
    const struct register_set *registers; /* exec/registers.h */
};

/* --- for guests: what the exec loop does --- */

/*
 * Abandons the instruction at core->pc, whose state must be as before it: it comes again; or with
 * an exception, which the guest has noted, for deliver_exception.
 */
_Noreturn void core_leave(struct core *core);
/*
 * The same within a block, that of which core->resume is code: it goes on from core->pc without the
 * stack window (ops/window.h).
 */
_Noreturn void core_leave_window(struct core *core);
_Noreturn void core_raise(struct core *core);

/*
 * A write is about to change bytes of a page that holds translated code: kills the blocks made
 * from [physical, physical + size). True if the block that is running is among them: then the
 * write is not done, but core_leave() called, and the instruction comes again from new code.
 */
bool exec_code_written(struct core *core, u32 physical, unsigned size);
/* The instruction at hand comes again, unless it runs as a block of its own already. */
void exec_alone(struct core *core);
/*
 * It is about to reach a device, and is maybe not the last of its block: likewise, where that makes
 * a difference (exec/icount.h).
 */
void exec_before_device(struct core *core);
/* Forgets all blocks of which the mode has one of these bits. */
void exec_forget_mode(struct core *core, u32 bits);

const struct board *exec_board(const struct core *core);
const struct guest *exec_guest(const struct exec *e);
struct memory *exec_memory(const struct exec *e);
/*
 * Anything that the cpu asks of the world outside, or tells it, goes by here: in lockstep it is
 * done once, and the second run is told what came of it in the first. `event` says what it is;
 * `ask` does it.
 */
u64 exec_ask(struct core *core, struct log_event *event,
             u64 (*ask)(struct core *core, const struct log_event *event));
/* Nanoseconds since power-on in guest time. */
u64 exec_clock(struct core *core);
/* For take_interrupt: the vector that core->int_line asks for. */
unsigned exec_acknowledge(struct core *core);

/*
 * For lockstep: runs blocks by one of its engines, exceptions included. So many, or unless
 * `exactly` until something waits for the exec loop; returns how many.
 */
u32 exec_run_blocks(struct core *core, unsigned engine, u32 blocks, bool exactly);

/* Of struct core, for their tables. */
extern const struct state_table core_state;

static inline u32 *core_regs(struct core *core)
{
    return (u32 *)(core + 1);
}

#endif
