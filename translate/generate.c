/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a stream to code: each micro-op becomes a template, each template gets its place, and the
 * engine copies them there with their holes filled in.
 *
 * A block's code is two lists of items, one template each:
 *
 *     hot     the stream's micro-ops in a row: each falls into the next
 *     cold    behind them: where a micro-op goes when it does not go on (slow paths, helpers, ways
 *             out of the block), and what a taken branch has to do first
 *
 *     lay_out()      walks along the stream and appends items to both. Nothing has an address
 *                    yet: a label is the number of an item in its list.
 *     place()        adds up the templates' sizes: all labels are addresses now.
 *     emit_items()   the same items, in the same order, into memory.
 *
 * On the way lay_out() keeps which flags are computed but not stored (liveness.c says why): `kind`,
 * `pending`, `pending_inc`, `notes`. They are not code until cold code or a way out needs them, and
 * are put in front of it there.
 *
 * What a change must keep:
 *
 *   - An item's size follows from its template alone, or addresses do not fit what is emitted.
 *   - Whatever leaves the block or calls C comes behind store_flags(), or behind store_operands()
 *     if it is told the kind by a descriptor. Hot code that stores flags changes what is pending,
 *     so cold code is made at once with its micro-op, not at the end.
 *   - An item with an `exit` can be chained: its template jumps by one field, taken_site(), and it
 *     has a stub in the cold part, to which unchaining leads back.
 *   - The lists are bounded. A stream that does not fit makes the layout full, which is
 *     DYNGEN_NO_ROOM: no block is cut short in silence.
 */
#include "ops/slow.h"
#include "translate/translate.h"

#include <string.h>

/* Where an item's target lies: an item of the same list or the other one. */
struct label {
    u16 index;
    bool cold, set;
};

struct item {
    u16 template;
    u16 exit; /* number of the exit its taken target is, plus 1 */
    u16 segment;
    u8 part;    /* enum code_part */
    u32 eip;    /* of its guest instruction */
    u32 offset; /* from the block's entry */
    u64 param[5];
    struct label taken, slow;
};

enum { GROUP_OPS = 4, HOT_ITEMS = STREAM_UOPS * 2, COLD_ITEMS = STREAM_UOPS * 4 };

static struct layout {
    const struct engine *engine;
    const struct stream *s;
    struct item hot[HOT_ITEMS], cold[COLD_ITEMS];
    u32 hot_count, cold_count, exits;
    u32 exit_eip[BLOCK_EXITS];
    u32 exit_mode[BLOCK_EXITS];
    struct label exit_stub[BLOCK_EXITS];
    bool full;
    /* What items that are added are for: see struct code_map. */
    u32 eip;
    u16 segment;
    enum code_part cold_part;
    /* How flags follow from their operands: as the cpu has it, and as it ought to: see note_flags.
     */
    u32 kind;
    bool kind_known, kind_stored;
    /* Flags that are stored late: ops of the mark at hand, of all flags, of INC's. */
    struct group {
        const struct uop *ops[GROUP_OPS];
        u32 count;
    } collected, pending, pending_inc;
    u32 inc; /* of pending_inc, where the rest of the kind is not known; else 0 */
    /* Notes that cold code makes: of L_NOTE1, of L_NOTE2. */
    const struct uop *notes[2];
    const struct uop *check; /* of the stack window, which is the hot item `check_at`; or NULL */
    u32 check_at;
} layout;

/* --- items --- */

static struct item *add(struct layout *l, bool cold, u32 op)
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
    i->eip = l->eip;
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

static void add_param(struct layout *l, bool cold, u32 op, u32 p1)
{
    add(l, cold, op)->param[0] = p1;
}

/* --- holes --- */

static unsigned privilege_of(const struct layout *l)
{
    return l->s->mode & MODE_USER ? PRIVILEGE_USER : PRIVILEGE_SUPERVISOR;
}

static void tlb_params(const struct layout *l, struct item *i, bool write)
{
    u64 tlb = l->s->table->rest + offsetof(struct core_rest, tlb[privilege_of(l)]);

    i->param[1] =
        tlb + (write ? offsetof(struct tlb_entry, write) : offsetof(struct tlb_entry, read));
    i->param[2] = tlb + offsetof(struct tlb_entry, addend);
}

static void access_params(const struct layout *l, struct item *i, const struct uop *u)
{
    i->param[0] = (u32)u->disp;
    tlb_params(l, i, uop_row(u)->access.kind == ACCESS_STORE || u->write);
    i->param[3] = u->arg;
}

static u64 window_offset(const struct layout *l)
{
    return l->s->table->rest + offsetof(struct core_rest, window[privilege_of(l)]);
}

static void window_params(const struct layout *l, struct item *i, const struct uop *u)
{
    i->param[0] = (u64)(s64)(s32)u->disp; /* sums are of 64 bits */
    i->param[1] = window_offset(l) + offsetof(struct memory_window, addend);
    i->param[2] = u->arg;
}

/* The block uses imm[1] bytes from its base + imm[0] on; imm[2] is where failures are counted. */
static void window_check_params(const struct layout *l, struct item *i, const struct uop *u)
{
    i->param[0] = (u64)(s64)(s32)u->imm[0];
    i->param[1] = WINDOW_SIZE - u->imm[1];
    i->param[2] = window_offset(l) + offsetof(struct memory_window, page);
}

static void window_fill_params(const struct layout *l, struct item *i, const struct uop *u)
{
    i->param[0] = u->imm[0];
    tlb_params(l, i, true);
    i->param[3] = u->imm[1] - 1;
    i->param[4] = window_offset(l);
}

static void call_params(struct item *i, u32 eip, u32 a, u32 b)
{
    i->param[0] = eip;
    i->param[1] = a;
    i->param[2] = b;
}

/* Where in cpu the key and the code of a jump cache's entry are. */
static void cache_params(const struct layout *l, u64 *param, u64 entry)
{
    u64 at = l->s->table->rest + offsetof(struct core_rest, jump_cache) + entry;

    param[0] = at + offsetof(struct jump_cache_entry, key);
    param[1] = at + offsetof(struct jump_cache_entry, code);
}

/* What goes into a micro-op's holes, as its row says. */
static void fill_params(const struct layout *l, struct item *i, const struct uop *u)
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
    case PARAMS_WINDOW:
        window_params(l, i, u);
        break;
    case PARAMS_WINDOW_CHECK:
        window_check_params(l, i, u);
        break;
    case PARAMS_COMPARE:
        i->param[0] = u->to.imm;
        break;
    case PARAMS_CALL:
        call_params(i, u->eip, u->call.a, u->call.b);
        break;
    case PARAMS_CACHE:
        cache_params(l, i->param, 0);
        break;
    default:
        break;
    }
}

/* A micro-op of the stream, in the hot code. */
static struct item *add_uop(struct layout *l, const struct uop *u)
{
    struct item *i = add(l, false, u->op);

    i->template = (u16)uop_template(u);
    fill_params(l, i, u);
    return i;
}

/* --- flags: their kind is stored only where somebody looks at it --- */

static void store_kind(struct layout *l, bool cold)
{
    if (l->kind_known && !l->kind_stored)
        add_param(l, cold, l->s->table->store_kind, l->kind);
}

static void store_late(struct layout *l, bool cold, const struct uop *u)
{
    struct item *item = add(l, cold, u->op);

    item->template = (u16)uop_template(u);
    fill_params(l, item, u);
}

static void store_group(struct layout *l, bool cold, const struct group *g)
{
    for (u32 i = 0; i < g->count; i++)
        store_late(l, cold, g->ops[i]);
}

/* What is not stored yet, but for the kind, which a slow path is told. */
static void store_operands(struct layout *l, bool cold)
{
    for (unsigned n = 0; n < 2; n++)
        if (l->notes[n])
            store_late(l, cold, l->notes[n]);
    store_group(l, cold, &l->pending);
    store_group(l, cold, &l->pending_inc);
    if (l->inc)
        add_param(l, cold, l->s->table->store_others_kind, l->inc);
}

static void store_flags(struct layout *l, bool cold)
{
    store_operands(l, cold);
    store_kind(l, cold);
}

static bool flags_are_late(const struct layout *l)
{
    return l->pending.count || l->pending_inc.count || l->inc || (l->kind_known && !l->kind_stored);
}

static u32 slow_path_flags(const struct layout *l)
{
    return l->kind_known && !l->kind_stored ? l->kind : SLOW_FLAGS_STORED;
}

static void note_all_flags(struct layout *l, const struct uop *u)
{
    l->pending.count = l->pending_inc.count = l->inc = 0;
    l->kind = u->flags.cc;
    l->kind_known = u->flags.storing != STORE_NEVER;
    l->kind_stored = !l->kind_known;
    if (u->flags.storing == STORE_LATE)
        l->pending = l->collected;
}

/* FLAGS_OTHERS alone: the rest of the kind stays as it is, known or not. */
static void note_other_flags(struct layout *l, const struct uop *u)
{
    if (u->flags.storing == STORE_NEVER)
        return;
    l->pending_inc.count = l->inc = 0;
    if (u->flags.storing == STORE_LATE)
        l->pending_inc = l->collected;
    if (l->kind_known) {
        l->kind = (l->kind & 0xff) | (u32)u->flags.inc << 8;
        l->kind_stored = false;
    } else if (u->flags.storing == STORE_LATE) {
        l->inc = u->flags.inc;
    } else {
        add_param(l, false, l->s->table->store_others_kind, u->flags.inc);
    }
}

/* A mark of flags that somebody reads, or that nobody does. */
static void note_flags(struct layout *l, const struct uop *u)
{
    if (u->flags.parts == FLAGS_ALL)
        note_all_flags(l, u);
    else
        note_other_flags(l, u);
    l->collected.count = 0;
}

/* The note that holds from here on, if it is not made here; NULL: one is. */
static void take_note(struct layout *l, u32 kind, const struct uop *u)
{
    l->notes[kind == L_NOTE2] = u;
}

static void collect(struct layout *l, const struct uop *u)
{
    struct group *g = &l->collected;

    if (uop_row(u)->writes & L_NOTES)
        take_note(l, uop_row(u)->writes, u);
    else if (g->count < GROUP_OPS)
        g->ops[g->count++] = u;
    else
        l->full = true;
}

/* --- exits --- */

/* A new exit that can be chained: its number. */
static u32 new_exit(struct layout *l, u32 eip)
{
    u32 n = l->exits;

    if (n + 1 >= BLOCK_EXITS)
        l->full = true;
    else
        l->exits++;
    l->exit_eip[n] = eip;
    l->exit_mode[n] = 0;
    l->exit_stub[n] = here(l, true);
    add_param(l, true, UOP_exit_stub, eip);
    l->cold[l->cold_count - 1].exit = (u16)(n + 1);
    return n;
}

/* To another page: by the jump cache, which forgets when mappings change. */
static void jump_to_other_page(struct layout *l, bool cold, u32 eip)
{
    struct item *i;
    struct label stub;

    if (!(l->s->mode & MODE_LINEAR)) {
        add_param(l, cold, UOP_exit_to, eip);
        return;
    }
    if (cold) { /* the way out of the cold part is behind it */
        i = add(l, true, UOP_jump_far_page);
        stub = here(l, true);
        add_param(l, true, UOP_exit_to, eip);
    } else {
        stub = here(l, true);
        add_param(l, true, UOP_exit_to, eip);
        i = add(l, false, UOP_jump_far_page);
    }
    i->param[0] = eip;
    cache_params(l, &i->param[1], jump_cache_offset(eip));
    i->slow = stub;
}

static void jump_in_page(struct layout *l, bool cold, u32 eip)
{
    u32 n = new_exit(l, eip);
    struct item *i;

    if (!cold) {
        i = add(l, false, UOP_jump);
    } else {
        /* new_exit has put the stub where the jump is wanted: swap them */
        l->cold_count--;
        i = add(l, true, UOP_jump);
        l->exit_stub[n] = here(l, true);
        add_param(l, true, UOP_exit_stub, eip);
        l->cold[l->cold_count - 1].exit = (u16)(n + 1);
    }
    i->taken = l->exit_stub[n];
    i->exit = (u16)(n + 1);
}

static void jump_direct(struct layout *l, bool cold, u32 eip)
{
    if (stream_same_page(l->s, eip))
        jump_in_page(l, cold, eip);
    else
        jump_to_other_page(l, cold, eip);
}

static void branch(struct layout *l, const struct uop *u)
{
    bool stores = flags_are_late(l) && u->to.dead != FLAGS_ALL;
    bool direct = !stores && stream_same_page(l->s, u->to.target) &&
                  l->engine->taken_site(l->s->table, uop_template(u)) >= 0;
    struct item *i = add_uop(l, u);

    if (direct) {
        u32 n = new_exit(l, u->to.target);
        i->taken = l->exit_stub[n];
        i->exit = (u16)(n + 1);
        return;
    }
    i->taken = here(l, true);
    if (stores)
        store_flags(l, true);
    jump_direct(l, true, u->to.target);
}

/* --- cold parts --- */

static u32 access_kind(const struct layout *l, const struct uop *u)
{
    const struct uop_access a = uop_row(u)->access;
    unsigned log2_size = (unsigned)__builtin_ctz(a.size);
    bool store = a.kind == ACCESS_STORE;
    u32 flags = slow_path_flags(l);

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
        return slow_access(SLOW_STORE, log2_size, u->b, flags);
    return slow_access(u->write ? a.sign ? SLOW_LOAD_SIGNED_WRITE : SLOW_LOAD_WRITE
                       : a.sign ? SLOW_LOAD_SIGNED
                                : SLOW_LOAD,
                       log2_size, u->d, flags);
}

static u32 access_descriptor(const struct layout *l, const struct uop *u)
{
    return access_kind(l, u) | (u->before_window ? SLOW_WINDOW : 0);
}

/* Where instructions are counted, C is told how many of those charged have not run. */
static void tell_unrun(struct layout *l, bool cold, const struct uop *u)
{
    if (u->unrun)
        add_param(l, cold, UOP_unrun, u->unrun);
}

/* A slow path, which is told by its descriptor how flags follow. */
static void cold_slow(struct layout *l, const struct uop *u, u32 op, u32 descriptor)
{
    struct item *slow;

    store_operands(l, true);
    tell_unrun(l, true, u);
    slow = add(l, true, op);
    slow->param[0] = u->eip;
    slow->param[1] = descriptor;
    slow->param[2] = u->arg;
    slow->taken = here(l, false);
}

/* A slow path that is a helper: it sees all state, then the block goes on behind the micro-op. */
static void cold_call(struct layout *l, const struct uop *u)
{
    store_flags(l, true);
    tell_unrun(l, true, u);
    call_params(add(l, true, uop_row(u)->cold_op), u->eip, u->arg, 0);
    add(l, true, UOP_jump)->taken = here(l, false);
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

    l->eip = check->eip;
    l->hot[l->check_at].slow = here(l, true);
    if (check->imm[2])
        add_param(l, true, UOP_count_down, check->imm[2]);
    fill = add(l, true, l->s->table->window.fill);
    fill->template = (u16)(fill->template + check->d);
    window_fill_params(l, fill, check);
    fill->taken = (struct label){.index = (u16)(l->check_at + 1), .set = true};
    fill->slow = here(l, true);
    jump_in_page(l, true, check->eip);
    l->exit_mode[l->exits - 1] = MODE_NO_WINDOW;
    if (!check->imm[2])
        return;
    l->cold[start].slow = here(l, true);
    add_param(l, true, UOP_exit_to, check->eip);
}

/* What a micro-op that has been added goes to where it does not go on. */
static void cold_part(struct layout *l, const struct uop *u)
{
    switch ((enum uop_cold)uop_row(u)->cold) {
    case COLD_NEVER:
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
        cold_slow(l, u, uop_row(u)->cold_op, slow_own(u->arg, slow_path_flags(l)));
        break;
    case COLD_HELPER:
        cold_call(l, u);
        break;
    case COLD_LEAVE:
        store_flags(l, true);
        if (u->unrun)
            add_param(l, true, UOP_refund, u->unrun);
        add_param(l, true, UOP_exit_to, u->eip);
        break;
    case COLD_LEAVE_T0:
        add(l, true, UOP_exit_t0);
        break;
    }
}

/* --- all of it --- */

/*
 * The store of a read-modify-write comes behind some of the ops that store its flags: its slow
 * path, where nothing can fault any more, must not bring those before back.
 */
static void forget_overwritten(struct layout *l, const struct uop *u)
{
    if (uop_row(u)->writes == L_FLAGS && u->op != l->s->table->store_others)
        l->pending.count = l->pending_inc.count = l->inc = 0;
}

static void goes_on(struct layout *l, const struct uop *u)
{
    struct item *i = add_uop(l, u);

    forget_overwritten(l, u);
    if (uop_row(u)->writes & L_NOTES)
        take_note(l, uop_row(u)->writes, NULL);
    i->slow = here(l, true);
    cold_part(l, u);
}

static void call(struct layout *l, const struct uop *u)
{
    store_kind(l, false);
    l->kind_stored = true;
    tell_unrun(l, false, u);
    add_uop(l, u);
    if (uop_call_changes_flags(u)) {
        l->kind = l->s->table->kind_after_call;
        l->kind_known = l->kind_stored = true;
    }
}

static void leave(struct layout *l, const struct uop *u)
{
    struct item *i;

    store_flags(l, false);
    i = add_uop(l, u);
    i->slow = here(l, true);
    cold_part(l, u);
}

static void lay_out(struct layout *l, const struct uop *u)
{
    l->eip = u->eip;
    if (u->late) {
        collect(l, u);
        return;
    }
    if (uop_is_mark(u)) {
        if (u->op == UOP_cc)
            note_flags(l, u);
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
            store_flags(l, false);
        jump_direct(l, false, u->to.target);
        break;
    case END_LOOKUP:
    case END_LOOP:
        leave(l, u);
        break;
    }
}

/* Gives every item its offset, and the place behind them; returns the size of them all. */
static u32 place(const struct layout *l, struct item *items, u32 count)
{
    u32 offset = 0;

    for (u32 i = 0; i < count; i++) {
        items[i].offset = offset;
        offset += (u32)l->engine->size(l->s->table, items[i].template);
    }
    items[count].offset = offset;
    return offset;
}

/* Executable addresses of the two lists. */
struct bases {
    const u8 *hot, *cold;
};

static const void *address(const struct layout *l, struct label to, struct bases at)
{
    if (!to.set)
        return at.hot;
    return to.cold ? at.cold + l->cold[to.index].offset : at.hot + l->hot[to.index].offset;
}

static enum dyngen_status emit_item(const struct layout *l, const struct item *i, struct bases at,
                                    struct dyngen_emit *out, struct exit_site *sites)
{
    enum dyngen_status status;
    bool is_stub = sites && i->exit && !i->taken.set;
    u8 *start = out->at;

    memcpy(out->param, i->param, sizeof i->param);
    if (is_stub)
        out->param[1] = (u64)(uintptr_t)&sites[i->exit - 1];
    out->target[DYNGEN_TAKEN] = address(l, i->taken, at);
    out->target[DYNGEN_COLD] = address(l, i->slow, at);
    status = l->engine->emit(l->s->table, i->template, out);
    if (status == DYNGEN_OK && sites && i->exit && !is_stub) {
        sites[i->exit - 1] = (struct exit_site){
            .eip = l->exit_eip[i->exit - 1],
            .mode = l->exit_mode[i->exit - 1],
            .patch = start + l->engine->taken_site(l->s->table, i->template),
            .unlinked = out->target[DYNGEN_TAKEN],
        };
    }
    return status;
}

void code_map_add(struct code_map *map, struct code_mark mark)
{
    const struct code_mark *last = map->count ? &map->marks[map->count - 1] : NULL;

    if (last && last->eip == mark.eip && last->segment == mark.segment && last->part == mark.part)
        return;
    if (map->count < CODE_MARKS)
        map->marks[map->count++] = mark;
}

static void map_items(const struct item *items, u32 count, u32 start, struct code_map *map)
{
    for (u32 i = 0; i < count; i++)
        code_map_add(map, (struct code_mark){start + items[i].offset, items[i].eip,
                                             items[i].segment, items[i].part});
}

static enum dyngen_status emit_items(const struct layout *l, const struct item *items, u32 count,
                                     struct bases at, struct dyngen_emit *out,
                                     struct exit_site *sites)
{
    enum dyngen_status status = DYNGEN_OK;

    for (u32 i = 0; i < count && status == DYNGEN_OK; i++)
        status = emit_item(l, &items[i], at, out, sites);
    return status;
}

static void start_layout(struct layout *l, const struct engine *engine, const struct stream *s)
{
    l->engine = engine;
    l->s = s;
    l->hot_count = l->cold_count = l->exits = 0;
    l->full = l->kind_known = false;
    l->segment = 0;
    l->cold_part = PART_COLD;
    l->collected.count = l->pending.count = l->pending_inc.count = l->inc = 0;
    l->notes[0] = l->notes[1] = l->check = NULL;
    l->kind_stored = true;
}

enum dyngen_status generate(const struct engine *engine, const struct stream *s,
                            struct dyngen_emit *out, struct exit_site *sites, struct code *code)
{
    struct layout *l = &layout;
    const u8 *entry = (const u8 *)((intptr_t)out->at + out->exec);
    enum dyngen_status status;

    if (engine->generate)
        return engine->generate(engine, s, out, sites, code);
    start_layout(l, engine, s);
    for (u32 i = 0; i < s->count; i++)
        lay_out(l, &s->uops[i]);
    if (l->check)
        cold_window(l);
    u32 hot_size = place(l, l->hot, l->hot_count);
    struct bases at = {entry, entry + hot_size};
    code->entry = entry;
    code->size = code->text = hot_size + place(l, l->cold, l->cold_count);
    code->exits = l->exits;
    if (l->full || code->size > (size_t)(out->end - out->at))
        return DYNGEN_NO_ROOM;
    status = emit_items(l, l->hot, l->hot_count, at, out, sites);
    if (status == DYNGEN_OK)
        status = emit_items(l, l->cold, l->cold_count, at, out, sites);
    if (status == DYNGEN_OK && code->map) {
        code->map->count = 0;
        map_items(l->hot, l->hot_count, 0, code->map);
        map_items(l->cold, l->cold_count, hot_size, code->map);
    }
    return status;
}

/* --- one micro-op for another generator --- */

struct fragment measure_fragment(const struct stream *s, const struct uop *u)
{
    struct layout *l = &layout;

    start_layout(l, template_engine(), s);
    lay_out(l, u);
    return (struct fragment){place(l, l->hot, l->hot_count), place(l, l->cold, l->cold_count)};
}

enum dyngen_status generate_fragment(const struct stream *s, const struct uop *u, u8 *hot, u8 *cold,
                                     struct dyngen_emit *out)
{
    struct layout *l = &layout;
    struct bases at = {hot + out->exec, cold + out->exec};
    enum dyngen_status status;

    measure_fragment(s, u);
    if (l->full || l->exits)
        return DYNGEN_NO_ROOM;
    out->at = hot;
    status = emit_items(l, l->hot, l->hot_count, at, out, NULL);
    out->at = cold;
    if (status == DYNGEN_OK)
        status = emit_items(l, l->cold, l->cold_count, at, out, NULL);
    return status;
}
