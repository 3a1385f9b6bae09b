/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What goes into a template's holes: numbers of the stream, and where in cpu generated code finds
 * the TLB, the stack window and the jump cache. Addresses of other items are not among it: those
 * follow when all have their places (generate.c).
 */
#include "ops/host/codes.h"
#include "translate/layout.h"

static unsigned privilege_of(const struct layout *l)
{
    return l->s->mode & MODE_USER ? PRIVILEGE_USER : PRIVILEGE_SUPERVISOR;
}

/* The offsets of the tag and of the addend. */
static void tlb_params(const struct layout *l, u64 *param, bool write)
{
    u64 tlb = l->s->table->rest + offsetof(struct core_rest, tlb[privilege_of(l)]);

    param[0] = tlb + (write ? offsetof(struct tlb_entry, write) : offsetof(struct tlb_entry, read));
    param[1] = tlb + offsetof(struct tlb_entry, addend);
}

static void access_params(const struct layout *l, struct item *i, const struct uop *u)
{
    i->param[0] = (u32)u->disp;
    tlb_params(l, &i->param[1], uop_row(u)->access.kind == ACCESS_STORE || u->write);
    i->param[3] = u->arg;
}

static void at_t0_params(const struct layout *l, struct item *i, const struct uop *u)
{
    tlb_params(l, &i->param[0], uop_row(u)->access.kind == ACCESS_STORE);
    i->param[2] = u->arg;
}

static u64 window_offset(const struct layout *l)
{
    return l->s->table->rest + offsetof(struct core_rest, window[privilege_of(l)]);
}

static void window_params(struct item *i, const struct uop *u)
{
    i->param[0] = (u64)(s64)(s32)u->disp; /* sums are of 64 bits */
    i->param[1] = u->arg;
}

static void window_check_params(const struct layout *l, struct item *i, const struct uop *u)
{
    i->param[0] = (u64)(s64)(s32)u->check.low;
    i->param[1] = WINDOW_SIZE - u->check.size;
    i->param[2] = window_offset(l) + offsetof(struct memory_window, page);
}

void fill_window_holes(const struct layout *l, struct item *i, const struct uop *check)
{
    i->param[0] = check->check.low;
    tlb_params(l, &i->param[1], true);
    i->param[3] = check->check.size - 1;
    i->param[4] = window_offset(l);
}

void fill_call_holes(struct item *i, u32 pc, u32 a, u32 b)
{
    i->param[0] = pc;
    i->param[1] = a;
    i->param[2] = b;
}

static void compare_params(struct item *i, const struct uop *u)
{
    bool with_number = uop_row(u)->shape == SHAPE_R;

    i->param[0] = u->to.imm;
    i->param[with_number] = host_code((enum uop_condition)u->condition);
}

void fill_cache_holes(const struct layout *l, u64 *param, u32 index)
{
    u64 at = l->s->table->rest + offsetof(struct core_rest, jump_cache);

    param[0] = at + offsetof(struct jump_cache, key[index]);
    param[1] = at + offsetof(struct jump_cache, code[index]);
}

void fill_holes(const struct layout *l, struct item *i, const struct uop *u)
{
    enum uop_params params = (enum uop_params)uop_row(u)->params;

    for (unsigned n = 0; n < uop_numbers(params); n++)
        i->param[n] = u->imm[n];
    switch (params) {
    case PARAMS_DISP:
        i->param[0] = (u32)u->disp;
        break;
    case PARAMS_ACCESS:
        access_params(l, i, u);
        break;
    case PARAMS_AT_T0:
        at_t0_params(l, i, u);
        break;
    case PARAMS_WINDOW:
        window_params(i, u);
        break;
    case PARAMS_WINDOW_AT_T0:
        i->param[0] = u->arg;
        break;
    case PARAMS_WINDOW_CHECK:
        window_check_params(l, i, u);
        break;
    case PARAMS_OFFSET_TARGET:
        i->param[0] = u->to.imm;
        break;
    case PARAMS_COMPARE:
    case PARAMS_TEST:
        compare_params(i, u);
        break;
    case PARAMS_CALL:
        fill_call_holes(i, u->pc, u->call.a, u->call.b);
        break;
    case PARAMS_CACHE:
        fill_cache_holes(l, i->param, 0);
        break;
    default:
        break;
    }
}
