/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What exec.c and loop.c share: a cpu with all that runs it. */
#ifndef EXEC_EXEC_INTERNAL_H
#define EXEC_EXEC_INTERNAL_H

#include <setjmp.h>

#include "exec/block.h"
#include "exec/guest.h"
#include "exec/icount.h"
#include "exec/lockstep.h"
#include "exec/report/stats.h"
#include "exec/stops.h"

/* A debugger's wish that comes before all else: see go_ahead(). */
enum ahead { AHEAD_NOTHING, AHEAD_PASS, AHEAD_STEP, AHEAD_STEPPED };

struct exec {
    const struct guest *guest;
    struct core *core; /* the guest's cpu begins with it */
    struct memory *memory;
    struct memory_listener listener;
    const struct board *board;
    const struct engine *engine[2]; /* the second, and lockstep, in lockstep only */
    unsigned running;               /* which of them */
    struct block_cache *cache;
    struct lockstep *lockstep;
    struct profile *profile; /* with -count */
    struct sampler *sampler;
    jmp_buf out;   /* of an instruction that cannot be completed */
    u32 requested; /* somebody outside the cpu asked for service: atomic */
    bool stop;     /* atomic */
    bool reset;
    bool runs;     /* within exec_run: the guest has been entered */
    bool mixed;    /* the cache has a better engine */
    bool is_alone; /* core->alone is being served, or no block runs: writes need spare none */
    struct icount icount;
    struct loop_stats stats;
    struct stops stops;
    stop_fn *on_stop;
    void *stop_owner;
    enum ahead ahead, going; /* the latter while the instruction runs */
    bool told;               /* of a stop at told_at, and nothing has run since */
    u32 told_at;
};

#endif
