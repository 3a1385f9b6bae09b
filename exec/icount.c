/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budgets of instructions: see icount.h. */
#include "exec/icount.h"

enum { MOST = 1 << 30 };

void icount_start(struct icount *c, struct core *core)
{
    *c = (struct icount){.on = true, .deadline = UINT64_MAX};
    icount_set_deadline(c, core, UINT64_MAX);
}

u64 icount_now(const struct icount *c, const struct core *core)
{
    return c->target - (u64)(s64)core->budget - core->rest->unrun;
}

void icount_set_deadline(struct icount *c, struct core *core, u64 deadline)
{
    u64 charged = c->target - (u64)(s64)core->budget;
    u64 left = deadline > charged ? deadline - charged : 0;

    c->deadline = deadline;
    core->budget = left < MOST ? (s32)left : MOST;
    c->target = charged + (u64)core->budget;
}

void icount_set(struct icount *c, struct core *core, u64 instructions)
{
    core->budget = 0;
    core->rest->unrun = 0;
    c->target = c->deadline = instructions;
}

bool icount_is_up(const struct icount *c, const struct core *core)
{
    return c->on && core->budget <= 0;
}

bool icount_take_deadline(struct icount *c, struct core *core)
{
    if (icount_now(c, core) >= c->deadline) {
        c->deadline = UINT64_MAX;
        return true;
    }
    icount_set_deadline(c, core, c->deadline);
    return false;
}

void icount_go_on(struct icount *c, struct core *core)
{
    u64 next = icount_now(c, core) + 1;

    icount_set_deadline(c, core, c->deadline > next ? c->deadline : next);
}

void icount_give_back(struct core *core)
{
    core->budget += (s32)core->rest->unrun;
    core->rest->unrun = 0;
}
