/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a debugger wants a guest to stop: before an instruction (a breakpoint), behind one that has
 * accessed data (a watchpoint), behind the next one (a step). What the guest itself has of the kind
 * goes on beside it. No instruction that meets none of them pays:
 *
 *   breakpoints   a block ends before one; a block that begins at one is neither chained to nor in
 *                 the jump cache, so that it is entered from the exec loop alone, which asks
 *   watchpoints   a page with one is never in the TLB that generated code looks at
 *
 *   exec_on_stop(e, stopped, owner);        exec_stop() is called before exec_run returns
 *   exec_set_breakpoint(e, 0x7c00, true);   while exec_run does not run
 *   exec_run(e);
 *
 * Addresses are linear, of whatever the guest has there. An instruction at which exec_run begins
 * has no breakpoint: whoever has seen it goes on so. Not for lockstep.
 */
#ifndef EXEC_STOPS_H
#define EXEC_STOPS_H

#include "exec/exec.h"
#include "ops/types.h"

enum watch_for { WATCH_WRITE = 1, WATCH_READ = 2, WATCH_ACCESS = WATCH_WRITE | WATCH_READ };
struct watchpoint {
    u32 at, size; /* bytes */
    enum watch_for on;
};

enum stop_cause { STOP_BREAKPOINT, STOP_WATCHPOINT, STOP_STEP };
struct stop {
    enum stop_cause cause;
    struct watchpoint watch; /* which it was, */
    u32 address;             /* and which of its bytes was met first */
};
/* On the cpu's thread, between two instructions: is to see that exec_stop is called. */
typedef void stop_fn(void *owner, const struct stop *stop);

void exec_on_stop(struct exec *e, stop_fn *stopped, void *owner);
/*
 * Sets one, or takes it away; to do what is done already is no mistake. False if the host has no
 * room, in lockstep, or for a watchpoint without a size or one that goes beyond 4 GiB.
 */
bool exec_set_breakpoint(struct exec *e, u32 at, bool on);
bool exec_set_watchpoint(struct exec *e, struct watchpoint watch, bool on);
void exec_forget_stops(struct exec *e);
/*
 * The next exec_run does one instruction, or delivers the exception that it raises, and stops. No
 * interrupt comes before it unless the cpu is halted. False in lockstep.
 */
bool exec_step(struct exec *e);

/* --- for exec/ --- */

struct stops {
    u32 *code; /* sorted */
    unsigned codes;
    struct watchpoint *watch;
    unsigned watches;
    bool met; /* by the instruction at hand */
    struct stop stop;
};

void stops_destroy(struct stops *s);
bool stops_set_code(struct stops *s, u32 at, bool on);
bool stops_set_watch(struct stops *s, struct watchpoint watch, bool on);
bool stops_is_at(const struct stops *s, u32 linear);
/* Bytes from `linear` to the next one behind it. */
u32 stops_distance(const struct stops *s, u32 linear);
bool stops_guards_page(const struct stops *s, u32 linear);
/* The watchpoint that an access meets; NULL: none. */
const struct watchpoint *stops_find_watch(const struct stops *s, u32 linear, unsigned size,
                                          bool write);
/* The access that has met it is done. */
void stops_note(struct stops *s, const struct watchpoint *watch, u32 linear);

#endif
