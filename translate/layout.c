/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a stream to items: each micro-op becomes an item of the hot list, and what it needs beside
 * that goes to the cold one. Walks along the stream once; labels are numbers of items (layout.h).
 */
#include "translate/layout.h"
#include "ops/slow.h"

#include <string.h>

/* --- items --- */

struct item *layout_add(struct layout *l, bool cold, u32 op)
{
    u32 *count = cold ? &l->cold_count : &l->hot_count;
    u32 most = cold ? COLD_ITEMS : HOT_ITEMS;
    struct item *i = &(cold ? l->cold : l->hot)[*count];

    if (*count + 1 >= most)
        l->full = true;
    else
        ++*count;
    memset(i, 0, sizeof *i);
    i->template = l->s->table->rows[op].first;
    i->pc = l->pc;
    i->segment = l->segment;
    i->part = !cold                                      ? PART_HOT
              : op == UOP_exit_stub || op == UOP_exit_to ? PART_COLD
                                                         : l->cold_part;
    return i;
}

static struct label here(const struct layout *l, bool cold)
{
    return (struct label){(u16)(cold ? l->cold_count : l->hot_count), cold, true};
}

void layout_add_param(struct layout *l, bool cold, u32 op, u32 p1)
{
    layout_add(l, cold, op)->param[0] = p1;
}

struct item *layout_add_uop(struct layout *l, bool cold, const struct uop *u)
{
    struct item *i = layout_add(l, cold, u->op);

    i->template = (u16)uop_template(u);
    fill_holes(l, i, u);
    return i;
}

/* --- exits --- */

/* A new exit that can be chained: its number. */
static u32 new_exit(struct layout *l, u32 pc)
{
    u32 n = l->exits;

    if (n + 1 >= BLOCK_EXITS)
        l->full = true;
    else
        l->exits++;
    l->exit_pc[n] = pc;
    l->exit_mode[n] = 0;
    l->exit_moved[n] = l->moved;
    l->exit_stub[n] = here(l, true);
    layout_add_param(l, true, UOP_exit_stub, pc);
    l->cold[l->cold_count - 1].exit = (u16)(n + 1);
    return n;
}

/* To another page: by the jump cache, which forgets when mappings change. */
static void jump_to_other_page(struct layout *l, bool cold, u32 pc)
{
    struct item *i;
    struct label stub;

    if (!(l->s->mode & MODE_LINEAR)) {
        layout_add_param(l, cold, UOP_exit_to, pc);
        return;
    }
    if (cold) { /* the way out of the cold part is behind it */
        i = layout_add(l, true, UOP_jump_far_page);
        stub = here(l, true);
        layout_add_param(l, true, UOP_exit_to, pc);
    } else {
        stub = here(l, true);
        layout_add_param(l, true, UOP_exit_to, pc);
        i = layout_add(l, false, UOP_jump_far_page);
    }
    i->param[0] = pc;
    fill_cache_holes(l, &i->param[1], jump_cache_index(pc));
    i->slow = stub;
}

static void jump_in_page(struct layout *l, bool cold, u32 pc)
{
    u32 n = new_exit(l, pc);
    struct item *i;

    if (!cold) {
        i = layout_add(l, false, UOP_jump);
    } else {
        /* new_exit has put the stub where the jump is wanted: swap them */
        l->cold_count--;
        i = layout_add(l, true, UOP_jump);
        l->exit_stub[n] = here(l, true);
        layout_add_param(l, true, UOP_exit_stub, pc);
        l->cold[l->cold_count - 1].exit = (u16)(n + 1);
    }
    i->taken = l->exit_stub[n];
    i->exit = (u16)(n + 1);
}

static void jump_direct(struct layout *l, bool cold, u32 pc)
{
    if (stream_same_page(l->s, pc))
        jump_in_page(l, cold, pc);
    else
        jump_to_other_page(l, cold, pc);
}

static void branch(struct layout *l, const struct uop *u)
{
    bool stores = late_has_flags(l) && u->to.dead != FLAGS_ALL;
    bool direct = !stores && stream_same_page(l->s, u->to.target) &&
                  l->engine->taken_site(l->s->table, uop_template(u)) >= 0;
    struct item *i = layout_add_uop(l, false, u);

    if (direct) {
        u32 n = new_exit(l, u->to.target);
        i->taken = l->exit_stub[n];
        i->exit = (u16)(n + 1);
        return;
    }
    i->taken = here(l, true);
    if (stores)
        late_store(l, true);
    jump_direct(l, true, u->to.target);
}

/* --- cold parts --- */

static unsigned slot(const struct layout *l, u8 location)
{
    return l->s->table->slots ? l->s->table->slots[location] : location;
}

static u32 access_kind(const struct layout *l, const struct uop *u)
{
    const struct uop_access a = uop_row(u)->access;
    unsigned log2_size = (unsigned)__builtin_ctz(a.size);
    bool store = a.kind == ACCESS_STORE;
    u32 flags = late_slow_path_kind(l);

    switch ((enum uop_cold)uop_row(u)->cold) {
    case COLD_FIELD:
        return slow_access_field(store ? SLOW_STORE_FIELD : SLOW_LOAD_FIELD, log2_size, a.aligned,
                                 flags);
    case COLD_IMMEDIATE:
        return slow_store_immediate(log2_size, flags);
    default:
        break;
    }
    if (store)
        return slow_access(SLOW_STORE, log2_size, slot(l, u->b), flags);
    return slow_access(u->write ? a.sign ? SLOW_LOAD_SIGNED_WRITE : SLOW_LOAD_WRITE
                       : a.sign ? SLOW_LOAD_SIGNED
                                : SLOW_LOAD,
                       log2_size, slot(l, u->d), flags);
}

static u32 access_descriptor(const struct layout *l, const struct uop *u)
{
    return access_kind(l, u) | (u->before_window ? SLOW_WINDOW : 0);
}

/* Where instructions are counted, C is told how many of those charged have not run. */
static void tell_unrun(struct layout *l, bool cold, const struct uop *u)
{
    if (u->unrun)
        layout_add_param(l, cold, UOP_unrun, u->unrun);
}

/* A slow path, which is told by its descriptor how flags follow. */
static void cold_slow(struct layout *l, const struct uop *u, u32 op, u32 descriptor)
{
    struct item *slow;

    late_store_operands(l, true);
    tell_unrun(l, true, u);
    slow = layout_add(l, true, op);
    slow->param[0] = u->pc;
    slow->param[1] = descriptor;
    slow->param[2] = u->arg;
    slow->taken = here(l, false);
}

/*
 * A slow path that is a helper: it sees all state, then the block goes on behind the micro-op. One
 * that does an access is told, as its b, whether the window is relied on.
 */
static void cold_call(struct layout *l, const struct uop *u)
{
    bool relies = uop_row(u)->access.kind && u->before_window;

    late_store(l, true);
    tell_unrun(l, true, u);
    fill_call_holes(layout_add(l, true, uop_row(u)->cold_op), u->pc, u->arg, relies);
    layout_add(l, true, UOP_jump)->taken = here(l, false);
}

/*
 * Where the check of the stack window, before all else of the block, goes when it fails: is that
 * counted, and was it the last time, to the exec loop; else it fills the window, or goes to the
 * block's other form. Added last: other exits have the numbers that they would have without, as in
 * an engine that has no window.
 */
static void cold_window(struct layout *l)
{
    const struct uop *check = l->check;
    u32 start = l->cold_count;
    struct item *fill;

    l->pc = check->pc;
    l->moved = WINDOW_LOST;
    l->hot[l->check_at].slow = here(l, true);
    if (check->check.failures)
        layout_add_param(l, true, UOP_count_down, check->check.failures);
    fill = layout_add(l, true, UOP_window_fill);
    fill->template = (u16)(fill->template + check->d);
    fill_window_holes(l, fill, check);
    fill->taken = (struct label){.index = (u16)(l->check_at + 1), .set = true};
    fill->slow = here(l, true);
    jump_in_page(l, true, check->pc);
    l->exit_mode[l->exits - 1] = MODE_NO_WINDOW;
    if (!check->check.failures)
        return;
    l->cold[start].slow = here(l, true);
    layout_add_param(l, true, UOP_exit_to, check->pc);
}

/* What a micro-op that has been added goes to where it does not go on. */
static void cold_part(struct layout *l, const struct uop *u)
{
    struct item *leave;

    switch ((enum uop_cold)uop_row(u)->cold) {
    case COLD_NEVER:
    case COLD_LAYOUT:
        break;
    case COLD_WINDOW: /* later: cold_window() */
        l->check = u;
        l->check_at = l->hot_count - 1;
        break;
    case COLD_LOCATION:
        cold_slow(l, u, UOP_slow_mem, access_descriptor(l, u));
        break;
    case COLD_IMMEDIATE:
    case COLD_FIELD:
        cold_slow(l, u, UOP_slow_memi, access_descriptor(l, u));
        break;
    case COLD_SLOW:
        cold_slow(l, u, uop_row(u)->cold_op, slow_own(u->arg, late_slow_path_kind(l)));
        break;
    case COLD_HELPER:
        cold_call(l, u);
        break;
    case COLD_LEAVE:
        late_store(l, true);
        if (u->unrun)
            layout_add_param(l, true, UOP_refund, u->unrun);
        layout_add_param(l, true, UOP_exit_to, u->pc);
        break;
    case COLD_LEAVE_D:
        leave = layout_add(l, true, UOP_exit_d);
        leave->template = (u16)(leave->template + u->d);
        break;
    }
}

/* --- all of it --- */

static void goes_on(struct layout *l, const struct uop *u)
{
    struct item *i = layout_add_uop(l, false, u);

    late_overwrite(l, u);
    i->slow = here(l, true);
    cold_part(l, u);
}

static void call(struct layout *l, const struct uop *u)
{
    late_store_kind(l, false);
    tell_unrun(l, false, u);
    layout_add_uop(l, false, u);
    late_called(l, u);
}

static void leave(struct layout *l, const struct uop *u)
{
    struct item *i;

    late_store(l, false);
    i = layout_add_uop(l, false, u);
    i->slow = here(l, true);
    cold_part(l, u);
}

void layout_uop(struct layout *l, const struct uop *u)
{
    l->pc = u->pc;
    l->moved = l->check ? u->moved : WINDOW_LOST;
    if (u->late) {
        late_collect(l, u);
        return;
    }
    if (uop_is_mark(u)) {
        if (u->op == UOP_cc)
            late_mark(l, u);
        return;
    }
    switch ((enum uop_end)uop_row(u)->end) {
    case END_NEXT:
        if (uop_is_call(u))
            call(l, u);
        else
            goes_on(l, u);
        break;
    case END_BRANCH:
        l->cold_part = PART_TAKEN;
        branch(l, u);
        l->cold_part = PART_COLD;
        l->segment++;
        break;
    case END_JUMP:
        if (u->to.dead != FLAGS_ALL)
            late_store(l, false);
        jump_direct(l, false, u->to.target);
        break;
    case END_LOOKUP:
    case END_LOOP:
        leave(l, u);
        break;
    }
}

void layout_start(struct layout *l, const struct engine *engine, const struct stream *s)
{
    l->engine = engine;
    l->s = s;
    l->hot_count = l->cold_count = l->exits = 0;
    l->full = false;
    l->segment = 0;
    l->cold_part = PART_COLD;
    l->check = NULL;
    late_start(&l->late);
}

void layout_end(struct layout *l)
{
    if (l->check)
        cold_window(l);
}
